"""Decide whether and why a release is paused today, and when each of its shares pauses. `suspension.py` does the
reading and writing.

Some reasons pause the whole release (`_reasons`). Otherwise, each share is checked separately (`_suspended_from`). A
share may allow more than the joined record, or last beyond the day the person comes of age. The rules themselves are in
`lifecycle.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from accord.law.rules import Law
from accord.releases import lifecycle, rules
from accord.releases.codes import Pause, Purpose, Signature, SignerCapacity, SignerFlag
from accord.releases.entries import CircleMember, Release
from accord.releases.signers import flags_today
from accord.releases.workflows import RELEASE, Action, Status
from accord.sharing.queries import Item, PersonRef, ShareCard

THEMSELVES = "self"
"""The signer id for the person. Every other signer has an entry in the person's circle."""


def signatures(release: Release) -> tuple[Signature, ...]:
    """Return the signatures on a release in the form that the rules use, including signatures after a pause."""
    again = [
        Signature(
            signer=THEMSELVES,
            capacity=SignerCapacity.SELF,
            signed_on=date.fromisoformat(row["signed_on"]),
            version=release.version,
            languages=frozenset(release.person_languages),
        )
        for row in release.signed_again
    ]
    first = [
        Signature(
            signer=row["signer"],
            capacity=SignerCapacity(row["capacity"]),
            signed_on=date.fromisoformat(row["signed_on"]),
            version=row["version"],
            languages=frozenset(row["languages"]),
            court_appointed=row["court_appointed"],
            flags=frozenset(SignerFlag(flag) for flag in row["flags"]),
        )
        for row in release.signatures
    ]
    return (*first, *again)


def begun(release: Release) -> bool:
    """Return whether the release is in force or paused. Otherwise it can be neither paused nor resumed."""
    return bool(RELEASE.actions(Status(release.status)) & {Action.SUSPEND, Action.LIFT})


def with_flags_of_today(
    rows: Iterable[dict[str, Any]], record: Record, other: Record | None
) -> tuple[dict[str, Any], ...]:
    """Return the signatures with today's flags for each signer, from this record and the one joined with it."""
    circles = [record.circle, *([other.circle] if other else [])]
    return tuple(
        row
        if row["signer"] == THEMSELVES
        else {**row, "flags": sorted(flags_today(row["signer"], row["name"], *circles))}
        for row in rows
    )


@dataclass(frozen=True)
class Record:
    """A person's record: the releases signed in it and the facts it contains."""

    known: PersonRef
    releases: list[Item]
    circle: dict[str, CircleMember]
    birth: date | None

    def towards(self, recipient: str) -> list[Release]:
        """Return every release signed for this recipient, newest first."""
        found = [each.payload for each in self.releases]
        signed = [each for each in found if each.recipient == recipient and each.text_hash]
        return sorted(signed, key=lambda each: max(row["at"] for row in each.signatures), reverse=True)


@dataclass(frozen=True)
class SuspensionFacts:
    """A record and everything that its releases are checked against: the joined record (or None), when the records were
    joined, the law, and the current time."""

    own: Record
    other: Record | None
    joined_at: datetime | None
    law: Law
    zone: str
    day: date
    now: datetime

    @property
    def birth(self) -> date | None:
        """Return the latest possible date of birth, from the record that narrows it down more."""
        known = [record.birth for record in (self.own, self.other) if record and record.birth]
        return min(known, default=None)

    def joined_record(self, release: Release) -> Record | None:
        """Return the other record if it affects this release. A release signed after the records were joined applies to
        both."""
        signed = [datetime.fromisoformat(row["at"]) for row in (*release.signatures, *release.signed_again)]
        return self.other if self.joined_at is not None and max(signed) <= self.joined_at else None


@dataclass(frozen=True)
class Suspension:
    """The reasons why a release is paused, whether the whole release is paused, and when each of its shares pauses
    (None if the share does not pause before it ends)."""

    reasons: frozenset[Pause]
    whole: bool
    since: Mapping[uuid.UUID, datetime | None]


