"""Read totals. An agency counts in its own session, the statistics unit opens submissions, and everyone can read
published tables."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings

from accord.access.actors import Actor
from accord.access.codes import KINDS, MEETS_PEOPLE, ROLES, STATISTICS, SUBMISSIONS_KEY, codes_opened_by
from accord.agencies.queries import fingerprint_of
from accord.agreements.queries import pinned_key
from accord.core import clock
from accord.core.errors import Hidden, Refused
from accord.core.exchange import Side
from accord.core.statements import fetch
from accord.core.text import N_
from accord.exchange import queries as exchanges
from accord.exchange.queries import Lane, Step
from accord.membership import queries as membership
from accord.numbers import due, rules
from accord.numbers.codes import MEASURES, PEOPLE_SERVED, TOTAL, Measure
from accord.numbers.models import Draft, Table
from accord.numbers.rules import Facts, Keys, Period, Screens
from accord.numbers.workflows import TOTALS, SubmissionState
from accord.people import queries as people
from accord.sharing import opening
from accord.sharing import queries as sharing
from accord.sharing.queries import PersonRef
from accord.vault import queries as vault
from accord.vault import sealing
from accord.vault.ring import NoKey

NAME = "identity.name"


@dataclass(frozen=True)
class Count:
    """A count inside one agency: its progress, and the counts so far."""

    stamp: uuid.UUID
    at: datetime
    done: int
    total: int
    after: str
    counts: Counter[Keys]

    @property
    def finished(self) -> bool:
        return self.done >= self.total


@dataclass(frozen=True)
class Slice:
    """One slice of a count: the counts found, how many people it covered, how many people are left, and where it
    stopped."""

    counts: Counter[Keys]
    done: int
    left: int
    after: str


@dataclass(frozen=True)
class OwnTotals:
    """The information that a privacy officer sees about one half-year in their agency. After submission, `counts` holds
    the submitted counts."""

    period: Period
    over: bool
    count: Count | None
    counts: Mapping[Keys, int]
    state: str
    revision: int
    submitted_at: datetime | None
    missing: tuple[str, ...]
    who_can: tuple[str, ...]
    roles: tuple[str, ...]
    unit: uuid.UUID
    unit_name: str
    words: str
    pinned: bool
    frozen: bool


@dataclass(frozen=True)
class Published:
    """A published table. A hidden cell is None, which does not show which rule hid the cell."""

    period: Period
    revision: int
    at: datetime
    agencies: int
    expected: int
    cells: Mapping[Keys, int | None]

    @property
    def missing(self) -> int:
        return self.expected - self.agencies

    @property
    def total(self) -> int | None:
        return next(value for keys, value in self.cells.items() if set(keys) == {TOTAL})


@dataclass(frozen=True)
class Behind:
    """The people in one count: names that the actor may read anyway, and the number of other people."""

    keys: Keys
    people: tuple[tuple[uuid.UUID, str], ...] = field(default=())
    others: int = 0


def current_periods(*, today: date) -> tuple[Period, Period]:
    """Return the current half-year and the one before it."""
    running = rules.period_of(today)
    return running, running.before()


_UNIT = "select a.owner, a.name from agencies_agency a where a.kind = %(kind)s order by a.since, a.owner limit 1"


def statistics_unit(*, actor: Actor) -> tuple[uuid.UUID, str]:
    """Return the hub's statistics unit, which agencies submit totals to. Raises Refused if the hub has none."""
    rows = fetch(_UNIT, kind=STATISTICS)
    if not rows:
        raise Refused(N_("This hub doesn't have a statistics unit yet."), code="no_unit")
    return rows[0].owner, rows[0].name


COUNTED = frozenset(
    {"birth", "service", "exploitation", "screen_result"}
)  # the entries of these kinds that are counted


# Inside an agency -------------------------------------------------------------------------------------------------


def facts_of_undecided(*, actor: Actor, refs: Sequence[PersonRef], period: Period) -> list[Facts | Screens]:
    """Open the information that the measure needs about these people, who must be the agency's own clients. The caller
    must pass on only counts."""
    kinds = period.counted.kinds
    known: dict[uuid.UUID, dict[str, list[Any]]] = {ref.person: {kind: [] for kind in kinds} for ref in refs}
    for person, item in opening.own_items_undecided(actor=actor, persons=known, kinds=kinds):
        if item.type in COUNTED:
            known[person][item.kind].append(people.dated(item) if item.type == "birth" else item.payload)
    facts_of = _served if period.counted is PEOPLE_SERVED else _screens
    return [facts_of(said, period) for said in known.values()]


def _served(said: Mapping[str, Sequence[Any]], period: Period) -> Facts | Screens:
    days = tuple(date.fromisoformat(service.day) for service in said["services"] if service.day)
    births, types = said["identity.birth"], said["exploitation"]
    age = people.age(births[-1], period.last) if births else None
    return Facts(days, age, types[-1].type if types else "unknown")


