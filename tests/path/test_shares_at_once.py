"""All kinds of one release begin together: every check for each of them, all of them or none, few statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.access.actors import Actor, StepUpNeeded
from accord.audit import queries as audit
from accord.casework import services as casework
from accord.casework.codes import Service
from accord.core import clock
from accord.core.errors import Refused
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.models import DataKey, Share, ShareKey
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.records import open_record

FIVE = ("identity.name", "identity.birth", "contact.safe", "needs", "services")


@pytest.fixture
def known(world: World) -> Iterator[PersonRef]:
    known = open_record(world)
    with world.as_("alma") as alma:
        casework.add_service(actor=alma, ref=known.ref, service=Service("safety", "2026-01-05"))
    return known


def begin(world: World, actor: Actor, known: PersonRef, to: str = "legal", kinds=FIVE, **other) -> list[uuid.UUID]:
    terms = {
        "purposes": ["legal_help"],
        "starts_at": clock.now(),
        "ends_at": clock.now() + timedelta(days=30),
        "additions": False,
        "basis": "release",
        "basis_id": uuid.uuid4(),
    }
    return records.begin_shares(
        actor=actor, known=known, kinds=kinds, recipient=world.agencies[to], **{**terms, **other}
    )


def notices(world: World, code: str) -> int:
    with world.owner() as owner:
        found = owner.execute("select count(*) from accounts_notice where code = %s", [code]).fetchone()
    return int(found[0])


def test_five_kinds_begin_and_end_in_one_go(world: World, known: PersonRef) -> None:
    told = notices(world, "share-begun")
    with world.as_("alma") as alma:
        clock.now()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            shares = begin(world, alma, known)
        assert len(caught) <= 12, [row["sql"] for row in caught]
        assert [Share.objects.get(owner=known.owner, id=one).kind for one in shares] == list(FIVE)
        open_still = DataKey.objects.filter(owner=known.owner, person=known.person, closed=False)
        assert {row.kind for row in open_still} & set(FIVE) == {"contact.safe"}
    assert notices(world, "share-begun") == told + 1
    with world.as_("alma") as alma:
        (begun,) = audit.disclosures(owner=known.owner, person=known.person, opens=alma.opens)
        assert begun.action == "share-begun" and begun.kinds == FIVE
        assert len(begun.basis) == 1 and begun.details["shares"] == [str(one) for one in shares]
        with CaptureQueriesContext(connection) as caught:
            records.end_shares(actor=alma, known=known, shares=shares)
        assert len(caught) <= 8, [row["sql"] for row in caught]
        assert not ShareKey.objects.filter(owner=known.owner, person=known.person).exists()
    with world.as_("alma") as alma:
        _, ended = audit.disclosures(owner=known.owner, person=known.person, opens=alma.opens)
        assert ended.action == "share-ended" and set(ended.kinds) == set(FIVE)
        states = {card.state for card in sharing.shares_of(actor=alma, known=known)}
    assert states == {"revoked"}


def test_two_partners_get_a_line_each(world: World, known: PersonRef) -> None:
    with world.as_("alma") as alma:
        shares = [one for to in ("legal", "hospital") for one in begin(world, alma, known, to, FIVE[:2])]
        records.end_shares(actor=alma, known=known, shares=shares)
    with world.as_("alma") as alma:
        lines = audit.disclosures(owner=known.owner, person=known.person, opens=alma.opens)
    told = [(line.action, line.details["to"]) for line in lines]
    to = {str(world.agencies[key]) for key in ("legal", "hospital")}
    assert {who for action, who in told if action == "share-begun"} == to
    assert {who for action, who in told if action == "share-ended"} == to and len(told) == 4


@pytest.mark.parametrize(
    ("to", "kinds", "code"),
    [
        ("legal", (*FIVE, "notes.advocate"), "never_shared"),
        ("cps", FIVE, "agreement"),  # Harbor House has no agreement with Child Protection
        ("legal", (*FIVE, "health"), "kind"),  # Alma's role opens no health notes
    ],
)
def test_one_kind_that_may_not_go_stops_all(world: World, known: PersonRef, to: str, kinds, code: str) -> None:
    with world.as_("alma") as alma:
        with pytest.raises(Refused) as refused:
            begin(world, alma, known, to, kinds)
        assert refused.value.code == code
        assert not Share.objects.filter(owner=known.owner, person=known.person).exists()


def test_unpinned_keys_and_an_old_factor_stop_all(world: World, known: PersonRef) -> None:
    with world.owner() as owner:
        owner.execute("update agreements_pin set public_hash = sha256(public_hash) where owner = %s", [known.owner])
    with world.as_("alma") as alma, pytest.raises(Refused) as refused:
        begin(world, alma, known)
    assert refused.value.code == "unpinned"
    with world.owner() as owner:
        owner.execute("delete from agreements_pin where owner = %s and code = 'needs'", [known.owner])
    with world.as_("alma") as alma, pytest.raises(Refused) as refused:
        begin(world, alma, known)
    assert refused.value.code == "unpinned"
    with world.as_("alma") as alma, pytest.raises(StepUpNeeded):
        alma.factor_at = clock.now() - timedelta(minutes=6)
        begin(world, alma, known)
