"""Notices of an agency's own people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from accord.accounts.models import Notice, NoticeSeen


def _all(owner: UUID, membership: UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(membership=None) | Q(membership=membership), owner=owner)


def _unseen(owner: UUID, membership: UUID) -> QuerySet[Notice]:
    seen = NoticeSeen.objects.filter(owner=owner, membership=membership).values("notice")
    return _all(owner, membership).exclude(id__in=seen)


def notices_for(*, owner: UUID, membership: UUID, limit: int = 10) -> Sequence[Notice]:
    """Unseen notices for this membership or for everybody of its agency, newest first."""
    return list(_unseen(owner, membership).order_by("-at")[:limit])


def unseen_count(*, owner: UUID, membership: UUID) -> int:
    """How many notices this membership has not seen: all that the frame of a page says."""
    return _unseen(owner, membership).count()


def seen_notices(*, owner: UUID, membership: UUID, limit: int = 30) -> Sequence[Notice]:
    """Notices that this membership has seen, newest first."""
    seen = NoticeSeen.objects.filter(owner=owner, membership=membership).values("notice")
    return list(_all(owner, membership).filter(id__in=seen).order_by("-at")[:limit])
