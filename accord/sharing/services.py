"""The only way to write persons, entries, assignments, and shares."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from accord.access.actors import Actor, require, require_fresh_factor, require_role
from accord.access.codes import (
    ASSIGN_PERSON,
    GRANT_ACCESS,
    JOIN_RECORDS,
    KINDS,
    OPEN_RECORD,
    READ_PERSON,
    WITHDRAW_SHARE,
    WRITE_PERSON,
)
from accord.access.rules import may
from accord.agreements import queries as partners
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.core.rows import insert, insert_many
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.law.codes import PURPOSE_WORDS as PURPOSES
from accord.membership import queries as membership_queries
from accord.sharing import assignments, codes, epochs, keeping, opening, queries, rules
from accord.sharing.codes import AssignmentBasis
from accord.sharing.models import Assignment, Entry, Joining, Person, Share, ShareKey
from accord.sharing.queries import PersonRef
from accord.vault import sealing


def open_person(*, actor: Actor) -> PersonRef:
    """Create a person in the actor's agency and assign the actor."""
    require(actor, OPEN_RECORD)
    keeping.two_officers_first(actor=actor)
    day = clock.today(actor.zone)
    person = Person.objects.create(owner=actor.agency, id=uuid.uuid4(), opened_on=day, state="open")
    _add_assignment(actor, person.id, actor.membership, AssignmentBasis.ASSIGNED)
    actor.log("record-opened", about=[person.id])
    return PersonRef(person.id, person.id, actor.agency, True, person.state, day)


def _add_assignment(
    actor: Actor, about: uuid.UUID, membership: uuid.UUID, basis: str, over: datetime | None = None
) -> uuid.UUID:
    row = Assignment.objects.create(
        owner=actor.agency,
        id=uuid.uuid4(),
        about=about,
        membership=membership,
        basis=basis,
        by=actor.membership,
        at=clock.now(),
        ended_at=over,
    )
    return row.id


def assign(*, actor: Actor, ref: uuid.UUID, membership: uuid.UUID) -> None:
    """Assign a colleague to a person (own or shared). If someone is already assigned, only a supervisor can assign
    others. Supervisors who want access to one of the agency's own people must give a reason that the person can review
    (`grant`)."""
    require(actor, ASSIGN_PERSON)
    known = queries.find(actor=actor, ref=ref)
    queries.still_shared(actor=actor, known=known)
    staff = _staff(actor, membership, membership_queries.machine_names(actor=actor))
    assigned = {
        who for who, basis in assignments.assigned_to(actor=actor, ref=ref) if basis == AssignmentBasis.ASSIGNED
    }
    if assigned & staff:
        if not may(actor, GRANT_ACCESS):
            raise Refused(
                N_("A colleague is already assigned to this person."),
                code="assigned_already",
                remedy=N_("Your supervisor can assign someone else, too."),
            )
        if known.own and membership == actor.membership and membership not in assigned:
            words = N_(
                "Someone is already assigned. Give yourself access and enter a reason instead. This person can ask "
                "who was given access."
            )
            raise Invalid(words, code="reason_needed", fields={"membership": words})
    if membership not in assigned:
        _add_assignment(actor, ref, membership, AssignmentBasis.ASSIGNED)
    actor.log("assigned", about=[known.ref], to=str(membership))


def _staff(actor: Actor, membership: uuid.UUID, others: Collection[uuid.UUID] = ()) -> set[uuid.UUID]:
    """Return the ids of current colleagues. Raises Invalid if the membership is neither one of them nor one of `others`
    (connected systems)."""
    found = {one.id for one in membership_queries.colleagues(actor=actor) if one.ended_at is None}
    if membership not in found and membership not in others:
        raise Invalid(N_("Choose a colleague at your own agency."), fields={"membership": ""})
    return found


def reassign(*, actor: Actor, refs: Sequence[uuid.UUID], membership: uuid.UUID) -> None:
    """Assign a colleague to people whose assigned colleagues left, and end the old assignments."""
    require(actor, ASSIGN_PERSON)
    left = dict(assignments.left_behind(actor=actor))
    if not refs or not left.keys() >= set(refs):
        raise Invalid(N_("Choose at least one person from this list."), fields={"refs": ""})
    _staff(actor, membership)
    machines = membership_queries.machine_names(actor=actor)
    for ref in refs:
        theirs = {"owner": actor.agency, "about": ref, "membership": left[ref]}
        rows = Assignment.objects.filter(**theirs, basis=AssignmentBasis.ASSIGNED, ended_at=None)
        if left[ref] not in machines:  # a connected system keeps adding to the records that it opened
            rows.update(ended_at=clock.now())
        _add_assignment(actor, ref, membership, AssignmentBasis.ASSIGNED)
    actor.log("reassigned", about=refs, to=str(membership))


