"""The only readers of persons and what is known of them. They decide, then open seals, then note what was opened."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accord.access.acting import Actor
from accord.access.codes import KINDS, READ_PERSON
from accord.access.rules import Decision
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Hidden, NoLonger, Refused
from accord.sharing import codes
from accord.sharing.models import Assignment, DataKey, Entry, Person, Share, ShareKey
from accord.sharing.rules import ASSIGNED, Terms, Who, Work, decide, share_state
from accord.vault import sealing


@dataclass(frozen=True)
class PersonRef:
    """A person as the actor may address her: `ref` is her id inside the owning agency, a handle outside."""

    ref: uuid.UUID
    person: uuid.UUID
    owner: uuid.UUID
    own: bool
    state: str
    opened_on: Any = None


@dataclass(frozen=True)
class Item:
    """One opened entry: the newest revision that the actor may see."""

    series: uuid.UUID
    revision: int
    kind: str
    type: str
    by: uuid.UUID
    at: datetime
    payload: Any


@dataclass(frozen=True)
class ShareCard:
    """A share with where it stands."""

    id: uuid.UUID
    kind: str
    recipient: uuid.UUID
    recipient_name: str
    purposes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    last_day: date
    additions: bool
    basis: str
    basis_id: uuid.UUID
    state: str


def who(actor: Actor) -> Who:
    """The actor as a decision reads her."""
    return Who(actor.agency, actor.membership, actor.roles, actor.purpose, actor.trained, actor.ring.codes())


def find(*, actor: Actor, ref: uuid.UUID) -> PersonRef:
    """The person behind a page's address: an own person's id, or the handle of somebody shared. Raises Hidden."""
    found = find_many(actor=actor, refs=[ref])
    if not found:
        raise Hidden
    return found[0]


def find_many(*, actor: Actor, refs: Sequence[uuid.UUID]) -> list[PersonRef]:
    """Own persons by id and shared ones by handle, in the order given; unknown ones are left out."""
    own = {p.id: p for p in Person.objects.filter(owner=actor.agency, id__in=refs)}
    handles = {
        s.handle: s for s in Share.objects.filter(recipient=actor.agency, handle__in=[r for r in refs if r not in own])
    }
    found = []
    for ref in refs:
        if ref in own:
            row = own[ref]
            found.append(PersonRef(ref, row.id, row.owner, True, row.state, row.opened_on))
        elif ref in handles:
            share = handles[ref]
            found.append(PersonRef(ref, share.person, share.owner, False, "shared"))
    return found


def works(*, actor: Actor, ref: uuid.UUID) -> list[Work]:
    """The actor's own ties to this person."""
    return works_many(actor=actor, refs=[ref])[ref]


def works_many(*, actor: Actor, refs: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Work]]:
    """The actor's own ties, by person."""
    ties: dict[uuid.UUID, list[Work]] = defaultdict(list)
    rows = Assignment.objects.filter(
        owner=actor.agency, membership=actor.membership, about__in=list(refs), ended_at=None
    )
    for row in rows:
        ties[row.about].append(Work(row.id, row.basis))
    return ties


def _terms(share: Share) -> Terms:
    return Terms(
        share.id,
        share.kind,
        share.recipient,
        frozenset(share.purposes),
        share.starts_at,
        share.ends_at,
        share.withdrawn_at,
        share.suspended_at,
        share.basis,
        share.basis_id,
    )


def _shares_towards(actor: Actor, known: PersonRef) -> list[tuple[Terms, bool]]:
    rows = Share.objects.filter(owner=known.owner, person=known.person, recipient=actor.agency)
    return [(_terms(row), agencies.agreement_in_force(row.owner, row.recipient, row.kind)) for row in rows]


def decisions(
    *, actor: Actor, known: PersonRef, action: str, kinds: Sequence[str | None]
) -> dict[str | None, Decision]:
    """The decision for each kind (None: for the person as such)."""
    ties = works(actor=actor, ref=known.ref)
    shares = [] if known.own else _shares_towards(actor, known)
    now = clock.now()
    return {kind: decide(who(actor), action, known.owner, kind, ties, shares, now) for kind in kinds}


def require(*, actor: Actor, known: PersonRef, action: str, kind: str | None = None) -> Decision:
    """The decision, or the error that fits what the actor may know: Hidden, NoLonger or Refused."""
    return require_all(actor=actor, known=known, action=action, kinds=[kind])[kind]


def require_all(
    *, actor: Actor, known: PersonRef, action: str, kinds: Sequence[str | None]
) -> dict[str | None, Decision]:
    """The decision for each kind, or the error of the first that is refused."""
    verdicts = decisions(actor=actor, known=known, action=action, kinds=kinds)
    for decision in verdicts.values():
        if decision:
            continue
        if not decision.known:
            raise Hidden
        if decision.was_shared:
            raise NoLonger
        raise Refused(decision.words, code=decision.reason, remedy=decision.remedy)
    return verdicts


