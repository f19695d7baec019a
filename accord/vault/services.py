"""Create and seal ring keys. `membership` calls this for a privacy officer or another holder of the keys."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from accord.core import clock
from accord.vault import sealing
from accord.vault.models import RecoverySeal, RingKey, RingSeal
from accord.vault.ring import public_side, recovery_info, seal_info, sign_successor


def make_ring_keys(
    *, agency: uuid.UUID, versions: Mapping[str, int], held: Mapping[tuple[str, int], bytes]
) -> dict[tuple[str, int], bytes]:
    """Create ring keys, and return their secrets, keyed by code and version. Only the public parts are stored here.

    The caller seals the secrets. `held` contains the secrets that are available. A held version signs its successor, so
    that partners who accepted the old version accept the new one.
    """
    secrets = {key: sealing.new_secret() for key in versions.items()}
    since = clock.now()
    RingKey.objects.bulk_create(_row(agency, key, secret, held, since) for key, secret in secrets.items())
    return secrets


def _row(
    agency: uuid.UUID, key: tuple[str, int], secret: bytes, held: Mapping[tuple[str, int], bytes], since: datetime
) -> RingKey:
    code, version = key
    public, before = public_side(code, secret), held.get((code, version - 1))
    signature = sign_successor(agency, code, version, public, before) if before else None
    return RingKey(owner=agency, code=code, version=version, public=public, signature=signature, since=since)


def seal_ring_keys(
    *, agency: uuid.UUID, membership: uuid.UUID, public: bytes, secrets: Mapping[tuple[str, int], bytes]
) -> None:
    """Seal these ring secrets to one membership."""
    RingSeal.objects.bulk_create(
        RingSeal(
            owner=agency,
            membership=membership,
            code=code,
            version=version,
            sealed=sealing.seal_to(public, secret, seal_info(agency, membership, code, version)),
        )
        for (code, version), secret in secrets.items()
    )


def seal_to_recovery_sheet(
    *, agency: uuid.UUID, recovery: uuid.UUID, public: bytes, secrets: Mapping[tuple[str, int], bytes]
) -> None:
    """Seal these ring secrets to the printed recovery key."""
    RecoverySeal.objects.bulk_create(
        RecoverySeal(
            owner=agency,
            recovery=recovery,
            code=code,
            version=version,
            sealed=sealing.seal_to(public, secret, recovery_info(agency, recovery, code, version)),
        )
        for (code, version), secret in secrets.items()
    )
