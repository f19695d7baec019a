"""Someone with the database, or with one statement in a colleague's session, gets nothing out of a draft."""

from __future__ import annotations

import base64
import logging
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from accord.sharing import services as records
from tests.region import World
from tests.steps.drafts import place, save_draft
from tests.steps.records import open_record

MARK = "Wq8ZplVx"


@pytest.fixture
def begun(world: World) -> tuple[World, uuid.UUID]:
    """Return a world with a draft of Alma, and the person it is about."""
    known = open_record(world)
    assert save_draft(world.client("alma"), known.ref, f"Said {MARK}").status_code == 302
    return world, known.ref


def rows(world: World, ref: uuid.UUID) -> list[tuple]:
    """Return the drafts about a person, with the database in hand."""
    with world.owner() as owner:
        return owner.execute("select * from drafts_draft where person = %s", [ref]).fetchall()


def slipped_in(world: World, user: str) -> psycopg.Connection:
    web = world.web()
    web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
    return web


def test_nothing_of_it_is_in_clear_in_any_table(begun: tuple[World, uuid.UUID]) -> None:
    world, _ref = begun
    marks = [MARK, MARK.encode().hex(), base64.b64encode(f"Said {MARK}".encode()).decode()[:10]]
    with world.owner() as owner:
        assert owner.execute("select min(octet_length(sealed)) from drafts_draft").fetchone()[0] > 128
        for (table,) in owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
            for mark in marks:
                found = owner.execute(f"select 1 from {table} t where t::text like %s limit 1", [f"%{mark}%"])
                assert found.fetchone() is None, (table, mark)


def test_a_statement_in_someone_elses_session_neither_sees_nor_touches_it(begun: tuple[World, uuid.UUID]) -> None:
    world, ref = begun
    before = rows(world, ref)
    for user in ("aisha", "adele", "elena", "ben"):
        with slipped_in(world, user) as web:
            assert web.execute("select * from drafts_draft where person = %s", [ref]).fetchall() == []
            web.execute("select accord.draft_discard(%s)", [before[0][1]])
            web.execute("select accord.draft_finish('note', %s, 1, '{}')", [ref])
            for statement in (
                "delete from drafts_draft",
                "update drafts_draft set author = accord.actor_membership()",
                "insert into drafts_draft select * from drafts_draft",
                "select accord.drafts_expire()",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    web.execute(statement)
    assert rows(world, ref) == before


def test_its_authors_own_statements_cannot_write_for_another_or_about_a_strangers_person(
    begun: tuple[World, uuid.UUID],
) -> None:
    world, ref = begun
    save = "select accord.draft_save(gen_random_uuid(), 'note', %s, 'notes.case', 1, 'x', 0, '{}')"
    theirs = open_record(world, "Noor Vale", "bea").ref
    with slipped_in(world, "alma") as web:
        assert web.execute("select count(*) from drafts_draft where person = %s", [ref]).fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("delete from drafts_draft")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            web.execute(save, [theirs])
    with world.web() as no_one:
        assert no_one.execute(save, [ref]).fetchone() == (None,)


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """Collect what the alarm log says."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler = Keep()
    logging.getLogger("accord.alarm").addHandler(handler)
    yield found
    logging.getLogger("accord.alarm").removeHandler(handler)


@pytest.mark.parametrize("moved", ["to another person", "to another author", "to another form", "to an older key"])
def test_a_row_that_was_moved_does_not_open(begun: tuple[World, uuid.UUID], alarms: list[str], moved: str) -> None:
    """Where it went, the form is empty and says so, and saving replaces it."""
    world, ref = begun
    other, user, form = open_record(world, "Noor Vale").ref, "alma", "note"
    if moved == "to another author":
        other, user = ref, "aisha"
        with world.as_("adele") as adele:
            records.assign(actor=adele, ref=ref, membership=world.memberships["aisha"])
    elif moved == "to another form":
        other, form = ref, "service"
    version = 2 if moved == "to an older key" else 1
    with world.owner() as owner:
        changed = owner.execute(
            "update drafts_draft set person = %s, author = %s, form = %s, ring_version = %s, "
            "kind = case %s when 'service' then 'services' else kind end where person = %s",
            [other, world.memberships[user], form, version, form, ref],
        )
        assert changed.rowcount == 1
    page = world.client(user).get(place(other) if form == "note" else f"/people/{other}/entries/new/")
    text = page.content.decode()
    assert page.status_code == 200 and MARK not in text and "be opened. What you save now replaces it." in text
    assert len(alarms) == 1 and "drafts_draft" in alarms[0]
    if form == "note":
        assert save_draft(world.client(user), other, "written again", 1).status_code == 302
        assert world.client(user).get(place(other)).context["form"]["text"].value() == "written again"
