"""Count, submit, combine, review, and publish totals. Nothing else writes totals.

The order of the steps is what protects people. An agency counts, its privacy officer reviews the count, and the count
is sealed to the statistics unit. One person there combines the totals, and another person reviews and publishes them.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction

from accord.access.actors import Actor, require
from accord.access.codes import REVIEW_TOTALS, SUBMISSIONS_KEY, SUBMIT_TOTALS, SUM_TOTALS
from accord.agencies.queries import words_of
from accord.agreements import services as signing
from accord.agreements.queries import pinned_key
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.core.statements import call_sql, lock
from accord.core.text import N_
from accord.exchange import services as exchanges
from accord.exchange.queries import Step
from accord.exchange.services import Body
from accord.numbers import queries, rules, sums
from accord.numbers.codes import MIN_CONTRIBUTORS, SLICE, THRESHOLD, TOTAL, Measure
from accord.numbers.models import Draft, Sum
from accord.numbers.queries import Count
from accord.numbers.rules import Keys, Period
from accord.numbers.sums import SumCard
from accord.numbers.workflows import SUM, SubmissionState, SubmissionStep, SumStep
from accord.statlib.protect import Cell as ProtectedCell
from accord.statlib.protect import Sum as ProtectedSum
from accord.statlib.protect import protect
from accord.vault import sealing

PROTECT_SECONDS = 5.0  # the analyst waits this long; a longer wait would hide a little less


def _require_own_people(actor: Actor, measure: Measure) -> None:
    require(actor, SUBMIT_TOTALS)
    queries.require_meets_people(actor=actor)
    if queries.missing_kinds(actor=actor, measure=measure):
        raise Refused(
            N_("Your roles don't give you access to everything that must be counted."),
            code="no_key",
            remedy=N_("A privacy officer who is also a supervisor can calculate and submit the totals."),
        )


def _one_at_a_time(period: Period) -> None:
    """Let only one transaction at a time submit, reopen, or publish this half-year's totals."""
    lock(f"totals {period.code}")


# Inside an agency -------------------------------------------------------------------------------------------------


def count(*, actor: Actor, period: Period, size: int = SLICE) -> Count:
    """Count the next slice of people. If the last count is finished, a new count starts. The count so far is stored
    sealed, so leaving the page loses nothing, and another privacy officer can continue. Raises Conflict if a colleague
    saved a slice first."""
    _require_own_people(actor, period.counted)
    last = queries.submission_of(actor=actor, period=period)
    if last and last.state == SubmissionState.SUBMITTED:
        raise Conflict(
            N_("Totals for this reporting period have already been submitted. Reopen them before you count again."),
            code="frozen",
        )
    before = queries.count_of(actor=actor, period=period)
    so_far = before if before and not before.finished else None
    part = queries.count_slice(actor=actor, period=period, after=so_far.after if so_far else "", size=size)
    done = part.done + (so_far.done if so_far else 0)
    counts = part.counts + (so_far.counts if so_far else Counter())
    result = Count(uuid.uuid4(), clock.now(), done, done + part.left, part.after, counts)
    _save_count(actor, period, result, before)
    actor.log("totals-counted", **period.which)
    return result


def _save_count(actor: Actor, period: Period, found: Count, before: Count | None) -> None:
    row = Draft(owner=actor.agency, stamp=found.stamp, at=found.at, by=actor.membership, **period.which)
    row.ring_version = actor.ring.latest(SUBMISSIONS_KEY)
    text = {"done": found.done, "total": found.total, "after": found.after, "cells": queries.counts_to(found.counts)}
    key = actor.ring.kind_key(SUBMISSIONS_KEY, row.ring_version)
    row.sealed = sealing.encrypt(key, sealing.pad(json.dumps(text).encode()), queries.draft_bound(row))
    if before is None:
        _insert(row)
        return
    changed = Draft.objects.filter(owner=actor.agency, stamp=before.stamp, **period.which).update(
        stamp=row.stamp, ring_version=row.ring_version, sealed=row.sealed, at=row.at, by=row.by
    )
    if not changed:
        raise Conflict(
            N_("A colleague is also running the count for this reporting period. Review the count again."),
            code="lost_race",
        )


def _insert(row: Draft) -> None:
    try:
        with transaction.atomic():
            Draft.objects.bulk_create([row])
    except IntegrityError as error:
        raise Conflict(N_("Someone else made a change first. Review the totals again."), code="lost_race") from error


def submit(*, actor: Actor, period: Period, stamp: uuid.UUID, compared: bool = False) -> None:
    """Seal the reviewed count (`stamp`) to the statistics unit and to the agency, and freeze the half-year. `compared`
    is True if the privacy officer has compared the unit's words by phone or in person. Nothing is sealed unless the
    words were compared now or the key was pinned earlier."""
    _require_own_people(actor, period.counted)
    _one_at_a_time(period)
    found = queries.count_of(actor=actor, period=period)
    if clock.today(actor.zone) <= period.last:
        raise Refused(N_("This reporting period isn't over yet."), code="running")
    if found is None or not found.finished or found.stamp != stamp:
        raise Conflict(N_("The count has changed since you viewed it. Review the new count."), code="stale")
    if rules.problem(found.counts, period.counted):
        raise Invalid(N_("This count includes an entry that isn't allowed in totals. Count again."))
    lane = queries.submission_of(actor=actor, period=period) or queries.new_submission(actor=actor, period=period)
    text = sealing.pad(json.dumps({"cells": queries.counts_to(found.counts)}).encode())
    body = Body(told=text, kept=text, keys={lane.answerer: _unit_key(actor, lane.answerer, compared)})
    exchanges.take(actor=actor, lanes=[lane], action=SubmissionStep.SUBMIT, body=body, **period.which)


