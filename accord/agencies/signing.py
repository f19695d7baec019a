"""All changes to agreements and to the pinned keys of partners."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from accord.access.actors import Actor, require
from accord.access.codes import DRAFT_AGREEMENT, KINDS, SIGN_AGREEMENT
from accord.agencies.models import Agency, Permit, Pin, Signature
from accord.agencies.partners import fingerprint_of, pins_of
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import named
from accord.core.text import N_
from accord.vault import queries as vault_queries
from accord.vault import sealing


def draft_agreement(
    *, actor: Actor, title: str, starts_at: datetime, permits: Iterable[tuple[uuid.UUID, uuid.UUID, str]]
) -> uuid.UUID:
    """Draft what can be shared between which agencies. It binds no one until all have signed."""
    require(actor, DRAFT_AGREEMENT)
    lines, agreement = set(permits), uuid.uuid4()
    takers = dict(Agency.objects.filter(owner__in={taker for _, taker, _ in lines}).values_list("owner", "kind"))
    for giver, taker, kind in lines:
        known = KINDS.get(kind)
        if giver == taker or known is None or known.never_shared or takers.get(taker) not in known.recipients:
            raise Invalid(
                N_("Choose two agencies, and only kinds of information that the other agency is allowed to receive.")
            )
    if not lines:
        raise Invalid(N_("Choose at least one kind of information, in either direction."))
    columns = [list(column) for column in zip(*sorted(lines, key=str), strict=True)]
    if not named("agreement_draft", agreement, title, starts_at, starts_at + timedelta(days=365), *columns):
        raise Refused(code="role")
    _notify_parties(agreement, "agreement-drafted")
    actor.log("agreement-drafted", agreement=str(agreement))
    return agreement


def _notify_parties(agreement: uuid.UUID, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select accord.notify_parties(%s, %s)", [agreement, code])


def sign_agreement(*, actor: Actor, agreement: uuid.UUID) -> dict[str, str]:
    """Sign for the actor's agency, and pin the public keys of partners it meets for the first time.

    Changed keys of a known partner that are not signed by the old ones must be compared. Returns the words of each
    partner.
    """
    require(actor, SIGN_AGREEMENT)
    parties = _parties(actor, agreement)
    if Signature.objects.filter(owner=actor.agency, agreement=agreement).exists():
        raise Refused(N_("Your agency has already signed this agreement."), code="signed")
    if not named("agreement_sign", agreement):
        raise Refused(code="role")
    _notify_parties(agreement, "agreement-signed")
    actor.log("agreement-signed", agreement=str(agreement))
    return {name: _meet_partner(actor, partner) for partner, name in _names(parties - {actor.agency})}


def _meet_partner(actor: Actor, partner: uuid.UUID) -> str:
    if pins_of(actor=actor, partner=partner):
        return fingerprint_of(vault_queries.public_keys(agency=partner))
    return pin_partner(actor=actor, partner=partner)


def _parties(actor: Actor, agreement: uuid.UUID) -> set[uuid.UUID]:
    """Return all parties of an agreement of the actor's agency. Raises Hidden."""
    lines = list(Permit.objects.filter(agreement=agreement))
    parties = {line.giver for line in lines} | {line.taker for line in lines}
    if actor.agency not in parties:
        raise Hidden
    return parties


def _names(agencies: set[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    return list(Agency.objects.filter(owner__in=agencies).order_by("name").values_list("owner", "name"))


def accept_keys(*, actor: Actor, agreement: uuid.UUID, partner: uuid.UUID, words: str) -> str:
    """Accept a partner's new keys, after a privacy officer compared the words: new shares are encrypted to them.

    Raises Invalid if the keys changed again since `words` were shown.
    """
    require(actor, SIGN_AGREEMENT)
    signed = Signature.objects.filter(owner=actor.agency, agreement=agreement, left_at=None).exists()
    if partner not in _parties(actor, agreement) - {actor.agency} or not signed:
        raise Hidden
    if words != fingerprint_of(vault_queries.public_keys(agency=partner)):
        raise Invalid(N_("Their keys changed while you were comparing. Compare the words again."))
    actor.log("keys-accepted", agreement=str(agreement), to=str(partner))
    return pin_partner(actor=actor, partner=partner)


def pin_partner(*, actor: Actor, partner: uuid.UUID) -> str:
    """Pin a partner's current public keys. Earlier pins stay. Returns the words to compare."""
    keys = vault_queries.public_keys(agency=partner)
    known = set(Pin.objects.filter(owner=actor.agency, partner=partner).values_list("code", "version"))
    at = clock.now()
    Pin.objects.bulk_create(
        Pin(owner=actor.agency, partner=partner, code=code, version=version, public_hash=sealing.digest(public), at=at)
        for (code, version), public in keys.items()
        if (code, version) not in known
    )
    return fingerprint_of(keys)


def review_agreement(*, actor: Actor, agreement: uuid.UUID) -> None:
    """Confirm the yearly review for the actor's agency. When every party has, the next one is due a year later."""
    require(actor, SIGN_AGREEMENT)
    if not named("agreement_review", agreement):
        raise Hidden
    actor.log("agreement-reviewed", agreement=str(agreement))


def end_agreement(*, actor: Actor, agreement: uuid.UUID) -> None:
    """End an agreement: sharing under it stops with this commit, in both directions."""
    require(actor, SIGN_AGREEMENT)
    if not named("agreement_leave", agreement):
        raise Hidden
    actor.log("agreement-left", agreement=str(agreement))
