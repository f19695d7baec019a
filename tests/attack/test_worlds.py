"""Attacks that need a world of their own: time moves, or someone leaves. Each was once a hole."""

from __future__ import annotations

import uuid
from datetime import timedelta

import psycopg
import pytest

from accord.agreements import queries as partners
from accord.agreements import services as signing
from accord.core import clock
from accord.core.errors import Hidden, NoLonger
from accord.people.codes import PersonName
from accord.sharing import queries as sharing
from accord.sharing import services as records
from tests.attack.target import NAME, Target, nothing_is_read
from tests.histories.steps import begin, withdraw_shares
from tests.region import World
from tests.steps.records import handle, open_record, release_to


def test_with_an_expired_ticket(fresh_world: World) -> None:
    known = open_record(fresh_world, NAME)
    ticket = fresh_world.session("alma").ticket
    with fresh_world.web() as connection:
        connection.execute("select set_config('accord.ticket', %s, false)", [ticket])
        count = "select count(*) from sharing_person where id = %s"
        assert connection.execute(count, [known.person]).fetchone() == (1,)
        fresh_world.move(minutes=31)
        assert connection.execute(count, [known.person]).fetchone() == (0,)
        nothing_is_read(connection, Target(fresh_world, known, known.person, known.ref))


def test_an_ended_membership_cannot_act_even_in_a_session_that_outlived_it(fresh_world: World) -> None:
    """Ending deletes sessions; one that chose its agency at that very moment would remain."""
    open_record(fresh_world)
    ticket = fresh_world.session("alma").ticket
    with fresh_world.owner() as owner:
        owner.execute(
            "update membership_membership set ended_at = accord.now() where id = %s", [fresh_world.memberships["alma"]]
        )
    with fresh_world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [ticket])
        assert web.execute("select accord.actor_agency(), accord.actor_account()").fetchone() == (None, None)
        assert web.execute("select count(*) from sharing_person").fetchone() == (0,)


def test_another_share_of_the_same_kind_for_another_purpose_opens_nothing(fresh_world: World) -> None:
    """A detective with a purpose: what was shared only for legal help does not open for compensation."""
    world = fresh_world
    known = open_record(world)
    release_to(world, known, kinds=("identity.name",))
    seen_as = handle(world, "elena")
    with world.as_("elena", "compensation") as elena:
        found = sharing.find(actor=elena, ref=seen_as)
        assert not sharing.open_entries_undecided(actor=elena, known_ones=[found], kinds=["identity.name"])[seen_as]
    with world.as_("elena") as elena:
        assert sharing.open_entries_undecided(actor=elena, known_ones=[found], kinds=["identity.name"])[seen_as]


def test_what_ended_before_it_began_never_was(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    begin(world, known, "legal", ("needs",), start_in=5, days=30)
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        tells = "select (select count(*) from sharing_share), (select count(*) from accounts_notice where code like 'share%')"
        assert web.execute(tells).fetchone() == (0, 0)
        withdraw_shares(world, known)
        world.move(days=6)
        world.sessions.clear()
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        assert web.execute(tells).fetchone() == (0, 0)


def test_a_former_share_is_known_to_have_existed(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    seen_as = handle(world, "elena")
    withdraw_shares(world, known)
    with world.as_("elena") as elena, pytest.raises(NoLonger):
        sharing.require_access(actor=elena, known=sharing.find(actor=elena, ref=seen_as), action="read-person")


def test_a_share_whose_agreement_ended_before_it_began_never_was(fresh_world: World) -> None:
    """Its recipient, who knows the agreement, learns nothing of the person: no row, no notice, no "no longer"."""
    world = fresh_world
    known = open_record(world)
    begin(world, known, "legal", ("needs",), start_in=5, days=30)
    with world.owner() as owner:
        seen_as = owner.execute("select handle from sharing_share").fetchone()[0]
    with world.as_("emil") as emil:
        for card in partners.agreements(actor=emil):
            if card.party(emil.agency) and card.party(known.owner):
                signing.end_agreement(actor=emil, agreement=card.id)
    world.move(days=6)
    world.sessions.clear()
    with world.as_("alma") as alma:
        assert [share.state for share in sharing.shares_of(actor=alma, known=known)] == ["never"]
    with world.as_("elena") as elena, pytest.raises(Hidden):
        sharing.find(actor=elena, ref=seen_as)
    assert world.client("elena").get(f"/people/{seen_as}/").status_code == 404
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        told = "select (select count(*) from sharing_share), (select count(*) from accounts_notice where code = 'share-begun')"
        assert web.execute(told).fetchone() == (0, 0)


def test_two_releases_that_begin_at_one_instant_have_a_notice_each(fresh_world: World) -> None:
    """Otherwise withdrawing one before it begins would remove the notice of the other."""
    world = fresh_world
    one, other = open_record(world), open_record(world, "Perpetua Vance")
    with world.as_("alma") as alma:
        begins = clock.now() + timedelta(days=5)
        for known in (one, other):
            records.begin_shares(
                actor=alma,
                known=known,
                kinds=("needs", "identity.name"),
                recipient=world.agencies["legal"],
                purposes=("legal_help",),
                starts_at=begins,
                ends_at=begins + timedelta(days=30),
                additions=False,
                basis="release",
                basis_id=uuid.uuid4(),
            )
    told = "select count(*) from accounts_notice where code = 'share-begun' and at > accord.now()"
    with world.owner() as owner:
        assert owner.execute(told).fetchone() == (2,)
        withdraw_shares(world, one)
        assert owner.execute(told).fetchone() == (1,)
        withdraw_shares(world, other)
        assert owner.execute(told).fetchone() == (0,)


def test_what_was_corrected_before_it_was_shared_is_not_shown(fresh_world: World) -> None:
    """One epoch, one key: a recipient who bypasses the page finds only the corrected text."""
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        name = sharing.read(actor=alma, known=known, kinds=["identity.name"])["identity.name"][0]
        for revision, words in enumerate(("A slip of the pen", "Perpetua Vance"), 1):
            payload = PersonName(used=words)
            records.write(actor=alma, known=known, payload=payload, series=name.series, revision=revision)
    release_to(world, known, kinds=("identity.name",))
    rows = "select revision from sharing_entry where kind = 'identity.name' and owner = %s order by revision"
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        assert web.execute(rows, [known.owner]).fetchall() == [(3,)]
        with world.as_(
            "alma"
        ) as alma:  # corrected after it was shared: what was seen stays, the new text is not shared
            records.write(actor=alma, known=known, payload=PersonName(used="P. V."), series=name.series, revision=3)
        assert web.execute(rows, [known.owner]).fetchall() == [(3,)]
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        assert web.execute(rows, [known.owner]).fetchall() == [(1,), (2,), (3,), (4,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("update sharing_entry set replaced_at = null")
