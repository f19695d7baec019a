"""Reading the ring: seals for one membership, public keys of anybody."""

from __future__ import annotations

import uuid

from accord.vault.models import RingKey, RingSeal
from accord.vault.ring import Ring, seal_info
from accord.vault.sealing import KeyPair


def open_ring(*, agency: uuid.UUID, membership: uuid.UUID, membership_secret: bytes) -> Ring:
    """Open every seal of this membership: 0.7 ms a key, once per sign-in."""
    pair, secrets = KeyPair(membership_secret), {}
    for seal in RingSeal.objects.filter(owner=agency, membership=membership):
        info = seal_info(agency, membership, seal.code, seal.version)
        secrets[seal.code, seal.version] = pair.open(bytes(seal.sealed), info)
    return Ring(agency, secrets)


def public_keys(*, agency: uuid.UUID) -> dict[tuple[str, int], bytes]:
    """Public inbound keys by (code, version)."""
    rows = RingKey.objects.filter(owner=agency).values_list("code", "version", "public")
    return {(code, version): bytes(public) for code, version, public in rows}


def sealed_pairs(*, agency: uuid.UUID) -> set[tuple[uuid.UUID, str, int]]:
    """Which membership has which seal."""
    return set(RingSeal.objects.filter(owner=agency).values_list("membership", "code", "version"))
