"""The only way to read persons and their entries. These functions check access, open seals, and log what was opened."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accord.access.actors import Actor
from accord.access.codes import KINDS, READ_PERSON
from accord.access.rules import Decision
from accord.agencies import queries as agencies
from accord.agreements.queries import agreed
from accord.audit import queries as audit
from accord.core import clock
from accord.core.errors import Hidden, NoLonger, Refused
from accord.core.statements import build_sql, fetch
from accord.sharing import opening, rules
from accord.sharing.assignments import RUNNING, actor_params, my_assignments_many, not_barred
from accord.sharing.codes import ShareState
from accord.sharing.models import Entry
from accord.sharing.opening import Item
from accord.sharing.rules import AssignmentRef, PersonRef, Terms, Who, decide, share_state


@dataclass(frozen=True)
class ShareCard:
    """A share with its current state."""

    id: uuid.UUID
    kind: str
    recipient: uuid.UUID
    recipient_name: str
    owner_name: str
    handle: uuid.UUID
    purposes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    last_day: date
    additions: bool
    basis: str
    basis_id: uuid.UUID
    state: ShareState
    suspended_from: datetime | None = None


@dataclass(frozen=True)
class DecisionFacts:
    """The facts that decisions about some people need, apart from facts about the actor: the actor's assignments to
    these people, and the shares to the actor's agency. These facts are fetched once for one request and never
    stored."""

    assignments: Mapping[uuid.UUID, list[AssignmentRef]]
    shares: Mapping[tuple[uuid.UUID, uuid.UUID], list[Any]]

    def terms(self, known: PersonRef) -> list[tuple[Terms, bool]]:
        """Return the terms of one person's shares to the actor's agency. Each is paired with True if an agreement is in
        force for the share, and otherwise with False."""
        return [(_terms(row), row.agreed) for row in self.shares.get((known.owner, known.person), ())]


def who(actor: Actor) -> Who:
    """Return the actor in the form that a decision needs."""
    return Who(
        actor.agency, actor.membership, actor.roles, actor.purpose, actor.trained, actor.ring.codes(), actor.inward
    )


def find(*, actor: Actor, ref: uuid.UUID) -> PersonRef:
    """Find a person by the ref in a page's URL, which is the id of one of the agency's own people or the handle of a
    shared person. Raises Hidden."""
    found = find_many(actor=actor, refs=[ref])
    if not found:
        raise Hidden
    return found[0]


def find_own(*, actor: Actor, ref: uuid.UUID) -> PersonRef:
    """Find one of the agency's own people. Raises Hidden or, for a shared person, Refused."""
    return own_person(find(actor=actor, ref=ref))


def own_ref(row: Any) -> PersonRef:
    """Return a row of the actor's own agency as a PersonRef."""
    return PersonRef(row.id, row.id, row.owner, True, row.state, row.opened_on)


_OWN = build_sql(
    """
    select p.id, p.owner, p.state, p.opened_on from sharing_person p
    where p.owner = %(agency)s and p.id = any(%(refs)s) and {not_barred}
    """,
    not_barred=not_barred("p.id"),
)
_HANDLES = build_sql(
    """
    select distinct s.handle, s.person, s.owner from sharing_share s
    where s.recipient = %(agency)s and s.handle = any(%(refs)s) and {not_barred}
    """,
    not_barred=not_barred("s.handle"),
)


def find_many(*, actor: Actor, refs: Sequence[uuid.UUID]) -> list[PersonRef]:
    """Find the agency's own people by id and shared people by handle, in the order given. Unknown refs are left out. A
    person is hidden from barred colleagues on every page, in every list, and in every search (acceptance line 79)."""
    own = {row.id: row for row in fetch(_OWN, refs=list(refs), **actor_params(actor))}
    others = [ref for ref in refs if ref not in own]
    handles = {row.handle: row for row in fetch(_HANDLES, refs=others, **actor_params(actor))} if others else {}
    found = []
    for ref in refs:
        if ref in own:
            found.append(own_ref(own[ref]))
        elif ref in handles:
            share = handles[ref]
            found.append(PersonRef(ref, share.person, share.owner, False, "shared"))
    return found