def _unit_key(actor: Actor, unit: uuid.UUID, compared: bool) -> tuple[int, bytes]:
    """Return the unit's pinned submissions key. Raises Invalid until the unit's words have been compared, and Refused
    if the key has changed since then."""
    if compared:
        words = words_of(agency=unit)
        signing.check_keys(actor=actor, partner=unit, words=words)  # binds the agency, just as in an agreement
    try:
        version, public, pinned = pinned_key(actor=actor, partner=unit, code=SUBMISSIONS_KEY)
    except LookupError:
        sentence = N_("First, compare the six words with the statistics unit. Then check this box.")
        raise Invalid(sentence, code="unpinned", fields={"compared": sentence}) from None
    if not sealing.same(sealing.digest(public), pinned):
        raise Refused(
            N_("The statistics unit's keys have changed since they were compared. Compare the six words again."),
            code="unpinned",
        )
    return version, public


def reopen(*, actor: Actor, period: Period, reason: str) -> None:
    """Reopen a submission to correct it, as long as no table for this half-year has been published since it was
    submitted. The reason stays in the agency."""
    _require_own_people(actor, period.counted)
    if not reason.strip():
        raise Invalid(
            N_("Enter a reason."),
            fields={"reason": N_("Enter a reason. The next privacy officer will want to know why.")},
        )
    _one_at_a_time(period)
    lane = queries.submission_of(actor=actor, period=period) or queries.new_submission(actor=actor, period=period)
    if lane.last and queries.published_since(period=period, at=lane.last.at):
        raise Conflict(
            N_("The totals for this reporting period have been published and can't be reopened."), code="published"
        )
    body = Body(kept=sealing.pad(json.dumps({"reason": reason.strip()}).encode()))
    exchanges.take(actor=actor, lanes=[lane], action=SubmissionStep.REOPEN, body=body, **period.which)


# At the statistics unit -------------------------------------------------------------------------------------------


def sum_up(*, actor: Actor, period: Period, limit_seconds: float = PROTECT_SECONDS) -> uuid.UUID:
    """Combine the submitted totals and work out what may be shown. Another person must review the combined totals."""
    require(actor, SUM_TOTALS)
    rows = [
        step
        for step in queries.newest_submissions(actor=actor, period=period)
        if step.state == SubmissionState.SUBMITTED
    ]
    if len(rows) < MIN_CONTRIBUTORS:
        raise Refused(N_("At least three agencies must submit totals before you can combine them."), code="too_few")
    parts = {row.owner.hex: queries.read_submission(actor=actor, step=row) for row in rows}
    whole = {
        agency: counts
        for agency, counts in parts.items()
        if counts is not None and not rules.problem(counts, period.counted)
    }
    if len(whole) < len(parts):
        raise Refused(
            N_("One agency's submission can't be used. Ask the agencies to check their totals and submit again."),
            code="broken",
        )
    earlier = sums.ledger(actor=actor, period=period)
    if any(_sources(rows) <= set(card.parts.items()) for card in earlier):
        raise Conflict(
            N_("No agency has submitted totals since this reporting period's totals were published."),
            code="nothing_new",
        )
    cells = _protected(period.counted, whole, _sums_out(actor, period, rows, whole, earlier), limit_seconds)
    row = Sum(owner=actor.agency, id=uuid.uuid4(), **period.which)
    row.ring_version, salt = actor.ring.latest(SUBMISSIONS_KEY), sealing.new_secret()
    text = {
        "analyst": actor.account.hex,
        "parts": {each.owner.hex: each.step for each in rows},
        "cells": cells,
        "salt": salt.hex(),
        "earlier": sorted(card.id.hex for card in earlier),
        "held_back": _held_back(cells, earlier),
    }
    key = actor.ring.kind_key(SUBMISSIONS_KEY, row.ring_version)
    row.sealed = sealing.encrypt(key, sealing.pad(json.dumps(text).encode()), sums.sum_bound(row))
    shown = hashlib.sha256(salt + sums.shown_text(sums.cells_from(cells)).encode()).digest()
    summed = [[each.owner for each in rows], [each.step for each in rows]]
    if not call_sql("totals_sum", row.id, *period.which.values(), row.ring_version, row.sealed, *summed, shown):
        raise Conflict(
            N_("An agency has reopened its totals since these totals were combined. Combine the totals again."),
            code="stale",
        )
    actor.log(SUM.log(SumStep.COMBINE), sum=str(row.id), **period.which)
    return row.id


