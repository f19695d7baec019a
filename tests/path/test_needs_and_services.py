"""Several needs at once, needs and services that can be edited, and sensitive questions with three more answers."""

from __future__ import annotations

import re

import pytest

from accord.access.codes import KINDS
from accord.casework.codes import CATEGORIES, DOCUMENTS, EXPLOITATION_ANSWERS, FIELDS_OF_LIFE
from accord.core.text import ANSWERS
from accord.numbers import rules
from accord.people import queries as people
from tests.region import World
from tests.steps.pages import said
from tests.steps.records import open_record


def entries(world: World, ref: object, kind: str) -> list:
    with world.as_("alma") as actor:
        return list(people.page(actor=actor, ref=ref, kinds=KINDS).items.get(kind, ()))


def test_every_category_is_in_one_field_of_life() -> None:
    assert sorted(code for _words, codes in FIELDS_OF_LIFE.values() for code in codes) == sorted(CATEGORIES)


def test_three_needs_are_one_form_and_nothing_about_them_is_decided(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    page = f"/people/{known.ref}/items/new/"
    assert "checked" not in alma.get(page).content.decode().replace('name="urgency" value="" checked', "")
    answer = alma.post(page, {"daily": ["housing", "basic"], "law": ["legal_civil"]})
    assert "3 needs added. Only staff at Harbor House" in said(alma.get(answer.headers["Location"]))[0]
    added = [item.payload for item in entries(world, known.ref, "needs")[1:]]
    assert {(need.category, need.urgency, need.status) for need in added} == {
        ("housing", "", "open"),
        ("basic", "", "open"),
        ("legal_civil", "", "open"),
    }
    for wrong in ({}, {"daily": ["housing", "basic"], "words": "Somewhere warm"}, {"daily": ["gold"]}):
        assert alma.post(page, wrong).status_code == 422


def test_a_need_is_edited_whole_and_its_page_says_which(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    (need,) = entries(world, known.ref, "needs")
    page = f"/people/{known.ref}/items/{need.series}/"
    shown = alma.get(page)
    assert re.search(r"<h1>Need: Legal help: documents and status</h1>", shown.content.decode())
    form = shown.context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"category": "housing", "urgency": "", "words": "Quiet"}
    assert alma.post(page, sent).status_code == 302
    (now,) = entries(world, known.ref, "needs")
    assert (now.payload.category, now.payload.urgency, now.payload.words) == ("housing", "", "Quiet")


def test_a_service_holds_amount_provider_and_note_and_can_be_corrected(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    day = {"day_0": "17", "day_1": "11", "day_2": "2026"}
    sent = {"category": "housing", **day, "amount": "3.50", "unit": "nights", "provider": "Motel Sol", "note": "Room 4"}
    new = f"/people/{known.ref}/entries/new/"
    for wrong in ({"unit": ""}, {"amount": ""}, {"amount": "-1"}, {"unit": "gold"}):
        assert alma.post(new, sent | wrong).status_code == 422
    assert alma.post(new, sent).status_code == 302
    text = alma.get(f"/people/{known.ref}/").content.decode()
    assert "3.5 nights · Motel Sol" in text and "Room 4" in text
    (service,) = entries(world, known.ref, "services")
    page = f"/people/{known.ref}/entries/{service.series}/"
    form = alma.get(page).context["form"]
    assert form["amount"].value() == "3.5" and form["revision"].value() == 1
    assert alma.post(page, sent | {"amount": "4", "revision": "1"}).status_code == 302
    fields = [
        each["fields"]
        for each in alma.get(f"/api/v1/people/{known.ref}").json()["entries"]
        if each["type"] == "service"
    ]
    assert [(each["amount"], each["unit"], each["provider"], each["note"]) for each in fields] == [
        ("4", "nights", "Motel Sol", "Room 4")
    ]


def test_a_note_is_corrected_and_stays_discoverable_or_not(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    alma.post(f"/people/{known.ref}/notes/new/", {"text": "Moved on Mnoday"})
    (note,) = entries(world, known.ref, "notes.case")
    page = f"/people/{known.ref}/notes/{note.series}/"
    assert alma.post(page, {"text": "Moved on Monday", "revision": "1"}).status_code == 302
    (now,) = entries(world, known.ref, "notes.case")
    assert (now.payload.text, now.payload.discoverable) == ("Moved on Monday", note.payload.discoverable)
    assert alma.get(f"/people/{known.ref}/notes/{known.ref}/").status_code == 404


@pytest.mark.parametrize("answer", ANSWERS)
def test_sensitive_questions_tell_three_answers_apart(world: World, answer: str) -> None:
    known, alma = open_record(world), world.client("alma")
    for url, name, kind in (("type/", "type", "exploitation"), ("status/", "status", "immigration")):
        page = f"/people/{known.ref}/{url}"
        text = alma.get(page).content.decode()
        assert ANSWERS[answer] in text.replace("&#x27;", "'") and "Not known or not asked" not in text
        assert "checked" not in text and alma.post(page, {"revision": "0"}).status_code == 422
        assert alma.post(page, {"revision": "0", name: answer}).status_code == 302
        (entry,) = entries(world, known.ref, kind)
        assert getattr(entry.payload, name) == answer
        assert ANSWERS[answer] in alma.get(f"/people/{known.ref}/").content.decode().replace("&#x27;", "'")
    period = rules.parse_period("2026-2")
    cell = rules.cell_of(rules.Facts((period.first,), 30, answer), period)
    assert EXPLOITATION_ANSWERS[answer] == ANSWERS[answer] and cell is not None and cell[1] == "unknown"


def test_what_was_recorded_before_keeps_its_meaning(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    page = f"/people/{known.ref}/type/"
    assert alma.post(page, {"revision": "0", "type": "unknown"}).status_code == 302
    assert "Not known or not asked" in alma.get(f"/people/{known.ref}/").content.decode()
    assert 'value="unknown" checked' in re.sub(r"\s+", " ", alma.get(page).content.decode())


def test_documents_without_an_answer_are_folded(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    page = f"/people/{known.ref}/status/"
    assert alma.post(page, {"revision": "0", "status": "waiting", "document_passport": "taken"}).status_code == 302
    before, _, folded = alma.get(page).content.decode().partition('<details class="folded">')
    assert (
        'name="document_passport"' in before
        and folded.partition("</details>")[0].count('name="document_') == len(DOCUMENTS) - 1
    )