_OF_THE_AGENCY = build_sql(
    """
    from sharing_person p where p.owner = %(agency)s and {not_barred} and not (%(nobody)s and exists (
      select from sharing_assignment a
      where a.owner = p.owner and a.about = p.id and a.basis = 'assigned' and {running}
    ))
    """,
    not_barred=not_barred("p.id"),
    running=RUNNING.format(row="a"),
)
_OWN_COUNT = build_sql("select count(*) {of_the_agency}", of_the_agency=_OF_THE_AGENCY)
_NEWEST, _OLDEST = (
    build_sql(
        "select p.id, p.owner, p.state, p.opened_on {of_the_agency} "
        "order by p.opened_on {way}, p.id limit %(limit)s offset %(start)s",
        of_the_agency=_OF_THE_AGENCY,
        way=way,
    )
    for way in ("desc", "asc")
)


def own_page(
    *, actor: Actor, start: int, limit: int, nobody: bool = False, oldest: bool = False
) -> tuple[list[PersonRef], int]:
    """Return one part of the list of the agency's own people, sorted by when the record was opened, and the total
    count. A start past the end returns the first page. With `nobody`, only unassigned people are listed."""
    which = {"nobody": nobody, **actor_params(actor)}
    ((total,),) = fetch(_OWN_COUNT, **which)
    start = start if start < total else 0
    found = fetch(_OLDEST if oldest else _NEWEST, start=start, limit=limit, **which)
    return [own_ref(row) for row in found], total


def _terms(share: Any) -> Terms:
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


# Shares with everything that decisions and cards need, in one statement.
_SHARES = build_sql(
    """
    select s.*, {agreed} as agreed, taker.name as recipient_name, giver.name as owner_name, giver.zone as zone
    from sharing_share s {taker} {giver}
    """,
    agreed=agreed(giver="s.owner", taker="s.recipient", kind="s.kind"),
    taker=agencies.join_agency("taker", owner="s.recipient"),
    giver=agencies.join_agency("giver", owner="s.owner"),
)
_OF_OWN = build_sql(
    "{shares} where s.owner = %(owner)s and s.person = %(person)s order by s.made_at desc, s.kind, s.id", shares=_SHARES
)
_TOWARDS = build_sql(
    """
    {shares} where s.owner = any(%(owners)s) and s.person = any(%(persons)s) and s.recipient = %(agency)s
    order by s.made_at desc, s.kind, s.id
    """,
    shares=_SHARES,
)
_WAITING = build_sql(
    """
    {shares} where s.recipient = %(agency)s and {not_barred} and not exists (
      select from sharing_assignment a
      where a.owner = %(agency)s and a.about = s.handle and ((a.basis in ('assigned', 'granted') and {running})
        or (a.basis = 'declined' and a.at >= s.made_at))
    )
    order by s.made_at, s.kind, s.id
    """,
    shares=_SHARES,
    not_barred=not_barred("s.handle"),
    running=RUNNING.format(row="a"),
)


def decision_facts(*, actor: Actor, known_ones: Sequence[PersonRef]) -> DecisionFacts:
    """Fetch what decisions about these people need, in two statements for any number of people."""
    shares: dict[tuple[uuid.UUID, uuid.UUID], list[Any]] = defaultdict(list)
    elsewhere = [known for known in known_ones if not known.own]
    if elsewhere:
        owners, persons = {known.owner for known in elsewhere}, {known.person for known in elsewhere}
        for row in fetch(_TOWARDS, owners=list(owners), persons=list(persons), agency=actor.agency):
            shares[row.owner, row.person].append(row)
    return DecisionFacts(my_assignments_many(actor=actor, refs=[known.ref for known in known_ones]), shares)


def decisions(
    *, actor: Actor, known: PersonRef, action: str, kinds: Sequence[str | None], facts: DecisionFacts | None = None
) -> dict[str | None, Decision]:
    """Return the decision for each kind. None means the person as a whole."""
    facts = facts or decision_facts(actor=actor, known_ones=[known])
    assignments, shares, now, me = facts.assignments[known.ref], facts.terms(known), clock.now(), who(actor)
    return {kind: decide(me, action, known.owner, kind, assignments, shares, now) for kind in kinds}


