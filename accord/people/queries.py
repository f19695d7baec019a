"""Name search, lists of people, and the person page."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.timezone import localdate

from accord.access.actors import Actor, require, require_role
from accord.access.codes import ASSIGN_PERSON, FIND_PERSON, GRANT_ACCESS, KINDS, READ_PERSON
from accord.access.rules import Decision, may
from accord.audit import queries as audit
from accord.core import clock, rooms
from accord.core.errors import TooFast
from accord.core.rooms import Pace
from accord.core.statements import fetch
from accord.membership import queries as membership
from accord.people import finding
from accord.people.codes import Birth, SafeContact, ages_of, born_between
from accord.people.finding import name_in
from accord.people.rules import Ages
from accord.people.team import LetIn, reasons_given
from accord.sharing import keeping
from accord.sharing import queries as sharing
from accord.sharing.assignments import AssignmentCard, assignments_of, assignments_of_many, not_ended
from accord.sharing.assignments import left_behind as with_nobody
from accord.sharing.codes import AssignmentBasis
from accord.sharing.models import Person
from accord.sharing.queries import Item, PersonRef

RECHECK_AFTER = timedelta(days=60)
PAGE = 50  # people on one page of a list
SHOWN = 20  # search results shown


@dataclass(frozen=True)
class Found:
    """A search result: the name and who is assigned. That is enough for night staff to avoid a duplicate record."""

    ref: uuid.UUID
    name: str
    keepers: tuple[str, ...]
    mine: bool
    state: str = "open"
    whole: bool = True  # False if the name is only similar to the search text


@dataclass(frozen=True)
class Search:
    """Search results, best match first. `more` is true if too many names are similar, so someone may be missing."""

    rows: list[Found]
    more: bool


@dataclass(frozen=True)
class Card:
    """A line in the actor's client list."""

    ref: uuid.UUID
    name: str
    own: bool
    agency: str
    contact: SafeContact | None
    state: str
    never: tuple[str, ...] = ()


class NotOpened(LookupError):
    """Raised when a page uses a kind of information that it did not open."""


