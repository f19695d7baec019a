"""Key checks by phone: whose keys were compared, when, by which privacy officer, and whether those keys are current."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accord.access.actors import Actor
from accord.agencies.models import Agency
from accord.agencies.queries import fingerprint_of
from accord.agreements.models import KeyCheck, Permit, Pin
from accord.core.errors import Hidden
from accord.membership import queries as membership
from accord.vault import queries as vault
from accord.vault.codes import KeyState


@dataclass(frozen=True)
class PartnerKeys:
    """A partner's current six words, and the last check of its keys."""

    agency: uuid.UUID
    name: str
    words: str
    state: KeyState
    checked_at: datetime | None = None
    by: str = ""

    @property
    def good(self) -> bool:
        """Return True if the current keys were compared by phone, or are signed with keys that were compared."""
        return self.state in (KeyState.SAME, KeyState.SIGNED)


def keys_of(*, actor: Actor, partners: Collection[uuid.UUID]) -> list[PartnerKeys]:
    """Return these partners' keys, sorted by name, each with its words and its last check."""
    names = dict(Agency.objects.filter(owner__in=partners).order_by("name").values_list("owner", "name"))
    found = KeyCheck.objects.filter(owner=actor.agency, partner__in=partners).order_by("at")
    newest = {row.partner: row for row in found}
    who = membership.colleague_names(actor=actor) if newest else {}
    pins: dict[uuid.UUID, list[Pin]] = {}
    for pin in Pin.objects.filter(owner=actor.agency, partner__in=newest):
        pins.setdefault(pin.partner, []).append(pin)
    return [_of(agency, name, newest.get(agency), pins.get(agency, []), who) for agency, name in names.items()]


def _of(
    agency: uuid.UUID, name: str, check: KeyCheck | None, pins: Collection[Pin], who: dict[uuid.UUID, str]
) -> PartnerKeys:
    keys = vault.public_keys(agency=agency)
    if not keys:
        return PartnerKeys(agency, name, "", KeyState.ABSENT)
    words = fingerprint_of(keys)
    if check is None:
        return PartnerKeys(agency, name, words, KeyState.NONE)
    compared = {(pin.code, pin.version): bytes(pin.public_hash) for pin in pins if pin.at <= check.at}
    state = vault.key_state(agency=agency, pinned=compared)
    return PartnerKeys(agency, name, words, state, check.at, who.get(check.by, ""))


def checked(*, actor: Actor, partners: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the partners whose current keys were compared by phone, or are signed with keys that were compared."""
    return {one.agency for one in keys_of(actor=actor, partners=partners) if one.good}


def key_list(*, actor: Actor) -> list[PartnerKeys]:
    """Return every partner with an agreement, signed or not, and every partner that was checked before."""
    mine = Permit.objects.filter(giver=actor.agency).values_list("taker", flat=True)
    theirs = Permit.objects.filter(taker=actor.agency).values_list("giver", flat=True)
    before = KeyCheck.objects.filter(owner=actor.agency).values_list("partner", flat=True)
    return keys_of(actor=actor, partners={*mine.distinct(), *theirs.distinct(), *before.distinct()})


def partner(*, actor: Actor, agency: uuid.UUID) -> PartnerKeys:
    """Return one partner from `key_list`. Raises Hidden if it isn't there."""
    found = [one for one in key_list(actor=actor) if one.agency == agency]
    if not found:
        raise Hidden
    return found[0]