def still_shared(*, actor: Actor, known: PersonRef) -> None:
    """Require that the person is one of the agency's own people or has a share in force. Raises Hidden or NoLonger."""
    if known.own:
        return
    shares = decision_facts(actor=actor, known_ones=[known]).terms(known)
    begun, running = rules.shared_with(actor.agency, shares, clock.now())
    if not running:
        raise NoLonger if begun else Hidden


def require_access(
    *, actor: Actor, known: PersonRef, action: str, kind: str | None = None, facts: DecisionFacts | None = None
) -> Decision:
    """Return the decision. Raises Hidden, NoLonger, or Refused, depending on what the actor may know."""
    return require_access_to_all(actor=actor, known=known, action=action, kinds=[kind], facts=facts)[kind]


def require_access_to_all(
    *,
    actor: Actor,
    known: PersonRef,
    action: str,
    kinds: Sequence[str | None],
    facts: DecisionFacts | None = None,
) -> dict[str | None, Decision]:
    """Return the decision for each kind, or raise the error of the first refusal."""
    verdicts = decisions(actor=actor, known=known, action=action, kinds=kinds, facts=facts)
    for decision in verdicts.values():
        raise_unless_allowed(decision)
    return verdicts


def raise_unless_allowed(decision: Decision) -> None:
    """Raise Hidden, NoLonger, or Refused if the decision does not allow the action."""
    if decision:
        return
    if not decision.known:
        raise Hidden
    if decision.was_shared:
        raise NoLonger
    raise Refused(decision.words, code=decision.reason, remedy=decision.remedy)


def read(
    *, actor: Actor, known: PersonRef, kinds: Sequence[str] | None = None, facts: DecisionFacts | None = None
) -> dict[str, list[Item]]:
    """Return the newest revisions of these kinds that the actor may open, and log the reading for both agencies."""
    wanted = list(kinds) if kinds is not None else list(KINDS)
    facts = facts or decision_facts(actor=actor, known_ones=[known])
    verdicts = decisions(actor=actor, known=known, action=READ_PERSON, kinds=wanted, facts=facts)
    allowed = [kind for kind in wanted if verdicts[kind]]
    items = open_entries_undecided(actor=actor, known_ones=[known], kinds=allowed, facts=facts)[known.ref]
    if allowed:
        basis = sorted({basis_id for kind in allowed for basis_id in verdicts[kind].based_on})
        note_reading(actor=actor, known=known, kinds=[k for k in allowed if k in items] or allowed, basis=basis)
    return items


def note_reading(*, actor: Actor, known: PersonRef, kinds: Sequence[str], basis: Sequence[str]) -> None:
    """Log in the reader's log chain that something was read. For a share, also log it in the owner's chain, because the
    disclosure history is made from that chain."""
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


def note_listing(
    *,
    actor: Actor,
    known_ones: Iterable[PersonRef],
    kinds: Mapping[str, Collection[uuid.UUID]],
    facts: DecisionFacts,
) -> None:
    """Log in each owner's chain which of its clients a list just showed. Each owner gets one event with the kinds and
    basis for each person. `kinds` maps each kind to the refs that it was opened for. A list is a disclosure, just as a
    page is (acceptance lines 101 and 105)."""
    shown: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    every: dict[uuid.UUID, set[str]] = defaultdict(set)
    for known in known_ones:
        seen = [kind for kind, refs in kinds.items() if known.ref in refs]
        if seen and not known.own:
            verdicts = decisions(actor=actor, known=known, action=READ_PERSON, kinds=seen, facts=facts)
            basis = sorted({basis_id for decision in verdicts.values() for basis_id in decision.based_on})
            shown[known.owner][known.person] = audit.each_person(person=known.person, kinds=seen, basis=basis)
            every[known.owner].update(seen)
    for owner, people in shown.items():
        actor.trail.add(
            owner,
            "read-by-partner",
            about=list(people),
            kinds=sorted(every[owner]),
            each=list(people.values()),
            purpose=actor.purpose,
        )


