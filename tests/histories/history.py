"""A history: steps through the services next to the same steps in the model, and after each step the same answers.

One history is one database transaction that is rolled back. The clock and the sessions' idle times are moved from
outside it, so a thousand histories leave nothing behind.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accord.access.actors import Actor
from accord.access.trail import Trail
from accord.agreements import services as signing
from accord.casework.codes import Need, Service
from accord.core import clock
from accord.core.errors import AccordError, Hidden, NoLonger, Refused
from accord.demo.riverbend import ZONE
from accord.membership import queries as membership_queries
from accord.membership import services as membership
from accord.people.codes import PersonName, SafeContact
from accord.sharing import opening
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.models import Entry, Share, ShareKey
from accord.sharing.queries import PersonRef
from accord.vault.sealing import CannotOpen
from tests.histories import model as plain
from tests.histories import steps
from tests.histories.model import AGENCY, CONTACT, DAY, KINDS, NAME, NEEDS, SERVICES, Model
from tests.region import MOMENT, SET_CLOCK, World, years_on

PARTNERS = ("legal", "hospital", "police")
OFFICER = {"harbor": "adele", "legal": "emil", "hospital": "finn", "police": "bea"}
PURPOSES = ("legal_help", "case_coordination")
PAYLOAD = {
    NAME: PersonName,
    CONTACT: lambda text: SafeContact(method="text", address=text),
    NEEDS: lambda text: Need("housing", "now", text),
    SERVICES: lambda day: Service("housing", day),
}
TEXT = {NAME: "used", CONTACT: "address", NEEDS: "words", SERVICES: "day"}
STAFF = ("alma", "aisha", "adele", "elena", "emil", "farah", "ben", "dana")
Step = tuple[str, int, int, int]


@dataclass
class History:
    """One run."""

    world: World
    known: PersonRef
    model: Model
    count: int = 0
    series: dict[str, list[tuple[uuid.UUID, int]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    agreements: list[uuid.UUID] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)

    # Steps: each does the same to the application and to the model --------------------------------------------------

    def take(self, step: Step) -> None:
        name, a, b, c = step
        getattr(self, name)(a, b, c)
        if name in ("move", "renew"):
            self.actors.clear()  # whether training has lapsed is checked when an actor is made

    def write(self, a: int, b: int, _c: int) -> None:
        kind, rows = KINDS[a % len(KINDS)], self.series[KINDS[a % len(KINDS)]]
        old = rows[b % len(rows)] if rows and b % 3 else None
        self.count += 1
        text = said(kind, self.count)
        series, revision = old or (None, 0)
        with self.allowed(self.trained()), self.world.as_("alma") as alma:
            payload = PAYLOAD[kind](text)
            series = records.write(actor=alma, known=self.known, payload=payload, series=series, revision=revision)
            if old:
                rows.remove(old)
            rows.append((series, revision + 1))
            row = plain.Written(kind, series, revision + 1, self.model.open_epoch(kind), text)
            self.model.write(row)

    def begin(self, a: int, b: int, c: int) -> None:
        partner, kind = PARTNERS[a % 3], KINDS[b % len(KINDS)]
        start_in, days, additions = (0, 0, 3)[c % 3], (2, 20, 90)[c % 7 % 3], bool(c % 2)
        purposes = (PURPOSES, PURPOSES[:1], PURPOSES[1:])[(b + c) % 3]
        starts = self.model.now + start_in * DAY
        with self.allowed(self.model.agreed(partner, until=starts) and self.trained()):
            terms = {"start_in": start_in, "days": days, "additions": additions, "purposes": purposes}
            (made,) = steps.begin(self.world, self.known, partner, [kind], **terms)
            share = plain.Share(
                *(kind, partner, frozenset(purposes), starts, starts + days * DAY),
                additions or kind in plain.ALWAYS_LATER,
            )
            self.model.begin(made, share)

    def _share(self, number: int) -> uuid.UUID | None:
        living = [identity for identity, share in self.model.shares.items() if share.withdrawn is None]
        return living[number % len(living)] if living else None

    def withdraw(self, a: int, _b: int, _c: int) -> None:
        if share := self._share(a):
            steps.withdraw_shares(self.world, self.known, [share])
            self.model.withdraw(share)

    def suspend(self, a: int, b: int, _c: int) -> None:
        if share := self._share(a):
            # In a history everything may happen at one instant; what is suspended at its first instant never began.
            begun = self.model.shares[share].starts < self.model.now
            ahead = timedelta(days=2) if b % 3 == 0 else timedelta(0 if begun else 1)
            self._set_suspended(share, self.model.now + ahead)

    def lift(self, a: int, _b: int, _c: int) -> None:
        if share := self._share(a):
            self._set_suspended(share, None)

    def _set_suspended(self, share: uuid.UUID, at: datetime | None) -> None:
        with self.world.as_("alma"):
            Share.objects.filter(owner=self.known.owner, id=share).update(suspended_at=at)
        self.model.shares[share].suspended = at

    def agree(self, a: int, b: int, _c: int) -> None:
        partner = PARTNERS[a % 3]
        starts = self.model.now - (0, 370, 390)[b % 3] * DAY  # fresh, review due, review nearly too late
        ids = {"harbor": self.world.agencies["harbor"], partner: self.world.agencies[partner]}
        lines = [(ids["harbor"], ids[partner], kind) for kind in KINDS]
        with self.world.as_("grace") as grace:
            made = signing.draft_agreement(actor=grace, title="In a history", starts_at=starts, permits=lines)
        for party in ids:
            with self.world.as_(OFFICER[party]) as officer:
                signing.sign_agreement(actor=officer, agreement=made)
        self.agreements.append(made)
        self.model.pacts.append(plain.Pact(partner, starts, starts + 365 * DAY))

    def leave(self, a: int, b: int, _c: int) -> None:
        standing = [i for i, pact in enumerate(self.model.pacts) if not pact.left]
        if standing:
            number = standing[a % len(standing)]
            pact = self.model.pacts[number]
            with self.world.as_(OFFICER[("harbor", pact.partner)[b % 2]]) as officer:
                signing.end_agreement(actor=officer, agreement=self.agreements[number])
            pact.left = True
            self.model.pause_what_has_not_begun(pact.partner)

    def move(self, a: int, _b: int, _c: int) -> None:
        by = (timedelta(hours=1), DAY, 3 * DAY, 31 * DAY, 80 * DAY, 330 * DAY)[a % 6]
        self.model.now += by
        with self.world.owner() as owner:
            owner.execute("update accord.test_clock set shift = shift + %s", [by])
            owner.execute("update accounts_session set seen_at = accord.now(), created_at = accord.now()")

    def assign(self, a: int, b: int, _c: int) -> None:
        """Assign, give access or bar; at a partner, only assigning exists."""
        user = ("aisha", "elena", "adele", "farah", "elena", "emil", "ben")[a % 7]
        ref, mine = self.ref(user), AGENCY[user] == "harbor"
        if ref is None or (mine and "barred" in self.model.assignments.get("adele", ())):
            return  # for a barred supervisor the person does not exist
        member = self.world.memberships[user]
        with self.world.as_(OFFICER[AGENCY[user]]) as boss:
            if mine and b % 4 == 0:
                records.bar(actor=boss, ref=ref, membership=member)
            elif mine and (b % 4 == 1 or user == OFFICER["harbor"]):  # a supervisor gets access with a reason
                records.grant(actor=boss, ref=ref, membership=member, reason="covers tonight")
            else:
                give = partial(records.assign, actor=boss, ref=ref, membership=member)
                if not mine and not self.model.in_force(AGENCY[user]):
                    assert refusal(give) is NoLonger
                    return
                give()
        other = "granted" if user == OFFICER["harbor"] else "assigned"
        basis = {0: "barred", 1: "granted"}.get(b % 4, other) if mine else "assigned"
        self.model.assignments.setdefault(user, set()).add(basis)

    def sweep(self, _a: int, _b: int, _c: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select accord.sweep_lapsed()")
        self.model.sweep()

    def renew(self, a: int, _b: int, _c: int) -> None:
        with self.world.as_("alma") as alma:
            membership.renew_access(actor=alma)
        day = self.model.now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=366)
        self.renewed = datetime.combine(day, time(), ZoneInfo(ZONE))

    renewed: datetime | None = None

    def trained(self, user: str = "alma") -> bool:
        until = self.renewed if user == "alma" and self.renewed else self.model.trained_until
        return self.model.now < until

    @contextmanager
    def allowed(self, expected: bool) -> Iterator[None]:
        """Check that the step succeeds exactly when the model says so."""
        try:
            yield
        except Refused:
            assert not expected, "refused, and the model lets it pass"
        else:
            assert expected, "went through, and the model refuses it"

    def ref(self, user: str) -> uuid.UUID | None:
        """Return the address of the person for this colleague, if their agency has ever had a share in force."""
        if AGENCY[user] == "harbor":
            return self.known.ref
        begun = self.model.begun(AGENCY[user])
        if not begun:
            return None
        self.become("alma")
        return Share.objects.get(id=next(iter(begun))).handle

    # Comparing ----------------------------------------------------------------------------------------------------

    def check(self, users: tuple[str, ...] = STAFF) -> None:
        """Check that decision, database and key agree with the model, for each of these users and each purpose."""
        with clock.standing_still():
            self._check(users)

    def _check(self, users: tuple[str, ...]) -> None:
        for user in users:
            ref = self.ref(user)
            actor = self.become(user)
            if AGENCY[user] != "harbor":
                self._shown(user)
            for purpose in PURPOSES:
                actor.purpose = purpose
                if AGENCY[user] == "harbor":
                    self._owner_reads(user, actor, self.known)
                elif ref is not None:
                    self._partner_reads(user, actor, ref)
            if ref is not None and AGENCY[user] != "harbor":
                self._bound(actor)
        self._no_other_key()

    def become(self, user: str) -> Actor:
        """Return the actor, without the cost of a separate transaction."""
        session = self.world.session(user)
        with connection.cursor() as cursor:
            cursor.execute("select set_config('accord.ticket', %s, true)", [session.ticket])
        if user not in self.actors:
            self.actors[user] = membership_queries.actor_of(session, Trail())
        return self.actors[user]

    def _decides(self, user: str, actor: Actor, known: PersonRef) -> None:
        found = sharing.decisions(actor=actor, known=known, action="read-person", kinds=KINDS)
        for kind in KINDS:
            due = self.model.may_read(user, kind, actor.purpose) if user != "alma" else self._alma(kind)
            assert bool(found[kind]) == due, f"decide says {found[kind]} to {user} about {kind} for {actor.purpose}"

    def _alma(self, kind: str) -> bool:
        return replace(self.model, trained_until=self.renewed or self.model.trained_until).may_read("alma", kind, "")

    def _owner_reads(self, user: str, actor: Actor, known: PersonRef) -> None:
        self._decides(user, actor, known)
        if user == "alma":
            opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=KINDS)[known.ref]
            assert texts(opened) == self.model.newest(self.model.written), "the owner's own copy"

    def _shown(self, user: str) -> None:
        """Check the rows of the user's agency, no matter which colleague looks."""
        agency = AGENCY[user]
        rows = set(Entry.objects.filter(owner=self.known.owner).values_list("series", "revision"))
        due = {(row.series, row.revision) for row in self.model.shown(agency)}
        assert rows == due, f"the database shows {agency} other rows than the model"
        shares = set(Share.objects.filter(owner=self.known.owner).values_list("id", flat=True))
        assert shares == self.model.begun(agency), f"the database shows {agency} other shares than the model"

    def _partner_reads(self, user: str, actor: Actor, ref: uuid.UUID) -> None:
        agency = AGENCY[user]
        known = sharing.find(actor=actor, ref=ref)
        self._decides(user, actor, known)
        if not self.model.in_force(agency):  # nothing in force any more: "no longer", and never a reason
            assert refusal(partial(sharing.require_access, actor=actor, known=known, action="read-person")) is NoLonger
        kinds = [kind for kind in KINDS if kind in actor.ring.codes()]
        opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=kinds)[known.ref]
        readable = [row for row in self.model.shown(agency, actor.purpose) if row.kind in kinds]
        assert texts(opened) == self.model.newest(readable), f"what {user}'s key opens for {actor.purpose}"

    def _bound(self, actor: Actor) -> None:
        """Check that editing the terms makes the key useless."""
        row = ShareKey.objects.filter(owner=self.known.owner, kind__in=actor.ring.codes()).first()
        if row is None:
            return
        share, pair = Share.objects.get(id=row.share), actor.ring.inbound(row.kind, row.ring_version)
        share.ends_at += DAY
        longer = opening.share_info(share, row.owner, row.person, row.epoch, row.ring_version)
        with suppress(CannotOpen):
            pair.open(bytes(row.sealed), longer)
            raise AssertionError("a share key opens under edited terms")

    def _no_other_key(self) -> None:
        self.become("alma")
        keys = ShareKey.objects.filter(owner=self.known.owner, person=self.known.person)
        there = set(keys.values_list("share", "epoch"))
        assert there == {(i, epoch) for i, share in self.model.shares.items() for epoch in share.epochs}


