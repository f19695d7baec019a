"""The components as a page author uses them: through tags, on a rendered page."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.test.signals import template_rendered
from django.utils import translation

from accord.ui import components as c
from accord.ui import fields, refusals, words
from accord.ui.frame import Frame, NavItem
from accord.ui.frame import frame as context_processor

UI = Path(fields.__file__).parent
TEMPLATES = UI / "templates" / "ui"
STATIC = UI / "static" / "ui"


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "filtered", "value", "expected"),
    [
        ("en", words.day, date(2026, 3, 3), "March 3, 2026"),
        ("en", words.day, date(2026, 11, 30), "Nov. 30, 2026"),
        ("es", words.day, date(2026, 3, 3), "3 de marzo de 2026"),
        ("en", words.month, date(2026, 3, 3), "March 2026"),
        ("es", words.month, date(2026, 3, 3), "marzo de 2026"),
        ("en", words.figure, 1234.5, "1,234.5"),
        ("es", words.figure, 1234.5, "1,234.5"),
        ("en", words.figure, 0, "0"),
        ("en", words.figure, None, ""),
        ("en", words.day, None, ""),
        ("en", words.language_name, "ase", "American Sign Language"),
        ("es", words.language_name, "ase", "lengua de señas americana"),
        ("es", words.language_name, "mam", "mam"),
        ("es", words.language_name, "", ""),
        ("en", words.clock, datetime(2026, 3, 3, 9, 5, tzinfo=UTC), "9:05 a.m."),
        ("es", words.moment, datetime(2026, 3, 3, 14, 5, tzinfo=UTC), "3 de marzo de 2026, 2:05 p.m."),
    ],
)
def test_dates_and_figures_in_the_readers_language(language, filtered, value, expected):
    with override_settings(TIME_ZONE="UTC"), translation.override(language):
        assert filtered(value) == expected


@pytest.mark.parametrize("language", ["es", "en", "es"])
def test_no_test_inherits_a_language(language):
    assert translation.get_language() == "en"
    translation.activate(language)


def test_a_moment_is_shown_in_the_readers_time_zone():
    with override_settings(TIME_ZONE="America/Chicago"):
        assert words.moment(datetime(2026, 3, 3, 2, 0, tzinfo=UTC)) == "March 2, 2026, 8:00 p.m."


@pytest.mark.parametrize(
    ("there", "english", "spanish"),
    [
        (date(2026, 11, 22), "today", "hoy"),
        (date(2026, 11, 23), "tomorrow", "mañana"),
        (date(2026, 11, 21), "yesterday", "ayer"),
        (date(2026, 11, 28), "in 6 days", "dentro de 6 días"),
        (date(2026, 11, 12), "10 days ago", "hace 10 días"),
        (date(2026, 12, 20), "in 4 weeks", "dentro de 4 semanas"),
        (date(2027, 6, 1), "in 6 months", "dentro de 6 meses"),
    ],
)
def test_distance_counts_calendar_days(there, english, spanish):
    today = date(2026, 11, 22)
    with translation.override("en"):
        assert words.distance(there, today) == english
    with translation.override("es"):
        assert words.distance(there, today) == spanish


def test_a_tag_without_a_known_meaning_is_refused():
    with pytest.raises(ValueError, match="purple"):
        c.Tag("purple", "Lost")


def test_suppressed_nothing_and_zero_look_different_in_a_table():
    table = c.Table("Figures", (c.Column("Type"), c.Column("People", numeric=True)),
                    [("a", c.SUPPRESSED), ("b", None), ("c", 0)])  # fmt: skip
    cells = re.findall(r'<td[^>]*class="num">(.*?)</td>', draw("{% data_table table %}", table=table))
    assert [re.sub("<[^>]+>", "", cell) for cell in cells] == ["suppressed", "not entered", "0"]


def test_a_column_without_a_value_is_left_out_and_no_landmark_is_without_a_name():
    columns = (c.Column("Agency"), c.Column("Status"), c.Column("Next step"))
    drawn = draw("{% data_table table %}", table=c.Table("", columns, [("a", "yes", ""), ("b", "", "")]))
    assert re.findall(r'scope="col"\s*>(.*?)<', drawn) == ["Agency", "Status"]
    assert 'role="region"' not in drawn and "<caption" not in drawn
    full = draw("{% data_table table %}", table=c.Table("All", columns, [("a", "", None)]))
    assert re.findall(r'scope="col"\s*>(.*?)<', full) == ["Agency", "Next step"]
    assert len(re.findall('scope="col"', draw("{% data_table table %}", table=c.Table("", columns, [])))) == 3


def test_a_refused_file_is_not_said_to_be_still_here():
    form = type("ScanForm", (forms.Form,), {"scan": forms.FileField(label="Scan")})({}, {})
    drawn = draw("{% error_summary form %}", form=form)
    assert "There is a problem" in drawn and "What you wrote is still here" not in drawn


def test_a_date_that_is_missing_is_asked_for():
    with pytest.raises(ValidationError, match=r"Enter a date\."):
        forms.DateField().clean(None)


def test_code_in_a_cell_stays_in_its_line():
    assert words.with_code("next to `a`") == "<span>next to <code>a</code></span>"


def test_words_from_any_source_are_escaped():
    bad = "<script>alert(1)</script>"
    drawn = draw(
        "{% rows items %}{% data_table table %}{% who_sees strip %}{% tag 'ok' bad %}"
        "{% card bad %}{{ bad }}{% endcard %}"
        "{% secret bad parts %}{% explain why %}{% alert 'info' bad %}{{ bad }}{% endalert %}",
        bad=bad, items=[c.Row(bad, bad, bad, bad)], parts=[bad], strip=c.WhoSees((c.Sees(bad, bad),)),
        table=c.Table(bad, (c.Column(bad),), [(c.Link(bad, bad),)]), why=c.Explanation(True, bad, (bad,)),
    )  # fmt: skip
    assert "<script" not in drawn


def test_a_partner_reads_its_own_line_and_no_other_agency():
    drawn = draw("{% who_sees strip %}", strip=c.WhoSees((c.Sees("Police", "name"),), own_line="Shared with you."))
    assert "Shared with you." in drawn
    assert "Police" not in drawn
    assert "No one else" not in drawn


@pytest.mark.parametrize(
    ("when", "state"),
    [("2026-11-21", "urgent"), ("2026-11-29", "urgent"), ("2026-11-30", "wait"), ("2026-12-23", "plain")],
)
def test_a_deadline_grows_urgent(when, state):
    item = c.Deadline("Apply", date.fromisoformat(when), "12-404(b)", "The fund refuses.")
    drawn = draw("{% deadline item today %}", item=item, today=date(2026, 11, 22))
    assert f"tag--{state}" in drawn
    assert "12-404(b)" in drawn
    assert "The fund refuses." in drawn


class Asked(forms.Form):
    name = forms.CharField(help_text="As they say it")
    contact = forms.ChoiceField(widget=forms.RadioSelect, choices=[("t", "Text"), ("c", "Call")])
    born = forms.DateField(widget=fields.MemorableDate, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_ties_why_hint_and_error_to_its_control():
    form = Asked({"contact": "x"})
    drawn = draw("{% field form.name why='To use it.' %}", form=form)
    assert 'aria-describedby="id_name-why id_name-hint id_name-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    for part in ("why", "hint", "error"):
        assert f'id="id_name-{part}"' in drawn


def test_every_error_leads_to_a_control_that_is_there():
    form = Asked({"born_0": "31", "born_1": "2", "born_2": "1998"})
    drawn = draw("{% for f in form %}{% field f %}{% endfor %}", form=form)
    found = fields.errors(form)
    assert [error["id"] for error in found] == ["id_name", "id_contact_0", "id_born_1"]
    assert all(f'id="{error["id"]}"' in drawn for error in found)
    assert 'value="31"' in drawn  # what was typed is not lost


class Groups(forms.Form):
    home = fields.OneOfGroupsField(label="Home", choices=[("bed", "A bed")])
    health = fields.OneOfGroupsField(label="Health", choices=[("care", "Care")])
    note = forms.CharField(required=False)

    def clean(self) -> None:
        self.add_error("home", "Choose at least one need.")


def test_groups_that_are_one_question_are_not_called_optional():
    form = Groups({})
    drawn = draw("{% for f in form %}{% field f %}{% endfor %}", form=form)
    assert drawn.count("(optional)") == 1  # the note
    assert fields.errors(form) == [{"id": "id_home_0", "sentence": "Choose at least one need."}]


@pytest.mark.parametrize(
    ("typed", "value"), [(("3", "11", "1998"), date(1998, 11, 3)), (("", "", ""), None)], ids=["date", "empty"]
)
def test_a_memorable_date_is_a_date_or_nothing(typed, value):
    form = Asked({"name": "Sam", "contact": "t", **{f"born_{i}": part for i, part in enumerate(typed)}})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == value


def test_a_memorable_date_shows_what_is_known():
    drawn = draw("{{ form.born }}", form=Asked(initial={"born": date(1998, 11, 3)}))
    assert re.findall(r'<input[^>]* value="(\d+)"', drawn) == ["3", "1998"]
    assert re.findall(r'<option value="(\d+)" selected', drawn) == ["11"]


def test_an_empty_slot_leaves_nothing_behind():
    page = "{% extends 'ui/base.html' %}{% block content %}x{% endblock %}"
    drawn = Template(page).render(Context({"frame": Frame()}))
    assert "head__action" not in drawn
    assert "Help with this page" not in drawn
    filled = Template(page + "{% block help %}Ask Adele{% endblock %}").render(Context({"frame": Frame()}))
    assert "Ask Adele" in filled
    assert "Help with this page" in filled


def test_signed_out_shows_brand_and_language_only():
    drawn = Template("{% extends 'ui/base.html' %}").render(
        Context({"frame": Frame(nav=(NavItem("People", "/people/"),), acting_for="Harbor House", search_url="/s/")})
    )
    assert "Accord" in drawn
    for word in ("People", "Harbor House", "/s/", "Sign out"):
        assert word not in drawn


def of_an_advocate(request) -> Frame:
    return Frame(signed_in=True, acting_for=f"Harbor House at {request.path}")


def test_the_frame_comes_from_the_function_that_the_settings_name():
    with override_settings(ACCORD_EXIT_URL="https://example.org/recipes/", ACCORD_FRAME=f"{__name__}.of_an_advocate"):
        built = context_processor(RequestFactory().get("/people/"))["frame"]
    assert built.acting_for == "Harbor House at /people/"
    assert built.exit_url == "https://example.org/recipes/"


def test_without_that_function_no_one_is_signed_in():
    with override_settings(ACCORD_FRAME=None):
        built = context_processor(RequestFactory().get("/"))["frame"]
    assert not built.signed_in
    assert built.nav == ()


def test_a_phone_has_four_and_more_and_the_second_level_of_where_one_is():
    items = [NavItem(name, f"/{name}/", name == "e", children=(NavItem(f"{name}1", "/"),)) for name in "abcdefg"]
    frame = Frame(nav=tuple(items))
    assert [item.label for item in frame.bar] == ["a", "b", "c", "d"]
    assert [item.label for item in frame.rest] == ["e", "f", "g"]
    assert frame.rest_is_current
    assert [item.label for item in frame.sections] == ["e1"]


@pytest.mark.parametrize("status", [403, 404, 409, 422, 429])
def test_a_refusal_says_what_to_do_and_who_to_ask(alone, status):
    response = Client().get(f"/gallery/refused/{status}/")
    text = response.content.decode()
    assert response.status_code == status
    for part in ("What you can do now", "Who to contact", "Leave this site"):
        assert part in text
    assert "denied" not in text.lower()


def test_not_found_is_one_page_for_every_reason(alone):
    pages = {
        refusals.page(RequestFactory().get("/people/1/"), 404, **words).content
        for words in ({}, {"happened": "Withdrawn"}, {"yours": "a", "theirs": "b"}, {"why": "Not assigned"})
    }
    assert len(pages) == 1


def test_a_refusal_takes_the_words_of_the_case(alone):
    page = refusals.page(
        RequestFactory().get("/"), 403, happened="This is no longer shared with you.", why=""
    ).content.decode()
    assert "This is no longer shared with you." in page
    assert "You can&#x27;t do this here." not in page


def test_the_page_for_a_server_error_needs_nothing():
    source = (TEMPLATES / "500.html").read_text(encoding="utf-8")
    assert "{%" not in source
    assert "{{" not in source
    for static in re.findall(r'"/static/ui/([^"]+)"', source):
        assert (STATIC / static).is_file()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_gallery_shows_every_component(alone, language):
    drawn: set[str] = set()

    def note(template, **_: object) -> None:
        drawn.add(template.name)

    template_rendered.connect(note)
    client = Client(headers={"accept-language": language})
    for path in ("", "person/", "refused/409/"):
        client.get(f"/gallery/{path}")
    template_rendered.disconnect(note)
    assert {f"ui/{path.name}" for path in TEMPLATES.glob("_*.html")} - drawn == set()


def test_no_page_carries_script_or_style_in_itself():
    inline = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:|hx-on|js:")
    assert [path.name for path in TEMPLATES.glob("*.html") if inline.search(path.read_text(encoding="utf-8"))] == []


def test_what_reaches_a_phone_is_light():
    def weight(*paths: Path) -> int:
        return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)

    assert weight(STATIC / "accord.css") < 40_000
    first_visit = [STATIC / "accord.css", *STATIC.glob("fonts/*.woff2"), *STATIC.glob("js/*.js"),
                   STATIC / "vendor/htmx.min.js"]  # fmt: skip
    assert weight(*first_visit) < 120_000


def test_the_style_sheet_names_only_existing_files_and_colors_with_a_token():
    css = (STATIC / "accord.css").read_text(encoding="utf-8")
    for url in set(re.findall(r'url\("?([^")]+)"?\)', css)):
        assert (STATIC / url).is_file(), url
    used, named = set(re.findall(r"var\((--[\w-]+)\)", css)), set(re.findall(r"(--[\w-]+):", css))
    assert used <= named
