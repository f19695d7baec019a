"""Riverbend's coalition agreement and committees. Grace drafts the agreement, and every member signs except one, whose
signature is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from accord.accounts import services as accounts
from accord.agreements import checks
from accord.agreements import services as signing
from accord.agreements.coalitions import own_pairs
from accord.agreements.codes import COALITION_KINDS
from accord.bodies import services as bodies
from accord.bodies.codes import COMMITTEE, STEERING
from accord.core import clock
from accord.core.spans import years_on
from accord.demo.riverbend import PERSONAS, Region

TITLE = "Riverbend Coalition"
SIGNED = ("harbor", "legal", "hospital", "survivors", "da")
DUE = "police"


@dataclass(frozen=True)
class Committee:
    """A Riverbend committee: its seats as (agency, role, representative), with the chair's seat first, and its one
    decision."""

    name: str
    kind: str
    charge: str
    is_open: bool
    seats: tuple[tuple[str, str, str], ...]
    decided: str


ANYONE = ""  # any representative of the agency
COMMITTEES = (
    Committee(
        "Steering committee",
        STEERING,
        "Sets the coalition's goals for the year, follows them each quarter, and proposes changes to the agreement.",
        True,
        (
            ("harbor", "chair", "adele"),
            ("survivors", "member", "jo"),
            ("da", "member", "chidi"),
            ("coalition", "secretary", ANYONE),
        ),
        "Meet on the second Tuesday of each month, in turn at each member's office. The office sends the agenda a week "
        "before.",
    ),
    Committee(
        "Privacy review",
        COMMITTEE,
        "Looks at how members follow the agreement, and prepares its yearly review.",
        False,
        (("legal", "chair", "emil"), ("harbor", "member", "aisha"), ("hospital", "observer", ANYONE)),
        "Ask each member by the end of the quarter how new staff are trained in the agreement.",
    ),
)


def build(region: Region) -> None:
    """Draft the agreement, sign it for each agency in `SIGNED` with keys checked by phone, and leave it unsigned for
    `DUE`.

    Then create the committees.
    """
    with region.as_("grace") as grace:
        members = [region.agencies[place] for place in (*SIGNED, DUE)]
        start = clock.now() - timedelta(days=1)
        coalition = signing.draft_coalition(
            actor=grace, title=TITLE, kinds=COALITION_KINDS, starts_at=start, members=members
        )
    for place in SIGNED:
        with region.as_(_officer(place)) as actor:
            others = [pair.partner for pair in own_pairs(actor=actor, coalition=coalition)]
            found = checks.keys_of(actor=actor, partners=others)
            words = {one.agency: one.words for one in found if not one.good}
            signing.sign_coalition(actor=actor, coalition=coalition, members=others, checked=words)
    for committee in COMMITTEES:
        _build(region, committee)
    for persona in PERSONAS:
        if persona.agency in (*SIGNED, DUE):
            with region.as_(persona.user) as actor:
                accounts.see_notices(owner=actor.agency, membership=actor.membership)


def _officer(place: str) -> str:
    return next(persona.user for persona in PERSONAS if persona.agency == place and "officer" in persona.roles)


def _build(region: Region, committee: Committee) -> None:
    with region.as_("grace") as grace:
        day = clock.today(grace.zone)
        body = bodies.create(
            actor=grace,
            name=committee.name,
            kind=committee.kind,
            charge=committee.charge,
            is_open=committee.is_open,
        )
        seats = [
            bodies.add_seat(
                actor=grace,
                body=body,
                agency=region.agencies[place],
                role=role,
                for_anyone=user == ANYONE,
                since=day,
                until=years_on(day, 2),
            )
            for place, role, user in committee.seats
        ]
    named = [(seat, place, user) for seat, (place, _role, user) in zip(seats, committee.seats, strict=True) if user]
    for seat, place, user in named:
        with region.as_(_officer(place)) as officer:
            bodies.name_representative(actor=officer, body=body, seat=seat, membership=region.memberships[user])
    with region.as_(named[0][2]) as chair:
        bodies.record(actor=chair, body=body, day=day, words=committee.decided)
