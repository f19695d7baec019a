"""Dates and ages: which days a field takes, that no date can be read in two ways, and that an age in years grows."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.test import override_settings
from django.utils import translation

from accord.access.codes import KINDS
from accord.casework.codes import age_group
from accord.core import clock
from accord.core.spans import Span, from_buddhist, years_on
from accord.numbers import queries as numbers
from accord.people import queries, services
from accord.people.codes import Birth, PersonName, ages_of
from accord.people.forms import AgeForm
from accord.sharing import services as records
from accord.ui.fields import BirthField, DayField, MemorableDate, typed_date
from tests.region import MOMENT, World
from tests.steps.every_form import all_forms
from tests.steps.records import open_record

# Every date that a form asks for: form, field, whole years back from today and ahead of it.
LIMITS = {
    ("people.forms.AgeForm", "date"): (120, 0),
    ("people.forms.LetInForm", "until"): (0, 20),
    ("casework.forms.ServiceForm", "day"): (50, 0),
    ("casework.forms.ApplicationForm", "next_day"): (10, 20),
    ("screening.forms.ScreenForm", "day"): (50, 0),
    ("screening.forms.DeterminationForm", "day"): (50, 0),
    ("screening.forms.StepForm", "closed_on"): (50, 0),
    ("releases.terms_forms.TermsForm", "start"): (1, 5),
    ("releases.terms_forms.TermsForm", "last_day"): (0, 20),
    ("releases.forms.OfficialForm", "last_day"): (0, 20),
    ("legal_requests.forms.RequestForm", "received_on"): (50, 0),
    ("legal_requests.forms.RequestForm", "due_on"): (10, 20),
    ("legal_requests.forms.StepForm", "on"): (50, 0),
    ("legal_requests.forms.HandOverForm", "last_day"): (0, 20),
    ("systems.forms.ConnectForm", "last_day"): (0, 20),
    ("agreements.forms.CoalitionForm", "start"): (1, 5),
    ("agreements.forms.DraftForm", "start"): (1, 5),
    ("legal_requests.served_forms.ServedForm", "came_on"): (50, 0),
    ("legal_requests.served_forms.ServedForm", "due_on"): (10, 20),
    ("bodies.forms.SeatForm", "since"): (1, 5),
    ("bodies.forms.SeatForm", "until"): (0, 20),
    ("bodies.forms.DecisionForm", "day"): (50, 0),
}


def test_every_date_field_has_its_limits() -> None:
    found = {}
    for form_name, form in all_forms():
        for name, field in form.base_fields.items():
            assert not isinstance(field, forms.DateTimeField), (form_name, name)
            if isinstance(field, forms.DateField):
                assert isinstance(field, DayField) and isinstance(field.widget, MemorableDate), (form_name, name)
                found[form_name, name] = (field.span.back, field.span.ahead)
    assert found == LIMITS


TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(("back", "ahead"), sorted(set(LIMITS.values())))
def test_a_field_takes_its_span_and_not_a_day_more(monkeypatch: pytest.MonkeyPatch, back: int, ahead: int) -> None:
    monkeypatch.setattr(clock, "today", lambda _zone: TODAY)
    field = DayField(span=Span(back, ahead))
    first, last = years_on(TODAY, -back), years_on(TODAY, ahead)
    for good in (first, last, TODAY):
        assert field.clean(good.isoformat()) == good
    for bad in (first - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(forms.ValidationError):
            field.clean(bad.isoformat())
    for year in ("0099", "9999", "2569"):
        with pytest.raises(forms.ValidationError):
            field.clean(f"{year}-1-1")


def test_years_on_a_leap_day() -> None:
    assert years_on(date(2028, 2, 29), -18) == date(2010, 2, 28)
    assert years_on(date(2028, 2, 29), 4) == date(2032, 2, 29)


# Births that are refused, on the page and for programs: what was typed, and a word of the sentence.
REFUSED = (
    (f"{MOMENT.date() + timedelta(days=1)}", "earlier date"),
    ("1850-01-01", "on or after"),
    ("0099-03-01", "on or after"),
    ("9999-12-31", "earlier date"),
    ("2542-05-01", "2542 is 1999"),
    ("2560", "2560 is 2017"),
    ("1850", "on or after"),
    ("2099", "earlier date"),
    ("0000", "on or after"),
)


@pytest.mark.parametrize(("born", "words"), REFUSED)
def test_an_impossible_birth_is_refused_with_a_sentence(world: World, born: str, words: str) -> None:
    alma = world.client("alma")
    for url in ("/people/new/", f"/people/{open_record(world).ref}/age/"):
        page = alma.post(url, {"used": "Wren", "revision": "1", **typed_date("date", born)})
        assert page.status_code == 422
        text = page.content.decode()
        assert words in text.split('id="id_date-error"')[1].split("</span>")[0]
        assert f'value="{born[:4]}"' in text
    field = "year" if len(born) == 4 else "date"
    body = {"name": {"used": "Wren"}, "birth": {field: born}}
    refused = alma.post("/api/v1/people", body, content_type="application/json")
    assert refused.status_code == 422 and list(refused.json()["fields"]) == [field]


def test_a_service_of_the_future_is_refused(world: World) -> None:
    alma, known = world.client("alma"), open_record(world)
    with world.as_("alma") as actor:
        tomorrow = (clock.today(actor.zone) + timedelta(days=1)).isoformat()
    sent = {"category": "housing", **typed_date("day", tomorrow)}
    page = alma.post(f"/people/{known.ref}/entries/new/", sent)
    assert page.status_code == 422 and "earlier date" in page.content.decode()
    body = {"type": "service", "fields": {"category": "housing", "day": tomorrow}}
    assert alma.post(f"/api/v1/people/{known.ref}/entries", body, content_type="application/json").status_code == 422


def test_years_that_contradict_a_date_are_refused(world: World) -> None:
    alma = world.client("alma")
    page = alma.post("/people/new/", {"used": "Wren", "years": "30", **typed_date("date", "2015-03-01")})
    assert page.status_code == 422
    assert (
        "Based on the date or year of birth below"
        in page.content.decode().split('id="id_years-error"')[1].split("</span>")[0]
    )
    body = {"name": {"used": "Wren"}, "birth": {"years": "30", "date": "2015-03-01"}}
    refused = alma.post("/api/v1/people", body, content_type="application/json")
    assert refused.status_code == 422 and list(refused.json()["fields"]) == ["years"]
    body["birth"] = {"year": "2014", "date": "2015-03-01"}
    assert alma.post("/api/v1/people", body, content_type="application/json").json()["fields"].keys() == {"year"}


def record(world: World, birth: Birth) -> queries.PersonRef:
    with world.as_("alma") as actor:
        return services.open_record(actor=actor, name=PersonName("Wren"), birth=birth)


def seen(world: World, known: queries.PersonRef) -> tuple[int | None, int | None]:
    with world.as_("alma") as actor:
        page = queries.page(actor=actor, ref=known.ref, kinds=KINDS)
    return page.age, page.age_at_most


def test_a_birth_year_alone_is_kept_and_shown_again(world: World) -> None:
    alma = world.client("alma")
    with world.as_("alma") as actor:
        year = clock.today(actor.zone).year - 24
    url = alma.post("/people/new/", {"used": "Wren", "date_2": str(year)}).headers["Location"]
    assert re.search(r"2[34]( or 24)? years", alma.get(url).content.decode())
    assert f'value="{year}"' in alma.get(url + "age/").content.decode()
    again = alma.get(url + "age/").context["form"]["revision"].value()
    assert alma.post(url + "age/", {"date_2": str(year), "revision": again}).status_code == 302
    ref = alma.post(
        "/api/v1/people", {"name": {"used": "Wren"}, "birth": {"year": str(year)}}, content_type="application/json"
    ).json()["ref"]
    [birth] = [e for e in alma.get(f"/api/v1/people/{ref}").json()["entries"] if e["type"] == "birth"]
    assert (birth["fields"]["year"], birth["fields"]["date"]) == (str(year), "")


@pytest.mark.parametrize(
    ("birth", "day", "least", "most"),
    [
        (Birth(years="17", said_on="2026-11-30"), "2026-11-30", 17, 17),
        (Birth(years="17", said_on="2026-11-30"), "2026-12-01", 17, 18),
        (Birth(years="17", said_on="2026-11-30"), "2027-11-29", 17, 18),
        (Birth(years="17", said_on="2026-11-30"), "2027-11-30", 18, 18),
        (Birth(years="17", said_on="2026-11-30"), "2029-12-24", 20, 21),
        (Birth(years="17", said_on="2026-11-30"), "2026-06-30", 16, 17),
        (Birth(years="0", said_on="2026-11-30"), "2027-05-01", 0, 1),
        (Birth(years="17", said_on="2028-02-29"), "2029-02-28", 18, 18),
        (Birth(years="17", said_on="2028-02-29"), "2029-03-01", 18, 19),
        (Birth(year="2000"), "2026-11-30", 25, 26),
        (Birth(year="2000"), "2026-12-31", 26, 26),
        (Birth(date="2000-02-29"), "2026-02-28", 25, 25),
        (Birth(date="2000-02-29", years="3", said_on="2020-01-01"), "2026-03-01", 26, 26),
    ],
)
def test_what_is_known_of_an_age(birth: Birth, day: str, least: int, most: int) -> None:
    assert ages_of(birth, date.fromisoformat(day)) == (least, most)


def said_before(world: World, years: str, days: int) -> queries.PersonRef:
    """Return someone whose age in years was given so many days ago."""
    with world.as_("alma") as actor:
        said_on = clock.today(actor.zone) - timedelta(days=days)
    return record(world, Birth(years=years, said_on=said_on.isoformat()))


def test_an_age_in_years_has_the_date_it_was_given(world: World) -> None:
    alma = world.client("alma")
    with world.as_("alma") as actor:
        today = clock.today(actor.zone).isoformat()
    url = alma.post("/people/new/", {"used": "Wren", "years": "17"}).headers["Location"]
    [birth] = [e for e in alma.get(f"/api/v1{url[:-1]}").json()["entries"] if e["type"] == "birth"]
    assert (birth["fields"]["years"], birth["fields"]["said_on"]) == ("17", today)


def test_an_age_in_years_grows_on_the_page_and_in_totals(world: World) -> None:
    known = said_before(world, "17", 28 * 40)
    assert seen(world, known) == (20, 21)
    assert "20 or 21 years" in world.client("alma").get(f"/people/{known.ref}/").content.decode()
    with world.as_("alma") as actor:
        running, _before = numbers.current_periods(today=clock.today(actor.zone))
        [facts] = numbers.facts_of_undecided(actor=actor, refs=[known], period=running)
    assert facts.age >= 20 and age_group(facts.age) == "18_24"


def test_an_age_without_its_day_counts_from_the_day_of_its_entry(world: World) -> None:
    with world.as_("alma") as actor:
        known = services.open_record(actor=actor, name=PersonName("Wren"))
        records.write(actor=actor, known=known, payload=Birth(years="17"))  # as entries were written before
    world.move(days=60)
    world.sessions.clear()
    assert seen(world, known) == (17, 18)


def test_an_age_saved_again_unchanged_is_the_same_statement(world: World) -> None:
    known = said_before(world, "17", 500)
    alma = world.client("alma")
    form = alma.get(f"/people/{known.ref}/age/").context["form"]
    assert form["years"].value() == "18"
    assert alma.post(f"/people/{known.ref}/age/", {"years": "18", "revision": "1"}).status_code == 302
    assert seen(world, known) == (18, 19)
    assert alma.post(f"/people/{known.ref}/age/", {"years": "20", "revision": "2"}).status_code == 302
    assert seen(world, known) == (20, 20)


@pytest.mark.parametrize(("language", "order"), [("en", "month day year"), ("es", "day month year")])
def test_a_date_field_has_its_month_in_words_in_the_readers_order(language: str, order: str) -> None:
    with translation.override(language):
        drawn = str(AgeForm({"date_0": "4", "date_1": "3", "date_2": "1999"})["date"])
        marked = re.search(r'<option value="3" selected>([^<]*)', drawn)
    assert " ".join(re.findall(r"form-group--(\w+)", drawn)) == order
    assert marked and marked[1] == {"en": "03 - March", "es": "03 - marzo"}[language]
    assert re.findall(r'name="(date_\d)"', drawn) == [
        {"day": "date_0", "month": "date_1", "year": "date_2"}[p] for p in order.split()
    ]


@override_settings(TIME_ZONE="UTC")
def test_everything_typed_in_a_date_is_shown_again() -> None:
    for sent in (
        {"date_0": "31"},
        {"date_1": "2"},
        {"date_2": "19"},
        {"date_0": "31", "date_1": "2"},
        {"date_1": "13"},
    ):
        form = AgeForm(sent)
        if form.is_valid():
            raise AssertionError(sent)
        drawn = str(form["date"])
        for name, value in sent.items():
            part = drawn.split(f'name="{name}"')[1].split("</div>")[0]
            assert f'value="{value}"' in part and (name != "date_1" or f'value="{value}" selected' in part)


def test_the_hint_for_buddhist_years() -> None:
    assert from_buddhist(2542) == 1999 and from_buddhist(2027) is None and from_buddhist(9999) is None
    assert isinstance(AgeForm.base_fields["date"], BirthField)
