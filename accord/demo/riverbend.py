"""Riverbend: a made-up county in a made-up state, with invented people only, built only by calling services.

The demo, the tests, and the docs use the same personas. Their passphrases are public, but they work only in a database
marked as a demo.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from accord.access.acting import acting
from accord.access.actors import Actor
from accord.access.codes import (
    BACKBONE,
    COMMUNITY,
    FUNDER,
    HUB,
    KINDS,
    SIGN_AGREEMENT,
    STATISTICS,
    SURVIVOR_LED,
    SYSTEMS,
)
from accord.access.rules import needs_step_up
from accord.access.trail import Trail
from accord.accounts import services as accounts
from accord.accounts.sessions import SessionState
from accord.agencies import queries as agencies
from accord.agreements import services as signing
from accord.core import clock
from accord.core.text import N_
from accord.membership import queries as membership_queries
from accord.membership import services as membership
from accord.ui.components import Column, Table
from accord.vault import sealing

ZONE = "America/Chicago"
PASSPHRASE = "river stones under the bridge"  # noqa: S105 - printed by the demo, opens nothing real
JURISDICTIONS = ("us", "us-calder")


@dataclass(frozen=True)
class Persona:
    """A Riverbend persona: user name, name on screen, agency key, roles, and description."""

    user: str
    name: str
    agency: str
    roles: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Place:
    """An agency in Riverbend."""

    key: str
    name: str
    kind: str
    traits: tuple[str, ...] = ()


HUB_PLACE = Place("hub", "Riverbend Hub", HUB)
PLACES = (
    Place("harbor", "Harbor House", COMMUNITY, ("grant_vawa", "grant_voca", "grant_ovc_trafficking")),
    Place("legal", "Riverbend Legal Aid", COMMUNITY, ("law_practice", "grant_voca")),
    Place("police", "Riverbend Police", SYSTEMS, ("police",)),
    Place("da", "District Attorney", SYSTEMS, ("prosecutor",)),
    Place("cps", "Child Protection", SYSTEMS, ("child_protection",)),
    Place("hospital", "County Hospital", COMMUNITY, ("health_provider",)),
    Place("coalition", "Riverbend Coalition Office", BACKBONE),
    Place("statistics", "State Statistics Unit", STATISTICS, ("statistics_unit",)),
    Place("survivors", "Survivors' Circle", SURVIVOR_LED),
    Place("funder", "Lantern Fund", FUNDER),
)
PERSONAS = (
    Persona(
        "hal",
        "Hal",
        "hub",
        ("operator", "officer"),
        N_("runs the server; can't read the contents of survivors' records"),
    ),
    Persona("adele", "Adele", "harbor", ("supervisor", "officer"), N_("supervises Alma; privacy officer")),
    Persona("alma", "Alma", "harbor", ("advocate", "intake"), N_("shelter advocate")),
    Persona("aisha", "Aisha", "harbor", ("advocate", "officer"), N_("advocate; second privacy officer")),
    Persona("elena", "Elena", "legal", ("attorney", "intake", "officer"), N_("attorney")),
    Persona("emil", "Emil", "legal", ("supervisor", "officer"), N_("supervises Elena")),
    Persona("ben", "Ben", "police", ("investigator", "intake", "officer"), N_("detective")),
    Persona("bea", "Bea", "police", ("supervisor", "officer"), N_("sergeant")),
    Persona("chidi", "Chidi", "da", ("prosecutor", "officer"), N_("prosecutor")),
    Persona("cora", "Cora", "da", ("system_advocate", "intake", "officer"), N_("victim-witness advocate")),
    Persona("dana", "Dana", "cps", ("child_protection", "intake", "officer"), N_("caseworker")),
    Persona("deb", "Deb", "cps", ("supervisor", "officer"), N_("supervises Dana")),
    Persona("farah", "Farah", "hospital", ("clinician", "intake", "officer"), N_("nurse")),
    Persona("finn", "Finn", "hospital", ("supervisor", "officer"), N_("supervises Farah")),
    Persona("grace", "Grace", "coalition", ("coordinator", "officer"), N_("coalition coordinator")),
    Persona("gus", "Gus", "coalition", ("coordinator", "officer"), N_("second privacy officer")),
    Persona("ines", "Ines", "statistics", ("analyst", "officer"), N_("analyst")),
    Persona("ivan", "Ivan", "statistics", ("reviewer", "officer"), N_("second reviewer")),
    Persona("jo", "Jo", "survivors", ("survivor_leader", "intake", "officer"), N_("survivor leader")),
    Persona("june", "June", "survivors", ("supervisor", "officer"), N_("supervises peer support")),
    Persona("kim", "Kim", "funder", ("monitor", "officer"), N_("funder's monitor; sees totals only")),
    Persona("kofi", "Kofi", "funder", ("monitor", "officer"), N_("second privacy officer")),
)
BY_USER = {persona.user: persona for persona in PERSONAS}
AGREED = (
    ("harbor", "legal"),
    ("harbor", "hospital"),
    ("harbor", "survivors"),
    ("harbor", "police"),
    ("legal", "hospital"),
    ("legal", "survivors"),
    ("police", "da"),
    ("police", "cps"),
    ("da", "cps"),
)
SHAREABLE = tuple(code for code, kind in KINDS.items() if not kind.never_shared and code != "linkage")


@dataclass
class Region:
    """Riverbend while it is being built: agency ids, accounts, and sessions by key."""

    agencies: dict[str, uuid.UUID] = field(default_factory=dict)
    accounts: dict[str, accounts.NewAccount] = field(default_factory=dict)
    memberships: dict[str, uuid.UUID] = field(default_factory=dict)
    sessions: dict[str, SessionState] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def as_(self, user: str) -> Iterator[Actor]:
        """Act as a persona in a separate transaction."""
        session = self.sessions.get(user) or self.sign_in_anew(user)
        if needs_step_up(SIGN_AGREEMENT, session.factor_at, clock.now()):  # building takes longer than five minutes
            accounts.check_factor(state=session, code=accounts.current_code(state=session))
        with acting(session.ticket, trail=Trail(source="demo")) as trail:
            yield membership_queries.actor_of(session, trail)

    def sign_in_anew(self, user: str) -> SessionState:
        """Sign in as an existing persona, with the passphrase and then the code that the demo shows."""
        session = accounts.open_session(user_name=user, passphrase=PASSPHRASE)
        accounts.check_factor(state=session, code=accounts.current_code(state=session))
        with acting(session.ticket, trail=Trail(source="demo")) as trail:
            membership.act_for(session=session, membership=self.memberships[user], trail=trail)
        self.sessions[user] = session
        return session


def build(hub_code: str, progress: Callable[[str], None] = lambda line: None) -> Region:
    """Build the whole region from an empty database."""
    region = found(hub_code, progress)
    progress("Agreements")
    agree(region)
    return region


def found(hub_code: str, progress: Callable[[str], None] = lambda line: None) -> Region:
    """Build the hub and its agencies, with everyone's keys but without agreements."""
    region = Region()
    progress("The hub")
    _join(region, "hal", hub_code)
    _sign_in(region, "hal")
    for place in PLACES:
        progress(place.name)
        _found(region, place)
    progress("Keys")
    for persona in PERSONAS:
        _sign_in(region, persona.user)
    return region