def suspension_of(facts: SuspensionFacts, release: Release, cards: Iterable[ShareCard]) -> Suspension:
    """Decide what happens to a release that has begun and to its shares."""
    reasons = _reasons(facts, release)
    if reasons:
        return Suspension(reasons, True, {card.id: facts.now for card in cards})
    since, narrowed = {}, False
    for card in cards:
        at = since[card.id] = _suspended_from(facts, release, card)
        narrowed = narrowed or (at is not None and at <= facts.now)
        if at is None and _came_back(facts, release, card):
            since[card.id] = card.suspended_from
    whole = narrowed and all(at is not None and at <= facts.now for at in since.values())
    return Suspension(frozenset({Pause.RECORDS_MERGED} if narrowed else ()), whole, since)


def _reasons(facts: SuspensionFacts, release: Release) -> frozenset[Pause]:
    """Return the reasons that pause a whole release."""
    other = facts.joined_record(release)
    silent = other is not None and not other.towards(release.recipient)
    return _reasons_within(facts, release, merged_on=facts.day if silent else None)


def _reasons_within(facts: SuspensionFacts, release: Release, merged_on: date | None = None) -> frozenset[Pause]:
    """Return the reasons that pause a release of either record. Everything known about a signer in either one counts."""
    circles = [each.circle for each in (facts.own, facts.other) if each is not None]
    signers = [(row["signer"], row["name"]) for row in release.signatures if row["signer"] != THEMSELVES]
    known = lifecycle.Known(
        birth=facts.birth,
        flags=tuple((key, flags_today(key, name, *circles)) for key, name in signers),
        merged_on=merged_on,
        unchecked_withdrawal=bool(release.unchecked_by),
    )
    return lifecycle.pauses(signatures(release), known, facts.law, facts.day)


def _suspended_from(facts: SuspensionFacts, release: Release, card: ShareCard) -> datetime | None:
    """Return when one share of a release pauses, if nothing pauses the whole release."""
    moments = (_goes_further(facts, release, card), _is_adult(facts, release))
    return min((at for at in moments if at is not None and at < card.ends_at), default=None)


def _came_back(facts: SuspensionFacts, release: Release, card: ShareCard) -> bool:
    """Return whether the share is paused because an older copy of the keys was restored. The owning agency must confirm
    it before it resumes."""
    return card.suspended_from is not None and card.suspended_from <= facts.now and not release.pauses


def _is_adult(facts: SuspensionFacts, release: Release) -> datetime | None:
    """Return when the person comes of age, if a parent or guardian signed."""
    signed = signatures(release)
    if facts.birth is None or not any(each.capacity in rules.FOR_A_MINOR for each in signed):
        return None
    adult = rules.adult_on(facts.birth, facts.law)
    if any(each.capacity is SignerCapacity.SELF and each.signed_on >= adult for each in signed):
        return None
    return rules.start_instant(adult, facts.zone)


def _goes_further(facts: SuspensionFacts, release: Release, card: ShareCard) -> datetime | None:
    """Return when a share begins to allow more than the other record. The stricter of the two applies."""
    other = facts.joined_record(release)
    if other is None:
        return None
    spoken = next((each for each in other.towards(release.recipient) if card.kind in each.kinds), None)
    if spoken is None:
        return facts.now
    status = Status(spoken.status)
    if begun(spoken):
        status = Status.SUSPENDED if _reasons_within(facts, spoken) else Status.ACTIVE
    mine = replace(_terms(release, Status.ACTIVE), kinds=frozenset({card.kind}), additions=card.additions)
    theirs = _terms(spoken, status)
    if card.additions and not release.additions:  # this kind always includes later additions in both records
        theirs = replace(theirs, additions=True)
    day = lifecycle.Joined((mine, theirs)).suspended_from(mine, facts.day)
    if day is None:
        return None
    return facts.now if day <= facts.day else rules.start_instant(day, facts.zone)


def _terms(release: Release, status: Status) -> lifecycle.Terms:
    return lifecycle.Terms(
        status=status,
        kinds=frozenset(release.kinds),
        purposes=frozenset(Purpose(code) for code in release.purposes),
        start=date.fromisoformat(release.start),
        last_day=date.fromisoformat(release.last_day),
        additions=release.additions,
    )
