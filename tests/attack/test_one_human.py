"""What takes two people is never done by one, no matter how many memberships of an agency they hold."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections

from accord.accounts import services as accounts
from accord.core.errors import Hidden, Refused
from accord.demo import riverbend
from accord.membership import queries as membership_queries
from accord.membership import returning
from accord.membership import services as membership_services
from accord.people import services as people
from accord.people.codes import PersonName
from accord.sharing import keeping
from accord.sharing import services as records
from accord.sharing.codes import record_number
from accord.vault import sealing
from tests.region import World
from tests.steps.membership import invite
from tests.steps.pages import alert_words
from tests.steps.records import open_record

TWIN = "twin"


def make_twin(world: World, user: str, *roles: str) -> uuid.UUID:
    """Give a persona a second membership in their own agency, as a hub from before one-membership-per-account may
    hold."""
    session, membership, secret = world.session(user), uuid.uuid4(), sealing.new_secret()
    own = sealing.KeyPair(session.account_secret).public
    sealed = sealing.seal_to(own, secret, membership_services.membership_info(membership))
    with world.owner() as owner:
        owner.execute(
            "insert into membership_membership (owner, id, account, name, roles, public, sealed, since, trained_until) "
            "select owner, %s, account, 'Nobody Else', %s, %s, %s, since, trained_until from membership_membership where id = %s",
            [membership, list(roles), sealing.KeyPair(secret).public, sealed, world.memberships[user]],
        )
    world.memberships[TWIN] = membership
    again = accounts.open_session(user_name=user, passphrase=riverbend.PASSPHRASE)
    accounts.give_ticket(state=again)
    world.sign_in_as(again, TWIN)
    return membership


def test_an_account_takes_up_no_second_membership_in_an_agency(fresh_world: World) -> None:
    world = fresh_world
    code, adele = invite(world, "adele", "Nobody Else", ("supervisor", "officer")), world.client("adele")
    refused = adele.post("/join/with/", {"code": code})
    assert refused.status_code == 422
    assert "You already work for this agency" in alert_words(refused)
    assert world.client().post("/join/", {"code": code}).status_code == 200  # the code still opens for someone else


def test_two_codes_of_one_agency_taken_up_at_once_give_one_membership(fresh_world: World) -> None:
    world = fresh_world
    codes = [invite(world, "emil", f"Alma {number}", ("intake",)) for number in range(2)]
    session, start = world.session("alma"), threading.Barrier(2)

    def take_up(code: str) -> str:
        start.wait()
        try:
            membership_services.join_with(session=session, code=code)
        except Exception as error:  # noqa: BLE001 - whichever comes second is refused; how is looked at below
            return type(error).__name__
        finally:
            connections.close_all()
        return "joined"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(take_up, codes)) == ["Invalid", "joined"]


@pytest.mark.parametrize("erases", ["twin", "first"])
def test_one_human_erases_nothing_alone(fresh_world: World, erases: str) -> None:
    world, known = fresh_world, open_record(fresh_world)
    make_twin(world, "adele", "supervisor", "officer")
    first, second = ("adele", TWIN) if erases == "twin" else (TWIN, "adele")
    with world.as_(first) as asks:
        keeping.ask_erasure(actor=asks, ref=known.ref, reason="asked", number=record_number(known.person))
    with world.as_(second) as confirms, pytest.raises(Refused):
        keeping.confirm_erasure(actor=confirms, ref=known.ref, number=record_number(known.person))
    assert "Waiting for another person" in alert_words(world.client(second).get("/people/removals/"))
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 200
    with world.as_("aisha") as aisha:
        keeping.confirm_erasure(actor=aisha, ref=known.ref, number=record_number(known.person))


def test_one_human_uses_no_printed_key_alone(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("adele") as adele:
        words = returning.print_recovery(actor=adele)
    make_twin(world, "adele", "officer")
    with world.as_("adele") as adele:
        returning.start_recovery(actor=adele, words=words)
    with world.as_(TWIN) as twin, pytest.raises(Refused):
        returning.confirm_recovery(actor=twin, membership_secret=sealing.new_secret())
    with world.owner() as owner:
        sealed_for = {row[0] for row in owner.execute("select membership from membership_recoverystart").fetchall()}
    assert world.memberships[TWIN] not in sealed_for and world.memberships["aisha"] in sealed_for


def test_no_one_changes_ends_or_resets_their_own_membership_through_another(fresh_world: World) -> None:
    world = fresh_world
    make_twin(world, "aisha", "officer")
    own = world.memberships["aisha"]
    with world.as_(TWIN) as twin:
        for refused in (
            lambda: membership_services.change_roles(actor=twin, membership=own, roles=["supervisor", "clinician"]),
            lambda: membership_services.end_membership(actor=twin, membership=own),
        ):
            with pytest.raises(Refused):
                refused()
        with pytest.raises(Hidden):
            returning.make_reset(actor=twin, membership=own, factor=False)


# As the database decides, for a statement slipped into the session: each returns false (or refuses) for the twin.
STATEMENTS = {
    "roles": "accord.membership_change_roles(%(own)s, '{supervisor}', '{}')",
    "end": "accord.membership_end(%(own)s)",
    "reset": "accord.member_reset(%(new)s, %(own)s, 'x', false)",
    "readmit": "accord.membership_readmit(%(own)s)",
    "erase": "accord.erasure_confirm(%(person)s)",
}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_the_database_sees_one_human_too(fresh_world: World, name: str) -> None:
    world, known = fresh_world, open_record(fresh_world)
    make_twin(world, "adele", "supervisor", "officer")
    with world.as_("adele") as adele:
        keeping.ask_erasure(actor=adele, ref=known.ref, reason="asked", number=record_number(known.person))
    values = {"own": world.memberships["adele"], "new": uuid.uuid4(), "person": known.person}
    with world.as_(TWIN), world.web() as web:  # inside: the second factor of the twin's session is fresh
        web.execute("select set_config('accord.ticket', %s, false)", [world.session(TWIN).ticket])
        assert web.execute(f"select accord.actor_is_afresh('officer'), {STATEMENTS[name]}", values).fetchone() in (
            (True, False),
            (True, None),
        )


def test_one_human_reviews_no_sum_of_their_own(fresh_world: World) -> None:
    world = fresh_world
    make_twin(world, "ines", "reviewer")
    made = uuid.uuid4()
    with world.owner() as owner:
        owner.execute(
            "insert into numbers_sum (owner, id, measure, version, period, state, ring_version, sealed, at, by, agencies, "
            "revisions, expected, shown_hash) values (%s, %s, 'people_served', 1, '2026-1', 'waiting', 1, '', accord.now(), "
            "%s, '{}', '{}', 0, '')",
            [world.agencies["statistics"], made, world.memberships["ines"]],
        )
    with world.as_(TWIN), world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session(TWIN).ticket])
        for statement in ("totals_send_back(%s)", "totals_publish(%s, 'x', 'y')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(f"select accord.{statement}", [made])


def test_one_human_with_two_memberships_is_not_two_officers(fresh_world: World) -> None:
    world = fresh_world
    with world.owner() as owner:  # Legal Aid as it was before its second privacy officer and its first person
        owner.execute(
            "update membership_membership set roles = array_remove(roles, 'officer') where owner = %s and id <> %s",
            [world.agencies["legal"], world.memberships["emil"]],
        )
        owner.execute("delete from sharing_person where owner = %s", [world.agencies["legal"]])
    make_twin(world, "emil", "officer")
    with world.as_("elena") as elena:
        assert len(membership_queries.officers(agency=elena.agency)) == 2
        with pytest.raises(Refused) as refused:
            people.open_record(actor=elena, name=PersonName(used="Noor"))
        assert refused.value.code == "one_officer"


def test_a_bar_holds_when_the_same_human_comes_back(fresh_world: World) -> None:
    """They left, were invited again, and hold another membership: for them the record still does not exist."""
    world, known, other = fresh_world, open_record(fresh_world), open_record(fresh_world, "Noor Vale")
    with world.as_("adele") as adele:
        records.bar(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
        membership_services.end_membership(actor=adele, membership=world.memberships["aisha"])
    world.sessions.pop("aisha", None)
    with world.owner() as owner:
        account = owner.execute(
            "select account from membership_membership where id = %s", [world.memberships["aisha"]]
        ).fetchone()
    code = invite(world, "adele", "Aisha", ("supervisor", "officer"))
    session = accounts.open_session(user_name="aisha", passphrase=riverbend.PASSPHRASE)
    accounts.give_ticket(state=session)
    assert account is not None and session.account == account[0]
    world.memberships[TWIN] = membership_services.join_with(session=session, code=code).membership
    world.sign_in_as(session, TWIN)
    with world.as_("alma") as alma:
        membership_services.admit_waiting(actor=alma)
    assert world.client(TWIN).get(f"/people/{other.ref}/team/").status_code == 200
    assert world.client(TWIN).get(f"/people/{known.ref}/team/").status_code == 404
    assert world.client(TWIN).get(f"/people/{known.ref}/remove/").status_code == 404


def test_two_officers_who_demote_each_other_leave_one(fresh_world: World) -> None:
    world, start = fresh_world, threading.Barrier(2)
    pairs = (("adele", "aisha"), ("aisha", "adele"))
    for user, _other in pairs:
        world.session(user)
    with world.owner() as owner:
        owner.execute("update accounts_session set factor_at = accord.now()")

    def demote(pair: tuple[str, str]) -> bool:
        user, other = pair
        with world.web() as web, web.transaction():
            web.execute("select set_config('accord.ticket', %s, true)", [world.session(user).ticket])
            start.wait()
            found = web.execute(
                "select accord.membership_change_roles(%s, '{supervisor}', '{}')", [world.memberships[other]]
            ).fetchone()
            return bool(found and found[0])

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(demote, pairs)) == [False, True]
    with world.as_("elena"), world.owner() as owner:
        left = owner.execute(
            "select count(*) from membership_membership where owner = %s and 'officer' = any(roles) and ended_at is null",
            [world.agencies["harbor"]],
        ).fetchone()
    assert left == (1,)
