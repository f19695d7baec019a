"""Every word on the screen has its Spanish, and the tool that says so can fail."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.forms.forms import BaseForm
from django.utils.translation import gettext, override

from accord.releases.presenters import STATES
from tests.steps.catalog import spanish

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_message_is_translated_and_keeps_its_placeholders(messages):
    assert [fault for language in messages.languages() for fault in messages.faults(language)] == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Salir de este sitio"', 'msgstr ""', "no translation: 'Leave this site'"),
        ('msgid "Leave this site"', '#, fuzzy\nmsgid "Leave this site"', "fuzzy: 'Leave this site'"),
        ("Trabaja para <b>%(agency)s</b>", "Trabaja para <b>la agencia</b>", "placeholders differ"),
        ('msgid "Leave this site"', 'msgid "Go away"', "no translation: 'Leave this site'"),
    ],
)
def test_the_check_finds_a_fault(messages, tmp_path, old, new, fault):
    for path in messages.catalogs():
        text = path.read_text(encoding="utf-8")
        assert old in text or path.parents[3].name != "ui"
        copy = tmp_path / path.relative_to(messages.SOURCE)
        copy.parent.mkdir(parents=True)
        copy.write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault in found for found in messages.faults("es", tmp_path))


def test_a_message_that_moves_to_another_room_keeps_its_translation(messages, tmp_path):
    (copy := tmp_path / "casework/locale/es/LC_MESSAGES/django.po").parent.mkdir(parents=True)
    copy.write_bytes((messages.SOURCE / "ui/locale/es/LC_MESSAGES/django.po").read_bytes())
    moved = messages.updated("es", tmp_path)[tmp_path / "ui/locale/es/LC_MESSAGES/django.po"]
    assert moved.get("Leave this site").string == "Salir de este sitio"
    assert "es: not up to date; run `python tools/messages.py extract`" in messages.faults("es", tmp_path)


def _forms() -> Iterator[type[BaseForm]]:
    for app in apps.get_app_configs():
        if app.name.startswith("accord.") and importlib.util.find_spec(f"{app.name}.forms"):
            module = importlib.import_module(f"{app.name}.forms")
            yield from (one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseForm))


def test_every_choice_of_a_form_is_in_the_readers_language(messages):
    """A choice that is translated while the program starts stays English for everyone."""
    english = {m.id: m.string for m in spanish() if isinstance(m.id, str)}
    shown = set()
    with override("es"):
        for form in set(_forms()):
            for name, field in form.base_fields.items():
                for _code, label in getattr(field, "choices", ()):
                    words = str(label).partition(": ")[0]
                    if isinstance(label, str) and english.get(words, words) != words:
                        shown.add((form.__name__, name, words))
    assert not shown


@pytest.mark.parametrize("state", sorted(STATES))
def test_the_state_of_a_release_is_said_in_spanish(state: str) -> None:
    words = STATES[state][1]
    with override("es"):
        assert gettext(words) != words


@pytest.fixture(scope="module")
def reword():
    spec = importlib.util.spec_from_file_location("reword", ROOT / "tools" / "reword.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reword"] = module  # a dataclass looks up its module
    spec.loader.exec_module(module)
    return module


CHANGED = {"A heron waits for you.": "It's a heron's turn.", "%(n)d need": "%(n)d open need", 'Say "no"': "Decline"}


@pytest.mark.parametrize(
    ("way", "before", "after"),
    [
        ("in_python", 'x = _("A heron waits " "for you.")', "x = _(\"It's a heron's turn.\")"),
        ("in_python", 'x = "A heron waits for you."', 'x = "A heron waits for you."'),  # not passed to gettext
        ("in_python", "é = N_('Say \"no\"'); y = 1", 'é = N_("Decline"); y = 1'),
        (
            "in_template",
            '{% translate "A heron waits for you." as x %}',
            "{% translate \"It's a heron's turn.\" as x %}",
        ),
        (
            "in_template",
            "{% blocktranslate count n=n %}{{ n }} need{% plural %}{{ n }} needs{% endblocktranslate %}",
            "{% blocktranslate count n=n %}{{ n }} need{% plural %}{{ n }} needs{% endblocktranslate %}",
        ),
        ("in_prose", "The page says *A heron waits for you.* then.", "The page says *It's a heron's turn.* then."),
        ("in_prose", 'assert "A heron waits for you. Go on" in page', "assert \"It's a heron's turn. Go on\" in page"),
    ],
)
def test_words_change_everywhere_they_are_used(reword, way: str, before: str, after: str) -> None:
    assert getattr(reword, way)(before, CHANGED) == after
