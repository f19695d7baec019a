"""Agreements, what can be shared with each partner now, and the keys to encrypt it with."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accord.access.actors import Actor
from accord.access.codes import KINDS, MEETS_PEOPLE, STATISTICS
from accord.access.rules import AGREEMENT, Matter, may_see
from accord.agencies.models import Agency
from accord.agreements.models import Agreement, Permit, Signature
from accord.agreements.rules import agreement_state
from accord.agreements.workflows import AgreementState
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.statements import fetch
from accord.vault import queries as vault
from accord.vault import sealing


@dataclass(frozen=True)
class Party:
    """One side of an agreement."""

    agency: uuid.UUID
    name: str
    signed_at: datetime | None
    checked_at: datetime | None
    reviewed_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class AgreementCard:
    """An agreement with its status."""

    id: uuid.UUID
    owner: uuid.UUID
    keeper: str  # `owner`'s name
    title: str
    state: AgreementState
    starts_at: datetime
    review_due_at: datetime
    parties: tuple[Party, ...]
    permits: tuple[tuple[str, str, str], ...]
    coalition: uuid.UUID | None = None

    @property
    def matter(self) -> Matter:
        """Return the matter that access rules decide on."""
        return Matter(AGREEMENT, self.id, self.owner, frozenset(party.agency for party in self.parties))

    def party(self, agency: uuid.UUID) -> Party | None:
        """Return an agency's side of the agreement, or None if it is not a party."""
        return next((party for party in self.parties if party.agency == agency), None)


def agreed(*, giver: str, taker: str, kind: str) -> str:
    """Return the SQL that other rooms use to check, as the floor does, whether an agreement between the agencies in
    these columns is in force."""
    return f"accord.agreement_in_force({giver}, {taker}, {kind})"


def partners(*, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Return other agencies that work with people and have an agreement in force with the actor's agency."""
    return [(agency, name) for agency, name, _kinds in partners_with_kinds(actor=actor)]


def partners_with_kinds(*, actor: Actor) -> list[tuple[uuid.UUID, str, list[str]]]:
    """Return the partners sorted by name, each with the kinds that can be shared with it now."""
    others = Agency.objects.filter(kind__in=MEETS_PEOPLE).exclude(owner=actor.agency).order_by("name")
    names = dict(others.values_list("owner", "name"))
    kinds = permitted_by_partner(actor=actor, partners=names)
    return [(agency, name, kinds[agency]) for agency, name in names.items() if agency in kinds]


def permitted_kinds(*, actor: Actor, partner: uuid.UUID) -> list[str]:
    """Return the kinds that the actor's agency can share with this partner now, in the order of `KINDS`."""
    return permitted_by_partner(actor=actor, partners={partner}).get(partner, [])


def permitted_by_partner(*, actor: Actor, partners: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, list[str]]:
    """Return `permitted_kinds` for these agencies, or for all agencies if `partners` is None. Agencies with no
    permitted kind are left out."""
    if partners is not None and not partners:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct taker, kind from agreements_permit where giver = %s and (%s or taker = any(%s)) "
            "and accord.agreement_in_force(giver, taker, kind)",
            [actor.agency, partners is None, list(partners or ())],
        )
        agreed = cursor.fetchall()
    found: dict[uuid.UUID, list[str]] = {}
    for taker, kind in sorted(agreed, key=lambda way: list(KINDS).index(way[1])):
        found.setdefault(taker, []).append(kind)
    return found


Way = tuple[uuid.UUID, uuid.UUID, str]  # giver, taker, kind


