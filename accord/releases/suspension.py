"""Reconsider releases when something they depend on changes: a person's circle or age, an unconfirmed revocation, or
joined records.

Pauses are recomputed each time. `reconsider` checks every release that has begun against what is known today
(`suspension_rules.py`). It suspends or resumes shares accordingly, in the same transaction as the change.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accord.access.actors import Actor
from accord.access.codes import READ_PERSON, WRITE_PERSON
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Hidden, Invalid
from accord.core.text import N_
from accord.membership import queries as membership
from accord.people import queries as people_queries
from accord.people.codes import born_between
from accord.releases.codes import Pause, Task
from accord.releases.entries import CircleMember, Release
from accord.releases.lifecycle import PAUSE_TASKS
from accord.releases.signers import may_be_the_same, names_of, same_name
from accord.releases.suspension_rules import Record, Suspension, SuspensionFacts, begun, suspension_of
from accord.releases.workflows import RELEASE, Action, Status
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.assignments import assigned_to, joined_with
from accord.sharing.codes import AssignmentBasis
from accord.sharing.queries import Item, PersonRef
from accord.work import services as work

# A person's circle --------------------------------------------------------------------------------------------------


def circle_of(items: Iterable[Item]) -> list[Item]:
    """Return the entries about the person's circle from these entries of the kind `releases`."""
    return [item for item in items if item.type == "circle"]


def circle(*, actor: Actor, ref: uuid.UUID) -> tuple[PersonRef, list[Item]]:
    """Return the entries about the circle of one of the agency's own clients, for staff. Raises Hidden or Refused."""
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=READ_PERSON, kind="releases")
    return known, circle_of(sharing.read(actor=actor, known=known, kinds=["releases"]).get("releases", ()))


ALREADY_HERE = N_("Someone with this name or a similar one is already listed. Choose who this is.")


def known_by_name_undecided(*, actor: Actor, known: PersonRef, name: str, another: bool) -> list[Item]:
    """Return the entries in the person's circle with this name. Include entries with similar names, unless staff said
    that this is someone else (`another`)."""
    opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=["releases"])[known.ref]
    entries = circle_of(opened.get("releases", []))
    alike = same_name if another else may_be_the_same
    return [each for each in entries if any(same_name(one, name) or alike(one, name) for one in names_of(each.payload))]


def add_to_member(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, member: CircleMember) -> None:
    """Merge a new entry into an existing entry for the same signer. Nothing in the existing entry is lost."""
    _known, members = circle(actor=actor, ref=ref)
    item = next((each for each in members if each.series == series), None)
    if item is None:
        raise Hidden
    before = item.payload
    both = replace(
        before,
        flags=tuple(sorted({*before.flags, *member.flags})),
        languages=tuple(sorted({*before.languages, *member.languages})),
        court_paper=_both(before.court_paper, member.court_paper),
        basis=_both(before.basis, member.basis),
        others=", ".join(name for name in dict.fromkeys((*names_of(before), *names_of(member))) if name != before.name),
    )
    record_member(actor=actor, ref=ref, member=both, series=series, revision=item.revision)


def _both(before: str, typed: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (before, typed))))


def record_member(
    *,
    actor: Actor,
    ref: uuid.UUID,
    member: CircleMember,
    series: uuid.UUID | None = None,
    revision: int = 0,
    another: bool = False,
) -> uuid.UUID:
    """Save someone in the person's circle and what staff know about them. Releases signed by someone who must not sign
    are paused at once and resume if that entry is corrected. If a new entry has the same name as an existing one, or a
    similar name, this raises Invalid with `like`, so that staff choose. With `another`, staff said that this is a
    different person, which is never accepted for the same name."""
    if not member.name.strip():
        raise Invalid(N_("Enter a name."), fields={"name": N_("Enter a name.")})
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=WRITE_PERSON, kind="releases")
    if series is None and (
        like := known_by_name_undecided(actor=actor, known=known, name=member.name, another=another)
    ):
        raise Invalid(ALREADY_HERE, fields={"same_as": ALREADY_HERE}, like=like)
    kept = records.write(actor=actor, known=known, payload=member, series=series, revision=revision)
    reconsider(actor=actor, known=known)
    return kept


# Reconsidering ----------------------------------------------------------------------------------------------------


def open_record_undecided(*, actor: Actor, known: PersonRef) -> Record:
    """Read what `reconsider` needs from one record. The caller must have checked access."""
    opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=["releases", "identity.birth"])[
        known.ref
    ]
    items = opened.get("releases", [])
    births = [found for item in opened.get("identity.birth", []) if (found := born_between(people_queries.dated(item)))]
    return Record(
        known=known,
        releases=[item for item in items if item.type == "release"],
        circle={str(item.series): item.payload for item in circle_of(items)},
        birth=births[-1][1] if births else None,
    )


def other_record(*, actor: Actor, known: PersonRef) -> tuple[PersonRef, datetime] | None:
    """Return the record that is joined with this record and the date when they were joined, or None."""
    other = joined_with(actor=actor, person=known.person)
    return (sharing.find(actor=actor, ref=other.person), other.at) if other else None


