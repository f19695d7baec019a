"""Prepare totals for the pages: charts with their tables, lists of what to do next, and the CSV file."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import KINDS, MEETS_PEOPLE, REVIEW_TOTALS, ROLES, SUBMIT_TOTALS, SUM_TOTALS
from accord.access.rules import may
from accord.core import clock
from accord.core.errors import Hidden
from accord.numbers import due, queries, rules, sums
from accord.numbers.codes import (
    MEASURES,
    MIN_CONTRIBUTORS,
    PEOPLE_SERVED,
    SHOWN,
    SUPPRESSION,
    THRESHOLD,
    TOTAL,
    Measure,
)
from accord.numbers.queries import Behind, OwnTotals, Published
from accord.numbers.rules import Keys, Period
from accord.numbers.sums import Board, Line, SumCard
from accord.numbers.workflows import SubmissionState, SumState
from accord.ui import charts
from accord.ui.components import SUPPRESSED, Column, Link, Row, Sees, Suppressed, Table, Tag, Value, WhoSees
from accord.ui.words import day, figure

ALL = "all"  # the code for a total in files, where an asterisk would need quoting
Figures = Mapping[str, int | None]


def period_name(period: Period) -> str:
    """Return a half-year's name, such as January to June 2026."""
    words = _("January to June %(year)s") if period.half == 1 else _("July to December %(year)s")
    return words % {"year": period.year}


def title(period: Period) -> str:
    """Return the measure and the half-year, such as "People served, January to June 2026"."""
    return _("%(what)s, %(period)s") % {"what": _(period.counted.name), "period": period_name(period)}


def label(measure: Measure, axis: int, key: str) -> str:
    """Return the name of a category or of the total."""
    return _("All") if key == TOTAL else _(list(measure.breakdowns.values())[axis][key])


def definition(measure: Measure) -> list[str]:
    """Return a measure's definition as a list of sentences."""
    return [_(sentence) for sentence in measure.definition]


# Charts and tables ------------------------------------------------------------------------------------------------


def _value(count: int | None) -> int | Suppressed:
    return SUPPRESSED if count is None else count


def chart(axis: int, figures: Figures, total: int | None, measure: Measure = PEOPLE_SERVED) -> charts.Chart:
    """Return a chart of the totals by one breakdown, with a headline that is true no matter what the hidden figures
    are."""
    breakdown = list(measure.breakdowns)[axis]
    rows = [(label(measure, axis, key), _value(figures[key])) for key in measure.breakdowns[breakdown]]
    return charts.bars(
        _message(measure, axis, figures, total),
        rows,
        label=_(measure.breakdown_names[breakdown]),
        unit=_("People"),
        hidden=_("suppressed to protect privacy"),
    )


def _message(measure: Measure, axis: int, figures: Figures, total: int | None) -> str:
    """Return the chart's headline. It names the largest group only if no hidden figure could be as large."""
    name = _(list(measure.breakdown_names.values())[axis])
    shown = {key: value for key, value in figures.items() if value}
    if all(value is None for value in figures.values()):
        return _("%(breakdown)s: suppressed to protect privacy") % {"breakdown": name}
    if not shown or total is None:
        return name
    largest = max(shown, key=lambda key: shown[key])
    rivals = [value for key, value in shown.items() if key != largest]
    if shown[largest] <= max([total - sum(shown.values()), *rivals]):
        return name
    return _("%(breakdown)s: the largest group is “%(group)s”") % {
        "breakdown": name,
        "group": label(measure, axis, largest),
    }


def cross_table(measure: Measure, cells: Mapping[Keys, int | None]) -> Table:
    """Return the table of a measure's first breakdown by its second. All other breakdowns are combined."""
    down, across, *others = measure.breakdowns.values()
    names, rest = list(measure.breakdown_names.values()), (TOTAL,) * len(others)
    columns = (Column(_(names[0])), *(Column(label(measure, 1, key), numeric=True) for key in (*across, TOTAL)))
    rows = [
        [label(measure, 0, one), *(_value(cells[one, other, *rest]) for other in (*across, TOTAL))]
        for one in (*down, TOTAL)
    ]
    return Table(_(measure.cross), columns, rows)


def _own_charts(measure: Measure, counts: Mapping[Keys, int]) -> list[charts.Chart]:
    total = sum(counts.values())
    return [
        chart(axis, rules.margin(counts, name, measure), total, measure) for axis, name in enumerate(measure.breakdowns)
    ]


