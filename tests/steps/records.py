"""Steps to open, share, assign and find a person's record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accord.audit import queries as audit
from accord.casework import services as casework
from accord.casework.codes import Need
from accord.core import clock
from accord.people import finding, queries
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.releases import services as releases
from accord.releases.entries import Release
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


def index_everyone(world: World, monkeypatch: pytest.MonkeyPatch, *users: str) -> None:
    """Index everyone's names, as in an agency with thousands of people."""
    monkeypatch.setattr(finding, "OPEN_ALL", 0)
    for user in users:
        with world.as_(user) as actor:
            queries.search_by_name(actor=actor, text="anyone")


def log_of(world: World, user: str, action: str) -> list[audit.Line]:
    """Return an agency's log lines with this action, newest first, as one of its officers reads them."""
    with world.as_(user) as actor:
        lines = audit.events(owner=actor.agency, opens=actor.opens, limit=200)
    return [line for line in lines if line.action == action]
