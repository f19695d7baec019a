"""Erasing a record: two colleagues, keys gone everywhere, nothing left but ids; refused under a legal hold."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from accord.config import verify
from accord.core.errors import Hidden, NoLonger
from accord.people import queries as people
from accord.people import services as people_services
from accord.releases import services as releases
from accord.sharing import queries as sharing
from accord.sharing import services as records
from tests import region
from tests.agencies.steps import alert_words, code_of
from tests.faults.test_backup import come_back, save
from tests.path.test_services import handle, open_record, release_to
from tests.region import World

# What may name her afterwards: ids in the log, the terms of shares as history of both sides, the erasure itself.
STAYS = {"audit_about", "audit_event", "sharing_share", "sharing_erasure"}


def tables_that_name(world: World, person: uuid.UUID) -> set[str]:
    """Every table in which her id stands, in any column."""
    with world.owner() as owner:
        names = [n for (n,) in owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()]
        return {
            name
            for name in names
            if owner.execute(f"select 1 from {name} t where t::text like %s limit 1", [f"%{person}%"]).fetchone()
        }


def ask(world: World, user: str, ref: uuid.UUID, **data: str):
    return world.client(user).post(f"/people/{ref}/erase/", data)


@pytest.fixture
def shared(fresh_world: World):
    """Somebody with everything: shared with Legal Aid, a task, a colleague, a row of the search."""
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known)
    with world.as_("alma") as alma:
        people_services.add_task(actor=alma, person=known.person, code="assign", days=3)
    return world, known, handle(world, "elena"), series


def test_two_colleagues_erase_her_and_only_ids_stay(shared) -> None:
    world, known, seen_as, _series = shared
    other = open_record(world, "Noor Vale")
    before = tables_that_name(world, known.person)
    assert {"sharing_datakey", "sharing_sharekey", "sharing_entry", "sharing_searchtoken", "people_task"} < before
    page = world.client("adele").get(f"/people/{known.ref}/erase/")
    assert "complete when the last backup of the keys" in alert_words(page)
    wrong = ask(world, "adele", known.ref)
    assert wrong.status_code == 422 and "reason" in wrong.context["form"].errors
    assert ask(world, "adele", known.ref, reason="asked").status_code == 302
    assert "Waits for you" in alert_words(world.client("aisha").get("/people/erasures/"))
    assert ask(world, "adele", known.ref).status_code == 403  # the same colleague twice is one colleague
    with world.web() as web:  # for the database, too
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        assert web.execute("select accord.erasure_confirm(%s)", [known.person]).fetchone() == (False,)
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 200
    assert ask(world, "aisha", known.ref).headers["Location"] == "/people/erasures/"
    assert tables_that_name(world, known.person) == STAYS
    for user, ref in (("alma", known.ref), ("adele", known.ref), ("elena", known.ref)):
        assert world.client(user).get(f"/people/{ref}/").status_code == 404, user
    assert world.client("elena").get(f"/people/{seen_as}/").status_code == 403  # it was shared once; it ended
    with world.as_("alma") as alma:
        assert people.search_by_name(actor=alma, text="Samira Quill").rows == []
        assert people.my_tasks(actor=alma) == []
        assert [card.name for card in people.my_people(actor=alma)] == ["Noor Vale"]
    done = alert_words(world.client("aisha").get("/people/erasures/"))
    assert "Asked by Adele, confirmed by Aisha" in done and "Samira" not in done
    log = alert_words(world.client("adele").get("/agency/log/"))
    assert "confirmed the erasure of a record" in log and "Samira" not in log
    assert world.client("alma").get(f"/people/{other.ref}/").status_code == 200
    with world.owner() as owner:
        assert verify.floor_differences(owner) == region.CLOCK_FOUND
        assert all(chain.holds for chain in verify.chains(owner))


def test_a_legal_hold_refuses_and_is_lifted(shared) -> None:
    world, known, _seen, _series = shared
    adele, aisha = world.client("adele"), world.client("aisha")
    assert ask(world, "adele", known.ref, reason="retention").status_code == 302
    assert adele.post(f"/people/{known.ref}/hold/").status_code == 302
    refused = ask(world, "aisha", known.ref)
    assert refused.status_code == 403 and "legal hold" in alert_words(refused)
    assert "A legal hold is on this record" in alert_words(aisha.get(f"/people/{known.ref}/erase/"))
    with world.web() as web:  # and so does the database
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("aisha").ticket])
        assert web.execute("select accord.erasure_confirm(%s)", [known.person]).fetchone() == (False,)
    assert aisha.post(f"/people/{known.ref}/hold/").status_code == 302  # lifted
    assert ask(world, "aisha", known.ref).status_code == 302
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 404


def test_it_is_taken_back_and_wants_role_and_a_fresh_code(shared) -> None:
    world, known, seen_as, _series = shared
    assert world.client("alma").get(f"/people/{known.ref}/erase/").status_code == 403
    assert ask(world, "bea", known.ref, reason="asked").status_code == 404
    assert ask(world, "emil", seen_as, reason="asked").status_code == 403  # a recipient erases nothing of ours
    assert ask(world, "adele", known.ref, reason="asked").status_code == 302
    assert world.client("adele").post(f"/people/{known.ref}/erase/take-back/").status_code == 302
    assert ask(world, "aisha", known.ref).status_code == 422  # nothing was asked for: she would be the first
    world.move(minutes=6)
    old = ask(world, "adele", known.ref, reason="asked")
    assert old.status_code == 422 and "step_up_code" in old.context["form"].errors
    code = code_of(world, "adele")
    assert ask(world, "adele", known.ref, reason="asked", step_up_code=code).status_code == 302


def test_a_colleague_who_is_barred_from_her_does_not_erase_her(shared) -> None:
    world, known, _seen, _series = shared
    with world.as_("adele") as adele:
        records.bar(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    assert ask(world, "aisha", known.ref, reason="asked").status_code == 404  # for her there is nobody


def test_an_older_data_file_does_not_bring_her_back(shared, tmp_path: Path) -> None:
    world, known, seen_as, _series = shared
    before = save(world, tmp_path, "before")
    ask(world, "adele", known.ref, reason="order")
    ask(world, "aisha", known.ref)
    after = save(world, tmp_path, "after")
    assert come_back(world, before.data, after.keys).newest
    assert tables_that_name(world, known.person) <= STAYS
    with world.as_("alma") as alma, pytest.raises(Hidden):
        sharing.find(actor=alma, ref=known.ref)
    with world.as_("elena") as elena, pytest.raises(NoLonger):
        people.page(actor=elena, ref=seen_as)


def test_nothing_is_shared_or_written_of_somebody_erased(shared) -> None:
    world, known, _seen, series = shared
    ask(world, "adele", known.ref, reason="mistake")
    ask(world, "aisha", known.ref)
    with world.as_("alma") as alma, pytest.raises(Hidden):
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        import psycopg

        for inner in ("erase_rows(gen_random_uuid(), gen_random_uuid())", "sweep_erased()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(f"select accord.{inner}")