def _own_table(period: Period, counts: Mapping[Keys, int]) -> Table:
    """Return a table of every figure above zero, with a link to the people in each count."""
    measure = period.counted
    rows: list[Sequence[Value]] = [
        [
            *(label(measure, axis, key) for axis, key in enumerate(keys)),
            Link(str(counts[keys]), reverse("numbers:behind", args=[period.code, cell_address(measure, keys)])),
        ]
        for keys in rules.all_cells(measure)
        if counts.get(keys)
    ]
    columns = (*(Column(_(name)) for name in measure.breakdown_names.values()), Column(_("People"), numeric=True))
    return Table(
        _("Each count and the people in it"),
        columns,
        rows,
        empty=_("No one was served in this reporting period.")
        if measure is PEOPLE_SERVED
        else _("No one was screened in this reporting period."),
    )


# Home -------------------------------------------------------------------------------------------------------------


def home(actor: Actor) -> dict[str, Any]:
    """Return the content of the home page: the actor's tasks and the published tables."""
    halves = queries.current_periods(today=clock.today(actor.zone))
    periods = [period.of(measure) for measure in MEASURES.values() for period in halves]
    own = may(actor, SUBMIT_TOTALS) and actor.agency_kind in MEETS_PEOPLE
    unit_pages = [(SUM_TOTALS, "numbers:sum"), (REVIEW_TOTALS, "numbers:review")]
    page = next((page for action, page in unit_pages if may(actor, action)), "")
    return {
        "own": _own_rows(actor, periods) if own else [],
        "sums": [_sum_row(sums.board(actor=actor, period=period), page) for period in periods] if page else [],
        **statistics(queries.published()),
    }


def _own_rows(actor: Actor, periods: Sequence[Period]) -> list[Row]:
    joined = due.joined(actor=actor)
    return [_own_row(actor, period, joined) for period in periods]


def _own_row(actor: Actor, period: Period, joined: date) -> Row:
    step = queries.submission_of(actor=actor, period=period)
    tag, turn = _own_state(period, step.state if step else "", clock.today(actor.zone), joined)
    return Row(title(period), reverse("numbers:own_totals", args=[period.code]), turn=turn, tag=tag)


def _own_state(period: Period, state: str, today: date, joined: date) -> tuple[Tag, str]:
    if state == SubmissionState.SUBMITTED:
        return Tag("ok", _("Submitted")), ""
    if joined > period.last:
        return Tag("plain", _("Not due")), _("Your agency joined %(day)s") % {"day": day(joined)}
    if today <= period.last:
        return Tag("plain", _("In progress")), _("Ends %(day)s") % {"day": day(period.last)}
    due = _("Due %(day)s") % {"day": day(period.due)}
    return (Tag("urgent", _("Overdue")) if today > period.due else Tag("wait", _("Waiting for you"))), due


def _sum_row(board: Board, page: str) -> Row:
    detail = _("%(some)s of %(all)s agencies have submitted") % {"some": board.submitted, "all": len(board.lines)}
    return Row(
        title(board.period),
        reverse(page, args=[board.period.code]),
        detail=detail,
        tag=_sum_tag(board),
    )


def _sum_tag(board: Board) -> Tag:
    if not board.over:
        return Tag("plain", _("In progress"))
    words: dict[str, Tag] = {
        SumState.WAITING: Tag("wait", _("Waiting for second review")),
        SumState.PUBLISHED: Tag("ok", _("Published")),
        SumState.SENT_BACK: Tag("wait", _("Sent back to the analyst")),
    }
    return words.get(board.sum.state if board.sum else "", Tag("wait", _("Not combined yet")))


# Inside an agency -------------------------------------------------------------------------------------------------


