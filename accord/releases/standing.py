"""What becomes of a signed release: the transition table, withdrawal, suspension, and records that are joined.

Whatever happens here can only narrow what she signed; widening takes her signature on a new version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

from accord.law.codes import Purpose, SignerCapacity, SignerFlag
from accord.law.rules import Law
from accord.releases.codes import Action, Pause, Problem, RecordedAs, Signature, Status, Task, problem
from accord.releases.rules import FOR_A_MINOR, adult_on, barred, problems_with_move

# Withdrawal


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal does at once, and what remains to be done."""

    status: Status
    pause: Pause | None
    tasks: tuple[Task, ...]


def withdraw(
    status: Status, speaker: SignerCapacity, signatures: Iterable[Signature], how: RecordedAs, *, checked: bool
) -> Withdrawal | Problem:
    """Taking a release back. The person may always, alone and by word of mouth; so may whoever signed with her or for
    her. When it is not sure who spoke the release pauses at once and ends when she confirms.
    """
    if problems_with_move(status, Action.WITHDRAW):
        return problem("not_allowed_now", status=status)
    if speaker is not SignerCapacity.SELF and speaker not in {each.capacity for each in signatures}:
        return problem("not_the_person")
    if not checked:
        return Withdrawal(Status.SUSPENDED, Pause.WITHDRAWAL_UNCHECKED, (Task.CHECK_WHO_SPOKE,))
    writing = (Task.GET_IT_IN_WRITING,) if how is RecordedAs.ORAL else ()
    return Withdrawal(Status.WITHDRAWN, None, (*writing, Task.TELL_RECIPIENT_TO_STOP))


# Suspension


PAUSE_TASKS = {
    Pause.SIGNER_BARRED: Task.ASK_HER_AGAIN,
    Pause.RECORDS_MERGED: Task.ASK_HER_AGAIN,
    Pause.CAME_OF_AGE: Task.ASK_HER_AGAIN,
    Pause.WITHDRAWAL_UNCHECKED: Task.CHECK_WHO_SPOKE,
}
"""What a pause gives somebody to do."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known today beside what was signed. `flags` holds today's flags of each signer, by the signer's id.

    `merged_on` is given for a release that was signed before her record was joined with one that has no release
    towards the same recipient; where both have one, `Joined` says what holds.
    """

    birth: date | None
    flags: tuple[tuple[str, frozenset[SignerFlag]], ...] = ()
    merged_on: date | None = None
    unchecked_withdrawal: bool = False


def pauses(signatures: Iterable[Signature], known: Known, law: Law, today: date) -> frozenset[Pause]:
    """Every reason for which a release that was begun must be suspended today; it may go on when none is left.

    Nothing has to remember a pause: what lifts it (a flag recorded by mistake and removed, her own signature after the
    day on which the reason arose, records parted again) makes this function stop answering it.
    """
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
    """Whether someone else signed for a minor who is an adult today and has not signed as one (acceptance line 35).
    `birth` is the latest day on which they may have been born, so that it is true once majority is certain."""
    adult, signed = adult_on(birth, law), list(signed)
    own = [each.signed_on for each in signed if each.capacity is SignerCapacity.SELF]
    for_a_minor = any(each.capacity in FOR_A_MINOR for each in signed)
    return for_a_minor and today >= adult and not any(day >= adult for day in own)


# Records joined


HARDEST_FIRST = (
    Status.WITHDRAWN,
    Status.ENDED,
    Status.DISCARDED,
    Status.SUSPENDED,
    Status.DRAFT,
    Status.ACTIVE,
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What one record's release lets one recipient have."""

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
    """Records of one person joined into one: each record's standing towards one recipient, as it was.

    A record without any release towards the recipient is not a member: `pauses` holds the other's release until she
    signs again.
    """

    members: tuple[Terms, ...]

    @property
    def effective(self) -> Terms:
        """The most restrictive of all members: withdrawn wins, latest start, earliest end, what all of them cover."""
        return reduce(Terms.__and__, self.members)

    def withdrawn(self) -> Joined:
        """Taken back while joined: it is taken back in every record, and parting them revives nothing."""
        return Joined(tuple(replace(each, status=Status.WITHDRAWN) for each in self.members))

    def rests_from(self, own: Terms, today: date) -> date | None:
        """From which day on the release behind `own`, one of the members, goes further than all of them let it.

        None: not before its own end. Terms are bound into a key and cannot be narrowed, so what goes further rests.
        """
        both = self.effective
        covered = own.kinds <= both.kinds and own.purposes <= both.purposes and own.additions <= both.additions
        if both.status is not Status.ACTIVE or not covered or both.start > max(own.start, today):
            return today
        return max(today, both.last_day + timedelta(days=1)) if both.last_day < own.last_day else None

    def part(self) -> tuple[Terms, ...]:
        """The records parted again, each standing as it did."""
        return self.members