def _screens(said: Mapping[str, Sequence[Any]], period: Period) -> Facts | Screens:
    screens = (one for one in said["screening"] if one.day)
    return Screens(tuple((date.fromisoformat(one.day), one.tool, one.result) for one in screens))


def count_slice(*, actor: Actor, period: Period, after: str, size: int) -> Slice:
    """Count the next `size` people after an id, in id order."""
    chosen, left = people.own_people_after(actor=actor, after=uuid.UUID(after) if after else None, size=size)
    counts = rules.tally(facts_of_undecided(actor=actor, refs=chosen, period=period), period)
    return Slice(counts, len(chosen), left, chosen[-1].ref.hex if chosen else after)


def count_of(*, actor: Actor, period: Period) -> Count | None:
    """Return this half-year's count so far, or None."""
    row = Draft.objects.filter(owner=actor.agency, **period.which).first()
    if row is None:
        return None
    key = actor.ring.kind_key(SUBMISSIONS_KEY, row.ring_version)
    text = json.loads(sealing.decrypt(key, bytes(row.sealed), draft_bound(row)))
    return Count(row.stamp, row.at, text["done"], text["total"], text["after"], counts_from(text["cells"]))


def draft_bound(row: Draft) -> bytes:
    """Return the bytes that a sealed count is bound to."""
    return sealing.bind("totals draft", row.owner.hex, row.measure, row.version, row.period, row.stamp.hex)


def counts_to(counts: Mapping[Keys, int]) -> list[list[str | int]]:
    """Return counts in the form that is stored as JSON."""
    return [[*keys, count] for keys, count in sorted(counts.items()) if count]


def counts_from(cells: Sequence[Sequence[str | int]]) -> Counter[Keys]:
    """Return counts from JSON."""
    return Counter({tuple(str(key) for key in keys): int(count) for *keys, count in cells})


def submission_of(*, actor: Actor, period: Period) -> Lane | None:
    """Return the submission from the actor's agency with all its steps, or None."""
    found = exchanges.lanes(actor=actor, side=Side.ASKER, code=TOTALS.code, topic=due.topic_of(period))
    return found[0] if found else None


def new_submission(*, actor: Actor, period: Period) -> Lane:
    """Return a submission to the statistics unit that has no steps yet. Its id is always the same, so there can't be a
    second submission for this half-year."""
    topic = due.topic_of(period)
    return Lane(
        code=TOTALS.code,
        asker=actor.agency,
        exchange=uuid.uuid5(actor.agency, topic),
        answerer=statistics_unit(actor=actor)[0],
        topic=topic,
    )


def require_meets_people(*, actor: Actor) -> None:
    """Raise Refused if the actor's agency does not serve people directly."""
    if actor.agency_kind not in MEETS_PEOPLE:
        raise Refused(N_("Your agency doesn't serve people directly, so it has no totals to submit."), code="no_people")


def own_totals(*, actor: Actor, period: Period) -> OwnTotals:
    """Return what the privacy officer's page shows: the count, the state of the submission, and anything that prevents
    submitting."""
    require_meets_people(actor=actor)
    unit, unit_name = statistics_unit(actor=actor)
    submission, count = submission_of(actor=actor, period=period), count_of(actor=actor, period=period)
    last = submission.last if submission else None
    state = last.state if last else ""
    counts = count.counts if count and count.finished else {}
    if last and state == SubmissionState.SUBMITTED:
        counts = open_submission(actor=actor, step=last)
    keys = vault.public_keys(agency=unit)
    missing = missing_kinds(actor=actor, measure=period.counted)
    return OwnTotals(
        period=period,
        over=clock.today(actor.zone) > period.last,
        count=count,
        counts=counts,
        state=state,
        revision=last.step if last else 0,
        submitted_at=last.at if last and state == SubmissionState.SUBMITTED else None,
        missing=missing,
        who_can=_who_can(actor, period.counted) if missing else (),
        roles=_roles_that_open(actor, period.counted) if missing else (),
        unit=unit,
        unit_name=unit_name,
        words=fingerprint_of(keys),
        pinned=pinned(actor=actor, unit=unit),
        frozen=last is not None and published_since(period=period, at=last.at),
    )


def published_since(*, period: Period, at: datetime) -> bool:
    """Return whether a table for this half-year was published at or after this time. If so, a submission made at this
    time can no longer be reopened."""
    return Table.objects.filter(at__gte=at, **period.which).exists()


def missing_kinds(*, actor: Actor, measure: Measure) -> tuple[str, ...]:
    """Return the kinds of information that the actor's roles can't open, even though the agency records them and the
    measure needs them."""
    made = {code for code, _ in vault.public_keys(agency=actor.agency)}
    return tuple(code for code in measure.kinds if code in made and code not in actor.ring.codes())


def _who_can(actor: Actor, measure: Measure) -> tuple[str, ...]:
    """Return the names of colleagues whose roles open everything needed to count and submit."""
    needed = {*measure.kinds, SUBMISSIONS_KEY}
    return tuple(
        colleague.name
        for colleague in membership.colleagues(actor=actor)
        if colleague.ended_at is None and needed <= codes_opened_by(frozenset(colleague.roles))
    )


