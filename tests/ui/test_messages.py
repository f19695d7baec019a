"""Every word on the screen has its Spanish, and the tool that says so can fail."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_message_is_translated_and_keeps_its_placeholders(messages):
    assert [fault for path in messages.catalogs() for fault in messages.faults(path)] == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Salir de este sitio"', 'msgstr ""', "no translation: 'Leave this site'"),
        ('msgid "Leave this site"', '#, fuzzy\nmsgid "Leave this site"', "fuzzy: 'Leave this site'"),
        ("En nombre de <b>%(agency)s</b>", "En nombre de <b>la agencia</b>", "placeholders differ"),
        ('msgid "Leave this site"', 'msgid "Go away"', "no translation: 'Leave this site'"),
    ],
)
def test_the_check_finds_a_fault(messages, tmp_path, old, new, fault):
    (path,) = messages.catalogs()
    broken = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    broken.parent.mkdir(parents=True)
    text = path.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault in found for found in messages.faults(broken))
