"""Erasing a record: two colleagues, keys gone everywhere, only ids left; refused under a legal hold."""

from __future__ import annotations

import uuid
from importlib import import_module
from pathlib import Path

import pytest

from accord.access.codes import KINDS
from accord.config import verify
from accord.core.errors import Hidden, NoLonger
from accord.drafts import services as drafts
from accord.people import queries as people
from accord.people import services as people_services
from accord.people import tasks
from accord.people.codes import Birth
from accord.releases import services as releases
from accord.releases import suspension
from accord.releases.queries import releases_of
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.codes import record_number
from accord.work import services as work
from tests import region
from tests.region import World
from tests.steps.backups import come_back, save
from tests.steps.membership import code_of
from tests.steps.pages import alert_words
from tests.steps.records import handle, index_everyone, open_record, release_to
from tests.steps.releases import later, supervise

# What may name the person afterward: ids in the log, the terms of shares as history of both sides, the erasure itself.
STAYS = {"audit_about", "audit_event", "sharing_share", "sharing_erasure"}


def tables_that_name(world: World, person: uuid.UUID) -> set[str]:
    """Return every table that contains this id, in any column."""
    with world.owner() as owner:
        names = [n for (n,) in owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()]
        return {
            name
            for name in names
            if owner.execute(f"select 1 from {name} t where t::text like %s limit 1", [f"%{person}%"]).fetchone()
        }


def ask(world: World, user: str, ref: uuid.UUID, **data: str):
    """Send the page's form, with the record number shown on the page unless another one is given."""
    return world.client(user).post(f"/people/{ref}/remove/", {"number": record_number(ref), **data})


@pytest.fixture
def shared(fresh_world: World, monkeypatch: pytest.MonkeyPatch):
    """Return someone with everything: shared with Legal Aid, a task, a colleague, a search row."""
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known)
    with world.as_("alma") as alma:
        work.add_task(actor=alma, about=known.person, code="get_it_in_writing", days=3)
        drafts.save(actor=alma, known=known, form="note", fields={"text": ["Begun"]})
    index_everyone(world, monkeypatch, "alma")
    return world, known, handle(world, "elena"), series


def test_two_colleagues_erase_a_person_and_only_ids_stay(shared) -> None:
    world, known, seen_as, _series = shared
    other = open_record(world, "Noor Vale")
    before = tables_that_name(world, known.person)
    assert {"sharing_datakey", "sharing_sharekey", "sharing_entry", "sharing_searchtoken", "work_task"} < before
    page = world.client("adele").get(f"/people/{known.ref}/remove/")
    assert "complete when the last key backup" in alert_words(page)
    wrong = ask(world, "adele", known.ref)
    assert wrong.status_code == 422 and "reason" in wrong.context["form"].errors
    assert ask(world, "adele", known.ref, reason="asked").status_code == 302
    assert "Your turn" in alert_words(world.client("aisha").get("/people/removals/"))
    assert ask(world, "adele", known.ref).status_code == 403  # the same colleague twice is one colleague
    with world.web() as web:  # also for the database
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        assert web.execute("select accord.erasure_confirm(%s)", [known.person]).fetchone() == (False,)
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 200
    assert ask(world, "aisha", known.ref).headers["Location"] == "/people/removals/"
    assert tables_that_name(world, known.person) == STAYS
    for user, ref in (("alma", known.ref), ("adele", known.ref), ("elena", known.ref)):
        assert world.client(user).get(f"/people/{ref}/").status_code == 404, user
    assert world.client("elena").get(f"/people/{seen_as}/").status_code == 403  # it was shared once; it ended
    with world.as_("alma") as alma:
        assert people.search_by_name(actor=alma, text="Samira Quill").rows == []
        assert tasks.my_tasks(actor=alma) == []
        assert [card.name for card in people.my_people(actor=alma)] == ["Noor Vale"]
    done = alert_words(world.client("aisha").get("/people/removals/"))
    assert "Requested by Adele, confirmed by Aisha" in done and "Samira" not in done
    log = alert_words(world.client("adele").get("/agency/log/"))
    assert "confirmed a request to erase a record" in log and "Samira" not in log
    assert world.client("alma").get(f"/people/{other.ref}/").status_code == 200
    with world.owner() as owner:
        assert verify.floor_differences(owner) == region.CLOCK_FOUND
        assert all(chain.holds for chain in verify.chains(owner))