def own_totals_page(actor: Actor, seen: OwnTotals) -> dict[str, Any]:
    """Return the content of the privacy officer's page for one half-year."""
    counted = bool(seen.counts) or bool(seen.count and seen.count.finished)
    submitted = seen.state == SubmissionState.SUBMITTED
    total = sum(seen.counts.values())
    tag, turn = _own_state(seen.period, seen.state, clock.today(actor.zone), due.joined(actor=actor))
    return {
        "seen": seen,
        "period": period_name(seen.period),
        "title": title(seen.period),
        "tag": tag,
        "turn": turn,
        "counted": counted,
        "submitted": submitted,
        "ready": counted and seen.over and not submitted and not seen.missing,
        "may_count": actor.agency_kind in MEETS_PEOPLE and not submitted and not seen.missing,
        "total": _people(seen.period.counted, total),
        "charts": _own_charts(seen.period.counted, seen.counts) if total else [],
        "table": _own_table(seen.period, seen.counts),
        "definition": definition(seen.period.counted),
        "strip": _strip(actor, seen, submitted),
        "words": seen.words.split(),
        "missing": [_(KINDS[code].name) for code in seen.missing],
        "roles": [_(ROLES[code].name) for code in seen.roles],
    }


def _people(measure: Measure, total: int) -> str:
    if measure is PEOPLE_SERVED:
        return ngettext("%(n)s person served", "%(n)s people served", total) % {"n": total}
    return ngettext("%(n)s person screened", "%(n)s people screened", total) % {"n": total}


def _strip(actor: Actor, seen: OwnTotals, submitted: bool) -> WhoSees:
    unit = (
        _("these totals, without names or records")
        if submitted
        else _("nothing until you submit, then these totals without names or records")
    )
    return WhoSees((Sees(actor.agency_name, _("its privacy officers see these totals")), Sees(seen.unit_name, unit)))


def cell_address(measure: Measure, keys: Keys) -> str:
    """Return a cell as part of a URL: the position of each category in its breakdown, or 0 for a total. A word like
    "sex" would stay in the browser's history (acceptance line 100)."""
    places = ([TOTAL, *codes].index(key) for key, codes in zip(keys, measure.breakdowns.values(), strict=True))
    return "-".join(map(str, places))


def keys_from_address(measure: Measure, cell: str) -> Keys:
    """Return the cell for a part of a URL made by `cell_address`. Raises Hidden for any other text."""
    for keys in itertools.product(*([TOTAL, *codes] for codes in measure.breakdowns.values())):
        if cell_address(measure, keys) == cell:
            return keys
    raise Hidden


def behind(period: Period, found: Behind) -> dict[str, Any]:
    """Return the content of the page that lists the people in one count."""
    return {
        "code": period.code,
        "period": period_name(period),
        "cell": ", ".join(label(period.counted, axis, key) for axis, key in enumerate(found.keys)),
        "rows": [Row(name, reverse("people:person", args=[ref])) for ref, name in found.people],
        "others": found.others,
    }


# At the statistics unit -------------------------------------------------------------------------------------------


def board(actor: Actor, found: Board) -> dict[str, Any]:
    """Return the content of the statistics unit's page: who has submitted, and the combined totals."""
    late = found.over and clock.today(actor.zone) > found.period.due
    card = found.sum
    return {
        "board": found,
        "period": title(found.period),
        "due": found.period.due,
        "tag": _sum_tag(found),
        "lines": [_line(line, found, late) for line in found.lines],
        "sum": card,
        "may_sum": found.over and found.submitted >= MIN_CONTRIBUTORS and _news(found),
        "waiting": card is not None and card.state == SumState.WAITING,
        "mine": card is not None and not rules.may_review(card.analyst, actor.account.hex),
        "charts": sum_charts(card) if card else [],
        "table": _sum_table(card) if card else None,
        "definition": definition(found.period.counted),
        "suppression": _(SUPPRESSION),
        "held_back": _held_back(card),
        "words": found.words.split(),
    }


def _held_back(card: SumCard | None) -> str:
    """Return a sentence about figures that are hidden here even though a published table shows them, or an empty string
    if there are none."""
    if card is None or not card.held_back:
        return ""
    return ngettext(
        "%(n)s count that is shown in a public table is suppressed here. Otherwise, anyone could subtract "
        "one table from the other and work out the counts of the agencies that submitted later.",
        "%(n)s counts that are shown in a public table are suppressed here. Otherwise, anyone could subtract "
        "one table from the other and work out the counts of the agencies that submitted later.",
        card.held_back,
    ) % {"n": card.held_back}


def _news(found: Board) -> bool:
    """Return whether combining totals again could add anything to what is published."""
    return found.sum is None or found.sum.state != SumState.PUBLISHED or found.submitted > len(found.sum.parts)