def read(*, actor: Actor, known: PersonRef, kinds: Sequence[str] | None = None) -> dict[str, list[Item]]:
    """Everything that the actor may open of these kinds, newest revisions, and a line in the log of both sides."""
    wanted = list(kinds) if kinds is not None else list(KINDS)
    verdicts = decisions(actor=actor, known=known, action=READ_PERSON, kinds=wanted)
    allowed = [kind for kind in wanted if verdicts[kind]]
    items = open_entries(actor=actor, known_ones=[known], kinds=allowed)[known.ref]
    if allowed:
        basis = sorted({rest for kind in allowed for rest in verdicts[kind].rests_on})
        note_reading(actor=actor, known=known, kinds=[k for k in allowed if k in items] or allowed, basis=basis)
    return items


def note_reading(*, actor: Actor, known: PersonRef, kinds: Sequence[str], basis: Sequence[str]) -> None:
    """One event in the reader's chain; for a share, one in the owner's too (that is the accounting)."""
    if known.own:
        actor.log("read", about=[known.person], kinds=list(kinds), basis=list(basis), purpose=actor.purpose)
        return
    actor.log("read-shared", about=[known.ref], kinds=list(kinds), basis=list(basis), purpose=actor.purpose)
    actor.trail.add(
        known.owner,
        "read-by-partner",
        about=[known.person],
        kinds=list(kinds),
        basis=list(basis),
        purpose=actor.purpose,
    )


def open_entries(
    *, actor: Actor, known_ones: Sequence[PersonRef], kinds: Sequence[str]
) -> dict[uuid.UUID, dict[str, list[Item]]]:
    """Opens the newest visible revision of every series. Decides nothing: `read` and `readable_many` come before."""
    opened: dict[uuid.UUID, dict[str, list[Item]]] = {known.ref: {} for known in known_ones}
    for own in (True, False):
        group = {(s.owner, s.person): s for s in known_ones if s.own is own}
        if not group or not kinds:
            continue
        owners, persons = ({part[i] for part in group} for i in (0, 1))
        keys = _data_keys(actor, owners, persons, kinds, own)
        rows = Entry.objects.filter(owner__in=owners, person__in=persons, kind__in=list(kinds))
        rows = rows.order_by("owner", "person", "kind", "series", "-revision")
        done = set()
        for row in rows.distinct("owner", "person", "kind", "series") if own else rows:
            key, known = keys.get((row.owner, row.person, row.kind, row.epoch)), group.get((row.owner, row.person))
            if key is not None and known is not None and (row.owner, row.series) not in done:
                done.add((row.owner, row.series))
                opened[known.ref].setdefault(row.kind, []).append(_open(row, key))
    for by_kind in opened.values():
        for items in by_kind.values():
            items.sort(key=lambda item: item.at)
    return opened


def _open(row: Entry, key: bytes) -> Item:
    text = sealing.decrypt(key, bytes(row.sealed), entry_bound(row))
    payload = codes.from_bytes(row.type, row.schema, text)
    return Item(row.series, row.revision, row.kind, row.type, row.by, row.at, payload)


def entry_bound(row: Entry) -> bytes:
    """What a sealed entry is bound to: a row moved to another person, kind, epoch or series does not open."""
    return sealing.bind(
        "entry", row.type, row.schema, row.owner.hex, row.person.hex, row.kind, row.epoch, row.series.hex, row.revision
    )


def data_key_bound(owner: uuid.UUID, person: uuid.UUID, kind: str, epoch: int, version: int) -> bytes:
    """What the owner's copy of a data key is bound to."""
    return sealing.bind("data key", owner.hex, person.hex, kind, epoch, version)


def share_info(share: Share | Terms, owner: uuid.UUID, person: uuid.UUID, epoch: int, version: int) -> bytes:
    """The terms, as bound into a share key: whoever edits the row makes the key useless."""
    purposes = ",".join(sorted(share.purposes))
    times = (share.starts_at.timestamp(), share.ends_at.timestamp())
    additions = getattr(share, "additions", False)
    return sealing.bind(
        *("share key", share.id.hex, owner.hex, person.hex, share.kind, epoch, version, share.recipient.hex),
        *(purposes, *times, additions, share.basis, share.basis_id.hex),
    )


def _data_keys(
    actor: Actor, owners: set[uuid.UUID], persons: set[uuid.UUID], kinds: Sequence[str], own: bool
) -> dict[tuple[uuid.UUID, uuid.UUID, str, int], bytes]:
    """Of what was shared, only the keys of shares for the purpose declared: another share of the same kind opens nothing."""
    if own:
        rows = DataKey.objects.filter(owner=actor.agency, person__in=persons, kind__in=list(kinds))
        return {(row.owner, row.person, row.kind, row.epoch): open_data_key(actor, row) for row in rows}
    found = ShareKey.objects.filter(owner__in=owners, person__in=persons, kind__in=list(kinds), recipient=actor.agency)
    keys = list(found)
    shares = {s.id: s for s in Share.objects.filter(owner__in=owners, id__in={k.share for k in keys})}
    opened = {}
    for row in keys:
        if actor.purpose not in shares[row.share].purposes:
            continue
        pair = actor.ring.inbound(row.kind, row.ring_version)
        info = share_info(shares[row.share], row.owner, row.person, row.epoch, row.ring_version)
        opened[row.owner, row.person, row.kind, row.epoch] = pair.open(bytes(row.sealed), info)
    return opened


