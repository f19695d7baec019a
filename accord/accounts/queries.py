"""Notices of an agency's own people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from accord.accounts.models import Notice, NoticeSeen
from accord.core.statements import fetch, written

_UNSEEN = """
from accounts_notice n
where n.owner = %(owner)s and (n.membership is null or n.membership = %(membership)s) and not exists (
  select from accounts_noticeseen s where s.owner = n.owner and s.membership = %(membership)s and s.notice = n.id
)
"""
_COUNT = written("select count(*) as unseen {unseen}", unseen=_UNSEEN)
_NEWEST = written("select n.* {unseen} order by n.at desc limit %(limit)s", unseen=_UNSEEN)


def notices_for(*, owner: UUID, membership: UUID, limit: int = 10) -> Sequence[Any]:
    """Unseen notices for this membership or for everybody of its agency, newest first."""
    return fetch(_NEWEST, owner=owner, membership=membership, limit=limit)


def unseen_count(*, owner: UUID, membership: UUID) -> int:
    """How many notices this membership has not seen: all that the frame of a page says."""
    ((unseen,),) = fetch(_COUNT, owner=owner, membership=membership)
    return int(unseen)


def seen_notices(*, owner: UUID, membership: UUID, limit: int = 30) -> Sequence[Notice]:
    """Notices that this membership has seen, newest first."""
    seen = NoticeSeen.objects.filter(owner=owner, membership=membership).values("notice")
    rows = Notice.objects.filter(Q(membership=None) | Q(membership=membership), owner=owner, id__in=seen)
    return list(rows.order_by("-at")[:limit])
