"""What is agreed with whom: the agreements, what may pass to which partner now, and the keys to seal it with."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accord.access.actors import Actor
from accord.access.codes import KINDS, MEETS_PEOPLE, STATISTICS
from accord.agencies.models import Agency, Agreement, Permit, Pin, Signature
from accord.agencies.rules import agreement_state
from accord.core import clock
from accord.core.errors import Hidden
from accord.vault import queries as vault
from accord.vault import sealing
from accord.vault.ring import key_set_fingerprint


@dataclass(frozen=True)
class Party:
    """One side of an agreement."""

    agency: uuid.UUID
    name: str
    signed_at: datetime | None
    reviewed_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class PartnerKeys:
    """A partner's keys: its fingerprint now, and how it stands to what was pinned (see `vault.queries.standing`)."""

    agency: uuid.UUID
    name: str
    words: str
    state: str


@dataclass(frozen=True)
class AgreementCard:
    """An agreement with where it stands."""

    id: uuid.UUID
    title: str
    state: str
    starts_at: datetime
    review_due_at: datetime
    parties: tuple[Party, ...]
    permits: tuple[tuple[str, str, str], ...]

    def party(self, agency: uuid.UUID) -> Party | None:
        """An agency's side of it, or None for one that is no party."""
        return next((party for party in self.parties if party.agency == agency), None)


def agreed(*, giver: str, taker: str, kind: str) -> str:
    """For another room's statement: whether an agreement is in force between these columns. The floor's own function."""
    return f"accord.agreement_in_force({giver}, {taker}, {kind})"