def open_data_key(actor: Actor, row: DataKey) -> bytes:
    """The owner's copy, opened under its kind key. Raises NoKey where the role has none."""
    kind_key = actor.ring.kind_key(row.kind, row.ring_version)
    bound = data_key_bound(row.owner, row.person, row.kind, row.epoch, row.ring_version)
    return sealing.decrypt(kind_key, bytes(row.sealed), bound)


def readable_many(*, actor: Actor, known_ones: Sequence[PersonRef], kind: str) -> list[PersonRef]:
    """Those of whom the actor may read this kind now: the same decision, for a list."""
    ties = works_many(actor=actor, refs=[s.ref for s in known_ones])
    now, me = clock.now(), who(actor)
    return [
        s
        for s in known_ones
        if decide(me, READ_PERSON, s.owner, kind, ties[s.ref], [] if s.own else _shares_towards(actor, s), now)
    ]


def my_people(*, actor: Actor) -> list[PersonRef]:
    """Everybody to whom the actor is assigned or let in: own persons and shared ones."""
    rows = Assignment.objects.filter(owner=actor.agency, membership=actor.membership, ended_at=None).exclude(
        basis="barred"
    )
    return find_many(actor=actor, refs=list(dict.fromkeys(rows.order_by("at").values_list("about", flat=True))))


def waiting_for_assignment(*, actor: Actor) -> list[ShareCard]:
    """Shares in force towards the actor's agency whom nobody of it is assigned to yet: its intake list."""
    rows = Share.objects.filter(recipient=actor.agency).order_by("made_at")
    taken = set(Assignment.objects.filter(owner=actor.agency, ended_at=None).values_list("about", flat=True))
    cards = [card for card in _cards([row for row in rows if row.handle not in taken]) if card.state == "in_force"]
    return cards


def shares_of(*, actor: Actor, known: PersonRef) -> list[ShareCard]:
    """For the owner: every share of this person. For a recipient: those towards itself."""
    rows = Share.objects.filter(owner=known.owner, person=known.person)
    if not known.own:
        rows = rows.filter(recipient=actor.agency)
    return _cards(list(rows.order_by("-made_at")))


def handle_of_share(*, actor: Actor, share: uuid.UUID) -> uuid.UUID:
    """The handle under which the actor's agency meets the person of a share. Raises Hidden."""
    row = Share.objects.filter(recipient=actor.agency, id=share).first()
    if row is None:
        raise Hidden
    return row.handle


def _cards(rows: list[Share]) -> list[ShareCard]:
    now = clock.now()
    names = agencies.agency_names({row.recipient for row in rows})
    zones = agencies.agency_zones({row.owner for row in rows})
    cards = []
    for row in rows:
        agreed = agencies.agreement_in_force(row.owner, row.recipient, row.kind)
        cards.append(
            ShareCard(
                row.id,
                row.kind,
                row.recipient,
                names.get(row.recipient, ""),
                tuple(row.purposes),
                row.starts_at,
                row.ends_at,
                last_day(row.ends_at, zones[row.owner]),
                row.additions,
                row.basis,
                row.basis_id,
                share_state(_terms(row), agreed, now),
            )
        )
    return cards


def last_day(ends_at: datetime, zone: str) -> date:
    """The last day of a share in its owner's zone: the end itself is the first moment of the next day."""
    return (ends_at.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


def assigned_to(*, actor: Actor, ref: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Who of the actor's agency works with this person: (membership, basis)."""
    rows = Assignment.objects.filter(owner=actor.agency, about=ref, ended_at=None).order_by("at")
    return list(rows.values_list("membership", "basis"))


def left_behind(*, actor: Actor) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """People whose colleague has left and whom nobody else of the agency has: (id or handle, the membership that ended)."""
    now = {one.id for one in agencies.colleagues(actor=actor) if one.ended_at is None}
    rows = list(Assignment.objects.filter(owner=actor.agency, ended_at=None, basis=ASSIGNED).order_by("at"))
    kept = {row.about for row in rows if row.membership in now}
    left = {row.about: row.membership for row in rows if row.about not in kept}
    return list(left.items())


def own_person(known: PersonRef) -> PersonRef:
    """The known, if the actor's agency keeps it. Raises Refused otherwise."""
    if not known.own:
        raise Refused(code="onward")
    return known