def grant(*, actor: Actor, ref: uuid.UUID, membership: uuid.UUID, reason: str, until: date | None = None) -> None:
    """Give a colleague access as a supervisor, until the end of a day or until someone ends the access. The reason is
    sealed with the person's releases. It never leaves the agency, and the person may ask to see it."""
    require(actor, GRANT_ACCESS)
    if not reason.strip():
        raise Invalid(
            N_("Enter a reason."), fields={"reason": N_("Enter a reason. This person can ask who was given access.")}
        )
    if until is not None and until < clock.today(actor.zone):
        raise Invalid(N_("Choose today or a later date."), fields={"until": N_("Choose today or a later date.")})
    known = queries.find_own(actor=actor, ref=ref)
    _staff(actor, membership)
    over = datetime.combine(until + timedelta(days=1), time(), ZoneInfo(actor.zone)) if until else None
    assignment = _add_assignment(actor, ref, membership, AssignmentBasis.GRANTED, over)
    write_undecided(actor=actor, known=known, payload=GrantReason(reason.strip(), str(assignment)))
    actor.log("granted", about=[known.person], to=str(membership))


def bar(*, actor: Actor, ref: uuid.UUID, membership: uuid.UUID) -> None:
    """Bar a colleague who is related to a person or has a conflict of interest. From then on, the person is hidden
    from them. Staff who may assign colleagues can bar others, and anyone can bar themselves."""
    known = queries.find_own(actor=actor, ref=ref)
    if membership == actor.membership and not may(actor, ASSIGN_PERSON):
        queries.require_access(actor=actor, known=known, action=READ_PERSON)
    else:
        require(actor, ASSIGN_PERSON)
    _staff(actor, membership)
    if (membership, AssignmentBasis.BARRED) not in assignments.assigned_to(actor=actor, ref=ref):
        _add_assignment(actor, ref, membership, AssignmentBasis.BARRED)
    actor.log("barred", about=[known.person], to=str(membership))


def end_assignment(*, actor: Actor, ref: uuid.UUID, assignment: uuid.UUID) -> None:
    """End an assignment, an access grant, or a mistaken bar, as a supervisor. No one can end their own bar, because the
    person is hidden from them."""
    require_role(actor, GRANT_ACCESS)
    known = queries.find_own(actor=actor, ref=ref)
    rows = Assignment.objects.filter(assignments.running(clock.now()), owner=actor.agency, about=ref, id=assignment)
    row = rows.first()
    if row is None:
        raise Hidden
    rows.update(ended_at=clock.now())
    actor.log("tie-ended", about=[known.person], to=str(row.membership))


@codes.entry_type("grant_reason", kind="releases")
@dataclass(frozen=True)
class GrantReason(codes.Payload):
    """Why a supervisor gave a colleague access."""

    reason: str = codes.field(N_("Why"))
    assignment: str = codes.field(N_("Access granted for this reason"))


# Two records of one person ----------------------------------------------------------------------------------------


def join_records(*, actor: Actor, known: PersonRef, other: PersonRef) -> None:
    """Join two of the agency's records that are about the same person. Both stay, and `releases` limits what is
    shared."""
    require(actor, JOIN_RECORDS)
    for one in (known, other):
        queries.require_access(actor=actor, known=queries.own_person(one), action=WRITE_PERSON, kind="releases")
    if known.person == other.person:
        raise Invalid(N_("You chose the same record. Choose a different one."), fields={"other": ""})
    if any(assignments.joined_with(actor=actor, person=one.person) for one in (known, other)):
        raise Conflict(
            N_("One of these records is already joined with another one. Separate those two first."), code="joined"
        )
    Joining.objects.create(
        owner=actor.agency,
        id=uuid.uuid4(),
        first=known.person,
        second=other.person,
        by=actor.membership,
        at=clock.now(),
    )
    actor.log("records-joined", about=[known.person, other.person])