def _sources(rows: Iterable[Step]) -> set[tuple[uuid.UUID, int]]:
    return {(row.owner, row.step) for row in rows}


def _sums_out(
    actor: Actor,
    period: Period,
    rows: Sequence[Step],
    whole: Mapping[str, Counter[Keys]],
    earlier: Sequence[SumCard],
) -> list[ProtectedSum]:
    """Return this half-year's published combined totals, each with every agency's contribution and the figures
    shown."""
    known = {(row.owner, row.step): whole[row.owner.hex] for row in rows}
    needed = {source for card in earlier for source in card.parts.items()} - set(known)
    known |= queries.read_submissions(actor=actor, period=period, sources=needed)
    if not needed <= set(known):
        raise Refused(
            N_(
                "A submission included in a published table can no longer be opened. You can't create another table "
                "for this reporting period."
            )
        )
    return [
        ProtectedSum(
            rules.leaves({source[0].hex: known[source] for source in card.parts.items()}, period.counted),
            {cell.keys: cell.shown for cell in card.cells},
        )
        for card in earlier
    ]


def _protected(
    measure: Measure, parts: Mapping[str, Counter[Keys]], out: Sequence[ProtectedSum], limit_seconds: float
) -> list[list[str | int]]:
    """Return every cell, margins included, with its keys, value, number of contributing agencies, and protection
    status. Raises Refused if the grand total is already published and would have to be hidden now. People read the
    newest table, and without the grand total, that table would be worse than the one before it."""
    leaves = rules.leaves(parts, measure)
    release = protect(
        leaves,
        tuple(measure.breakdowns),
        threshold=THRESHOLD,
        rules=rules.RULES,
        sums=out,
        limit_seconds=limit_seconds,
    )
    everyone = (TOTAL,) * len(measure.breakdowns)
    if any(each.shown[everyone] is not None for each in out) and not _is_shown(release.cells, everyone):
        raise Refused(
            N_(
                "A table for this reporting period is already public, and too few agencies have submitted totals "
                "since then. Anyone could subtract one table from the other and work out those agencies' counts. "
                "Combine the totals again when more agencies have submitted theirs."
            ),
            code="difference",
            remedy=N_("Wait for more agencies to submit their totals."),
        )
    totals = rules.with_margins({leaf.keys: leaf.count for leaf in leaves})
    agencies = rules.contributors(leaves)
    return [[*cell.keys, totals[cell.keys], agencies[cell.keys], cell.status] for cell in release.cells]


def _is_shown(cells: Iterable[ProtectedCell], keys: Keys) -> bool:
    return any(cell.keys == keys and cell.value is not None for cell in cells)


def _held_back(cells: list[list[str | int]], earlier: Sequence[SumCard]) -> int:
    """Count the figures that a published table shows but these combined totals hide."""
    before = {cell.keys for card in earlier for cell in card.cells if cell.shown}
    return sum(cell.keys in before and cell.shown is None for cell in sums.cells_from(cells))


def _to_review(actor: Actor, sum_id: uuid.UUID) -> SumCard:
    require(actor, REVIEW_TOTALS)
    card = sums.waiting_sum(actor=actor, sum_id=sum_id)
    if not rules.may_review(card.analyst, actor.account.hex):
        raise Refused(N_("You combined these totals. Someone else must review them."), code="second_person")
    return card


def decide(*, actor: Actor, sum_id: uuid.UUID, decision: str) -> None:
    """Publish combined totals or send them back, as the second reviewer decides."""
    {SumStep.PUBLISH: publish, SumStep.SEND_BACK: send_back}[SumStep(decision)](actor=actor, sum_id=sum_id)


def send_back(*, actor: Actor, sum_id: uuid.UUID) -> None:
    """Send combined totals back to the analyst, as the second reviewer."""
    card = _to_review(actor, sum_id)
    if not call_sql("totals_send_back", sum_id):
        raise Hidden
    actor.log(SUM.log(SumStep.SEND_BACK), sum=str(sum_id), **card.period.which)


def publish(*, actor: Actor, sum_id: uuid.UUID) -> None:
    """Publish combined totals, as the second reviewer. Once this commits, everyone can read them. Raises Conflict if an
    agency has reopened its submission or another table has been published since the totals were combined."""
    card = _to_review(actor, sum_id)
    _one_at_a_time(card.period)
    now = {
        row.owner: row.step
        for row in queries.newest_submissions(actor=actor, period=card.period)
        if row.state == SubmissionState.SUBMITTED
    }
    if any(now.get(agency) != revision for agency, revision in card.parts.items()):
        raise Conflict(
            N_("An agency has reopened its totals since these totals were combined. Combine the totals again."),
            code="stale",
        )
    if sums.published_sums(actor=actor, period=card.period) != card.earlier:
        raise Conflict(
            N_(
                "A table for this reporting period has been published since these totals were combined. Combine the "
                "totals again."
            ),
            code="stale",
        )
    if not call_sql("totals_publish", sum_id, card.salt, card.shown_text()):
        raise Hidden
    actor.log(SUM.log(SumStep.PUBLISH), sum=str(sum_id), **card.period.which)
