"""Making and sealing ring keys. Called by `agencies`, whose officer or keyholder acts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from accord.core import clock
from accord.vault import sealing
from accord.vault.models import RingKey, RingSeal
from accord.vault.ring import public_side, seal_info


def make_ring_keys(*, agency: uuid.UUID, versions: Mapping[str, int]) -> dict[tuple[str, int], bytes]:
    """New ring keys by code and version; only their public sides are stored here. The caller seals the secrets."""
    secrets = {key: sealing.new_secret() for key in versions.items()}
    since = clock.now()
    RingKey.objects.bulk_create(
        RingKey(owner=agency, code=code, version=number, public=public_side(code, secret), since=since)
        for (code, number), secret in secrets.items()
    )
    return secrets


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
