"""Bringing a form: uploading, problems, a missing file, publishing a version, replacing it, and retiring the form."""

from __future__ import annotations

import re
import uuid

import psycopg
import pytest
from django.test import Client

from accord.core.errors import Invalid
from accord.questionnaires import queries, services
from tests.region import World
from tests.steps.forms import SMALL, published, upload, workbook
from tests.steps.pages import said

BROKEN = SMALL + "text | late | Late? | ¿Tarde? | ${never} = 1\n"
LOOKED_UP = """
type | name | label | calculation
text | district | District |
calculate | county | | pulldata('districts', 'county', 'name', ${district})
"""


def sent(client: Client, address: str, content: bytes, *, name: str = "form.xlsx", field: str = "workbook"):
    return client.post(address, upload(content, name, field), follow=True)


def at(page) -> str:
    """Return the address where a page ended up."""
    return page.redirect_chain[-1][0].partition("?")[0]


def test_a_form_is_uploaded_published_replaced_and_retired(fresh_world: World) -> None:
    adele = fresh_world.client("adele")
    assert "No forms yet" in adele.get("/forms/").content.decode()
    draft = sent(adele, "/forms/new/", workbook())
    assert said(draft) == ["Form uploaded. Staff can't use this version until you publish it."]
    assert "Daily check-in, version 1" in draft.content.decode()
    with fresh_world.as_("alma") as actor:
        assert queries.published(actor=actor, kinds=["needs"]) == []
    done = adele.post(f"{at(draft)}publish/", {"kind": "needs"}, follow=True)
    assert said(done) == ["Form published. Your staff can use it now."]
    with fresh_world.as_("alma") as actor:
        (first,) = queries.published(actor=actor, kinds=["needs", "health"])
        assert (first.title, first.number, first.asks) == ("Daily check-in", 1, 3)
        assert [one.kind for one in queries.form_of(actor=actor, card=first).questions()] == [
            *("text", "select_one", "text"),
        ]
        assert queries.published(actor=actor, kinds=["health"]) == []
    second = sent(adele, f"{at(done)}new/", workbook(title="Check-in"))
    assert "Check-in, version 2" in second.content.decode()
    refused = adele.post(f"{at(second)}publish/", {"kind": "health"})
    assert refused.status_code == 422  # the kind was chosen with the first version
    adele.post(f"{at(second)}publish/", {"kind": "needs"})
    with fresh_world.as_("alma") as actor:
        (now,) = queries.published(actor=actor, kinds=["needs"])
        assert (now.title, now.number) == ("Check-in", 2)
        before = queries.version(actor=actor, version=first.id)
        assert before.state == "replaced"
        assert queries.form_of(actor=actor, card=before).title == "Daily check-in"
    assert "Retired" in adele.post(f"{at(done)}retire/", follow=True).content.decode()
    with fresh_world.as_("alma") as actor:
        assert queries.published(actor=actor, kinds=["needs"]) == []
        assert queries.form_of(actor=actor, card=queries.version(actor=actor, version=now.id)).title == "Check-in"
    assert sent(adele, f"{at(done)}new/", workbook()).status_code == 409


def test_problems_name_the_sheet_and_the_row_and_the_corrected_form_takes_their_place(fresh_world: World) -> None:
    adele = fresh_world.client("adele")
    page = sent(adele, "/forms/new/", workbook(BROKEN))
    text = page.content.decode()
    assert "This form can't be used yet" in text
    assert re.search(r"survey.*?5.*?never", re.sub(r"<[^>]+>", " ", text), re.DOTALL)
    assert adele.post(f"{at(page)}publish/", {"kind": "needs"}).status_code == 409
    again = re.search(r'href="(/forms/[0-9a-f-]{36}/new/)"', text)
    assert again is not None
    corrected = sent(adele, again[1], workbook())
    assert at(corrected) == at(page)
    assert "can't be used" not in corrected.content.decode()
    assert "No forms yet" in adele.post(f"{at(page)}delete/", follow=True).content.decode()