def test_a_legal_hold_refuses_and_is_lifted(shared) -> None:
    world, known, _seen, _series = shared
    adele, aisha = world.client("adele"), world.client("aisha")
    assert ask(world, "adele", known.ref, reason="retention").status_code == 302
    assert adele.post(f"/people/{known.ref}/keep/").status_code == 302
    refused = ask(world, "aisha", known.ref)
    assert refused.status_code == 403 and "under a legal hold" in alert_words(refused)
    assert "This record is under a legal hold" in alert_words(aisha.get(f"/people/{known.ref}/remove/"))
    with world.web() as web:  # and the database agrees
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("aisha").ticket])
        assert web.execute("select accord.erasure_confirm(%s)", [known.person]).fetchone() == (False,)
    assert aisha.post(f"/people/{known.ref}/keep/").status_code == 302  # lifted
    assert ask(world, "aisha", known.ref).status_code == 302
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 404


def test_it_can_be_withdrawn_and_needs_role_and_a_fresh_code(shared) -> None:
    world, known, seen_as, _series = shared
    assert world.client("alma").get(f"/people/{known.ref}/remove/").status_code == 403
    assert ask(world, "bea", known.ref, reason="asked").status_code == 404
    assert ask(world, "emil", seen_as, reason="asked").status_code == 403  # a recipient can't erase our records
    assert ask(world, "adele", known.ref, reason="asked").status_code == 302
    assert world.client("adele").post(f"/people/{known.ref}/remove/take-back/").status_code == 302
    assert ask(world, "aisha", known.ref).status_code == 422  # nothing was requested: this would be the first step
    world.move(minutes=6)
    old = ask(world, "adele", known.ref, reason="asked")
    assert old.status_code == 422 and "step_up_code" in old.context["form"].errors
    code = code_of(world, "adele")
    assert ask(world, "adele", known.ref, reason="asked", step_up_code=code).status_code == 302


