"""Who opens a draft, and what saving does with it: the tables of the manual, through the pages."""

from __future__ import annotations

import uuid

from django.test import Client

from accord.casework.codes import CaseNote
from accord.people import queries as people
from accord.sharing import assignments
from accord.sharing import services as records
from tests.region import World
from tests.steps.drafts import is_on_page, is_on_today, place, revisions, save_draft
from tests.steps.records import handle, open_record, release_to
from tests.steps.worker import later

from .tables import Row, cases

WORDS = "Prefers the side door, Wq8ZplVx"
ANSWERS = {302: "saved", 409: "both", 422: "again"}


def someone(world: World, who: str, known) -> tuple[Client, uuid.UUID]:
    """Return a browser of who looks, and the record as they know it."""
    if who == "partner":
        release_to(world, known)
        return world.client("elena"), handle(world, "elena")
    with world.as_("adele") as adele:
        if who == "colleague":
            records.assign(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
        if who == "supervisor":
            records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="Supervises Alma's work")
    return world.client({"author": "alma", "colleague": "aisha", "supervisor": "adele"}[who]), known.ref


def meanwhile(world: World, what: str, ref: uuid.UUID) -> None:
    if what == "another session":
        world.sessions.pop("alma")
    with world.as_("adele") as adele:
        if what == "barred":
            records.bar(actor=adele, ref=ref, membership=world.memberships["alma"])
        if what == "unassigned":
            (assignment,) = assignments.assignments_of(actor=adele, ref=ref)
            records.end_assignment(actor=adele, ref=ref, assignment=assignment.id)


def form_of(client: Client, ref: uuid.UUID) -> str:
    page = client.get(place(ref))
    if page.status_code != 200:
        return {403: "refused", 404: "hidden"}[page.status_code]
    return {WORDS: "filled", None: "empty"}[page.context["form"]["text"].value()]


@cases("drafts.md", "Who opens a draft")
def test_a_draft_is_its_authors_for_thirty_days(world: World, row: Row) -> None:
    known = open_record(world)
    assert save_draft(world.client("alma"), known.ref, WORDS).status_code == 302
    meanwhile(world, row["since then"], known.ref)
    if row["days"] != "0":
        later(world, hours=24 * int(row["days"]))
    client, ref = someone(world, row["who"], known)
    assert form_of(client, ref) == row["the form"]
    listed = {is_on_today(client, ref)}
    if row["the form"] in ("filled", "empty"):
        listed.add(is_on_page(client, ref))
    assert listed == {row["listed"] == "yes"}


@cases("drafts.md", "What saving does")
def test_a_draft_is_saved_replaced_or_finished(world: World, row: Row) -> None:
    known, alma, stored = open_record(world), world.client("alma"), int(row["stored"])
    for revision in range(stored):
        assert save_draft(alma, known.ref, f"version {revision}", revision).status_code == 302
    text = {"new": WORDS, "same": f"version {stored - 1}", "none": ""}[row["text"]]
    button = {"save_draft": "1"} if row["button"] == "draft" else {}
    page = alma.post(place(known.ref), {"text": text, "draft_revision": row["page"], **button})
    assert ANSWERS[page.status_code] == row["answer"]
    assert revisions(world, known.ref) == ([int(row["draft left"])] if row["draft left"] != "0" else [])
    with world.as_("alma") as actor:
        notes = people.page(actor=actor, ref=known.ref, kinds=["notes.case"]).items.get("notes.case", ())
    assert [(note.revision, note.payload) for note in notes] == [(1, CaseNote(text))] * int(row["notes"])
