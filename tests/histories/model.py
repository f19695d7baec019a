"""What should be true, written a second time as plainly as possible: no database, no key, no code of the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

DAY = timedelta(days=1)
NAME, CONTACT, NEEDS, SERVICES = "identity.name", "contact.safe", "needs", "services"
KINDS = (NAME, CONTACT, NEEDS, SERVICES)
ALWAYS_LATER = {CONTACT}
EVERYBODY = {"alma", "aisha", "adele", "elena", "emil", "farah", "ben", "dana"}
AGENCY = {"alma": "harbor", "aisha": "harbor", "adele": "harbor", "elena": "legal", "emil": "legal"} | {
    "farah": "hospital",
    "ben": "police",
    "dana": "cps",
}
# Whose role opens services; all of them open name, contact and needs. As in the role table of the handbook, copied by
# hand.
OPENS_SERVICES = EVERYBODY - {"ben", "dana"}


@dataclass
class Pact:
    """An agreement of Harbor House with one partner, over all kinds, both ways."""

    partner: str
    starts: datetime
    review_due: datetime
    left: bool = False

    def holds(self, now: datetime, until: datetime | None = None) -> bool:
        """Return whether it is in force now, and until a later moment if no one leaves it or forgets its review."""
        return self.starts <= now and max(now, until or now) < self.review_due + 30 * DAY and not self.left


@dataclass
class Share:
    """What was signed for one kind and one partner, and which epochs' keys went with it."""

    kind: str
    partner: str
    purposes: frozenset[str]
    starts: datetime
    ends: datetime
    additions: bool
    epochs: set[int] = field(default_factory=set)
    withdrawn: datetime | None = None
    suspended: datetime | None = None
    made: datetime | None = None

    def hands_on(self, row: Written) -> bool:
        """Return whether a key of its epoch was shared and it was not corrected before that."""
        fresh = row.replaced is None or (self.made is not None and self.made < row.replaced)
        return row.kind == self.kind and row.epoch in self.epochs and fresh

    def has_been(self, now: datetime) -> bool:
        before = [at for at in (self.withdrawn, self.suspended) if at is not None and at <= self.starts]
        return self.starts <= now and not before

    def rests(self, now: datetime) -> bool:
        return self.suspended is not None and self.suspended <= now

    def runs(self, now: datetime) -> bool:
        return self.starts <= now < self.ends and self.withdrawn is None and not self.rests(now)


@dataclass
class Written:
    """One revision of one entry."""

    kind: str
    series: UUID
    revision: int
    epoch: int
    text: str
    replaced: datetime | None = None  # by the next revision


@dataclass
class Model:
    """One person of Harbor House and everything that happened to their record."""

    now: datetime
    trained_until: datetime
    pacts: list[Pact] = field(default_factory=list)
    shares: dict[UUID, Share] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    epoch: dict[str, int] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    assignments: dict[str, set[str]] = field(default_factory=dict)

    def agreed(self, partner: str, until: datetime | None = None) -> bool:
        return any(pact.partner == partner and pact.holds(self.now, until) for pact in self.pacts)

    def in_force(self, partner: str) -> dict[UUID, Share]:
        agreed = self.agreed(partner)
        return {i: s for i, s in self.shares.items() if s.partner == partner and agreed and s.runs(self.now)}

    def begun(self, partner: str) -> set[UUID]:
        return {i for i, s in self.shares.items() if s.partner == partner and s.has_been(self.now)}

    def pause_what_has_not_begun(self, partner: str) -> None:
        """Pause future shares when an agreement ends, if no other agreement covers their first day."""
        for share in self.shares.values():
            ended = share.withdrawn is not None or share.suspended is not None
            ahead = share.partner == partner and share.starts > self.now
            if ahead and not ended and not self.agreed(partner, share.starts):
                share.suspended = self.now

    def lapsed(self, kind: str) -> bool:
        """Return whether a share that is over still has the key of the last epoch: the sweep may come later."""
        shares = self.shares.values()
        return any(s.kind == kind and s.ends <= self.now and self.epoch.get(kind) in s.epochs for s in shares)

    def open_epoch(self, kind: str) -> int:
        if kind not in self.epoch or kind in self.closed or self.lapsed(kind):
            self.epoch[kind] = self.epoch.get(kind, 0) + 1
            self.closed.discard(kind)
            for share in self.shares.values():
                if share.kind == kind and share.additions and share.withdrawn is None and share.ends > self.now:
                    share.epochs.add(self.epoch[kind])
        return self.epoch[kind]

    def write(self, row: Written) -> None:
        for before in self.written:
            if before.series == row.series and before.replaced is None:
                before.replaced = self.now
        self.written.append(row)

    def newest(self, rows: list[Written]) -> dict[UUID, str]:
        best: dict[UUID, Written] = {}
        for row in rows:
            if row.series not in best or row.revision > best[row.series].revision:
                best[row.series] = row
        return {series: row.text for series, row in best.items()}

    def begin(self, identity: UUID, share: Share) -> None:
        current: dict[UUID, Written] = {}
        for row in self.written:
            if row.kind == share.kind and row.revision >= (
                current[row.series].revision if row.series in current else 0
            ):
                current[row.series] = row
        share.epochs, share.made = {row.epoch for row in current.values()}, self.now
        self.shares[identity] = share
        if not share.additions:
            self.closed.add(share.kind)

    def withdraw(self, identity: UUID) -> None:
        share = self.shares[identity]
        share.withdrawn, share.epochs = self.now, set()
        self.closed.add(share.kind)

    def sweep(self) -> None:
        for share in self.shares.values():
            if share.ends <= self.now and share.epochs:
                share.epochs = set()
                self.closed.add(share.kind)

    def shown(self, partner: str, purpose: str | None = None) -> list[Written]:
        """Return the rows that a partner's database shows; with a purpose, those that its keys open for it."""
        shares = [s for s in self.in_force(partner).values() if purpose is None or purpose in s.purposes]
        return [row for row in self.written if any(share.hands_on(row) for share in shares)]

    def is_assigned(self, user: str) -> bool:
        bases = self.assignments.get(user, set())
        return "barred" not in bases and bool(bases & {"assigned", "granted"})

    def may_read(self, user: str, kind: str, purpose: str) -> bool:
        agency = AGENCY[user]
        can = self.is_assigned(user) and self.now < self.trained_until and (kind != SERVICES or user in OPENS_SERVICES)
        if agency == "harbor":
            return can
        running = self.in_force(agency).values()
        return can and any(share.kind == kind and purpose in share.purposes for share in running)