def part_records(*, actor: Actor, known: PersonRef) -> PersonRef:
    """Separate two records that turned out to be about different people, and return the other record."""
    require(actor, JOIN_RECORDS)
    queries.require_access(actor=actor, known=queries.own_person(known), action=WRITE_PERSON, kind="releases")
    other = assignments.joined_with(actor=actor, person=known.person)
    if other is None:
        raise Conflict(N_("This record is not joined with another one."), code="not_joined")
    rows = Joining.objects.filter(owner=actor.agency, parted_at=None, first__in=[known.person, other.person])
    rows.update(parted_at=clock.now())
    actor.log("records-parted", about=[known.person, other.person])
    return queries.find(actor=actor, ref=other.person)


# Writing ----------------------------------------------------------------------------------------------------------


def write(
    *,
    actor: Actor,
    known: PersonRef,
    payload: Any,
    series: uuid.UUID | None = None,
    revision: int = 0,
    facts: queries.DecisionFacts | None = None,
) -> uuid.UUID:
    """Seal one payload as a new series, or as the revision that follows `revision` in an existing series. Raises
    Conflict if someone else saved first, and Hidden or Refused if the actor may not write this kind."""
    queries.require_access(actor=actor, known=known, action=WRITE_PERSON, kind=payload.kind, facts=facts)
    return write_undecided(actor=actor, known=known, payload=payload, series=series, revision=revision)


def write_undecided(
    *, actor: Actor, known: PersonRef, payload: Any, series: uuid.UUID | None = None, revision: int = 0
) -> uuid.UUID:
    """Do what `write` does without checking access. Use this for a change that follows from another action that the
    caller has checked, such as revoking a release, giving a colleague access, or pausing a release."""
    kind = payload.kind
    epoch = epochs.running(actor=actor, person=known.person, kind=kind)
    place = (series or uuid.uuid4(), revision + 1)
    row = _sealed_entry(actor, known.person, payload, place, epoch, clock.now())
    try:
        with transaction.atomic():
            insert([row])
    except IntegrityError as error:
        raise Conflict(code="lost_race", mine=payload) from error
    if revision:
        call_sql("entry_replaced", row.person, row.kind, row.series)
    actor.log("written", about=[known.person], kinds=[kind])
    return row.series


def _sealed_entry(
    actor: Actor, person: uuid.UUID, payload: Any, place: tuple[uuid.UUID, int], epoch: tuple[int, bytes], at: datetime
) -> Entry:
    """Return one row without storing it. `place` is its series and revision. `epoch` is the current epoch and its
    key."""
    row = Entry(
        owner=actor.agency,
        person=person,
        kind=payload.kind,
        series=place[0],
        revision=place[1],
        epoch=epoch[0],
        type=payload.code,
        schema=payload.schema,
        by=actor.membership,
        at=at,
    )
    row.sealed = sealing.encrypt(epoch[1], sealing.pad(codes.to_bytes(payload)), opening.entry_bound(row))
    return row


def open_people(*, actor: Actor, payloads: Sequence[Sequence[Any]]) -> list[PersonRef]:
    """Open records in bulk, as `open_person` and `write` do. Each list of payloads becomes a new person assigned to the
    actor."""
    require(actor, OPEN_RECORD)
    keeping.two_officers_first(actor=actor)
    now, day = clock.now(), clock.today(actor.zone)
    kinds = sorted({payload.kind for written in payloads for payload in written})
    for kind in kinds:
        assignment = rules.AssignmentRef(
            actor.membership, AssignmentBasis.ASSIGNED
        )  # the actor will be assigned to all of them
        verdict = rules.decide(queries.who(actor), WRITE_PERSON, actor.agency, kind, [assignment], [], now)
        if not verdict:
            raise Refused(verdict.words, code=verdict.reason, remedy=verdict.remedy)
    ids = [uuid.uuid4() for _ in payloads]
    insert_many([Person(owner=actor.agency, id=each, opened_on=day, state="open") for each in ids])
    me = {"owner": actor.agency, "membership": actor.membership, "by": actor.membership, "at": now}
    insert_many([Assignment(id=uuid.uuid4(), about=each, basis=AssignmentBasis.ASSIGNED.value, **me) for each in ids])
    keys = {
        (each, payload.kind): sealing.new_secret()
        for each, written in zip(ids, payloads, strict=True)
        for payload in written
    }
    insert_many(
        [epochs.new_key(actor=actor, person=each, kind=kind, epoch=1, key=key) for (each, kind), key in keys.items()]
    )
    insert_many(
        [
            _sealed_entry(actor, each, payload, (uuid.uuid4(), 1), (1, keys[each, payload.kind]), now)
            for each, written in zip(ids, payloads, strict=True)
            for payload in written
        ]
    )
    actor.log("record-opened", about=ids)
    actor.log("written", about=ids, kinds=kinds)
    return [PersonRef(each, each, actor.agency, True, "open", day) for each in ids]


