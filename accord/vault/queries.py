"""Read the ring: one membership's seals, and any agency's public keys."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accord.vault import sealing
from accord.vault.codes import KeyState
from accord.vault.models import RecoverySeal, RingKey, RingSeal
from accord.vault.ring import Ring, follows, is_secret_of, recovery_info, seal_info
from accord.vault.sealing import KeyPair

alarm = logging.getLogger("accord.alarm")
FALSE_SEAL = (
    "A seal in an agency's ring does not hold the key that it names, and was not used. No page of Accord writes such a "
    "seal: find out how it got there. The agency's audit log says who holds it."
)


def open_ring(
    *,
    agency: uuid.UUID,
    membership: uuid.UUID,
    membership_secret: bytes,
    known: Mapping[tuple[str, int], bytes] | None = None,
) -> Ring:
    """Decrypt this membership's seals, which takes 0.7 ms per key at sign-in. Keys in `known` are not decrypted again.

    A seal that does not hold the key it claims to hold was not written by Accord. It is skipped and listed in `closed`,
    so that it locks no one out and nothing is written under a key that no one else holds.
    """
    pair, secrets, known = KeyPair(membership_secret), {}, known or {}
    closed = set()
    for seal in _with_public(RingSeal.objects.filter(owner=agency, membership=membership)):
        key = (seal.code, seal.version)
        secret = known.get(key) or _opened(pair, seal, seal_info(agency, membership, *key))
        if secret is None:
            closed.add(key)
        else:
            secrets[key] = secret
    return Ring(agency, secrets, frozenset(closed))


def _with_public(seals: QuerySet[Any]) -> QuerySet[Any]:
    key_of = RingKey.objects.filter(owner=OuterRef("owner"), code=OuterRef("code"), version=OuterRef("version"))
    return seals.annotate(public=Subquery(key_of.values("public")))


def _opened(pair: KeyPair, seal: Any, info: bytes) -> bytes | None:
    """Return the ring secret. If a seal holds no secret or the wrong secret, alert the operator and return None."""
    with suppress(sealing.CannotOpen):
        secret = pair.open(bytes(seal.sealed), info)
        if seal.public and is_secret_of(bytes(seal.public), secret):
            return secret
    alarm.critical(FALSE_SEAL)
    return None


_HELD = """
array(select h.code || ':' || h.version from vault_ringseal h where h.owner = {owner} and h.membership = {membership})
"""


def held_by(*, owner: str, membership: str) -> str:
    """Return SQL that selects the keys sealed to a membership. The arguments are SQL expressions for its agency and its
    id. Read its result with `as_held`."""
    return _HELD.format(owner=owner, membership=membership)


def as_held(names: Iterable[str]) -> set[tuple[str, int]]:
    """Return keys as (code, version) from their names in a session's state or in `held_by`."""
    return {(code, int(version)) for code, _sep, version in (name.rpartition(":") for name in names)}


def held_keys(*, agency: uuid.UUID, membership: uuid.UUID) -> set[tuple[str, int]]:
    """Return the keys (code, version) that are sealed to this membership."""
    return set(RingSeal.objects.filter(owner=agency, membership=membership).values_list("code", "version"))


def newest_versions(*, agency: uuid.UUID) -> dict[str, tuple[int, bool]]:
    """For each of an agency's keys, return its newest version and whether that version is retired. A retired version
    means that a new one is due."""
    rows = RingKey.objects.filter(owner=agency).order_by("version")
    return {row.code: (row.version, row.retired_at is not None) for row in rows}


def public_keys(*, agency: uuid.UUID) -> dict[tuple[str, int], bytes]:
    """Return an agency's public keys, keyed by (code, version)."""
    rows = RingKey.objects.filter(owner=agency).values_list("code", "version", "public")
    return {(code, version): bytes(public) for code, version, public in rows}


def newest_public(*, agencies: Collection[uuid.UUID], code: str) -> dict[uuid.UUID, tuple[int, bytes]]:
    """For each of these agencies that has a key with this code, return the key's newest version and its public key."""
    rows = RingKey.objects.filter(owner__in=agencies, code=code).order_by("version")
    return {row.owner: (row.version, bytes(row.public)) for row in rows}


Keys = Mapping[tuple[str, int], bytes]  # by code and version


def trusted_keys(*, agency: uuid.UUID, pinned: Keys) -> dict[str, tuple[int, bytes]]:
    """Return the result of `trusted_keys_of` for one agency, keyed by code."""
    return {code: key for (_, code), key in trusted_keys_of(pinned={agency: pinned}).items()}


