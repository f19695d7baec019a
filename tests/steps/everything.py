"""A region with its people, agreements, committees and legal requests, and one of everything that an address can name."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accord.core import clock, rooms
from accord.demo import coalition, people
from accord.legal_requests.workflows import FORWARDED
from accord.numbers.queries import current_periods
from accord.people import queries as people_queries
from accord.releases import services as releases
from accord.releases import suspension
from accord.releases.entries import CircleMember, Release
from accord.sharing import queries as sharing
from accord.sharing.assignments import assignments_of
from tests.hidden import Hidden, answers
from tests.region import World
from tests.steps import api
from tests.steps.addresses import NEVER_EXISTED, Route
from tests.steps.forms import published, workbook
from tests.steps.membership import invite
from tests.steps.official import share as share_official
from tests.steps.records import handle, open_record, release_to
from tests.steps.screening import a_step

# What `series` names on a page, by the beginning of the page's name. Elsewhere it names a release.
SERIES = {
    "casework:change_need": "need",
    "casework:change_service": "service",
    "casework:change_note": "note",
    "casework:change_application": "application",
    "screening:close_step": "step",
    "releases:member": "member",
    "legal_requests:": "letter",
    "releases:official": "official",
}
PLAIN: dict[str, object] = {"language": "es", "to": 1, "cell": "0-0-0", "page": 1, "revision": 1, "name": "file.pdf"}


@dataclass(frozen=True)
class Thing:
    """Something that an address can name, in words, with the value of each argument. For `series`, there is a value for
    each type of entry. With a `focus`, only addresses about that are asked."""

    words: str
    ids: Mapping[str, object]
    focus: str = ""

    def fits(self, route: Route) -> dict[str, object] | None:
        """Return the values for a route's arguments, or None if this thing is not what the route is about."""
        known, named = {**PLAIN, **self.ids}, {*route.arguments}
        if "series" in named:
            known["series"] = self.ids.get(_series_of(route))
            named.add(_series_of(route))
        values = {name: known.get(name) for name in route.arguments}
        is_other = self.focus not in named if self.focus else not self.ids.keys() & named
        return None if is_other or None in values.values() else values


def _series_of(route: Route) -> str:
    return next((what for start, what in SERIES.items() if route.name.startswith(start)), "release")


_HIDDEN = {name for room in rooms.rooms() for name, argument in room.arguments.items() if argument.hidden}
ABSENT = Thing(
    "nothing that exists",
    dict.fromkeys({*SERIES.values(), "release", "agency", "partner", *_HIDDEN} - {"series"}, NEVER_EXISTED),
)


def build(world: World) -> tuple[list[Thing], str]:
    """Build the region. Return everything in it that an address can name, and a connected system's token."""
    coalition.build(world)  # type: ignore[arg-type]  # a world acts as its personas, as a region does
    people.build(world)  # type: ignore[arg-type]
    with world.as_("alma") as alma:
        refs = {card.name: card.ref for card in people_queries.my_people(actor=alma)}
        suspension.record_member(actor=alma, ref=refs["Sam"], member=CircleMember("Rosa", "parent"))
        a_step(alma, refs["Sam"])
    with world.as_("aisha") as aisha:
        refs |= {card.name: card.ref for card in people_queries.my_people(actor=aisha)}
    token = api.connect(world)
    things = [*_of_people(world, refs), *_of_the_coalition(world, token), *_of_totals(world), ABSENT]
    return things, token


def _of_people(world: World, refs: Mapping[str, uuid.UUID]) -> Iterator[Thing]:
    ended = open_record(world, "Ann Over")
    over = release_to(world, ended)
    seen_as = handle(world, "elena")
    with world.as_("alma") as alma:
        _known, item = releases.find_release(actor=alma, ref=ended.ref, series=over)
        draft = releases.draft(actor=alma, ref=refs["Sam"], release=_unsigned(item.payload))
        revision = item.revision
        releases.withdraw(actor=alma, ref=ended.ref, series=over, revision=revision, how="oral", checked=True)
        sam, tomas, lucia = (_series(alma, refs[name]) for name in ("Sam", "Tomas", "Lucía"))
        mine = assignments_of(actor=alma, ref=refs["Sam"])[0].id
    theirs = open_record(world, "Ben Own", user="ben")
    shared = share_official(world, theirs)
    with world.owner() as owner:
        handles = dict(owner.execute("select person, handle from sharing_share").fetchall())
        (task,) = owner.execute("select id from work_task where about = %s limit 1", [refs["Sam"]]).fetchone()
        (unfinished,) = owner.execute("select id from drafts_draft limit 1").fetchone()
    with world.as_("alma") as alma:
        known = sharing.find(actor=alma, ref=refs["Sam"])
    finished = answers.make(world, Hidden(known))
    begun = answers.begin(world, known)
    active = next(one for one in sam.pop("releases") if one != draft)
    more = {"task": task, "draft": unfinished, "assignment": mine}
    yield Thing("Sam at Harbor House: Alma is assigned, Adele was given access", {"ref": refs["Sam"], **sam, **more})
    yield Thing("Sam, a finished form", {"ref": refs["Sam"], **finished})
    yield Thing("Sam, a form that Alma has begun", {"ref": refs["Sam"], "draft": begun}, "draft")
    yield Thing("Sam, a release in force", {"ref": refs["Sam"], "release": active}, "release")
    yield Thing("Sam, a draft release", {"ref": refs["Sam"], "release": draft}, "release")
    yield Thing(
        "Sam as Legal Aid knows them: Elena is assigned", {"ref": handles[refs["Sam"]], **sam, "release": active}
    )
    scanned = {"ref": refs["Lucía"], "release": lucia["releases"][0], "scan": lucia["scan"]}
    yield Thing("Lucía, a release with a scan", scanned, "scan")
    yield Thing("Lucía as the hospital knows them: no one is assigned", {"ref": handles[refs["Lucía"]]})
    yield Thing("Noor at Harbor House: Aisha is assigned, nothing is shared", {"ref": refs["Noor"]})
    yield Thing("Ann at Harbor House, a release that was revoked", {"ref": ended.ref, "release": over}, "release")
    yield Thing("Ann as Legal Aid knew them: no longer shared", {"ref": seen_as, "release": over})
    yield Thing("Tomas at Harbor House, a subpoena", {"ref": refs["Tomas"], "letter": tomas["letter"]}, "letter")
    yield Thing("Someone at the police, shared with the prosecutor", {"ref": theirs.ref, "official": shared})