def _join(region: Region, user: str, code: str) -> None:
    account = accounts.create_account(user_name=user, passphrase=PASSPHRASE)
    joined = membership.accept_invitation(account=account, code=code)
    region.accounts[user] = account
    region.memberships[user] = joined.membership
    region.agencies[BY_USER[user].agency] = joined.agency
    region.codes[user] = accounts.enrol_factor(
        account=account.id, secret=account.secret, factor=sealing.new_secret()[:20]
    )


def _sign_in(region: Region, user: str) -> None:
    """Sign in with the passphrase and a recovery code, so that the authenticator's code stays unused. Then choose the
    agency."""
    session = accounts.open_session(user_name=user, passphrase=PASSPHRASE)
    accounts.check_factor(state=session, code=region.codes[user].pop())
    with acting(session.ticket, trail=Trail(source="demo")) as trail:
        membership.act_for(session=session, membership=region.memberships[user], trail=trail)
    region.sessions[user] = session


def come_back(users: Iterable[str]) -> Region:
    """Sign these personas in to the existing Riverbend again, using the passphrase and the code that the demo shows,
    and return the region."""
    region = Region()
    for user in users:
        session = accounts.open_session(user_name=user, passphrase=PASSPHRASE)
        accounts.check_factor(state=session, code=accounts.current_code(state=session))
        with acting(session.ticket, trail=Trail(source="demo")) as trail:
            (mine,) = membership_queries.memberships_of(account=session.human)
            membership.act_for(session=session, membership=mine.id, trail=trail)
        region.memberships[user], region.sessions[user] = mine.id, session
    return region


def _found(region: Region, place: Place) -> None:
    first, *others = [persona for persona in PERSONAS if persona.agency == place.key]
    with region.as_("hal") as hal:
        owner, code = membership.invite_agency(
            actor=hal,
            name=place.name,
            kind=place.kind,
            zone=ZONE,
            jurisdictions=JURISDICTIONS,
            traits=place.traits,
            officer=first.name,
            roles=first.roles,
        )
    region.agencies[place.key] = owner
    _join(region, first.user, code)
    _sign_in(region, first.user)
    for other in others:
        with region.as_(first.user) as officer:
            code = membership.invite_member(actor=officer, name=other.name, roles=other.roles)
        _join(region, other.user, code)


def agree(region: Region) -> None:
    """Draft agreements between pairs of agencies, in both directions, and have an officer of each agency sign."""
    signed = {}
    with region.as_("grace") as grace:
        began = clock.now() - timedelta(days=60)
        for a, b in AGREED:
            one, other = region.agencies[a], region.agencies[b]
            lines = [(giver, taker, kind) for giver, taker in ((one, other), (other, one)) for kind in SHAREABLE]
            title = f"{_name(a)} and {_name(b)}"
            signed[a, b] = signing.draft_agreement(actor=grace, title=title, starts_at=began, permits=lines)
    for party in sorted({key for pair in AGREED for key in pair}):
        officer = next(p.user for p in PERSONAS if p.agency == party and "officer" in p.roles)
        with region.as_(officer) as actor:
            for pair, agreement in signed.items():
                if party in pair:
                    (their,) = {*pair} - {party}
                    partner = region.agencies[their]
                    checked = {partner: agencies.words_of(agency=partner)}
                    signing.sign_agreement(actor=actor, agreement=agreement, checked=checked)
    for persona in PERSONAS:
        with region.as_(persona.user) as actor:
            accounts.see_notices(owner=actor.agency, membership=actor.membership)


def _name(key: str) -> str:
    return next(place.name for place in PLACES if place.key == key)


def sign_in_help() -> dict[str, object]:
    """Return what the demo's sign-in page shows: the shared passphrase and the personas."""
    agencies_by_key = {place.key: place.name for place in (HUB_PLACE, *PLACES)}
    rows = [(persona.user, agencies_by_key[persona.agency], _(persona.words)) for persona in PERSONAS]
    columns = (Column(_("User name")), Column(_("Agency")), Column(_("Who")))
    return {"passphrase": PASSPHRASE, "table": Table("", columns, rows)}