def open_entries_undecided(
    *, actor: Actor, known_ones: Sequence[PersonRef], kinds: Sequence[str], facts: DecisionFacts | None = None
) -> dict[uuid.UUID, dict[str, list[Item]]]:
    """Open the newest visible revision of every series without checking access. Call `read` or `readable_many` first. A
    partner's entry that can't be opened is returned as unreadable. If one of the agency's own entries does not open,
    that is an error."""
    opened: dict[uuid.UUID, dict[str, list[Item]]] = {known.ref: {} for known in known_ones}
    own, shared = ([known for known in known_ones if known.own is mine] for mine in (True, False))
    for person, item in opening.own_items_undecided(actor=actor, persons=[known.person for known in own], kinds=kinds):
        opened[person].setdefault(item.kind, []).append(item)  # for the agency's own people, the ref is the id
    if shared and kinds:
        facts = facts or decision_facts(actor=actor, known_ones=shared)
        shares = {row.id: row for known in shared for row in facts.shares[known.owner, known.person]}
        for ref, item in opening.given_items_undecided(actor=actor, known_ones=shared, kinds=kinds, shares=shares):
            opened[ref].setdefault(item.kind, []).append(item)
    for by_kind in opened.values():
        for items in by_kind.values():
            items.sort(key=lambda item: (item.at, item.series))
    return opened


def newest_revision_undecided(
    *, actor: Actor, known: PersonRef, kind: str, series: uuid.UUID
) -> tuple[str, int] | None:
    """Return the type and newest revision of a series in one of the agency's own records, or None. This opens nothing
    and checks no access."""
    rows = Entry.objects.filter(owner=actor.agency, person=known.person, kind=kind, series=series).order_by("-revision")
    row = rows.first()
    return (row.type, row.revision) if row else None


def kind_of_undecided(*, known: PersonRef, series: uuid.UUID) -> str:
    """Return the kind of a series, or an empty string if there is no entry that the floor shows. This opens nothing and
    checks no access."""
    kinds = Entry.objects.filter(owner=known.owner, person=known.person, series=series).values_list("kind", flat=True)
    return kinds.first() or ""


def revisions(*, actor: Actor, known: PersonRef, kind: str, series: uuid.UUID) -> list[Item]:
    """Return every revision of one series about one of the agency's own people, newest first, and log the reading.
    Raises Hidden, NoLonger, or Refused."""
    verdict = require_access(actor=actor, known=own_person(known), action=READ_PERSON, kind=kind)
    found = opening.own_revisions_undecided(actor=actor, person=known.person, kind=kind, series=series)
    note_reading(actor=actor, known=known, kinds=[kind], basis=sorted(verdict.based_on))
    return found


def newest_of(*, actor: Actor, known: PersonRef, kind: str, series: uuid.UUID) -> Item | None:
    """Return the newest item in a series for an actor whose save came second, or None if they may not read it."""
    items = read(actor=actor, known=known, kinds=[kind]).get(kind, ())
    return next((item for item in items if item.series == series), None)


def readable_many(
    *, actor: Actor, known_ones: Sequence[PersonRef], kind: str, facts: DecisionFacts | None = None
) -> list[PersonRef]:
    """Return the people whose entries of this kind the actor may read now. The decision is the same as for one
    person."""
    facts = facts or decision_facts(actor=actor, known_ones=known_ones)
    now, me = clock.now(), who(actor)
    return [
        s for s in known_ones if decide(me, READ_PERSON, s.owner, kind, facts.assignments[s.ref], facts.terms(s), now)
    ]