def agreements_in_force(ways: Collection[Way], *, until: datetime | None = None) -> set[Way]:
    """Return the `ways` (giver, taker, and kind) that an agreement covers now and, unless an agency leaves, will still
    cover at the time `until`.

    Calls the same function as the floor, in one statement.
    """
    if not ways:
        return set()
    givers, takers, kinds = (list(part) for part in zip(*ways, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "select giver, taker, kind from unnest(%s::uuid[], %s::uuid[], %s::text[]) as way(giver, taker, kind) "
            "where accord.agreement_in_force(giver, taker, kind, %s)",
            [givers, takers, kinds, until],
        )
        return set(cursor.fetchall())


def hold_agreements(*, partners: Collection[uuid.UUID]) -> None:
    """Block the agreements with these partners from ending until this transaction is over.

    Call this before touching shares or notices, because ending an agreement takes its locks in the same order.
    """
    with connection.cursor() as cursor:
        cursor.execute("select accord.agreements_stay(%s::uuid[])", [sorted(partners)])


def pinned_key(*, actor: Actor, partner: uuid.UUID, code: str) -> tuple[int, bytes, bytes]:
    """Return `pinned_keys` for one partner and code."""
    return pinned_keys(actor=actor, ways={(partner, code)})[partner, code]


def pinned_keys(
    *, actor: Actor, ways: Collection[tuple[uuid.UUID, str]]
) -> dict[tuple[uuid.UUID, str], tuple[int, bytes, bytes]]:
    """Return the newest trusted inbound key for each (partner, code), as a version, a public key, and an expected
    digest.

    A key is trusted if it is pinned, or if a chain of signatures links it to a pinned key. If a partner's key was
    swapped, its digest differs from the expected one. Raises LookupError if a partner has no key for a code.
    """
    partners, codes = {partner for partner, _ in ways}, {code for _, code in ways}
    pins: dict[uuid.UUID, dict[tuple[str, int], bytes]] = {partner: {} for partner in partners}
    with connection.cursor() as cursor:
        cursor.execute(
            "select partner, code, version, public_hash from agreements_pin "
            "where owner = %s and partner = any(%s) and code = any(%s)",
            [actor.agency, list(partners), list(codes)],
        )
        for partner, code, version, public_hash in cursor.fetchall():
            pins[partner][code, version] = bytes(public_hash)
    trusted = vault.trusted_keys_of(pinned=pins, codes=codes)
    return {
        (partner, code): (*found, sealing.digest(found[1])) if found else _exchanged(partner, code, pins[partner])
        for partner, code in ways
        for found in [trusted.get((partner, code))]
    }


def _exchanged(partner: uuid.UUID, code: str, pins: Mapping[tuple[str, int], bytes]) -> tuple[int, bytes, bytes]:
    """Return the newest key that differs from its pin. Raises LookupError if there is none."""
    keys = vault.public_keys(agency=partner)
    held = [(v, keys[code, v], pin) for (of, v), pin in sorted(pins.items()) if of == code and (code, v) in keys]
    changed = [row for row in held if not sealing.same(sealing.digest(row[1]), row[2])]
    if not changed:
        raise LookupError(code)
    return changed[-1]


def agencies_that_agree() -> list[Agency]:
    """Return agencies that can be parties to an agreement: those that work with people, and the statistics unit."""
    return list(Agency.objects.filter(kind__in=[*MEETS_PEOPLE, STATISTICS]).order_by("name"))


def agencies_that_meet() -> list[Agency]:
    """Return the agencies that work with people, which can be members of a coalition agreement."""
    return list(Agency.objects.filter(kind__in=MEETS_PEOPLE).order_by("name"))


def agreements(*, actor: Actor) -> list[AgreementCard]:
    """Return the actor's agency's two-party agreements, or all of them for the coalition's office, newest first.

    Coalition agreements are in `coalitions.py`.
    """
    return _cards(actor, list(Agreement.objects.filter(coalition=None).order_by("-starts_at", "title", "id")))


def agreement(*, actor: Actor, agreement: uuid.UUID) -> AgreementCard:
    """Return one agreement, or one pair of a coalition agreement. Raises Hidden."""
    found = _cards(actor, list(Agreement.objects.filter(id=agreement)))
    if not found:
        raise Hidden
    return found[0]


def matter(*, agreement: uuid.UUID) -> Matter:
    """Return an agreement as a matter that access rules decide on. Raises Hidden if the floor doesn't show it."""
    lines = Permit.objects.filter(agreement=agreement).values_list("owner", "giver", "taker")
    if not lines:
        raise Hidden
    named = {agency for _owner, giver, taker in lines for agency in (giver, taker)}
    return Matter(AGREEMENT, agreement, lines[0][0], frozenset(named))


def _cards(actor: Actor, rows: list[Agreement]) -> list[AgreementCard]:
    wanted = [row.id for row in rows]
    names = dict(Agency.objects.values_list("owner", "name"))
    signatures = {(row.agreement, row.owner): row for row in Signature.objects.filter(agreement__in=wanted)}
    permits: dict[uuid.UUID, list[Permit]] = {}
    for line in Permit.objects.filter(agreement__in=wanted):
        permits.setdefault(line.agreement, []).append(line)
    now, cards = clock.now(), []
    for row in rows:
        lines = permits.get(row.id, [])
        agencies = sorted({p.giver for p in lines} | {p.taker for p in lines}, key=lambda agency: names[agency])
        parties = tuple(
            party_of(agency=agency, name=names[agency], signature=signatures.get((row.id, agency)))
            for agency in agencies
        )
        state = agreement_state(row, parties, now)
        ways = tuple((names[p.giver], names[p.taker], p.kind) for p in lines)
        keeper, dates = (row.id, row.owner, names[row.owner]), (row.starts_at, row.review_due_at)
        cards.append(AgreementCard(*keeper, row.title, state, *dates, parties, ways, row.coalition))
    return [card for card in cards if may_see(actor, card.matter)]


def party_of(*, agency: uuid.UUID, name: str, signature: Signature | None) -> Party:
    """Return an agency's side of an agreement, with dates from its signature if there is one."""
    if signature is None:
        return Party(agency, name, None, None, None, None)
    return Party(agency, name, signature.at, signature.checked_at, signature.reviewed_at, signature.left_at)


def parties_of(*, agreements: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, list[str]]]:
    """Return each agreement's title and party names. Coalition agreements have only a title, and other agreements have
    only names."""
    if not agreements:
        return {}
    rows = fetch(_PARTIES, agreements=list(agreements))
    return {row.agreement: (row.title, row.names) for row in rows}


_PARTIES = """
select p.agreement, '' as title, array_agg(distinct a.name order by a.name) as names
from agreements_permit p join agencies_agency a on a.owner in (p.giver, p.taker)
where p.agreement = any(%(agreements)s) group by p.agreement
union all select c.id, c.title, '{}' from agreements_coalitionagreement c where c.id = any(%(agreements)s)
"""
