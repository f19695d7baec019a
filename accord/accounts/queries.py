"""Notices of an agency's own people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from accord.accounts.models import Notice


def notices_for(*, owner: UUID, membership: UUID, limit: int = 10) -> Sequence[Notice]:
    """Unseen notices for this membership or for everybody of its agency, newest first."""
    rows = Notice.objects.filter(Q(membership=None) | Q(membership=membership), owner=owner, seen_at=None)
    return list(rows.order_by("-at")[:limit])