def _line(line: Line, found: Board, late: bool) -> Row:
    if line.state == SubmissionState.SUBMITTED:
        return Row(line.name, tag=Tag("ok", _("Submitted")), aside=day(line.at))
    if line.state == SubmissionState.REOPENED:
        return Row(line.name, tag=Tag("wait", _("Reopened for corrections")), aside=day(line.at))
    if late:
        return Row(line.name, tag=Tag("urgent", _("Overdue")))
    return Row(line.name, tag=Tag("wait" if found.over else "plain", _("Not submitted yet")))


def sum_charts(card: SumCard) -> list[charts.Chart]:
    """Return the charts of combined totals as they would be published."""
    return _published_charts(card.period.counted, {cell.keys: cell.shown for cell in card.cells})


def _published_charts(measure: Measure, cells: Mapping[Keys, int | None]) -> list[charts.Chart]:
    total = cells[(TOTAL,) * len(measure.breakdowns)]
    return [chart(axis, _by(cells, axis), total, measure) for axis in range(len(measure.breakdowns))]


def _by(cells: Mapping[Keys, int | None], axis: int) -> dict[str, int | None]:
    """Return the totals by one breakdown."""
    only = {axis}
    return {
        keys[axis]: value
        for keys, value in cells.items()
        if {place for place, key in enumerate(keys) if key != TOTAL} == only
    }


def _sum_table(card: SumCard) -> Table:
    """Return the table that the analyst and the second reviewer see: every figure above zero, whether it would be
    shown, and if not, why."""
    rows: list[Sequence[Value]] = [
        [
            *(label(card.period.counted, axis, key) for axis, key in enumerate(cell.keys)),
            cell.value,
            cell.agencies,
            _why(cell.status, cell.value),
        ]
        for cell in card.cells
        if cell.value
    ]
    columns = (
        *(Column(_(name)) for name in card.period.counted.breakdown_names.values()),
        Column(_("People"), numeric=True),
        Column(_("Agencies"), numeric=True),
        Column(_("Shown?")),
    )
    return Table(_("All counts before suppression"), columns, rows)


def _why(status: str, value: int) -> Tag:
    if status == SHOWN:
        return Tag("ok", _("Shown"))
    if status == "secondary":
        return Tag("plain", _("Suppressed so that another count can't be worked out"))
    return Tag(
        "plain",
        _("Suppressed: fewer than 11")
        if value < THRESHOLD
        else _("Suppressed: too few agencies, or almost all from one agency"),
    )


# For everyone ------------------------------------------------------------------------------------------------------


def statistics(tables: Sequence[Published]) -> dict[str, Any]:
    """Return the list of published tables."""
    rows = [
        Row(
            title(found.period),
            reverse("numbers:table", args=[found.period.code]),
            detail=_("Published %(day)s") % {"day": day(found.at)},
        )
        for found in tables
    ]
    return {"published": rows}


def table(found: Published) -> dict[str, Any]:
    """Return the content of one published table's page: the total, charts with their tables, and how people were
    counted."""
    source = _("%(some)s of %(all)s agencies. %(sums)s") % {
        "some": found.agencies,
        "all": found.expected,
        "sums": _(found.period.counted.duplicated),
    }
    missing, measure = found.missing, found.period.counted
    words = {"period": period_name(found.period), "n": "" if found.total is None else figure(found.total)}
    return {
        "title": title(found.period),
        "heading": _(measure.hidden if found.total is None else measure.headline) % words,
        "code": found.period.code,
        "found": found,
        "charts": _published_charts(measure, found.cells),
        "cross": cross_table(measure, found.cells),
        "source": source,
        "missing": ngettext(
            "%(n)s agency hasn't submitted its totals.", "%(n)s agencies haven't submitted their totals.", missing
        )
        % {"n": missing}
        if missing
        else "",
        "definition": definition(measure),
        "suppression": _(SUPPRESSION),
    }


def csv_of(found: Published) -> str:
    """Return every cell of a published table as CSV, with codes instead of names. A hidden cell reads `suppressed`."""
    rows = [
        [
            *found.period.which.values(),
            *(ALL if key == TOTAL else key for key in keys),
            "suppressed" if value is None else value,
        ]
        for keys, value in found.cells.items()
    ]
    return rules.csv_text(["measure", "version", "half_year", *found.period.counted.breakdowns, "people"], rows)
