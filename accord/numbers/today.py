"""The parts of *Today* about totals: totals to submit, combine, or review, and the published tables."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import READ_PERSON, READ_TOTALS, REVIEW_TOTALS, SUBMIT_TOTALS, SUM_TOTALS
from accord.access.rules import may
from accord.access.today import Part, Turn, today_of
from accord.numbers import due
from accord.numbers.presenters import period_name
from accord.numbers.rules import Period, period_of
from accord.numbers.workflows import SumState
from accord.ui.components import Link, Row, Tag
from accord.ui.words import day, distance


def lines(actor: Actor) -> Iterator[Turn | Part]:
    """Yield the tasks to submit, combine, and review totals. The statistics unit also sees which agencies are late.
    People who can't open client records see the newest published table, and when totals for the next one are due."""
    if may(actor, SUBMIT_TOTALS):
        yield from _own(actor)
    if may(actor, SUM_TOTALS) or may(actor, REVIEW_TOTALS):
        unit = due.unit(actor=actor)
        yield from _sums(actor, unit)
        yield _late(actor, unit)
    if may(actor, READ_TOTALS) and not may(actor, READ_PERSON):
        yield _published(actor)


def _own(actor: Actor) -> Iterator[Turn]:
    period = due.owes(actor=actor)
    if period:
        words = _("Submit your totals for %(period)s") % {"period": period_name(period)}
        why = _("Only counts are submitted, and you review them first.")
        yield Turn(words, reverse("numbers:own_totals", args=[period.code]), why, due=period.due)


def _sums(actor: Actor, unit: due.Unit) -> Iterator[Turn]:
    values = {"period": period_name(unit.period)}
    if may(actor, SUM_TOTALS) and unit.sum_state not in (SumState.WAITING, SumState.PUBLISHED):
        url = reverse("numbers:sum", args=[unit.period.code])
        if unit.sum_state == SumState.SENT_BACK:
            why = _("The second reviewer sent the combined totals back.")
            yield Turn(_("Combine the totals for %(period)s again") % values, url, why, since=unit.sum_at)
        elif not unit.late:
            why = _("Every agency has submitted.")
            yield Turn(_("Combine the totals for %(period)s") % values, url, why)
    if (
        may(actor, REVIEW_TOTALS)
        and unit.sum_state == SumState.WAITING
        and unit.sum_by
        and not actor.is_own(unit.sum_by)
    ):
        url = reverse("numbers:review", args=[unit.period.code])
        why = _("Publish the totals, or send them back to the analyst.")
        yield Turn(_("Review the combined totals for %(period)s") % values, url, why, since=unit.sum_at)


def _late(actor: Actor, unit: due.Unit) -> Part:
    today, last = today_of(actor), unit.period.due
    values = {"day": day(last), "distance": distance(last, today)}
    tag = Tag("urgent", _("Overdue")) if last < today else Tag("wait", _("Waiting"))
    rows = [Row(name, detail=_("Due %(day)s, %(distance)s") % values, tag=tag) for name in unit.late]
    page = "numbers:sum" if may(actor, SUM_TOTALS) else "numbers:review"
    more = Link(_("All agencies"), reverse(page, args=[unit.period.code]))
    title = _("Totals missing for %(period)s") % {"period": period_name(unit.period)}
    return Part(title, rows, _("Every agency has submitted."), more)


def _published(actor: Actor) -> Part:
    today, newest = today_of(actor), due.newest_table(actor=actor)
    rows = []
    if newest:
        values = {"some": newest.agencies, "all": newest.expected, "day": day(newest.at)}
        rows.append(
            Row(
                _("People served, %(period)s") % {"period": period_name(newest.period)},
                reverse("numbers:table", args=[newest.period.code]),
                _("%(some)s of %(all)s agencies, published %(day)s") % values,
                tag=Tag("ok", _("Published")),
            )
        )
    rows.append(_next(newest.period if newest else None, due.finished(today), actor))
    return Part(_("Published totals"), rows, more=Link(_("All published tables"), reverse("numbers:statistics")))


def _next(newest: Period | None, over: Period, actor: Actor) -> Row:
    """Return a row for the next table. It is for the last finished half-year, or for the current one if that has been
    published."""
    today = today_of(actor)
    period = over if newest != over else period_of(today)
    values = {"day": day(period.due), "distance": distance(period.due, today)}
    words = (
        _("Agencies' totals were due %(day)s, %(distance)s.")
        if period.due < today
        else _("Agencies' totals are due %(day)s, %(distance)s.")
    )
    then = _("A table is published after a second reviewer approves it.")
    title = _("Next: %(period)s") % {"period": period_name(period)}
    return Row(title, detail=f"{words % values} {then}", tag=Tag("plain", _("Not published yet")))