def partners(*, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Agencies that meet people, other than the actor's own, with which an agreement is in force for some kind."""
    return [(agency, name) for agency, name, _kinds in partners_with_kinds(actor=actor)]


def partners_with_kinds(*, actor: Actor) -> list[tuple[uuid.UUID, str, list[str]]]:
    """The same by name, each with the kinds that may pass to it now."""
    others = Agency.objects.filter(kind__in=MEETS_PEOPLE).exclude(owner=actor.agency).order_by("name")
    names = dict(others.values_list("owner", "name"))
    kinds = permitted_by_partner(actor=actor, partners=names)
    return [(agency, name, kinds[agency]) for agency, name in names.items() if agency in kinds]


def permitted_kinds(*, actor: Actor, partner: uuid.UUID) -> list[str]:
    """The kinds that may pass from the actor's agency to this one now, in the order of the dictionary."""
    return permitted_by_partner(actor=actor, partners={partner}).get(partner, [])


def permitted_by_partner(*, actor: Actor, partners: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, list[str]]:
    """The plural twin of `permitted_kinds`, for these agencies or for all; one to which nothing may pass is left out."""
    if partners is not None and not partners:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct taker, kind from agencies_permit where giver = %s and (%s or taker = any(%s)) "
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
    """Those of these ways for which an agreement is in force, and stays so to a later moment if nobody leaves it: what
    the floor asks, in one statement."""
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
    """Nobody leaves an agreement between the actor's agency and these partners before this transaction is over. Before any
    share or notice is touched: leaving takes its locks in the same order."""
    with connection.cursor() as cursor:
        cursor.execute("select accord.agreements_stay(%s::uuid[])", [sorted(partners)])


def pins_of(*, actor: Actor, partner: uuid.UUID) -> dict[tuple[str, int], bytes]:
    """Digests of a partner's keys as an officer accepted them, by code and version."""
    rows = Pin.objects.filter(owner=actor.agency, partner=partner).values_list("code", "version", "public_hash")
    return {(code, version): bytes(digest) for code, version, digest in rows}


def pinned_key(*, actor: Actor, partner: uuid.UUID, code: str) -> tuple[int, bytes, bytes]:
    """`pinned_keys` for one partner and code."""
    return pinned_keys(actor=actor, ways={(partner, code)})[partner, code]


def pinned_keys(
    *, actor: Actor, ways: Collection[tuple[uuid.UUID, str]]
) -> dict[tuple[uuid.UUID, str], tuple[int, bytes, bytes]]:
    """For each (partner, code): version, public key and expected digest of the partner's newest inbound key that is
    pinned, or signed by the one before it back to a pinned one. Raises LookupError when one of them has none; an
    exchanged key has another digest than expected."""
    partners, codes = {partner for partner, _ in ways}, {code for _, code in ways}
    pins: dict[uuid.UUID, dict[tuple[str, int], bytes]] = {partner: {} for partner in partners}
    with connection.cursor() as cursor:
        cursor.execute(
            "select partner, code, version, public_hash from agencies_pin "
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
    """The newest key that no longer is what was pinned. Raises LookupError when nothing was."""
    keys = vault.public_keys(agency=partner)
    held = [(v, keys[code, v], pin) for (of, v), pin in sorted(pins.items()) if of == code and (code, v) in keys]
    changed = [row for row in held if not sealing.same(sealing.digest(row[1]), row[2])]
    if not changed:
        raise LookupError(code)
    return changed[-1]


def own_fingerprint(*, actor: Actor) -> str:
    """The six words that an officer of this agency reads out to a partner."""
    return fingerprint_of(vault.public_keys(agency=actor.agency))


def fingerprint_of(keys: Mapping[tuple[str, int], bytes]) -> str:
    """A key set's fingerprint as six words, for two officers on the telephone."""
    found = key_set_fingerprint((code, version, public) for (code, version), public in keys.items())
    return sealing.fingerprint_words(found)


def agencies_that_agree() -> list[Agency]:
    """Who can be party to an agreement: agencies that meet people, and the statistics unit (for counting once)."""
    return list(Agency.objects.filter(kind__in=[*MEETS_PEOPLE, STATISTICS]).order_by("name"))


def agreements(*, actor: Actor) -> list[AgreementCard]:
    """Every agreement that the actor's agency is a party to, or all of them for the coalition's office; newest first."""
    names = dict(Agency.objects.values_list("owner", "name"))
    signatures = {(row.agreement, row.owner): row for row in Signature.objects.all()}
    permits: dict[uuid.UUID, list[Permit]] = {}
    for line in Permit.objects.all():
        permits.setdefault(line.agreement, []).append(line)
    now, cards = clock.now(), []
    for row in Agreement.objects.order_by("-starts_at", "title"):
        lines = permits.get(row.id, [])
        agencies = sorted({p.giver for p in lines} | {p.taker for p in lines}, key=lambda agency: names[agency])
        if actor.agency not in agencies and actor.agency != row.owner:
            continue
        parties = tuple(_party(agency, names[agency], signatures.get((row.id, agency))) for agency in agencies)
        state = agreement_state(row, parties, now)
        ways = tuple((names[p.giver], names[p.taker], p.kind) for p in lines)
        cards.append(AgreementCard(row.id, row.title, state, row.starts_at, row.review_due_at, parties, ways))
    return cards


def _party(agency: uuid.UUID, name: str, signature: Signature | None) -> Party:
    if signature is None:
        return Party(agency, name, None, None, None)
    return Party(agency, name, signature.at, signature.reviewed_at, signature.left_at)


def agreement(*, actor: Actor, agreement: uuid.UUID) -> AgreementCard:
    """One of them. Raises Hidden."""
    found = [card for card in agreements(actor=actor) if card.id == agreement]
    if not found:
        raise Hidden
    return found[0]


def partner_keys(*, actor: Actor, card: AgreementCard) -> list[PartnerKeys]:
    """For each other party of an agreement: the words to compare on the telephone, and what they are good for."""
    found = []
    for party in card.parties:
        if party.agency == actor.agency:
            continue
        keys = vault.public_keys(agency=party.agency)
        state = vault.standing(agency=party.agency, pinned=pins_of(actor=actor, partner=party.agency))
        found.append(PartnerKeys(party.agency, party.name, fingerprint_of(keys) if keys else "", state))
    return found
