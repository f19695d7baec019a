"""The house rule for templates: written for people, sent without their layout, used, and from the same room or below."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, Template

from accord.config.rooms import LINES
from accord.ui import whitespace

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import templates

ACCORD = Path(__file__).parents[2] / "accord"
LEVEL = {room: number for number, line in enumerate(LINES) for room in line}
NAME = re.compile(r"[\"']((\w+)/[\w/]+\.html)[\"']")
LONG = "Everything that you open here is recorded in the audit log, and this person may ask who looked at their record."


def named() -> Iterator[tuple[Path, str, str]]:
    """Yield every name of a template in code and templates: where it is, the name, and the room it is of."""
    for path in [*ACCORD.rglob("*.py"), *templates.paths()]:
        for name, room in NAME.findall(path.read_text(encoding="utf-8")):
            yield path.relative_to(ACCORD), name, room


def unused(there: set[str], names: set[str]) -> set[str]:
    return {name for name in there if name not in names}


def looks_up(place: Path, room: str) -> bool:
    """Return whether a file uses a template of a room above its own."""
    return room in LEVEL and LEVEL[room] < LEVEL[place.parts[0]]


def test_every_template_is_formatted() -> None:
    sources = {str(path.relative_to(ACCORD)): path.read_text(encoding="utf-8") for path in templates.paths()}
    assert len(sources) > 150
    assert templates.faults(sources) == []


def test_every_template_is_used() -> None:
    there = {str(path.relative_to(path.parents[1])) for path in templates.paths()}
    assert unused(there, {name for _, name, _ in named()}) == set()
    assert unused({"ui/_gone.html"}, {"ui/_there.html"}) == {"ui/_gone.html"}


def test_no_file_uses_a_template_of_a_higher_room() -> None:
    wrong = {f"{place} uses {name}" for place, name, room in named() if looks_up(place, room)}
    assert wrong == set()
    assert looks_up(Path("people/views.py"), "releases")
    assert not looks_up(Path("releases/views.py"), "people")


def test_a_page_that_reads_an_undefined_name_fails_its_test() -> None:
    """In every test that draws a page: tests/conftest.py."""
    with pytest.raises(AssertionError, match="reads missing, which is not defined"):
        Template("<p>{{ missing }}</p>").render(Context())


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<ul><li>{{ name }}</li></ul>\n", "not formatted"),
        ("<p>{{ name }}</p>\n{% if a %}<p>{{ b }}</p>{% endif %}\n", "not formatted"),
        (f'<p>{{% translate "{LONG}" %}}</p>\n', "not formatted"),
        (f'<p title="{LONG}">{{{{ name }}}}</p>\n', "characters"),
        ("{% if a %}<details>{% endif %}</details>\n", "unclosed"),
    ],
)
def test_a_badly_written_template_is_found(source: str, fault: str) -> None:
    assert any(fault in each for each in templates.faults({"x.html": source}))


def test_formatting_breaks_lines_where_whitespace_shows_nothing() -> None:
    source = f'<ul>{{% for a in b %}}<li><a href="{{{{ a }}}}">x</a>, y</li>{{% endfor %}}</ul>{{% translate "{LONG}" as c %}}'
    assert templates.formatted(source) == [
        "<ul>\n"
        "  {% for a in b %}\n"
        '    <li><a href="{{ a }}">x</a>, y</li>\n'
        "  {% endfor %}\n"
        "</ul>\n"
        "{% blocktranslate trimmed asvar c %}\n"
        "  Everything that you open here is recorded in the audit log, and this person may ask who looked at their record.\n"
        "{% endblocktranslate %}\n"
    ]


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<div>\n  <p>\n    a <b>b</b>\n    c\n  </p>\n</div>\n", "<div><p>a <b>b</b> c</p></div>"),
        ("<p>{{ a }}\n{% if b %}({{ b }}){% endif %}\n</p>", "<p>{{ a }} {% if b %}({{ b }}){% endif %}</p>"),
        ("<p>\n{% if a %}\n b\n{% else %}\n c\n{% endif %}\n</p>", "<p>{% if a %}b{% else %}c{% endif %}</p>"),
        ("<p>a\n{% if b %}\n b\n{% endif %}\n</p>", "<p>a {% if b %} b{% endif %}</p>"),
        ("<p>\n{% for a in b %}\n {{ a }}\n{% endfor %}\n</p>", "<p>{% for a in b %} {{ a }} {% endfor %}</p>"),
        ("<ul>\n{% for a in b %}\n <li>a</li>\n{% endfor %}\n</ul>", "<ul>{% for a in b %}<li>a</li>{% endfor %}</ul>"),
        ("{% card %}\n  {{ a }}\n  {% rows b %}\n{% endcard %}\n", "{% card %}{{ a }}{% rows b %}{% endcard %}"),
        ('a\n{% translate "x" as y %}\n{{ y }}', 'a {% translate "x" as y %}{{ y }}'),
        ('a{% translate "x" as y %} {{ y }}', 'a{% translate "x" as y %} {{ y }}'),
        ('<a\n  class="b  c"\n  href="{% url "x" %}"\n>\n  d\n</a> e', '<a class="b  c" href="{% url "x" %}">d </a> e'),
        (
            '<p {% if a %}id="b"{% endif %} {% if c %}hidden{% endif %}>',
            '<p{% if a %} id="b"{% endif %}{% if c %} hidden{% endif %}>',
        ),
        ("<pre>\n a\n  b</pre> <textarea> c </textarea>", "<pre>\n a\n  b</pre><textarea> c </textarea>"),
        ("{% blocktranslate %}a\n b{% endblocktranslate %} c", "{% blocktranslate %}a\n b{% endblocktranslate %} c"),
    ],
)
def test_only_whitespace_that_shows_nothing_is_left_out(source: str, sent: str) -> None:
    assert whitespace.compact(source) == sent
    assert whitespace.compact(sent) == sent


def test_an_undefined_name_is_reported_with_its_place() -> None:
    template = Template("{% if True %}\n{{ here }}\n{{ nowhere.at_all }}{% endif %}")
    with pytest.raises(AssertionError, match=r"line 3, reads nowhere\.at_all, which is not defined"):
        template.render(Context({"here": "a"}))
