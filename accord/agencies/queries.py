"""Agencies: their names, the law that applies to them, their contact lines, and the six words for their keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from accord.access.actors import Actor
from accord.access.codes import COMMUNITY, HUB, SURVIVOR_LED, SYSTEMS
from accord.agencies.models import Agency, ContactLine
from accord.core import clock
from accord.core.errors import Hidden
from accord.law.codes import Side, Trait
from accord.law.rules import AgencyFacts, Law, law_for
from accord.vault import queries as vault
from accord.vault import sealing
from accord.vault.ring import key_set_fingerprint

FIRST_DAYS = timedelta(days=60)


@dataclass(frozen=True)
class HubAgency:
    """An agency as the hub's operator sees it."""

    id: uuid.UUID
    name: str
    kind: str
    since: datetime
    begun: bool


def every_agency() -> list[tuple[uuid.UUID, str]]:
    """Return the ids and names of all agencies but the hub, sorted by name."""
    return list(Agency.objects.exclude(kind=HUB).order_by("name").values_list("owner", "name"))


def agency_names(agencies: set[uuid.UUID] | frozenset[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return agency names by id."""
    return dict(Agency.objects.filter(owner__in=agencies).values_list("owner", "name"))


def join_agency(alias: str, *, owner: str) -> str:
    """Return the SQL that other rooms use to join the agency whose id is in this column."""
    return f"left join agencies_agency {alias} on {alias}.owner = {owner}"


def law_of(*, agency: uuid.UUID, today: date) -> Law:
    """Return the law that applies to an agency on a given day."""
    return law_for(law_facts(agency=agency), today)


def law_facts(*, agency: uuid.UUID) -> AgencyFacts:
    """Return the facts about an agency that the law packs need."""
    with connection.cursor() as cursor:
        cursor.execute("select kind, traits, jurisdictions from agencies_agency where owner = %s", [agency])
        ((kind, traits, jurisdictions),) = cursor.fetchall()
    return facts_from(kind=kind, traits=traits, jurisdictions=jurisdictions)


def facts_from(*, kind: str, traits: Iterable[str], jurisdictions: Iterable[str]) -> AgencyFacts:
    """Return the facts about an agency that the law packs need, from the values in its row."""
    side = {COMMUNITY: Side.COMMUNITY, SURVIVOR_LED: Side.COMMUNITY, SYSTEMS: Side.SYSTEMS}.get(kind, Side.COALITION)
    return AgencyFacts(
        side=side, traits=frozenset(Trait(code) for code in traits), jurisdictions=frozenset(jurisdictions)
    )


def names_for_log(*, actor: Actor, colleagues: Mapping[str, str]) -> dict[str, str]:
    """Return the names of these colleagues and of all agencies, keyed by id as text, as in log lines."""
    agencies = {str(owner): name for owner, name in Agency.objects.values_list("owner", "name")}
    return agencies | dict(colleagues)


def hub_agencies() -> list[HubAgency]:
    """Return every agency on the hub, and whether its first privacy officer has joined. Returns nothing about
    clients."""
    begun = vault.agencies_with_keys()
    return [HubAgency(a.owner, a.name, a.kind, a.since, a.owner in begun) for a in Agency.objects.order_by("name")]


def hub_agency(*, owner: uuid.UUID) -> HubAgency:
    """Return one of the hub's agencies. Raises Hidden."""
    found = [row for row in hub_agencies() if row.id == owner]
    if not found:
        raise Hidden
    return found[0]


def is_new(*, actor: Actor) -> bool:
    """Return True if the actor's agency joined within the last 60 days."""
    return Agency.objects.filter(owner=actor.agency, since__gt=clock.now() - FIRST_DAYS).exists()


def own_fingerprint(*, actor: Actor) -> str:
    """Return the six words that this agency's privacy officer reads to a partner."""
    return words_of(agency=actor.agency)


def words_of(*, agency: uuid.UUID) -> str:
    """Return the six words for an agency's current keys."""
    return fingerprint_of(vault.public_keys(agency=agency))


def fingerprint_of(keys: Mapping[tuple[str, int], bytes]) -> str:
    """Return a key set's fingerprint as six words, to compare by phone."""
    found = key_set_fingerprint((code, version, public) for (code, version), public in keys.items())
    return sealing.fingerprint_words(found)


@dataclass(frozen=True)
class Line:
    """An agency's contact line for partners: a role, a phone number, and hours."""

    role: str = ""
    phone: str = ""
    hours: str = ""


def contact_line(*, agency: uuid.UUID) -> Line | None:
    """Return an agency's contact line, if it has one and an agreement with it is in effect (the floor checks this)."""
    row = ContactLine.objects.filter(owner=agency).first()
    return Line(row.role, row.phone, row.hours) if row else None


def helpers(*, actor: Actor) -> list[tuple[str, Line | None]]:
    """Return the community-based agencies and survivor-led groups by name. The contact line is included if an agreement
    with that agency is in effect (the floor checks this)."""
    rows = Agency.objects.filter(kind__in=(COMMUNITY, SURVIVOR_LED)).exclude(owner=actor.agency).order_by("name")
    names = dict(rows.values_list("owner", "name"))
    lines = {row.owner: Line(row.role, row.phone, row.hours) for row in ContactLine.objects.filter(owner__in=names)}
    return [(name, lines.get(owner)) for owner, name in names.items()]
