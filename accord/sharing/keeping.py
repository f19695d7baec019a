"""Renew existing data keys under a new version of their kind key, a slice at a time, and erase records.

When a colleague leaves, the ring keys they held get a new version. The data keys are still sealed under the old
version, which that colleague may have copied. Other colleagues re-wrap the data keys in slices while signed in. Nothing
is lost between slices, because each row names the version that opens it. Recipients' copies do not change.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count

from accord.access.actors import Actor, require
from accord.access.codes import ERASE_PERSON, KINDS
from accord.core.errors import Invalid, Refused
from accord.core.statements import call_sql, fetch
from accord.core.text import N_
from accord.membership import queries as membership
from accord.membership import services as membership_services
from accord.sharing import codes, opening, queries
from accord.sharing.assignments import my_assignments
from accord.sharing.codes import AssignmentBasis, record_number
from accord.sharing.models import DataKey, Erasure, Hold, Person
from accord.sharing.queries import PersonRef
from accord.vault import sealing

SLICE = 500  # at 0.05 ms per key, well under the statement timeout, and the page keeps moving


def two_officers_first(*, actor: Actor) -> None:
    """Require two privacy officers before the first record is opened. If the only officer forgets their passphrase, the
    agency's data is lost. Raises Refused."""
    if Person.objects.filter(owner=actor.agency).exists():
        return
    if len({officer.account for officer in membership.officers(agency=actor.agency)}) > 1:
        return
    raise Refused(
        N_("Your agency needs a second privacy officer before it can open its first record."),
        code="one_officer",
        remedy=N_(
            "Your privacy officer can invite a second privacy officer under Staff. It takes a few minutes. Two "
            "privacy officers can help each other."
        ),
    )


@dataclass(frozen=True)
class Renewal:
    """The progress of re-wrapping: how many data keys are under the newest versions, how many there are in total, how
    many this session can re-wrap, and the kinds that it can't re-wrap."""

    done: int
    total: int
    mine: int
    others: tuple[str, ...]


def renewal(*, actor: Actor) -> Renewal:
    """Count data keys by kind and version without opening them."""
    rows = DataKey.objects.filter(owner=actor.agency).values_list("kind", "ring_version").annotate(n=Count("person"))
    newest, total, mine, others, left = membership.newest_ring(actor=actor), 0, 0, set(), 0
    for kind, version, count in rows:
        total += count
        if version >= newest[kind]:
            continue
        left += count
        if kind in actor.ring.codes() and actor.ring.latest(kind) == newest[kind]:
            mine += count
        else:
            others.add(kind)
    return Renewal(total - left, total, mine, tuple(kind for kind in KINDS if kind in others))


def rewrap_slice(*, actor: Actor, limit: int = SLICE) -> int:
    """Re-wrap up to `limit` data keys that this session can open, under the newest versions of their kind keys, and
    return how many were re-wrapped. Two sessions that do this at the same time take different rows. Old versions that
    are no longer needed are deleted."""
    count = 0
    for kind in sorted(actor.ring.codes() & KINDS.keys()):
        old = DataKey.objects.filter(owner=actor.agency, kind=kind, ring_version__lt=actor.ring.latest(kind))
        if count < limit:
            count += _rewrap(actor, list(old.select_for_update(skip_locked=True)[: limit - count]))
    if count:
        actor.log("keys-rewrapped", keys=count)
    membership_services.drop_old_keys(actor=actor)
    return count


def _rewrap(actor: Actor, rows: list[DataKey]) -> int:
    lines = []
    for row in rows:
        key, version = opening.open_data_key_undecided(actor, row), actor.ring.latest(row.kind)
        bound = opening.data_key_bound(row.owner, row.person, row.kind, row.epoch, version)
        sealed = sealing.encrypt(actor.ring.kind_key(row.kind, version), key, bound)
        lines.append((version, sealed, row.owner, row.person, row.kind, row.epoch, row.ring_version))
    with connection.cursor() as cursor:
        cursor.executemany(
            "update sharing_datakey set ring_version = %s, sealed = %s "
            "where owner = %s and person = %s and kind = %s and epoch = %s and ring_version = %s",
            lines,
        )
    return len(rows)


# Erasing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Erasing:
    """The state of an erasure: the start of the legal hold and the open request, or None for either."""

    held_since: datetime | None
    asked: Erasure | None


@dataclass(frozen=True)
class RecordMarks:
    """What identifies a record without its content: its number, when it was opened and last changed, and by which
    colleagues."""

    number: str
    opened_on: date
    opened_by: uuid.UUID | None
    changed_at: datetime | None
    changed_by: uuid.UUID | None


_MARKS = """
select p.id, p.opened_on,
  (select a.by from sharing_assignment a where a.owner = p.owner and a.about = p.id order by a.at limit 1) as opened_by,
  last.at as changed_at, last.by as changed_by
from sharing_person p left join lateral (
  select e.at, e.by from sharing_entry e where e.owner = p.owner and e.person = p.id order by e.at desc limit 1) last on true
where p.owner = %(agency)s and p.id = any(%(persons)s)
"""