# Sharing ----------------------------------------------------------------------------------------------------------


def begin_shares(
    *,
    actor: Actor,
    known: PersonRef,
    kinds: Sequence[str],
    recipient: uuid.UUID,
    purposes: Iterable[str],
    starts_at: datetime,
    ends_at: datetime,
    additions: bool,
    basis: str,
    basis_id: uuid.UUID,
    facts: queries.DecisionFacts | None = None,
) -> list[uuid.UUID]:
    """Seal the data keys of these kinds to one recipient under these terms, either all of them or none. Returns the
    share ids in the order of `kinds`. Only `releases` calls this function."""
    action, purposes = rules.sharing_action(basis), sorted(purposes)
    queries.require_access_to_all(actor=actor, known=known, action=action, kinds=kinds, facts=facts)
    require_fresh_factor(actor, action)
    if not purposes or set(purposes) - set(PURPOSES):
        raise Invalid(N_("Choose what the information can be used for."), code="no_purpose", fields={"purposes": ""})
    if any(KINDS[kind].never_shared for kind in kinds):
        raise Refused(N_("This kind of information is never shared with a partner agency."), code="never_shared")
    ways = {(actor.agency, recipient, kind) for kind in kinds}
    # lock before checking, so that this waits if a partner is leaving an agreement right now
    partners.hold_agreements(partners=[recipient])
    if partners.agreements_in_force(ways, until=starts_at) != ways:
        raise Refused(N_("No active agreement with that agency covers this."), code="agreement")
    terms = {
        "owner": actor.agency,
        "person": known.person,
        "handle": _handle(actor, known.person, recipient),
        "recipient": recipient,
        "purposes": purposes,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "basis": basis,
        "basis_id": basis_id,
        "made_at": clock.now(),
    }
    shares = [
        Share(id=uuid.uuid4(), kind=kind, additions=additions or KINDS[kind].always_later, **terms) for kind in kinds
    ]
    insert(shares)
    in_use = epochs.in_use(actor=actor, person=known.person, kinds=kinds)
    handed = [(share, epoch, key) for share in shares for epoch, key in in_use[share.kind]]
    epochs.seal_to_recipients(actor=actor, keys=handed)
    epochs.close(actor=actor, person=known.person, kinds=[share.kind for share in shares if not share.additions])
    _log_and_notify(actor, "share-begun", known, shares, basis=[f"{basis}:{basis_id}"])
    return [share.id for share in shares]


def _handle(actor: Actor, person: uuid.UUID, recipient: uuid.UUID) -> uuid.UUID:
    """Return the handle that this recipient has for the person. The handle is the same for everything shared with the
    recipient."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select handle from sharing_share where owner = %s and person = %s and recipient = %s limit 1",
            [actor.agency, person, recipient],
        )
        known = cursor.fetchone()
    return known[0] if known else uuid.uuid4()


def _log_and_notify(actor: Actor, code: str, known: PersonRef, shares: Sequence[Share], **details: Any) -> None:
    """Log one line for each recipient with all of its kinds, and send one neutral notice for each start time. A share
    that is withdrawn before it begins is treated as if it had never been made, so its notice is deleted."""
    for recipient in dict.fromkeys(share.recipient for share in shares):
        theirs = [share for share in shares if share.recipient == recipient]
        actor.log(
            code,
            about=[known.person],
            kinds=[share.kind for share in theirs],
            shares=[str(share.id) for share in theirs],
            to=str(recipient),
            **details,
        )
        for share in {share.starts_at: share for share in theirs}.values():
            _notify(share.id, _NOTICES.get(code, code))


def _notify(share: uuid.UUID, code: str) -> None:
    call_sql("notify_partner", share, code)


def end_shares(*, actor: Actor, known: PersonRef, shares: Sequence[uuid.UUID]) -> None:
    """End shares because the person revoked them. Keys are deleted and epochs closed in this transaction, so the
    partner's next click is refused."""
    queries.require_access(actor=actor, known=known, action=WITHDRAW_SHARE)
    end_shares_undecided(actor=actor, known=known, shares=shares)


