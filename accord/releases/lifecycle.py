"""Changes to a signed release: revocation, suspension, and joined records.

Nothing here can go beyond what the person signed. To share more, the person must sign a new version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

from accord.law.codes import Purpose, SignerCapacity, SignerFlag
from accord.law.rules import Law
from accord.releases.codes import Pause, Problem, RecordedAs, Signature, Task, problem
from accord.releases.rules import FOR_A_MINOR, adult_on, barred, problems_with_move
from accord.releases.workflows import RELEASE, Action, Status

# Revocation


@dataclass(frozen=True)
class Withdrawal:
    """The immediate result of a revocation, and the tasks that follow from it."""

    status: Status
    pause: Pause | None
    tasks: tuple[Task, ...]


def withdraw(
    status: Status, speaker: SignerCapacity, signatures: Iterable[Signature], how: RecordedAs, *, checked: bool
) -> Withdrawal | Problem:
    """Revoke a release. The person can always do this alone and verbally, as can anyone who signed with or for them.
    If staff are not sure who asked, the release pauses at once and ends when the person confirms."""
    if problems_with_move(status, Action.WITHDRAW):
        return problem("not_allowed_now", status=status)
    if speaker is not SignerCapacity.SELF and speaker not in {each.capacity for each in signatures}:
        return problem("not_the_person")
    if not checked:
        return Withdrawal(Status.SUSPENDED, Pause.WITHDRAWAL_UNCHECKED, (Task.CHECK_WHO_SPOKE,))
    writing = (Task.GET_IT_IN_WRITING,) if how is RecordedAs.ORAL else ()
    return Withdrawal(RELEASE.after(status, Action.WITHDRAW), None, (*writing, Task.TELL_RECIPIENT_TO_STOP))


# Suspension


PAUSE_TASKS = {
    Pause.SIGNER_BARRED: Task.ASK_HER_AGAIN,
    Pause.RECORDS_MERGED: Task.ASK_HER_AGAIN,
    Pause.CAME_OF_AGE: Task.ASK_HER_AGAIN,
    Pause.WITHDRAWAL_UNCHECKED: Task.CHECK_WHO_SPOKE,
}
"""The task that each pause adds."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the agency knows today, apart from what was signed. `flags` holds today's flags for each signer, by the
    signer's id. `merged_on` is set for a release that was signed before its record was joined with a record that has no
    release for the same recipient. If both records have such a release, `Joined` decides instead."""

    birth: date | None
    flags: tuple[tuple[str, frozenset[SignerFlag]], ...] = ()
    merged_on: date | None = None
    unchecked_withdrawal: bool = False


def pauses(signatures: Iterable[Signature], known: Known, law: Law, today: date) -> frozenset[Pause]:
    """Return every reason why a release that has begun must be suspended today. It may resume when no reason is left.
    Pauses are recomputed each time, so a reason disappears once it no longer applies, for example when staff remove a
    mistaken flag, the person signs again, or the records are separated."""
    flags = dict(known.flags)
    signed = [replace(each, flags=flags.get(each.signer, each.flags)) for each in signatures]
    found = {Pause.SIGNER_BARRED} if any(barred(each, law) for each in signed) else set()
    if known.unchecked_withdrawal:
        found.add(Pause.WITHDRAWAL_UNCHECKED)
    own = [each.signed_on for each in signed if each.capacity is SignerCapacity.SELF]
    if known.merged_on is not None and not any(day > known.merged_on for day in own):
        found.add(Pause.RECORDS_MERGED)
    if known.birth is not None and came_of_age(signed, known.birth, law, today):
        found.add(Pause.CAME_OF_AGE)
    return frozenset(found)


def came_of_age(signed: Iterable[Signature], birth: date, law: Law, today: date) -> bool:
    """Return whether someone else signed for a minor who is an adult today and has not signed as an adult (acceptance
    line 35). `birth` is the latest possible date, so this returns true once majority is certain."""
    adult, signed = adult_on(birth, law), list(signed)
    own = [each.signed_on for each in signed if each.capacity is SignerCapacity.SELF]
    for_a_minor = any(each.capacity in FOR_A_MINOR for each in signed)
    return for_a_minor and today >= adult and not any(day >= adult for day in own)


# Joined records


HARDEST_FIRST = (
    Status.WITHDRAWN,
    Status.DISCARDED,
    Status.SUSPENDED,
    Status.DRAFT,
    Status.ACTIVE,
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms on which a release in one record lets one recipient receive information."""

    status: Status
    kinds: frozenset[str]
    purposes: frozenset[Purpose]
    start: date
    last_day: date
    additions: bool = False

    def __and__(self, other: Terms) -> Terms:
        return Terms(
            status=min(self.status, other.status, key=HARDEST_FIRST.index),
            kinds=self.kinds & other.kinds,
            purposes=self.purposes & other.purposes,
            start=max(self.start, other.start),
            last_day=min(self.last_day, other.last_day),
            additions=self.additions and other.additions,
        )


@dataclass(frozen=True)
class Joined:
    """A person's joined records, each with what it allows one recipient to receive. A record without a release for the
    recipient is not a member. In that case, `pauses` suspends the other record's release until the person signs
    again."""

    members: tuple[Terms, ...]

    @property
    def effective(self) -> Terms:
        """Return the most restrictive combination of all members: revoked if any is revoked, the latest start, the
        earliest end, and only what all of them cover."""
        return reduce(Terms.__and__, self.members)

    def suspended_from(self, own: Terms, today: date) -> date | None:
        """Return the first day on which `own`, one of the members, allows more than `effective` does. Return None if
        there is no such day before its release ends. Terms are bound into a key and can't be narrowed, so the release
        is paused instead."""
        both = self.effective
        covered = own.kinds <= both.kinds and own.purposes <= both.purposes and own.additions <= both.additions
        if both.status is not Status.ACTIVE or not covered or both.start > max(own.start, today):
            return today
        return max(today, both.last_day + timedelta(days=1)) if both.last_day < own.last_day else None