_ASSIGNED_TO_ME = build_sql(
    """
    from sharing_assignment a
    where a.owner = %(agency)s and a.membership = %(membership)s and a.basis in ('assigned', 'granted')
      and {running} and {not_barred}
    """,
    running=RUNNING.format(row="a"),
    not_barred=not_barred("a.about"),
)
_IS_OWN = "exists (select from sharing_person p where p.owner = %(agency)s and p.id = a.about)"
_MINE = {
    (whose, oldest): build_sql(
        "select a.about {assigned_to_me} and {which} group by a.about order by max(a.at) {way}, a.about "
        "limit %(limit)s offset %(start)s",
        assigned_to_me=_ASSIGNED_TO_ME,
        which=which,
        way="asc" if oldest else "desc",
    )
    for whose, which in (("", "true"), ("own", _IS_OWN), ("shared", f"not {_IS_OWN}"))
    for oldest in (False, True)
}
_MINE_AFTER = build_sql(
    "select distinct a.about {assigned_to_me} and a.about > %(after)s order by a.about limit %(limit)s",
    assigned_to_me=_ASSIGNED_TO_ME,
)
_MINE_COUNT = build_sql(
    """
    select count(*) as total, count(p.id) as own from (select distinct a.about {assigned_to_me}) mine
    left join sharing_person p on p.owner = %(agency)s and p.id = mine.about
    """,
    assigned_to_me=_ASSIGNED_TO_ME,
)


def my_people(
    *, actor: Actor, start: int = 0, limit: int | None = None, whose: str = "", oldest: bool = False
) -> list[PersonRef]:
    """Return the people the actor is assigned to or has access to, newest or `oldest` assignment first. Without a
    `limit`, this returns all of them from position `start`. `whose` is "own", "shared", or empty for both."""
    statement = _MINE[whose, oldest]
    refs = [row.about for row in fetch(statement, start=start, limit=limit, **actor_params(actor))]
    return find_many(actor=actor, refs=refs)


def my_people_after(*, actor: Actor, after: uuid.UUID | None, size: int) -> tuple[list[PersonRef], uuid.UUID | None]:
    """Return the next `size` people the actor is assigned to or has access to, sorted by ref, and the ref to continue
    from (None at the end). Anyone who is in the list from the first page to the last is returned exactly once."""
    found = fetch(_MINE_AFTER, after=after or uuid.UUID(int=0), limit=size + 1, **actor_params(actor))
    refs = [row.about for row in found]
    return find_many(actor=actor, refs=refs[:size]), refs[size - 1] if len(refs) > size else None


def my_people_count(*, actor: Actor) -> tuple[int, int]:
    """Return how many people the actor is assigned to or has access to, and how many of them are the agency's own."""
    ((total, own),) = fetch(_MINE_COUNT, **actor_params(actor))
    return total, own


def waiting_for_assignment(*, actor: Actor) -> list[ShareCard]:
    """Return the agency's intake list: shares in force for people who have no one assigned at this agency yet."""
    return [card for card in _cards(fetch(_WAITING, **actor_params(actor))) if card.state is ShareState.IN_FORCE]


def shares_of(*, actor: Actor, known: PersonRef, facts: DecisionFacts | None = None) -> list[ShareCard]:
    """Return every share of one of the agency's own people or, for a shared person, the shares to the actor's agency.
    The newest come first."""
    if known.own:
        return _cards(fetch(_OF_OWN, owner=known.owner, person=known.person))
    facts = facts or decision_facts(actor=actor, known_ones=[known])
    return _cards(facts.shares[known.owner, known.person])


def _cards(rows: Iterable[Any]) -> list[ShareCard]:
    """Return cards for rows of `_SHARES`."""
    now = clock.now()
    return [
        ShareCard(
            row.id,
            row.kind,
            row.recipient,
            row.recipient_name,
            row.owner_name,
            row.handle,
            tuple(row.purposes),
            row.starts_at,
            row.ends_at,
            last_day(row.ends_at, row.zone),
            row.additions,
            row.basis,
            row.basis_id,
            share_state(_terms(row), row.agreed, now),
            row.suspended_at,
        )
        for row in rows
    ]


def last_day(ends_at: datetime, zone: str) -> date:
    """Return the last day of a share in its owner's time zone. The share ends at the start of the next day."""
    return (ends_at.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


def own_person(known: PersonRef) -> PersonRef:
    """Return the person if the actor's agency owns the record. Raises Refused otherwise."""
    if not known.own:
        onward = rules.stays_with_the_recipient()
        raise Refused(onward.words, code=onward.reason, remedy=onward.remedy)
    return known