def said(kind: str, count: int) -> str:
    """Return text that is new in this history; a service has only a day to say it with."""
    return (date(2001, 1, 1) + count * DAY).isoformat() if kind == SERVICES else f"text {count} of this history"


def texts(opened: dict[str, list[sharing.Item]]) -> dict[uuid.UUID, str]:
    """Return what was opened, by series."""
    return {item.series: getattr(item.payload, TEXT[item.kind]) for items in opened.values() for item in items}


def refusal(ask: Callable[[], object]) -> type[AccordError] | None:
    """Return the error that a question is refused with, or None."""
    try:
        ask()
    except (Hidden, NoLonger, Refused) as error:
        return type(error)
    return None


def prepare(world: World) -> None:
    """Sign everyone in, and leave every agreement of Harbor House that Riverbend comes with."""
    for user in {*STAFF, *OFFICER.values(), "grace"}:
        world.session(user)
    with world.owner() as owner:
        owner.execute(
            "update agreements_signature set left_at = accord.now() where owner = %s", [world.agencies["harbor"]]
        )


@contextmanager
def history(world: World) -> Iterator[History]:
    """Yield a new person with a name and a need, and agreements with two partners, without a trace afterward."""
    with world.owner() as owner:
        owner.execute(SET_CLOCK, [MOMENT])
        owner.execute("update accounts_session set seen_at = accord.now(), created_at = accord.now()")
        # The job of the worker: in a connection of its own it would not see this transaction.
        owner.execute("grant execute on function accord.sweep_lapsed() to accord_web")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select accord.now()")
            now = cursor.fetchone()[0]
        with world.as_("alma") as alma:
            known = records.open_person(actor=alma)
        day = now.astimezone(ZoneInfo(ZONE)).date()
        until = years_on(day, 1) + DAY
        run = History(
            world,
            known,
            Model(now, datetime.combine(until, time(), ZoneInfo(ZONE)), assignments={"alma": {"assigned"}}),
        )
        for step in (("write", 0, 0, 0), ("write", 2, 0, 0), ("agree", 0, 0, 0), ("agree", 1, 0, 0)):
            run.take(step)
        yield run
        transaction.set_rollback(True)
