"""Access decisions: pure functions that decide who may open which information about a person. `floor.py` makes the same
promise in SQL, so read both together.

Every access to a person's information goes through here, including pages, lists, counts, search, exports, jobs, and API
calls.

In the agency that owns the record, a colleague may open something if their role includes the action and opens the kind,
if they are assigned to the person or were given access with a reason on record, and if they are not barred. In another
agency, the same rules apply, and a share must also be in force for exactly this kind, purpose, and time, under an
agreement in force. No one else has access. To everyone else, the person appears not to exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accord.access.codes import (
    ERASE_PERSON,
    GRANT_ACCESS,
    JOIN_RECORDS,
    KINDS,
    PRINT_ACCOUNTING,
    ROLES,
    SHARE_OFFICIAL,
    SHARE_PERSON,
    WITHDRAW_SHARE,
    WRITE_PERSON,
)
from accord.access.rules import Decision
from accord.core.text import N_
from accord.sharing.codes import AssignmentBasis, ShareState


@dataclass(frozen=True)
class Who:
    """The facts about the actor that a decision depends on."""

    agency: UUID
    membership: UUID
    roles: frozenset[str]
    purpose: str
    trained: bool = True
    opens: frozenset[str] = frozenset()  # ring codes for which the session holds the key
    inward: frozenset[str] | None = None  # the kinds that a connected system may add to; None for a colleague


@dataclass(frozen=True)
class PersonRef:
    """A person as the actor may refer to them. `ref` is the id inside the owning agency and a handle outside."""

    ref: UUID
    person: UUID
    owner: UUID
    own: bool
    state: str
    opened_on: date | None = None


@dataclass(frozen=True)
class AssignmentRef:
    """A colleague's assignment to a person: assigned, given access with a reason on record, or barred (because they are
    related or have a conflict of interest)."""

    id: UUID
    basis: str


@dataclass(frozen=True)
class Terms:
    """The terms of one share."""

    id: UUID
    kind: str
    recipient: UUID
    purposes: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None
    suspended_at: datetime | None
    basis: str
    basis_id: UUID


def share_state(terms: Terms, agreed: bool, now: datetime) -> ShareState:
    """Return the state of a share now. The end is exclusive and was computed at signing. A suspension may be set for a
    future day, such as the day on which the person becomes an adult."""
    if any(at is not None and at <= terms.starts_at for at in (terms.withdrawn_at, terms.suspended_at)):
        return ShareState.NEVER
    if terms.withdrawn_at is not None:
        return ShareState.REVOKED
    if now < terms.starts_at:
        return ShareState.COMING
    if now >= terms.ends_at:
        return ShareState.EXPIRED
    if terms.suspended_at is not None and terms.suspended_at <= now:
        return ShareState.SUSPENDED
    return ShareState.IN_FORCE if agreed else ShareState.NO_AGREEMENT


def decide(
    who: Who,
    action: str,
    owner: UUID,
    kind: str | None,
    assignments: Iterable[AssignmentRef],
    shares: Iterable[tuple[Terms, bool]],
    now: datetime,
) -> Decision:
    """Decide whether `who` may perform `action` on this kind of information in a record owned by `owner`. If `kind` is
    None, decide about the person as a whole. `shares` lists the shares to the actor's agency. Each pair holds a share's
    terms, and True if an agreement is in force for the share. The default is to deny."""
    assignments = list(assignments)
    if who.agency == owner:
        return _inside(who, action, kind, assignments)
    return _across(who, action, kind, assignments, list(shares), now)


def _inside(who: Who, action: str, kind: str | None, assignments: list[AssignmentRef]) -> Decision:
    refusal = _refusal(who, action, kind, assignments)
    if refusal is not None:
        return refusal
    assignment = next(each for each in assignments if each.basis in (AssignmentBasis.ASSIGNED, AssignmentBasis.GRANTED))
    words = (
        N_("You are assigned to this person.")
        if assignment.basis == AssignmentBasis.ASSIGNED
        else N_("A supervisor gave you access and recorded a reason.")
    )
    return Decision(True, assignment.basis, words, based_on=(f"assignment:{assignment.id}",))


def _across(
    who: Who,
    action: str,
    kind: str | None,
    assignments: list[AssignmentRef],
    shares: list[tuple[Terms, bool]],
    now: datetime,
) -> Decision:
    begun, running = shared_with(who.agency, shares, now)
    if not begun:
        return Decision(False, "not_found", N_("There is nothing here."), known=False)
    if not running:
        return Decision(False, "no_longer", N_("This is no longer shared with you."), was_shared=True)
    if action in ACROSS_NEVER:
        return stays_with_the_recipient()
    of_kind = [terms for terms in running if kind is None or terms.kind == kind]
    if not of_kind:
        ended = any(terms.kind == kind for terms in begun)
        return Decision(
            False, "no_longer" if ended else "category", N_("This was not shared with you."), was_shared=ended
        )
    refusal = _refusal(who, action, kind, assignments)
    if refusal is not None:
        return refusal
    fit = [terms for terms in of_kind if who.purpose in terms.purposes]
    if not fit:
        return Decision(
            False,
            "purpose",
            N_("This was shared for a different purpose than the one you chose for your work."),
            N_("If your work matches the purpose this was shared for, choose that purpose first."),
        )
    longest_first = sorted(fit, key=lambda terms: terms.ends_at, reverse=True)
    return Decision(
        True,
        "share",
        _BASIS_WORDS.get(longest_first[0].basis, N_("This is shared with your agency.")),
        based_on=tuple(
            rest for each in longest_first for rest in (f"share:{each.id}", f"{each.basis}:{each.basis_id}")
        ),
    )


def shared_with(agency: UUID, shares: Iterable[tuple[Terms, bool]], now: datetime) -> tuple[list[Terms], list[Terms]]:
    """Return all shares to an agency that have begun, including ended ones, and those that are in force now."""
    states = [(terms, share_state(terms, agreed, now)) for terms, agreed in shares if terms.recipient == agency]
    begun = [terms for terms, state in states if state not in (ShareState.COMING, ShareState.NEVER)]
    return begun, [terms for terms, state in states if state is ShareState.IN_FORCE]


def stays_with_the_recipient() -> Decision:
    """Return the refusal for a request to change or pass on information that a partner shared."""
    return Decision(
        False,
        "onward",
        N_("You can't change or pass on what a partner agency shared with you."),
        N_("Start your own record for your own work, or ask the agency that shared this."),
    )


# Actions that a recipient can never take with shared records: changing them, sharing them onward (acceptance lines 8
# and 50), or printing the disclosure history.
ACROSS_NEVER = frozenset(
    {WRITE_PERSON, SHARE_PERSON, WITHDRAW_SHARE, PRINT_ACCOUNTING, GRANT_ACCESS, JOIN_RECORDS, ERASE_PERSON}
    | {SHARE_OFFICIAL}
)

# What a share can be based on. A systems agency shares its own records on a basis other than the person's release,
# through a separate action.
OFFICIAL = "official"
_BASIS_WORDS = {
    "release": N_("A signed release allows sharing this with your agency."),
    "order": N_("A judge ordered that this be shared with your agency, or a law requires it."),
    "mandate": N_("A law requires that this be shared with your agency."),
    OFFICIAL: N_("The agency that wrote this is sharing it because your agency has a right to know and needs to know."),
}


def sharing_action(basis: str) -> str:
    """Return the action that begins a share on this basis."""
    return SHARE_OFFICIAL if basis == OFFICIAL else SHARE_PERSON


def _refusal(who: Who, action: str, kind: str | None, assignments: list[AssignmentRef]) -> Decision | None:
    # A refusal is falsy, like every decision that does not allow something, so `or` and `if` would skip it.
    found = _role_refusal(who, action, kind)
    return _assignment_refusal(assignments) if found is None else found


def _role_refusal(who: Who, action: str, kind: str | None) -> Decision | None:
    if not who.trained and action != WITHDRAW_SHARE:  # anyone can end a share when the person says so
        return Decision(
            False,
            "training",
            N_("Your yearly training or access agreement has expired."),
            N_("Renew your training or agreement, then try again."),
        )
    if not any(action in ROLES[code].actions for code in who.roles):
        return Decision(
            False,
            "role",
            N_("Your role doesn't include this."),
            N_("A colleague whose role includes this can do it, or your privacy officer can change your role."),
        )
    if kind is not None and not _reaches(who, action, kind):
        return Decision(
            False,
            "kind",
            N_("Your role doesn't include this kind of information."),
            N_("A colleague whose role includes this kind of information can work with it."),
        )
    return None


def _reaches(who: Who, action: str, kind: str) -> bool:
    """Return whether the actor can use this kind. A colleague's role must open the kind, and the session must hold its
    key. A connected system can add to the kinds it was given and read the kinds with a key sealed to it."""
    if who.inward is None:
        return bool(who.roles & KINDS[kind].opened_by) and kind in who.opens
    return kind in (who.inward if action == WRITE_PERSON else who.opens)


def _assignment_refusal(assignments: list[AssignmentRef]) -> Decision | None:
    if any(each.basis == AssignmentBasis.BARRED for each in assignments):
        return Decision(
            False,
            "barred",
            N_("You are related to this person or have a conflict of interest."),
            N_("Ask a colleague to take over."),
        )
    if not any(each.basis in (AssignmentBasis.ASSIGNED, AssignmentBasis.GRANTED) for each in assignments):
        return Decision(
            False,
            "not_assigned",
            N_("You are not assigned to this person."),
            N_(
                "Your supervisor can assign you, or give you access and record a reason that this person can ask to "
                "see."
            ),
        )
    return None