def end_shares_undecided(*, actor: Actor, known: PersonRef, shares: Sequence[uuid.UUID]) -> None:
    """Do what `end_shares` does without checking access. Use this for a revocation that the caller has checked."""
    running = Share.objects.filter(owner=actor.agency, person=known.person, id__in=shares, withdrawn_at=None)
    partners.hold_agreements(partners=set(running.values_list("recipient", flat=True)))
    ending = list(running.order_by("recipient", "kind", "id"))
    running.update(withdrawn_at=clock.now())
    kinds, ids = {share.kind for share in ending}, [share.id for share in ending]
    ShareKey.objects.filter(owner=actor.agency, person=known.person, kind__in=kinds, share__in=ids).delete()
    epochs.close(actor=actor, person=known.person, kinds=kinds)
    _log_and_notify(actor, "share-ended", known, ending)


def suspend_shares_undecided(*, actor: Actor, known: PersonRef, since: Mapping[uuid.UUID, datetime | None]) -> None:
    """Suspend or resume shares. `since` maps each share to the time when its suspension starts (now or in the future)
    or to None to resume it. A share that is already suspended keeps its time. The keys stay, but no one can see them
    during the suspension."""
    now = clock.now()
    paused: list[Share] = []
    resumed: list[Share] = []
    rows = Share.objects.filter(owner=actor.agency, person=known.person, id__in=list(since), withdrawn_at=None)
    moves = {share.recipient for share in rows if share.suspended_at != since[share.id]}
    if not moves:
        return
    partners.hold_agreements(partners=moves)
    for share in rows.order_by("recipient", "kind", "id"):  # fetched again after the lock: a partner may have left
        before, after = share.suspended_at, since[share.id]
        rested, rests = (at is not None and at <= now for at in (before, after))
        if before == after or (rested and rests) or not _may_begin(share, after):
            continue
        Share.objects.filter(owner=actor.agency, id=share.id).update(suspended_at=after)
        if rested != rests:
            (paused if rests else resumed).append(share)
    _log_and_notify(actor, "share-paused", known, paused)
    _log_and_notify(actor, "share-resumed", known, resumed)


def _may_begin(share: Share, after: datetime | None) -> bool:
    """Return whether `after` may be the share's new suspension time. A share that was suspended before it began may
    begin only under an agreement in force that lasts until its start. The recipient must not see a share that could
    never be in force."""
    kept_away = share.suspended_at is not None and share.suspended_at <= share.starts_at
    if not kept_away or (after is not None and after <= share.starts_at):
        return True
    return bool(partners.agreements_in_force({(share.owner, share.recipient, share.kind)}, until=share.starts_at))


def decline(*, actor: Actor, ref: uuid.UUID, reason: str) -> None:
    """Decline a record that was shared with the actor's agency. Staff at the sending agency get a notice with only a
    reason code, and only they can end the share. A later share is offered again. Raises Hidden, Invalid, or Conflict.
    """
    require(actor, ASSIGN_PERSON)
    known = queries.find(actor=actor, ref=ref)
    queries.still_shared(actor=actor, known=known)
    if known.own:
        raise Hidden
    if reason not in codes.DECLINE_REASONS:
        raise Invalid(fields={"reason": N_("Choose a reason.")})
    if ref not in {card.handle for card in queries.waiting_for_assignment(actor=actor)}:
        raise Conflict(N_("Someone has already accepted or declined this."), code="not_waiting")
    _add_assignment(actor, ref, actor.membership, AssignmentBasis.DECLINED)
    call_sql("share_declined", ref, reason)
    actor.log("share-declined", about=[ref], to=str(known.owner))


# Notices to a partner are neutral and never say whether a share ended or is paused.
_NOTICES = {"share-paused": "share-ended", "share-resumed": "share-begun"}