def _roles_that_open(actor: Actor, measure: Measure) -> tuple[str, ...]:
    """Return the roles in this kind of agency that open everything the measure needs."""
    able = frozenset.intersection(*(KINDS[code].opened_by for code in measure.kinds))
    return tuple(code for code in ROLES if code in able and actor.agency_kind in ROLES[code].within)


def pinned(*, actor: Actor, unit: uuid.UUID) -> bool:
    """Return whether the unit's submissions key was compared and pinned, and has not changed since then."""
    try:
        _, public, known = pinned_key(actor=actor, partner=unit, code=SUBMISSIONS_KEY)
    except LookupError:
        return False
    return sealing.same(sealing.digest(public), known)


def behind(*, actor: Actor, period: Period, keys: Keys) -> Behind:
    """Return the people in one of the agency's own counts. Only people the actor may read anyway are named, and the log
    records who they are."""
    own = people.all_own_people(actor=actor)
    everybody = sharing.find_many(actor=actor, refs=[one.ref for one in own])  # drops people the actor is barred from
    for kind in (*period.counted.kinds, NAME):
        everybody = sharing.readable_many(actor=actor, known_ones=everybody, kind=kind)
    facts = facts_of_undecided(actor=actor, refs=everybody, period=period)
    mine = [
        ref
        for ref, each in zip(everybody, facts, strict=True)
        if (cell := rules.cell_of(each, period)) and rules.added({cell: 1}, keys)
    ]
    people.keep_names_pace(actor=actor, refs=[one.ref for one in mine], limit=settings.ACCORD_LISTED_PER_HOUR)
    names = sharing.open_entries_undecided(actor=actor, known_ones=mine, kinds=[NAME])
    shown = tuple((ref.ref, names[ref.ref][NAME][-1].payload.used) for ref in mine if NAME in names[ref.ref])
    if shown:
        kinds = [*period.counted.kinds, NAME]
        about = [ref for ref, _ in shown]
        actor.log("listed-behind-figure", about=about, kinds=kinds, basis=["totals"], purpose=actor.purpose)
    total = rules.added(own_totals(actor=actor, period=period).counts, keys)
    return Behind(keys, tuple(sorted(shown, key=lambda row: row[1])), max(0, total - len(shown)))


# At the statistics unit -------------------------------------------------------------------------------------------


def _submitted(actor: Actor, period: Period) -> list[Lane]:
    return exchanges.lanes(actor=actor, side=Side.ANSWERER, code=TOTALS.code, topic=due.topic_of(period))


def newest_submissions(*, actor: Actor, period: Period) -> list[Step]:
    """Return the newest step of every agency's submission to the actor's unit."""
    return [lane.steps[-1] for lane in _submitted(actor, period)]


def open_submission(*, actor: Actor, step: Step) -> Counter[Keys]:
    """Open one agency's counts, at the unit or at the agency. Raises CannotOpen if the row was moved or edited."""
    return counts_from(json.loads(exchanges.open_step(actor=actor, step=step))["cells"])


def read_submission(*, actor: Actor, step: Step) -> Counter[Keys] | None:
    """Open one agency's counts. Returns None if they can't be opened or are not valid counts, because an agency can
    send anything."""
    try:
        return open_submission(actor=actor, step=step)
    except (sealing.CannotOpen, NoKey, LookupError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def read_submissions(
    *, actor: Actor, period: Period, sources: Collection[tuple[uuid.UUID, int]]
) -> dict[tuple[uuid.UUID, int], Counter[Keys]]:
    """Return the counts of these submissions (agency, step), whether or not they are the newest. Submissions that can't
    be opened are left out."""
    if not sources:
        return {}
    steps = [step for lane in _submitted(actor, period) for step in lane.steps]
    found = {
        (step.owner, step.step): read_submission(actor=actor, step=step)
        for step in steps
        if (step.owner, step.step) in sources and step.state == SubmissionState.SUBMITTED
    }
    return {source: counts for source, counts in found.items() if counts is not None}


# Published --------------------------------------------------------------------------------------------------------


def published() -> list[Published]:
    """Return the newest table for every half-year, newest half-year first. Anyone may read these."""
    which = ("measure", "version", "period")
    rows = Table.objects.filter(measure__in=MEASURES).order_by(*which, "-revision").distinct(*which)
    current = (row for row in rows if row.version == MEASURES[row.measure].version)
    return sorted((_table(row) for row in current), key=lambda table: table.period, reverse=True)


def published_table(*, period: Period) -> Published:
    """Return the newest table for one half-year. Raises Hidden if there is none."""
    row = Table.objects.filter(**period.which).order_by("-revision").first()
    if row is None:
        raise Hidden
    return _table(row)


def _table(row: Table) -> Published:
    cells = {tuple(keys): value for *keys, value in json.loads(row.cells)}
    return Published(
        rules.stored_period(row.measure, row.period), row.revision, row.at, row.agencies, row.expected, cells
    )