def marks_of(*, actor: Actor, persons: Collection[uuid.UUID]) -> dict[uuid.UUID, RecordMarks]:
    """Return what identifies the agency's records, by person, without opening them. Erased records are left out."""
    found = fetch(_MARKS, agency=actor.agency, persons=list(persons)) if persons else []
    return {
        row.id: RecordMarks(record_number(row.id), row.opened_on, row.opened_by, row.changed_at, row.changed_by)
        for row in found
    }


def erasable(*, actor: Actor, ref: uuid.UUID) -> PersonRef:
    """Find one of the agency's own people, if the actor may erase the record and is not barred. Raises Hidden or
    Refused."""
    known = queries.find_own(actor=actor, ref=ref)
    if any(each.basis == AssignmentBasis.BARRED for each in my_assignments(actor=actor, ref=ref)):
        raise Refused(N_("You are related to this person or have a conflict of interest."), code="barred")
    return known


def erasing(*, actor: Actor, known: PersonRef) -> Erasing:
    """Return when the record's legal hold began, if it has one, and the open erasure request, if there is one."""
    held = Hold.objects.filter(owner=actor.agency, person=known.person, ended_at=None).first()
    asked = Erasure.objects.filter(owner=actor.agency, person=known.person, confirmed_at=None).first()
    return Erasing(held.at if held else None, asked)


def erasures(*, actor: Actor) -> list[Erasure]:
    """List requested and completed erasures, newest first."""
    return list(Erasure.objects.filter(owner=actor.agency).order_by("-at", "id")[:100])


def ask_erasure(*, actor: Actor, ref: uuid.UUID, reason: str, number: str) -> None:
    """Request an erasure, as the first of two people. The reason is a code, so that no words about the person remain.
    The actor types the record number to confirm which record it is. Raises Hidden, Refused, or Invalid."""
    require(actor, ERASE_PERSON)
    known = erasable(actor=actor, ref=ref)
    if reason not in codes.ERASURE_REASONS:
        raise Invalid(N_("Choose a reason."), fields={"reason": N_("Choose a reason.")})
    _check_number(known, number)
    _refuse_under_hold(actor, known)
    _refuse_while_joined_is_paused(known)
    call_sql("erasure_ask", uuid.uuid4(), known.person, reason)
    actor.log("erasure-asked", about=[known.person])


def take_back_erasure(*, actor: Actor, ref: uuid.UUID) -> None:
    """Withdraw an erasure request. This needs no fresh second factor. The database checks the role."""
    known = erasable(actor=actor, ref=ref)
    if call_sql("erasure_take_back", known.person):
        actor.log("erasure-taken-back", about=[known.person])


def confirm_erasure(*, actor: Actor, ref: uuid.UUID, number: str) -> None:
    """Erase a record, as the second of two people. Its data keys are deleted everywhere, with everything that they
    open. This can't be undone. Raises Hidden, Refused, or Invalid."""
    require(actor, ERASE_PERSON)
    known = erasable(actor=actor, ref=ref)
    _refuse_under_hold(actor, known)
    _refuse_while_joined_is_paused(known)
    asked = erasing(actor=actor, known=known).asked
    if asked is None or actor.is_own(asked.by):
        raise Refused(
            N_("It takes two people to erase a record. One requests the erasure, and another confirms it."),
            code="second_person",
        )
    _check_number(known, number)
    if not call_sql("erasure_confirm", known.person):
        raise Refused(code="role")
    actor.log("erased", about=[known.person])


def _check_number(known: PersonRef, typed: str) -> None:
    if "".join(filter(str.isdecimal, typed)) != record_number(known.person).replace("-", ""):
        wrong = N_("The number you entered doesn't match this record. Compare it with the number above.")
        raise Invalid(wrong, fields={"number": wrong})


def _refuse_while_joined_is_paused(known: PersonRef) -> None:
    if call_sql("joined_record_is_paused", known.person):
        raise Refused(
            N_(
                "This record is joined with another one. A release in the other record is paused, possibly because "
                "of what is recorded here."
            ),
            code="joined_paused",
            remedy=N_(
                "Ask this person what they want. Then revoke that release, have it signed again or separate the two "
                "records."
            ),
        )


def _refuse_under_hold(actor: Actor, known: PersonRef) -> None:
    if erasing(actor=actor, known=known).held_since is not None:
        raise Refused(
            N_("This record is under a legal hold. It can't be erased."),
            code="hold",
            remedy=N_("When the hold is no longer needed, a supervisor or privacy officer can lift it here."),
        )


def hold(*, actor: Actor, ref: uuid.UUID, on: bool) -> None:
    """Place or lift a legal hold on a record."""
    require(actor, ERASE_PERSON)
    known = erasable(actor=actor, ref=ref)
    if on and call_sql("hold_begin", uuid.uuid4(), known.person):
        actor.log("hold-begun", about=[known.person])
    if not on and call_sql("hold_end", known.person):
        actor.log("hold-ended", about=[known.person])