class _Public(NamedTuple):
    """The public part of a ring key, with the signature by the previous version."""

    owner: uuid.UUID
    code: str
    version: int
    public: bytes
    signature: bytes | None
    deleted_at: datetime | None


_RING_KEYS = """
select owner, code, version, public, signature, deleted_at from vault_ringkey
where owner = any(%s) and (%s or code = any(%s)) order by version
"""


def trusted_keys_of(
    *, pinned: Mapping[uuid.UUID, Keys], codes: Collection[str] | None = None
) -> dict[tuple[uuid.UUID, str], tuple[int, bytes]]:
    """Return the newest trusted version and public key for each agency and code (None: all codes).

    A key is trusted if it is pinned (`pinned` holds digests by code and version), or signed by the trusted
    version before it. A code is left out if its newest key is deleted, because no one could open what is encrypted to
    that key.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RING_KEYS, [list(pinned), codes is None, list(codes or ())])
        rows = cursor.fetchall()
    trusted: dict[tuple[uuid.UUID, str], _Public] = {}
    for row in map(_Public._make, rows):
        before, pin = trusted.get((row.owner, row.code)), pinned[row.owner].get((row.code, row.version))
        if _is_pinned(row, pin) if pin else before is not None and _is_signed(row, before):
            trusted[row.owner, row.code] = row
    return {way: (row.version, bytes(row.public)) for way, row in trusted.items() if row.deleted_at is None}


def _is_pinned(row: _Public, pin: bytes) -> bool:
    return sealing.same(sealing.digest(bytes(row.public)), pin)


def _is_signed(row: _Public, before: _Public) -> bool:
    if row.version != before.version + 1 or row.signature is None:
        return False
    signed = (row.owner, row.code, row.version, bytes(row.public), bytes(row.signature))
    return follows(*signed, bytes(before.public))


def sealed_pairs(*, agency: uuid.UUID) -> set[tuple[uuid.UUID, str, int]]:
    """Return every seal of an agency as (membership, code, version)."""
    return set(RingSeal.objects.filter(owner=agency).values_list("membership", "code", "version"))


def agencies_with_keys() -> set[uuid.UUID]:
    """Return the agencies that have a ring because their first privacy officer has signed in."""
    return set(RingKey.objects.values_list("owner", flat=True).distinct())


def on_recovery_sheet(*, agency: uuid.UUID, recovery: uuid.UUID) -> set[tuple[str, int]]:
    """Return the keys (code, version) that are sealed to the printed recovery key."""
    rows = RecoverySeal.objects.filter(owner=agency, recovery=recovery)
    return set(rows.values_list("code", "version"))


def open_from_recovery_sheet(*, agency: uuid.UUID, recovery: uuid.UUID, secret: bytes) -> Ring:
    """Return the ring that the printed recovery key opens. Seals that don't hold the right key are skipped, as in
    `open_ring`."""
    pair, secrets = KeyPair(secret), {}
    for seal in _with_public(RecoverySeal.objects.filter(owner=agency, recovery=recovery)):
        key = (seal.code, seal.version)
        opened = _opened(pair, seal, recovery_info(agency, recovery, *key))
        if opened is not None:
            secrets[key] = opened
    return Ring(agency, secrets)


def key_state(*, agency: uuid.UUID, pinned: Mapping[tuple[str, int], bytes]) -> KeyState:
    """Compare an agency's keys with the keys that a partner pinned."""
    keys = public_keys(agency=agency)
    if not pinned or not keys:
        return KeyState.NONE
    if pinned == {key: sealing.digest(public) for key, public in keys.items()}:
        return KeyState.SAME
    trusted = trusted_keys(agency=agency, pinned=pinned)
    newest = newest_versions(agency=agency)
    unsigned = [code for code, (version, _due) in newest.items() if trusted.get(code, (0,))[0] != version]
    exchanged = [key for key, pin in pinned.items() if key not in keys or sealing.digest(keys[key]) != pin]
    return KeyState.NEW if unsigned or exchanged else KeyState.SIGNED


def keys_as_on(*, agency: uuid.UUID, day: datetime) -> set[str]:
    """Return the codes whose keys were neither created nor retired after this time."""
    rows = RingKey.objects.filter(owner=agency)
    changed = rows.filter(Q(since__gt=day) | Q(retired_at__gt=day))
    return set(rows.values_list("code", flat=True)) - set(changed.values_list("code", flat=True))