def _unsigned(release: Release) -> Release:
    fields = {name: getattr(release, name) for name in ("recipient", "kinds", "purposes", "start", "last_day")}
    return replace(Release(**fields), text_language="es", person_languages=("es",))


_TYPES = {
    "need": ("needs", "need"),
    "service": ("services", "service"),
    "note": ("notes.case", "case_note"),
    "application": ("immigration", "application"),
    "step": ("screening", "screening_step"),
    "member": ("releases", "circle"),
    "letter": ("releases", "disclosure"),
    "scan": ("releases", "scan"),
}


def _series(actor: Any, ref: uuid.UUID) -> dict[str, Any]:
    """Return the first entry of each type in a record, and all of its releases."""
    kinds = sorted({kind for kind, _type in _TYPES.values()})
    items = people_queries.page(actor=actor, ref=ref, kinds=kinds).items
    found: dict[str, Any] = {"releases": [one.series for one in items.get("releases", ()) if one.type == "release"]}
    for name, (kind, entry_type) in _TYPES.items():
        found[name] = next((one.series for one in items.get(kind, ()) if one.type == entry_type), None)
    return found


def _of_the_coalition(world: World, token: str) -> Iterator[Thing]:
    invite(world, "adele")
    with world.owner() as owner:
        rows = owner.execute(
            "select agreement, min(giver::text)::uuid, max(giver::text)::uuid from agreements_permit group by 1"
        ).fetchall()
        pairs = {frozenset(pair): agreement for agreement, *pair in rows}
        (whole,) = owner.execute("select id from agreements_coalitionagreement limit 1").fetchone()
        (invitation,) = owner.execute("select id from membership_invitation where used_at is null limit 1").fetchone()
        (request,) = owner.execute("select exchange from exchange_step where code = %s", [FORWARDED.code]).fetchone()
        bodies = owner.execute(
            "select b.is_open, b.id, s.id, d.series from bodies_body b join bodies_seat s on s.body = b.id "
            "join bodies_decision d on d.body = b.id where s.agency = %s order by b.is_open desc",
            [world.agencies["harbor"]],
        ).fetchall()
    harbor, legal, police, da = (world.agencies[name] for name in ("harbor", "legal", "police", "da"))
    yield Thing("Harbor House and Legal Aid, in force", {"agreement": pairs[frozenset((harbor, legal))]})
    yield Thing("the police and the prosecutor, in force", {"agreement": pairs[frozenset((police, da))]})
    yield Thing("the coalition's agreement: all but the police signed", {"coalition": whole})
    yield Thing("Aisha at Harbor House", {"membership": world.memberships["aisha"]})
    yield Thing("Emil at Legal Aid", {"membership": world.memberships["emil"]})
    yield Thing("an invitation to Harbor House", {"invitation": invitation})
    yield Thing("a system connected to Harbor House", {"system": api.id_of(world, token)})
    form = published(world, workbook())
    yield Thing("a form of Harbor House, in use", {"questionnaire": form.questionnaire, "version": form.id})
    yield Thing("Legal Aid", {"partner": legal, "agency": legal})
    yield Thing("a request forwarded to Harbor House, not opened yet", {"legal_request": request})
    for is_open, body, seat, decision in bodies:
        words = "an open committee" if is_open else "a closed committee"
        yield Thing(words, {"body": body, "seat": seat, "decision": decision})


def _of_totals(world: World) -> Iterator[Thing]:
    with world.as_("ines") as ines:
        running, last = current_periods(today=clock.today(ines.zone))
    yield Thing("the running half-year", {"code": running.code})
    yield Thing("the last half-year, not submitted", {"code": last.code})
    yield Thing("a half-year that does not exist", {"code": "1066-1"})