class Entries(Mapping[str, Sequence[Item]]):
    """The entries that a page opened, by kind. Raises NotOpened for any other kind, because otherwise the page would
    say that nothing is recorded."""

    def __init__(self, kinds: Iterable[str], found: Mapping[str, Sequence[Item]]) -> None:
        self.kinds, self._found = frozenset(kinds), found

    def __getitem__(self, kind: str) -> Sequence[Item]:
        if kind not in self.kinds:
            raise NotOpened(kind)
        return self._found[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def only(self, kinds: Iterable[str]) -> Entries:
        """Return only the entries of these kinds."""
        left = self.kinds & set(kinds)
        return Entries(left, {kind: items for kind, items in self._found.items() if kind in left})


@dataclass(frozen=True)
class Page:
    """The content of a page about a person: the entries that it opened and who can see them."""

    known: PersonRef
    items: Entries
    decisions: Mapping[str | None, Decision]  # for every kind, opened or not
    shares: Sequence[sharing.ShareCard]
    assignments: Sequence[AssignmentCard]  # everyone ever assigned to this person, oldest first
    owner_name: str
    today: date

    @property
    def name(self) -> str:
        """Return the name in use, or '' if it can't be read or was not shared."""
        return self.name_item.payload.used if self.name_item else ""

    @property
    def name_item(self) -> Item | None:
        """Return the newest name entry."""
        return self._last("identity.name")

    @property
    def birth_item(self) -> Item | None:
        """Return the newest birth entry."""
        return self._last("identity.birth")

    @property
    def contact_item(self) -> Item | None:
        """Return the newest safe contact entry."""
        return self._last("contact.safe")

    @property
    def contact(self) -> SafeContact | None:
        """Return the newest safe contact if it can be read."""
        return self.contact_item.payload if self.contact_item and self.contact_item.opens else None

    @property
    def contact_is_old(self) -> bool:
        """Return whether too much time has passed since the person confirmed the safe contact."""
        return self.contact is not None and checked_long_ago(self.contact, self.today)

    @property
    def never(self) -> tuple[str, ...]:
        """Return every warning about reaching this person, newest first."""
        return warnings(self.items.get("contact.safe", ()))

    @cached_property
    def _birth(self) -> Birth:
        return dated(self.birth_item) if self.birth_item and self.birth_item.opens else Birth()

    @property
    def age(self) -> int | None:
        """Return the lowest possible age."""
        return age(self._birth, self.today)

    @property
    def age_at_most(self) -> int | None:
        """Return the highest possible age."""
        ages = ages_of(self._birth, self.today)
        return ages.most if ages else None

    @property
    def birth(self) -> date | None:
        """Return the latest possible date of birth."""
        between = born_between(self._birth)
        return between[1] if between else None

    @property
    def keepers(self) -> tuple[str, ...]:
        """Return the names of the colleagues who are currently assigned."""
        return tuple(
            assignment.name
            for assignment in not_ended(self.assignments)
            if assignment.basis == AssignmentBasis.ASSIGNED
        )

    @property
    def colleagues(self) -> dict[uuid.UUID, str]:
        """Return everyone ever assigned to this person, by membership. The result is empty for a shared person."""
        return {assignment.membership: assignment.name for assignment in self.assignments} if self.known.own else {}

    @property
    def let_in(self) -> Sequence[LetIn]:
        """Return who was given access to this person, and why. The result is empty for a shared person."""
        return (
            reasons_given(assignments=self.assignments, entries=self.items.get("releases", ()))
            if self.known.own
            else ()
        )

    def _last(self, kind: str) -> Item | None:
        rows = self.items.get(kind, ())
        return rows[-1] if rows else None


HEAD = ("identity.name", "identity.birth", "contact.safe", "releases")  # the page; `releases` has reasons for access


def kinds_shown() -> list[str]:
    """Return the kinds that the top of the person page and its panels show."""
    shown = frozenset(HEAD).union(*(panel.kinds for panel, _build in rooms.panels()))
    return [kind for kind in KINDS if kind in shown]


def panels(*, actor: Actor, page: Page) -> dict[str, list[dict[str, Any]]]:
    """Return the panels that rooms add to this page, by place. Each panel gets only the kinds that it declared."""
    found: dict[str, list[dict[str, Any]]] = {"head": [], "left": [], "right": []}
    for panel, build in rooms.panels():
        context = build(actor, replace(page, items=page.items.only(panel.kinds)))
        if context is not None:
            found[panel.place].append({"template": panel.template, "title": panel.title, "at": panel.at, **context})
    return found


def search_by_name(*, actor: Actor, text: str) -> Search:
    """Find the agency's own clients by this name or a similar one, best match first. Returns at most twenty results and
    whether others may be missing. Partner agencies are not searched."""
    require(actor, FIND_PERSON)
    names, alike, left_out = finding.candidates(actor=actor, text=text)
    best = sorted(alike, key=lambda who: (not alike[who].whole, -alike[who].score, names[who].used))
    known = sharing.find_many(actor=actor, refs=best[:SHOWN])
    keep_names_pace(actor=actor, refs=[one.ref for one in known], limit=settings.ACCORD_NAMES_PER_HOUR)
    rows = _found(actor, [(names[one.ref].used, one) for one in known])
    found = [replace(row, whole=alike[row.ref].whole) for row in rows]
    actor.log("searched", about=[row.ref for row in found])
    return Search(found, left_out or len(best) > SHOWN)


def names_to_go_on(*, actor: Actor, refs: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of some of the agency's own clients, for a list of the actor's drafts, and log this. Names that
    the actor can't read now are left out."""
    known = [one for one in sharing.find_many(actor=actor, refs=list(refs)) if one.own]
    readable = sharing.readable_many(actor=actor, known_ones=known, kind="identity.name")
    opened = sharing.open_entries_undecided(actor=actor, known_ones=readable, kinds=["identity.name"])
    names = {ref: name.used for ref, items in opened.items() if (name := name_in(items))}
    if names:
        actor.log("listed-kept", about=list(names))
    return names


def my_people(*, actor: Actor, page: int = 1, size: int = PAGE, whose: str = "", oldest: bool = False) -> list[Card]:
    """Return one page of the actor's clients: the agency's own, shared ones, or both. The newest or oldest assignments
    come first, and each page is sorted by name. Names and safe contacts are opened only if the actor may read them."""
    known = sharing.my_people(actor=actor, start=(page - 1) * size, limit=size, whose=whose, oldest=oldest)
    return _cards(actor, known)


def my_people_after(*, actor: Actor, after: uuid.UUID | None) -> tuple[list[Card], uuid.UUID | None]:
    """Return the page of clients after this ref, and the ref to continue from (None at the end). This is for programs
    that read the whole list."""
    known, last = sharing.my_people_after(actor=actor, after=after, size=PAGE)
    return _cards(actor, known), last


def _cards(actor: Actor, known: Sequence[PersonRef]) -> list[Card]:
    facts = sharing.decision_facts(actor=actor, known_ones=known)
    readable = {
        kind: {one.ref for one in sharing.readable_many(actor=actor, known_ones=known, kind=kind, facts=facts)}
        for kind in ("identity.name", "contact.safe")
    }
    # a connected system may hold only one of these keys
    held = [kind for kind in readable if kind in actor.ring.codes()]
    opened = sharing.open_entries_undecided(actor=actor, known_ones=known, kinds=held, facts=facts)
    cards = []
    for one in known:
        named, reachable = (one.ref in readable[kind] for kind in readable)
        if not (one.own or named or reachable):
            continue
        name = name_in(opened[one.ref]) if named else None
        contact = opened[one.ref].get("contact.safe", ()) if reachable else ()
        cards.append(
            Card(
                one.ref,
                name.used if name else "",
                one.own,
                actor.agency_name if one.own else facts.shares[one.owner, one.person][0].owner_name,
                contact[-1].payload if contact and contact[-1].opens else None,
                one.state,
                warnings(contact),
            )
        )
    if cards:
        actor.log("listed-my-people", about=[card.ref for card in cards])
        shown = {kind: {one.ref for one in known if opened[one.ref].get(kind)} for kind in held}
        sharing.note_listing(actor=actor, known_ones=known, kinds=shown, facts=facts)
    return sorted(cards, key=lambda card: card.name.casefold())


def page(*, actor: Actor, ref: uuid.UUID, kinds: Collection[str]) -> Page:
    """Open the given kinds that the actor may read, for a page about a person. Pass only kinds that the page shows,
    because the audit log records them as read. Raises Hidden, NoLonger, or Refused."""
    known = sharing.find(actor=actor, ref=ref)
    asked: dict[str, Any] = {
        "actor": actor,
        "known": known,
        "facts": sharing.decision_facts(actor=actor, known_ones=[known]),
    }
    verdicts = sharing.decisions(action=READ_PERSON, kinds=[None, *KINDS], **asked)
    sharing.raise_unless_allowed(verdicts[None])
    _keep_pace(actor, known)
    items = sharing.read(kinds=[*kinds], **asked)
    shares = sharing.shares_of(**asked)
    return Page(
        known=known,
        items=Entries(kinds, items),
        decisions=verdicts,
        shares=shares,
        assignments=assignments_of(actor=actor, ref=ref, ended=True),
        owner_name=actor.agency_name if known.own else shares[0].owner_name,
        today=clock.today(actor.zone),
    )


def looked_at(*, actor: Actor, page: Page) -> Sequence[audit.Line]:
    """Return who recently opened one of the agency's own records, newest first. The result is empty for a shared
    person."""
    if not page.known.own:
        return ()
    return audit.looked_at(owner=actor.agency, person=page.known.person, limit=40, opens=actor.opens)


def agency_people(*, actor: Actor, page: int, nobody: bool = False, oldest: bool = False) -> tuple[list[Found], int]:
    """Return one page of the agency's clients for a supervisor, sorted by when the record was opened, and the total
    count. A page number past the end returns the first page."""
    require_role(actor, GRANT_ACCESS)
    known, total = sharing.own_page(actor=actor, start=(page - 1) * PAGE, limit=PAGE, nobody=nobody, oldest=oldest)
    keep_names_pace(actor=actor, refs=[one.ref for one in known], limit=settings.ACCORD_LISTED_PER_HOUR)
    opened = sharing.open_entries_undecided(actor=actor, known_ones=known, kinds=["identity.name"])
    actor.log("listed-agency-people", about=[one.ref for one in known])
    names = {one.ref: found.used if (found := name_in(opened[one.ref])) else "" for one in known}
    return _found(actor, [(names[one.ref], one) for one in known]), total


def _found(actor: Actor, rows: Sequence[tuple[str, PersonRef]]) -> list[Found]:
    assignments = assignments_of_many(actor=actor, refs=[one.ref for _, one in rows])
    return [
        Found(
            one.ref,
            name,
            tuple(
                assignment.name for assignment in assignments[one.ref] if assignment.basis == AssignmentBasis.ASSIGNED
            ),
            any(assignment.membership == actor.membership for assignment in assignments[one.ref]),
            one.state,
        )
        for name, one in rows
    ]


def _keep_pace(actor: Actor, known: PersonRef) -> None:
    """Refuse to open more than a set number of different people in an hour (acceptance line 80). Raises TooFast."""
    opened = _seen_this_hour(Pace.PAGE)
    if known.ref not in opened and len(opened) >= settings.ACCORD_PEOPLE_PER_HOUR:
        raise TooFast


def keep_names_pace(*, actor: Actor, refs: Sequence[uuid.UUID], limit: int) -> None:
    """Refuse to show more than `limit` different names in an hour (acceptance line 80). Raises TooFast."""
    if refs and len(_seen_this_hour(Pace.LIST) | set(refs)) > limit:
        raise TooFast


def _seen_this_hour(pace: Pace) -> set[uuid.UUID]:
    since = clock.now() - timedelta(hours=1)
    return audit.seen_since(since=since, pace=pace)


def must_know(*, actor: Actor, ref: uuid.UUID) -> PersonRef:
    """Return the person if the agency owns the record or has a share in force. Raises Hidden or NoLonger."""
    known = sharing.find(actor=actor, ref=ref)
    sharing.still_shared(actor=actor, known=known)
    return known


def warnings(contacts: Sequence[Item]) -> tuple[str, ...]:
    """Return the warnings of all safe contact entries, newest first. Later entries do not cancel them."""
    never = [item.payload.never for item in reversed(contacts) if item.opens and item.payload.never]
    return tuple(dict.fromkeys(never))


def checked_long_ago(contact: SafeContact, today: date) -> bool:
    """Return whether the person has not confirmed this contact in the last sixty days."""
    if not contact.checked_on:
        return True
    return today - date.fromisoformat(contact.checked_on) > RECHECK_AFTER


def dated(item: Item) -> Birth:
    """Return the birth entry with the date on which the age was given, by default the entry's date."""
    birth: Birth = item.payload
    return birth if birth.said_on or not birth.years else replace(birth, said_on=localdate(item.at).isoformat())


def age(birth: Birth, day: date) -> int | None:
    """Return the lowest possible age in whole years on this day. An age given in years goes up over time."""
    ages = ages_of(birth, day)
    return ages.least if ages else None


def ages(*, actor: Actor, known: PersonRef) -> Ages | None:
    """Return a person's lowest and highest possible ages today, or None if no age is recorded or the actor may not read
    it."""
    items = sharing.read(actor=actor, known=known, kinds=["identity.birth"]).get("identity.birth", ())
    births = [item for item in items if item.opens]
    return ages_of(dated(births[-1]), clock.today(actor.zone)) if births else None


class Waiting(NamedTuple):
    """An unassigned person whose information was shared with the agency. The name is not shown yet."""

    handle: uuid.UUID
    agency: str
    last_day: date


def intake_list(*, actor: Actor) -> list[Waiting]:
    """List unassigned people whose information was shared with the agency, for an actor who may assign colleagues."""
    require(actor, ASSIGN_PERSON)
    found: dict[uuid.UUID, Waiting] = {}
    for card in sorted(sharing.waiting_for_assignment(actor=actor), key=lambda card: card.last_day):
        found[card.handle] = Waiting(card.handle, card.owner_name, card.last_day)
    return list(found.values())


def left_behind(*, actor: Actor) -> list[tuple[uuid.UUID, str, str]]:
    """List people whose assigned colleague has left, as (id or handle, name, who left). The name is included only for
    the agency's own clients, and only if the actor may search by name."""
    require(actor, ASSIGN_PERSON)
    rows = with_nobody(actor=actor)
    known = {one.ref: one for one in sharing.find_many(actor=actor, refs=[ref for ref, _ in rows])}
    own = [one for one in known.values() if one.own] if may(actor, FIND_PERSON) else []
    opened = sharing.open_entries_undecided(actor=actor, known_ones=own, kinds=["identity.name"])
    colleagues = membership.colleague_names(actor=actor)
    names = {ref: name.used for ref, items in opened.items() if (name := name_in(items))}
    if names:
        actor.log("listed-to-reassign", about=list(names))
    return [(ref, names.get(ref, ""), colleagues.get(left, "")) for ref, left in rows if ref in known]


def record_can_be_opened(*, actor: Actor) -> None:
    """Raise Refused if the agency can't open its first record yet. See `sharing.keeping.two_officers_first`."""
    keeping.two_officers_first(actor=actor)


def has_people(*, actor: Actor) -> bool:
    """Return whether the actor's agency has any records yet."""
    return Person.objects.filter(owner=actor.agency).exists()


def all_own_people(*, actor: Actor) -> list[PersonRef]:
    """Return everyone who has a record at the actor's agency, for totals computed in the actor's session."""
    rows = Person.objects.filter(owner=actor.agency)
    return [sharing.own_ref(row) for row in rows]


_OWN_AFTER = """
select p.owner, p.id, p.state, p.opened_on from sharing_person p
where p.owner = %(agency)s and p.id > %(after)s order by p.id limit %(size)s
"""
_OWN_LEFT = "select count(*) as people from sharing_person p where p.owner = %(agency)s and p.id > %(after)s"


def own_people_after(*, actor: Actor, after: uuid.UUID | None, size: int) -> tuple[list[PersonRef], int]:
    """Return the next `size` clients of the actor's agency, sorted by id, and the number of clients after them."""
    place = {"agency": actor.agency, "after": after or uuid.UUID(int=0)}
    chosen = [sharing.own_ref(row) for row in fetch(_OWN_AFTER, size=size, **place)]
    ((people,),) = fetch(_OWN_LEFT, **place)
    return chosen, people - len(chosen)