def test_a_barred_colleague_does_not_erase_the_person(shared) -> None:
    world, known, _seen, _series = shared
    with world.as_("adele") as adele:
        records.bar(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    assert ask(world, "aisha", known.ref, reason="asked").status_code == 404  # for this user the person does not exist


def test_an_older_data_file_does_not_bring_the_record_back(shared, tmp_path: Path) -> None:
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
        people.page(actor=elena, ref=seen_as, kinds=KINDS)


def test_nothing_is_shared_or_written_about_an_erased_person(shared) -> None:
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


# Joined records ---------------------------------------------------------------------------------------------------


@pytest.fixture
def joined(shared):
    """Return two records of one person, each released to Legal Aid, then joined."""
    world, known, seen_as, series = shared
    second = open_record(world, "Sam Quill")
    release_to(world, second)
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    return world, known, second, seen_as, series


def erase_both_ways(world: World, ref: uuid.UUID) -> None:
    assert ask(world, "adele", ref, reason="mistake").status_code == 302
    assert ask(world, "aisha", ref).status_code == 302


@pytest.mark.parametrize("which", ["first", "second"])
def test_one_of_two_joined_records_keeps_working_after_the_other_is_erased(joined, which: str) -> None:
    """The joining row named the erased record, and nothing in the other could be revoked, separated or corrected."""
    world, known, second, seen_as, _series = joined
    gone, left = (second, known) if which == "second" else (known, second)
    erase_both_ways(world, gone.ref)
    assert tables_that_name(world, gone.person) == STAYS
    alma = world.client("alma")
    assert alma.get(f"/people/{left.ref}/").status_code == 200
    with world.as_("alma") as actor:
        for item in releases_of(actor=actor, ref=left.ref)[1]:
            releases.withdraw(
                actor=actor, ref=left.ref, series=item.series, revision=item.revision, how="oral", checked=True
            )
        birth = people.page(actor=actor, ref=left.ref, kinds=KINDS).birth_item
        people_services.correct(actor=actor, ref=left.ref, payload=Birth(years="31"), before=birth)
    if which == "second":
        assert world.client("elena").get(f"/people/{seen_as}/").status_code == 403


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_row_joining_an_erased_record_is_removed_by_the_next_migration(joined, which: str) -> None:
    """A hub from before has such rows: they are removed when its tables are brought up to date."""
    world, known, second, _seen_as, _series = joined
    gone = second if which == "second" else known
    with world.owner() as owner:
        for table in ("sharing_entry", "sharing_sharekey", "sharing_datakey", "sharing_searchtoken", "drafts_draft"):
            owner.execute(f"delete from {table} where person = %s", [gone.person])
        owner.execute("delete from sharing_person where id = %s", [gone.person])
        owner.execute(import_module("accord.sharing.migrations.0008_joinings_of_erased_records").DANGLING)
        assert owner.execute("select count(*) from sharing_joining").fetchone() == (0,)


def test_what_was_revoked_in_a_joined_record_is_not_forgotten_with_it(shared) -> None:
    """Revoked in one record, so paused in the other: erasing the first must not let the second resume."""
    world, known, _seen_as, _series = shared
    second = open_record(world, "Sam Quill")
    series = release_to(world, second)
    with world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=second.ref, series=series, revision=2, how="oral", checked=True)
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    refused = ask(world, "adele", second.ref, reason="mistake")
    assert refused.status_code == 403 and "A release in the other record is paused" in alert_words(refused)
    with world.as_("aisha"), world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("aisha").ticket])
        assert web.execute("select accord.erasure_confirm(%s)", [second.person]).fetchone() == (False,)


# This record -----------------------------------------------------------------------------------------------------


def test_both_people_see_which_record_it_is(shared) -> None:
    world, known, _seen, _series = shared
    number = record_number(known.person)
    page = alert_words(world.client("adele").get(f"/people/{known.ref}/remove/"))
    assert f"Samira Quill, Record {number}" in page and "by Alma, last changed" in page
    wrong = ask(world, "adele", known.ref, reason="asked", number="0000-0000")
    assert wrong.status_code == 422 and "number" in wrong.context["form"].errors
    assert ask(world, "adele", known.ref, reason="asked", number="").status_code == 422
    assert ask(world, "adele", known.ref, reason="asked", number=number.replace("-", " ")).status_code == 302
    assert f"Samira Quill, Record {number}" in alert_words(world.client("aisha").get("/people/removals/"))
    for address in (f"/people/{known.ref}/remove/", f"/people/{known.ref}/keep/"):
        assert f"Record {number}" in alert_words(world.client("aisha").get(address)), address
    wrong = ask(world, "aisha", known.ref, number="0000-0000")
    assert wrong.status_code == 422 and "number" in wrong.context["form"].errors
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 200
    assert ask(world, "aisha", known.ref, number=number).status_code == 302
    after = alert_words(world.client("aisha").get("/people/removals/"))
    assert f"Record {number}" in after and "Samira" not in after
    assert "looked up a record named in an erasure request" in alert_words(world.client("adele").get("/agency/log/"))


def test_an_officer_who_cannot_find_by_name_sees_only_the_number(shared) -> None:
    world, known, _seen, _series = shared
    with world.owner() as owner:
        owner.execute(
            "update membership_membership set roles = '{officer}' where id = %s", [world.memberships["aisha"]]
        )
    page = alert_words(world.client("aisha").get(f"/people/{known.ref}/remove/"))
    assert f"Record {record_number(known.person)}" in page and "Samira" not in page and "by Alma, last changed" in page