def test_a_file_that_a_form_needs_is_asked_for_and_kept_for_the_next_version(fresh_world: World) -> None:
    adele = fresh_world.client("adele")
    page = sent(adele, "/forms/new/", workbook(LOOKED_UP))
    assert "districts.csv" in page.content.decode()
    found = sent(adele, f"{at(page)}file/", b"name,county\nNorth,Bell\n", name="d.csv", field="attached")
    assert "can't be used" not in found.content.decode()
    done = adele.post(f"{at(page)}publish/", {"kind": "needs"}, follow=True)
    second = sent(adele, f"{at(done)}new/", workbook(LOOKED_UP))
    assert "can't be used" not in second.content.decode()
    assert adele.get(f"{at(second)}file/").status_code == 404  # nothing is missing


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.7 not a form", "form.pdf", "Choose a file of this type: .xlsx, .xls"),
        (b"%PDF-1.7 not a form", "form.xlsx", "not an Excel workbook"),
        (b"", "form.xlsx", "This file is empty."),
        (b"x" * 10_000_001, "form.xlsx", "larger than 10 MB"),
    ],
)
def test_what_is_no_form_is_refused_beside_the_field(world: World, content: bytes, name: str, words: str) -> None:
    page = world.client("adele").post("/forms/new/", upload(content, name))
    assert page.status_code == 422
    assert words in page.content.decode()


def test_the_text_of_a_form_is_never_markup(fresh_world: World) -> None:
    page = sent(
        fresh_world.client("adele"),
        "/forms/new/",
        workbook(title="<script>alert(1)</script>"),
        name='../../x"><img src=y>.xlsx',
    )
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    got = fresh_world.client("adele").get(f"{at(page)}workbook/")
    assert got["Content-Disposition"] == 'attachment; filename="x_img src_y_.xlsx"'
    assert got.content[:2] == b"PK"


def test_a_published_version_can_not_be_changed_even_with_sql(fresh_world: World) -> None:
    card = published(fresh_world, workbook())
    with fresh_world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [fresh_world.session("adele").ticket])
        changed = web.execute("update questionnaires_version set title = 'x' where id = %s", [card.id]).rowcount
        assert changed == 0
        for function in ("form_publish(%(id)s, 'health', '')", "form_discard(%(id)s)"):
            assert web.execute(f"select accord.{function}", {"id": card.id}).fetchone() == (False,)
        for statement in (
            "update questionnaires_version set state = 'draft' where id = %s",
            "update questionnaires_questionnaire set kind = 'health' where id = %s",
            "delete from questionnaires_version where id = %s",
        ):
            web.commit()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement, [card.id])


def test_the_register_says_what_a_license_allows_and_what_is_loaded(fresh_world: World) -> None:
    adele = fresh_world.client("adele")
    draft = sent(adele, "/forms/new/", workbook())
    refused = adele.post(f"{at(draft)}publish/", {"kind": "screening", "tool": "CSE-IT"})
    assert refused.status_code == 422
    with fresh_world.as_("adele") as actor, pytest.raises(Invalid):  # a forged request too
        card = queries.version(actor=actor, version=uuid.UUID(at(draft).split("/")[3]))
        services.publish(actor=actor, card=card, kind="screening", tool="CSE-IT")
    adele.post(f"{at(draft)}publish/", {"kind": "screening", "tool": "TVIT-short"})
    added = adele.post("/forms/new/shipped/", {"code": "tool-result"}, follow=True)
    adele.post(f"{at(added)}publish/", {"kind": "screening"})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", adele.get("/forms/tools/").content.decode()))
    assert re.search(r"Identification Tool, short version Loaded .*?Your agency's form: Daily check-in", text)
    assert re.search(r"Exploitation Identification Tool Loaded .*?Your agency's form: Result of a licensed tool", text)
    assert text.count("Loaded") == 2


def test_a_screening_is_published_only_as_one_and_a_safety_plan_only_where_it_is_never_shared(
    fresh_world: World,
) -> None:
    """Under another kind, a screening would have neither its preface nor the hand-off."""
    own = workbook(elements="element | name | value\nact | safe | yes\n")
    with fresh_world.as_("adele") as adele:
        for made, only in (
            (services.add_shipped(actor=adele, code="adult-screen"), "screening"),
            (services.add(actor=adele, name="own.xlsx", content=own), "screening"),
            (services.add_shipped(actor=adele, code="safety-plan"), "notes.advocate"),
        ):
            card = queries.version(actor=adele, version=made)
            with pytest.raises(Invalid):
                services.publish(actor=adele, card=card, kind="needs")
            services.publish(actor=adele, card=card, kind=only)
