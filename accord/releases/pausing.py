"""When something that a release rests on changes: people around her, her age, a doubtful voice, records that are joined.

Nothing remembers a pause. `reconsider` compares every release that was begun with what is known today, and lets rest or
go on what that asks for, in the same transaction as the change. The rules are in `standing.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from accord.access.actors import Actor
from accord.access.codes import READ_PERSON, WRITE_PERSON
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Invalid
from accord.core.text import N_
from accord.law.rules import Law
from accord.people import services as people
from accord.releases import rules, standing
from accord.releases.codes import (
    MOVES,
    Action,
    Pause,
    Purpose,
    Signature,
    SignerCapacity,
    SignerFlag,
    Status,
)
from accord.releases.entries import CircleMember, Release
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item, PersonRef, ShareCard
from accord.sharing.ties import assigned_to, joined_with

HERSELF = "self"
"""The signer's id of the person herself; everybody else is an entry of her circle."""


def signatures(release: Release) -> tuple[Signature, ...]:
    """The signatures under a release as the rules read them, those after a pause included."""
    again = [
        Signature(
            signer=HERSELF,
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


# People around her ------------------------------------------------------------------------------------------------


def circle_of(items: Iterable[Item]) -> list[Item]:
    """The people around her among the entries of kind `releases`."""
    return [item for item in items if item.type == "circle"]


def circle(*, actor: Actor, ref: uuid.UUID) -> tuple[PersonRef, list[Item]]:
    """The people around an own person, for staff. Raises Hidden or Refused."""
    known = sharing.own_person(sharing.find(actor=actor, ref=ref))
    sharing.require(actor=actor, known=known, action=READ_PERSON, kind="releases")
    return known, circle_of(sharing.read(actor=actor, known=known, kinds=["releases"]).get("releases", ()))


def record_member(
    *, actor: Actor, ref: uuid.UUID, member: CircleMember, series: uuid.UUID | None = None, revision: int = 0
) -> uuid.UUID:
    """Somebody around her, or what is known of somebody. What was signed with somebody who has harmed her rests from this
    moment; it goes on when that turns out to be a mistake and is taken out again."""
    if not member.name.strip():
        raise Invalid(N_("Write a name."), fields={"name": N_("Write a name.")})
    known = sharing.own_person(sharing.find(actor=actor, ref=ref))
    sharing.require(actor=actor, known=known, action=WRITE_PERSON, kind="releases")
    kept = records.write(actor=actor, known=known, payload=member, series=series, revision=revision)
    reconsider(actor=actor, known=known)
    return kept


# Reconsidering ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """One record of a person: what was signed in it and what is known in it."""

    known: PersonRef
    releases: list[Item]
    circle: dict[str, CircleMember]
    birth: date | None

    def flags(self) -> tuple[tuple[str, frozenset[SignerFlag]], ...]:
        """Today's flags of everybody around her."""
        return tuple((key, frozenset(SignerFlag(flag) for flag in one.flags)) for key, one in self.circle.items())


@dataclass(frozen=True)
class Today:
    """What every comparison of one call reads."""

    actor: Actor
    law: Law
    day: date
    now: datetime
    joined_at: datetime | None


def open_record(*, actor: Actor, known: PersonRef) -> Record:
    """What `reconsider` reads of one record. Decides nothing: the caller has decided."""
    opened = sharing.open_entries(actor=actor, known_ones=[known], kinds=["releases", "identity.birth"])[known.ref]
    items = opened.get("releases", [])
    births = [item.payload.date for item in opened.get("identity.birth", []) if item.payload.date]
    return Record(
        known=known,
        releases=[item for item in items if item.type == "release"],
        circle={str(item.series): item.payload for item in circle_of(items)},
        birth=date.fromisoformat(births[-1]) if births else None,
    )


def other_record(*, actor: Actor, known: PersonRef) -> tuple[PersonRef, datetime] | None:
    """The record that is joined with this one, and since when."""
    other = joined_with(actor=actor, person=known.person)
    return (sharing.find(actor=actor, ref=other.person), other.at) if other else None


def reconsider(*, actor: Actor, known: PersonRef) -> None:
    """Compare what was begun in this record, and in the one joined with it, with what is known today."""
    if "releases" not in actor.ring.codes():
        _ask_keepers(actor, known)
        return
    joined = other_record(actor=actor, known=known)
    now, day = clock.now(), clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=day)
    today = Today(actor, law, day, now, joined[1] if joined else None)
    own = open_record(actor=actor, known=known)
    other = open_record(actor=actor, known=joined[0]) if joined else None
    _reconsider(today, own, other)
    if other is not None:
        _reconsider(today, other, own)


def after_age(actor: Actor, known: PersonRef) -> None:
    """Her age was corrected: she may be an adult, or become one before something ends that a parent signed."""
    if known.own:
        reconsider(actor=actor, known=known)


def _ask_keepers(actor: Actor, known: PersonRef) -> None:
    """This role opens nothing that she signed: those who work with her look."""
    if any(card.basis == "release" for card in sharing.shares_of(actor=actor, known=known)):
        for member, basis in assigned_to(actor=actor, ref=known.ref):
            if basis == "assigned":
                people.add_task(actor=actor, person=known.person, code="look_at_releases", days=0, assignee=member)


def begun(release: Release) -> bool:
    """Whether it is in force or rests: only then something can make it rest or go on."""
    return bool(MOVES[Status(release.status)].keys() & {Action.SUSPEND, Action.LIFT})


def _reconsider(today: Today, own: Record, other: Record | None) -> None:
    shares = sharing.shares_of(actor=today.actor, known=own.known)
    left: set[str] = set()
    for item in [each for each in own.releases if begun(each.payload)]:
        release = item.payload
        found = _pauses(today, own, other, release)
        cards = [card for card in shares if card.basis_id == item.series]
        since = {card.id: _since(today, own, other, release, card, found) for card in cards}
        narrowed = any(at is not None and at <= today.now for at in since.values())
        codes = set(found)
        if not found and narrowed and _joined(today, other, release):
            codes.add(Pause.RECORDS_MERGED)
        rests = bool(codes) and all(at is not None and at <= today.now for at in since.values())
        _write(today, own, item, tuple(sorted(codes)), rests)
        records.rest_shares(actor=today.actor, known=own.known, since=since)
        left |= {standing.PAUSE_TASKS[pause].value for pause in codes}
    for code in {task.value for task in standing.PAUSE_TASKS.values()} - left:
        people.close_tasks(actor=today.actor, person=own.known.person, code=code)


def _pauses(
    today: Today, own: Record, other: Record | None, release: Release, *, alone: bool = False
) -> frozenset[Pause]:
    """Why this release rests today; `alone` as if its record were joined with none."""
    joined = not alone and _joined(today, other, release)
    missing = joined and other is not None and not _towards(other, release.recipient)
    known = standing.Known(
        birth=own.birth or (other.birth if other else None),
        flags=own.flags(),
        merged_on=today.day if missing else None,
        unchecked_withdrawal=bool(release.unchecked_by),
    )
    return standing.pauses(signatures(release), known, today.law, today.day)


def _joined(today: Today, other: Record | None, release: Release) -> bool:
    """Whether another record speaks to this release: what she signed after they were joined she signed for both."""
    signed = [datetime.fromisoformat(row["at"]) for row in (*release.signatures, *release.signed_again)]
    return other is not None and today.joined_at is not None and max(signed) <= today.joined_at


def _towards(record: Record, recipient: str) -> list[Release]:
    """Everything of a record that was ever signed towards this recipient, the newest first."""
    found = [item.payload for item in record.releases if item.payload.recipient == recipient and item.payload.text_hash]
    return sorted(found, key=lambda each: max(row["at"] for row in each.signatures), reverse=True)


def _since(
    today: Today, own: Record, other: Record | None, release: Release, card: ShareCard, found: frozenset[Pause]
) -> datetime | None:
    """From when on one share of a release rests; None: not before its end."""
    if found:
        return today.now
    times = [at for at in (_narrowed(today, own, other, release, card), _adult(today, own, release)) if at is not None]
    first = min((at for at in times if at < card.ends_at), default=None)
    rested = card.rests_from is not None and card.rests_from <= today.now
    # What rests for no reason of ours came back from an older copy of the keys: the owner confirms that herself.
    return card.rests_from if first is None and rested and not release.pauses else first


def _adult(today: Today, own: Record, release: Release) -> datetime | None:
    """The moment at which somebody is an adult for whom a parent or guardian signed."""
    signed = signatures(release)
    if own.birth is None or not any(each.capacity in rules.FOR_A_MINOR for each in signed):
        return None
    adult = rules.adult_on(own.birth, today.law)
    if any(each.capacity is SignerCapacity.SELF and each.signed_on >= adult for each in signed):
        return None
    return rules.start_instant(adult, today.actor.zone)


def _narrowed(today: Today, own: Record, other: Record | None, release: Release, card: ShareCard) -> datetime | None:
    """From when on a share goes further than the other record lets it: the stricter of the two holds."""
    if other is None or not _joined(today, other, release):
        return None
    spoken = [each for each in _towards(other, release.recipient) if card.kind in each.kinds]
    mine = _terms(release, Status.ACTIVE)
    mine = replace(mine, kinds=frozenset({card.kind}), additions=card.additions)
    if not spoken:
        return today.now
    status = Status(spoken[0].status)
    if begun(spoken[0]):
        status = Status.SUSPENDED if _pauses(today, other, own, spoken[0], alone=True) else Status.ACTIVE
    theirs = _terms(spoken[0], status)
    if card.additions and not release.additions:  # this kind always includes what is added later, on both sides
        theirs = replace(theirs, additions=True)
    day = standing.Joined((mine, theirs)).rests_from(mine, today.day)
    if day is None:
        return None
    return today.now if day <= today.day else rules.start_instant(day, today.actor.zone)


def _terms(release: Release, status: Status) -> standing.Terms:
    return standing.Terms(
        status=status,
        kinds=frozenset(release.kinds),
        purposes=frozenset(Purpose(code) for code in release.purposes),
        start=date.fromisoformat(release.start),
        last_day=date.fromisoformat(release.last_day),
        additions=release.additions,
    )


def _write(today: Today, own: Record, item: Item, codes: tuple[str, ...], rests: bool) -> None:
    """Keep why it rests, move it, and give somebody what is to be done."""
    release, status = item.payload, Status(item.payload.status)
    moves = MOVES[status]
    if rests and Action.SUSPEND in moves:
        status = moves[Action.SUSPEND]
    if not rests and Action.LIFT in moves:
        status = moves[Action.LIFT]
    changed = replace(release, status=status.value, pauses=codes)
    if changed == release:
        return
    records.write_decided(  # whoever may change the fact has changed this with it
        actor=today.actor, known=own.known, payload=changed, series=item.series, revision=item.revision
    )
    for task in {standing.PAUSE_TASKS[Pause(code)].value for code in set(codes) - set(release.pauses)}:
        people.add_task(actor=today.actor, person=own.known.person, code=task, days=0)


# Two records of one person ----------------------------------------------------------------------------------------


def join(*, actor: Actor, ref: uuid.UUID, other: uuid.UUID) -> None:
    """Two records are one person: each stays, and what is shared of either is narrowed to what both let it be."""
    known, second = (sharing.find(actor=actor, ref=one) for one in (ref, other))
    records.join_records(actor=actor, known=known, other=second)
    reconsider(actor=actor, known=known)


def part(*, actor: Actor, ref: uuid.UUID) -> None:
    """They were two people: each record stands again as it did."""
    known = sharing.find(actor=actor, ref=ref)
    second = records.part_records(actor=actor, known=known)
    for one in (known, second):
        reconsider(actor=actor, known=one)


def same_terms(*, actor: Actor, known: PersonRef, release: Release) -> Mapping[uuid.UUID, Item]:
    """What is to be taken back with this release in the joined record: whatever lets the same recipient have the same."""
    joined = other_record(actor=actor, known=known)
    if joined is None:
        return {}
    record = open_record(actor=actor, known=joined[0])
    return {
        item.series: item
        for item in record.releases
        if begun(item.payload)
        and item.payload.recipient == release.recipient
        and set(item.payload.kinds) & set(release.kinds)
    }
