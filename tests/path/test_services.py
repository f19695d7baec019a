"""The path through the services: one person helped by two agencies, and no one else learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accord.access.codes import KINDS
from accord.casework import services as casework
from accord.casework.codes import Need
from accord.core import clock
from accord.core.errors import Hidden, NoLonger, Refused
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import queries as sharing
from accord.sharing import services as records
from tests.region import World

SAID = (
    "services_do_not_depend",
    "risks_discussed",
    "alternatives_discussed",
    "privilege_waiver_discussed",
    "right_to_withdraw_told",
    "private_conversation",
    "mandated_reporting_told",
)


def open_record(world: World, name: str = "Samira Quill", user: str = "alma"):
    with world.as_(user) as actor:
        day = clock.today(actor.zone).isoformat()
        known = people.open_record(
            actor=actor,
            name=PersonName(used=name),
            birth=Birth(years="24"),
            contact=SafeContact(method="text", address="555-0142", when="10 to 12", never="call", checked_on=day),
        )
        casework.add_need(actor=actor, ref=known.ref, need=Need("legal_immigration", "month", "papers"))
    return known


def release_to(world: World, known, partner: str = "legal", kinds=("identity.name", "contact.safe", "needs"), days=30):
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
        series = releases.draft(
            actor=actor,
            ref=known.ref,
            release=Release(
                recipient=str(world.agencies[partner]),
                kinds=kinds,
                purposes=("legal_help",),
                start=today.isoformat(),
                last_day=(today + timedelta(days=days)).isoformat(),
                text_language="es",
                person_languages=("es",),
            ),
        )
        releases.sign(
            actor=actor,
            ref=known.ref,
            series=series,
            revision=1,
            age=24,
            signers=(releases.Signer("Sam", "self", ("es",), "typed"),),
            said=releases.Said(SAID, "Alma"),
        )
    return series


def handle(world: World, user: str):
    with world.as_(user) as actor:
        rows = people_queries.intake_list(actor=actor)
        assert len(rows) == 1
        records.assign(actor=actor, ref=rows[0].handle, membership=actor.membership)
        return rows[0].handle


def test_the_path(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    with world.as_("ben") as ben, pytest.raises(Hidden):
        sharing.find(actor=ben, ref=known.ref)
    series = release_to(world, known)
    seen_as = handle(world, "elena")
    with world.as_("elena") as elena:
        page = people_queries.page(actor=elena, ref=seen_as, kinds=KINDS)
        assert page.name == "Samira Quill"
        assert set(page.items) == {"identity.name", "contact.safe", "needs"}
        assert page.contact.address == "555-0142"
    with world.as_("elena") as elena, pytest.raises(Hidden):
        sharing.find(actor=elena, ref=known.ref)
    with world.as_("emil") as emil, pytest.raises(Refused):
        people_queries.page(actor=emil, ref=seen_as, kinds=KINDS)
    with world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    with world.as_("elena") as elena, pytest.raises(NoLonger):
        people_queries.page(actor=elena, ref=seen_as, kinds=KINDS)
