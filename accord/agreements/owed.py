"""Missing signatures, key checks, and reviews of agreements between two agencies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accord.access.actors import Actor, require_role
from accord.access.codes import DRAFT_AGREEMENT, SIGN_AGREEMENT
from accord.access.rules import may
from accord.agreements.rules import REVIEW_OPENS
from accord.core import clock
from accord.core.statements import fetch


@dataclass(frozen=True)
class Owed:
    """An agreement between two agencies that needs a signature, key check, or yearly review, and who has to act
    next."""

    id: uuid.UUID
    title: str
    starts_at: datetime
    review_due_at: datetime
    parties: tuple[str, ...]
    unsigned: tuple[str, ...]
    unchecked: tuple[str, ...]
    unreviewed: tuple[str, ...]
    ours_to_sign: bool
    ours_to_check: bool
    ours_to_review: bool


_OWED = """
select a.id, a.title, a.starts_at, a.review_due_at, array_agg(n.name order by n.name) as parties,
  coalesce(array_agg(n.name order by n.name) filter (where s.at is null), '{}') as unsigned,
  coalesce(array_agg(n.name order by n.name) filter (where s.at is not null and s.checked_at is null), '{}') as unchecked,
  coalesce(array_agg(n.name order by n.name) filter (where s.at is not null and a.review_due_at - %(opens)s <= %(now)s
    and coalesce(s.reviewed_at, '-infinity') < a.review_due_at - %(opens)s), '{}') as unreviewed,
  bool_or(p.agency = %(agency)s and s.at is null) as ours_to_sign,
  bool_or(p.agency = %(agency)s and s.at is not null and s.checked_at is null) as ours_to_check,
  bool_or(p.agency = %(agency)s and s.at is not null and a.review_due_at - %(opens)s <= %(now)s
    and coalesce(s.reviewed_at, '-infinity') < a.review_due_at - %(opens)s) as ours_to_review
from agreements_agreement a
cross join lateral (
  select l.giver as agency from agreements_permit l where l.owner = a.owner and l.agreement = a.id
  union select l.taker from agreements_permit l where l.owner = a.owner and l.agreement = a.id
) p
join agencies_agency n on n.owner = p.agency
left join agreements_signature s on s.owner = p.agency and s.agreement = a.id
where a.ended_at is null and a.coalition is null
group by a.owner, a.id, a.title, a.starts_at, a.review_due_at
having not bool_or(s.left_at is not null)
  and (a.owner = %(agency)s or bool_or(p.agency = %(agency)s))
  and (bool_or(s.at is null) or bool_or(s.checked_at is null) or (a.review_due_at - %(opens)s <= %(now)s
    and bool_or(coalesce(s.reviewed_at, '-infinity') < a.review_due_at - %(opens)s)))
order by a.starts_at, a.title
"""


def agreements_owed(*, actor: Actor) -> list[Owed]:
    """Return agreements that need a signature or review: the agency's own, or all of them for the coalition's office.

    Raises Refused.
    """
    if not may(actor, DRAFT_AGREEMENT):
        require_role(actor, SIGN_AGREEMENT)
    rows = fetch(_OWED, agency=actor.agency, now=clock.now(), opens=REVIEW_OPENS)
    return [_owed(row) for row in rows]


def _owed(row: Any) -> Owed:
    names = (tuple(row.parties), tuple(row.unsigned), tuple(row.unchecked), tuple(row.unreviewed))
    ours = (bool(row.ours_to_sign), bool(row.ours_to_check), bool(row.ours_to_review) and not row.unsigned)
    return Owed(row.id, row.title, row.starts_at, row.review_due_at, *names, *ours)
