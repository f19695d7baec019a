"""Notices for an agency's own staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from accord.accounts.models import Notice, NoticeSeen
from accord.core.statements import build_sql, fetch

_UNSEEN = """
from accounts_notice n
where n.owner = %(owner)s and (n.membership is null or n.membership = %(membership)s) and not exists (
  select from accounts_noticeseen s where s.owner = n.owner and s.membership = %(membership)s and s.notice = n.id
)
"""
_COUNT = build_sql("select count(*) as unseen {unseen}", unseen=_UNSEEN)
_NEWEST = build_sql("select n.* {unseen} order by n.at desc, n.code, n.id limit %(limit)s", unseen=_UNSEEN)


def notices_for(*, owner: UUID, membership: UUID, limit: int = 10) -> Sequence[Any]:
    """Return unseen notices for this membership or its whole agency, newest first."""
    return fetch(_NEWEST, owner=owner, membership=membership, limit=limit)


def unseen_count(*, owner: UUID, membership: UUID) -> int:
    """Return how many notices this membership has not seen. The page frame shows only this number."""
    ((unseen,),) = fetch(_COUNT, owner=owner, membership=membership)
    return int(unseen)


def seen_notices(*, owner: UUID, membership: UUID, limit: int = 30) -> Sequence[Notice]:
    """Return notices that this membership has seen, newest first."""
    seen = NoticeSeen.objects.filter(owner=owner, membership=membership).values("notice")
    rows = Notice.objects.filter(Q(membership=None) | Q(membership=membership), owner=owner, id__in=seen)
    return list(rows.order_by("-at", "code", "id")[:limit])
