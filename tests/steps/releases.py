"""Steps to draft, sign and check releases through the services."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from accord.access.codes import KINDS
from accord.core import clock
from accord.core.errors import NoLonger
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.people.tasks import my_tasks
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World, years_on
from tests.steps.records import SAID

MOTHER = releases.Signer("Marta Quill", "parent", ("es",), "present")


def young(world: World, years: int, days: int = 0, name: str = "Samira Quill") -> tuple[PersonRef, date]:
    """Return a person and their birthday. They turned `years` old `days` ago (in the future, if negative)."""
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
        born = years_on(today - timedelta(days=days), -years)
        known = people.open_record(
            actor=actor,
            name=PersonName(used=name),
            birth=Birth(date=born.isoformat()),
            contact=SafeContact(method="text", address="555-0142", checked_on=today.isoformat()),
        )
    return known, born


def sign(
    world: World,
    known: PersonRef,
    *signers: releases.Signer,
    age: int = 30,
    birth: date | None = None,
    partner: str = "legal",
    days: int = 30,
    **terms: object,
) -> UUID:
    """Draft a release and sign it as Alma."""
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
        base = {
            "recipient": str(world.agencies[partner]),
            "kinds": ("identity.name", "contact.safe"),
            "purposes": ("legal_help",),
            "start": today.isoformat(),
            "last_day": (today + timedelta(days=days)).isoformat(),
            "text_language": "es",
            "person_languages": ("es",),
        }
        series = releases.draft(actor=actor, ref=known.ref, release=Release(**{**base, **terms}))
        said = releases.Said(SAID, "Alma")
        releases.sign(
            actor=actor, ref=known.ref, series=series, revision=1, age=age, birth=birth, signers=signers, said=said
        )
    return series


SELF = releases.Signer("Sam", "self", ("es",), "typed")


def now(world: World, known: PersonRef, series: UUID, user: str = "alma") -> tuple[Release, int]:
    """Return the current release and its revision number."""
    with world.as_(user) as actor:
        _, item = releases.find_release(actor=actor, ref=known.ref, series=series)
    return item.payload, item.revision


def sees(world: World, ref: UUID) -> bool:
    """Return whether Legal Aid can see the person's name now."""
    with world.as_("elena") as elena:
        try:
            return people_queries.page(actor=elena, ref=ref, kinds=KINDS).name != ""
        except NoLonger:
            return False


def later(world: World, **by: float) -> None:
    """Let time pass and have the personas sign in again."""
    world.move(**by)
    world.sessions.clear()


def tasks(world: World, user: str = "alma") -> list[str]:
    with world.as_(user) as actor:
        return [todo.code for todo in my_tasks(actor=actor)]


def learn(world: World, known: PersonRef, birth: Birth) -> None:
    """Correct the age or birth date that the record shows."""
    with world.as_("alma") as alma:
        item = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS).birth_item
        people.correct(actor=alma, ref=known.ref, payload=birth, before=item)


def supervise(world: World, *people_: PersonRef) -> None:
    with world.as_("adele") as adele:
        for one in people_:
            records.grant(actor=adele, ref=one.ref, membership=adele.membership, reason="Two records of one person?")


OTHER_KINDS = ("identity.name", "identity.birth", "contact.safe", "needs", "services", "exploitation", "notes.case")


def release_to_police(world: World, known: PersonRef, kinds: tuple[str, ...], said: tuple[str, ...] = SAID) -> None:
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        terms = Release(
            recipient=str(world.agencies["police"]),
            kinds=kinds,
            purposes=("case_coordination",),
            start=today.isoformat(),
            last_day=(today + timedelta(days=30)).isoformat(),
            additions=True,
            person_languages=("en",),
        )
        series = releases.draft(actor=alma, ref=known.ref, release=terms)
        signer = releases.Signer("Sam", "self", ("en",), "typed")
        more = {"signers": (signer,), "age": 24, "said": releases.Said(said, "Alma")}
        releases.sign(actor=alma, ref=known.ref, series=series, revision=1, **more)
