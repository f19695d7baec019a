"""A statement slipped into one colleague's session puts a false seal into another's ring."""

from __future__ import annotations

import base64

import pytest

from accord.membership import returning, services
from accord.vault import sealing
from accord.vault.ring import seal_info
from tests.region import World

CODE = "needs"


def slip_in(world: World, code: str, junk: bytes) -> None:
    """Insert it in Adele's session, for Alma."""
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        seal = "insert into vault_ringseal (owner, membership, code, version, sealed) values (%s, %s, %s, 1, %s)"
        web.execute(seal, [world.agencies["harbor"], world.memberships["alma"], code, junk])


def no_seal_yet(world: World) -> None:
    """Remove one key of Alma's role, as for a new colleague who does not have it yet."""
    world.session("adele")  # the next sign-in of a colleague would hand it on
    with world.owner() as owner:
        gone = "delete from vault_ringseal where membership = %s and code = %s"
        owner.execute(gone, [world.memberships["alma"], CODE])


def false_seal(world: World, what: str) -> bytes:
    """Return noise, or a proper seal with a secret that is not the agency's."""
    if what != "another secret":
        return {"nothing": b"", "short": sealing.SUITE, "noise": sealing.SUITE + bytes(1200)}[what]
    harbor, alma = world.agencies["harbor"], world.memberships["alma"]
    with world.owner() as owner:
        public = owner.execute("select public from membership_membership where id = %s", [alma]).fetchone()[0]
    return sealing.seal_to(public, sealing.new_secret(), seal_info(harbor, alma, CODE, 1))


@pytest.mark.parametrize("what", ["nothing", "short", "noise", "another secret"])
def test_a_false_seal_locks_no_one_out_and_is_not_taken_for_the_key(
    fresh_world: World, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = fresh_world
    no_seal_yet(world)
    slip_in(world, CODE, false_seal(world, what))
    alma = world.client("alma")
    assert alma.get("/people/").status_code == 200 and alma.get("/").status_code == 200
    with world.as_("alma") as actor:
        assert CODE not in actor.ring.codes() and "identity.name" in actor.ring.codes()
    told = [line for line in caplog.records if line.name == "accord.alarm"]
    assert len(told) == 1  # once, not on every page
    assert b"has a fake copy of a key" in world.client("adele").get("/agency/log/").content


def test_a_false_seal_of_a_key_that_the_role_does_not_open_changes_nothing(fresh_world: World) -> None:
    world = fresh_world
    world.session("adele")  # hands on what others do not have yet
    with world.as_("alma") as alma:
        before = alma.ring.codes()
    with world.owner() as owner:
        theirs = "select code from vault_ringkey where owner = %s and version = 1 and code <> all(%s) order by code"
        other = owner.execute(theirs, [world.agencies["harbor"], sorted(before)]).fetchone()[0]
    slip_in(world, other, b"junk")
    assert world.client("alma").get("/").status_code == 200  # in a session that was open before
    world.sessions.clear()
    with world.as_("alma") as alma:
        assert alma.ring.codes() == before


def test_taking_the_role_away_and_giving_it_back_clears_it(fresh_world: World) -> None:
    """As the log tells the officers."""
    world, alma = fresh_world, fresh_world.memberships["alma"]
    no_seal_yet(world)
    slip_in(world, CODE, b"junk")
    for roles in (["officer"], ["advocate", "intake"]):
        with world.as_("adele") as adele:
            services.change_roles(actor=adele, membership=alma, roles=roles)
    world.sessions.clear()
    world.session("adele")
    with world.as_("alma") as actor:
        assert CODE in actor.ring.codes()


@pytest.mark.parametrize("version", [1, 99])
def test_the_recovery_key_works_next_to_a_false_seal(fresh_world: World, version: int) -> None:
    world = fresh_world
    world.session("alma")
    with world.as_("adele") as adele:
        words = returning.print_recovery(actor=adele)
    with world.owner() as owner:
        # made since, not yet on the recovery key
        owner.execute("delete from vault_recoveryseal where code = %s", [CODE])
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        seal = (
            "insert into vault_recoveryseal (owner, recovery, code, version, sealed) "
            "select owner, id, %s, %s, 'junk' from membership_recoverykey"
        )
        web.execute(seal, [CODE, version])
    world.session("aisha")
    with world.as_("adele") as adele:
        returning.start_recovery(actor=adele, words=words)
    secret = base64.b64decode(world.session("aisha").secrets["membership"])
    with world.as_("aisha") as aisha:
        assert len(returning.confirm_recovery(actor=aisha, membership_secret=secret).split()) == 21
        assert CODE in returning.held_on_recovery_sheet(actor=aisha)