def reconsider(*, actor: Actor, known: PersonRef) -> None:
    """Check every release that has begun, in this record and the one joined with it, against what is known today."""
    if "releases" not in actor.ring.codes():
        _ask_keepers(actor, known)
        return
    joined = other_record(actor=actor, known=known)
    day = clock.today(actor.zone)
    facts = SuspensionFacts(
        own=open_record_undecided(actor=actor, known=known),
        other=open_record_undecided(actor=actor, known=joined[0]) if joined else None,
        joined_at=joined[1] if joined else None,
        law=agencies.law_of(agency=actor.agency, today=day),
        zone=actor.zone,
        day=day,
        now=clock.now(),
    )
    _apply_pauses(actor, facts)
    if facts.other is not None:
        _apply_pauses(actor, replace(facts, own=facts.other, other=facts.own))


def after_age(actor: Actor, known: PersonRef) -> None:
    """Reconsider releases after an age is corrected. The person may be an adult now, or may become one before the last
    day of a release that a parent signed."""
    if known.own:
        reconsider(actor=actor, known=known)


def _ask_keepers(actor: Actor, known: PersonRef) -> None:
    """Ask the assigned colleagues to review the releases, because the actor's role can't open them."""
    if any(card.basis == "release" for card in sharing.shares_of(actor=actor, known=known)):
        for member, basis in assigned_to(actor=actor, ref=known.ref):
            if basis == AssignmentBasis.ASSIGNED:
                work.add_task(
                    actor=actor, about=known.person, code=Task.LOOK_AT_RELEASES.value, days=0, assignee=member
                )


def _apply_pauses(actor: Actor, facts: SuspensionFacts) -> None:
    """Update every release that has begun in the record, with its shares and tasks, to match what is known today."""
    known, reasons = facts.own.known, set[Pause]()
    shares = sharing.shares_of(actor=actor, known=known)
    for item in [each for each in facts.own.releases if begun(each.payload)]:
        paused = suspension_of(facts, item.payload, [card for card in shares if card.basis_id == item.series])
        _save_pauses(actor, known, item, paused)
        records.suspend_shares_undecided(actor=actor, known=known, since=paused.since)
        _move_reminder(actor, facts, item, paused)
        reasons |= paused.reasons
    for task in set(PAUSE_TASKS.values()) - {PAUSE_TASKS[reason] for reason in reasons}:
        work.close_tasks(actor=actor, about=known.person, code=task.value)


def _move_reminder(actor: Actor, facts: SuspensionFacts, item: Item, paused: Suspension) -> None:
    """Move the reminder for a release that will now pause before its last day, for example on a birthday."""
    ahead = [at for at in paused.since.values() if at is not None and at > facts.now]
    if ahead:
        place: dict[str, Any] = {
            "actor": actor,
            "about": facts.own.known.person,
            "code": Task.RELEASE_ENDS.value,
            "matter": item.series,
        }
        work.close_tasks(**place)
        work.add_task(**place, days=(min(ahead).astimezone(ZoneInfo(facts.zone)).date() - facts.day).days)


def _save_pauses(actor: Actor, known: PersonRef, item: Item, paused: Suspension) -> None:
    """Save a release's status and pause reasons if they changed, and add the tasks."""
    before = item.payload
    status, action = Status(before.status), Action.SUSPEND if paused.whole else Action.LIFT
    if RELEASE.allows(status, action):
        status = RELEASE.after(status, action)
    after = replace(before, status=status.value, pauses=tuple(sorted(paused.reasons)))
    if after == before:
        return
    records.write_undecided(  # anyone who may change what the release depends on may cause this change
        actor=actor, known=known, payload=after, series=item.series, revision=item.revision
    )
    new = {Pause(reason) for reason in set(after.pauses) - set(before.pauses)}
    everyone = _who_is_told(actor, known) if Pause.SIGNER_BARRED in new else {actor.membership}
    for task in {PAUSE_TASKS[reason] for reason in new}:
        for member in everyone:
            work.add_task(actor=actor, about=known.person, code=task.value, days=0, assignee=member)


def _who_is_told(actor: Actor, known: PersonRef) -> set[uuid.UUID]:
    """Return who gets a task when a signer turns out to be barred: everyone assigned to the person, supervisors, and
    the actor."""
    assigned = {
        member for member, basis in assigned_to(actor=actor, ref=known.ref) if basis == AssignmentBasis.ASSIGNED
    }
    return assigned | set(membership.in_role(actor=actor, role="supervisor")) | {actor.membership}


# Two records of one person ----------------------------------------------------------------------------------------


def join(*, actor: Actor, ref: uuid.UUID, other: uuid.UUID) -> None:
    """Join two records of one person. Both records are kept, and each one shares only what both allow."""
    known, second = (sharing.find(actor=actor, ref=one) for one in (ref, other))
    records.join_records(actor=actor, known=known, other=second)
    reconsider(actor=actor, known=known)


def part(*, actor: Actor, ref: uuid.UUID) -> None:
    """Separate two records that turned out to be about different people. Each record returns to its earlier state."""
    known = sharing.find(actor=actor, ref=ref)
    second = records.part_records(actor=actor, known=known)
    for one in (known, second):
        reconsider(actor=actor, known=one)


def same_terms_undecided(*, actor: Actor, known: PersonRef, release: Release) -> Mapping[uuid.UUID, Item]:
    """Return the releases in the joined record that must be revoked with this one: all that share any of the same kinds
    with the same recipient."""
    joined = other_record(actor=actor, known=known)
    if joined is None:
        return {}
    record = open_record_undecided(actor=actor, known=joined[0])
    return {
        item.series: item
        for item in record.releases
        if begun(item.payload)
        and item.payload.recipient == release.recipient
        and set(item.payload.kinds) & set(release.kinds)
    }
