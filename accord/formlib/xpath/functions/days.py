"""Functions for dates and times. A form has one time zone, and a date without a time means midnight in that zone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from accord.formlib.xpath.evaluating import Context, Run, function
from accord.formlib.xpath.functions.arguments import text
from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.values import (
    NAN,
    Moment,
    NoSuchDay,
    Value,
    days_of,
    moment,
    moment_at,
    moment_of,
    to_number,
    to_text,
)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII)
_FORMATS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "n": lambda at: str(at.month),
    "b": lambda at: _MONTHS[at.month - 1],
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: str(at.day),
    "a": lambda at: _DAYS[at.weekday()],
    "H": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "3": lambda at: f"{at.microsecond // 1_000:03}",
}


@function("today", 0, 0)
def _today(context: Context, arguments: Sequence[Run]) -> Value:
    now = context.scope.now.astimezone(context.scope.zone)
    return moment(now.replace(hour=0, minute=0, second=0, microsecond=0))


@function("now", 0, 0)
def _now(context: Context, arguments: Sequence[Run]) -> Value:
    return moment(context.scope.now.astimezone(context.scope.zone))


def _moment(context: Context, value: Value) -> datetime | None:
    """Convert text or a number of days since 1970 to a moment. Raises EvaluationFailed for a date that does not
    exist."""
    if isinstance(value, (float, Moment)):
        days = to_number(value, context.scope.zone)
        return None if math.isnan(days) or math.isinf(days) else moment_at(days, context.scope.zone)
    if isinstance(value, bool):
        return None
    try:
        return moment_of(to_text(value), context.scope.zone)
    except NoSuchDay:
        raise EvaluationFailed(f"{to_text(value)[:10]} is not a day") from None


def _date(context: Context, arguments: Sequence[Run]) -> Value:
    """Convert a value to a date. Anything that is not a date becomes an empty answer, like every other missing
    value."""
    value = arguments[0](context)
    at = _moment(context, value)
    return "" if at is None else moment(at)


function("date", 1, 1)(_date)
function("date-time", 1, 1)(_date)


@function("decimal-date-time", 1, 1)
def _decimal_date_time(context: Context, arguments: Sequence[Run]) -> Value:
    at = _moment(context, arguments[0](context))
    return NAN if at is None else days_of(at)


@function("decimal-time", 1, 1)
def _decimal_time(context: Context, arguments: Sequence[Run]) -> Value:
    """Return the fraction of the day that has passed at this time, in the form's time zone."""
    written = text(context, arguments[0])
    at = _moment(context, f"1970-01-01T{written}" if _TIME.fullmatch(written) else written)
    if at is None:
        return NAN
    seconds = at.hour * 3_600 + at.minute * 60 + at.second + at.microsecond / 1_000_000
    return seconds / 86_400


def _format_date(context: Context, arguments: Sequence[Run]) -> Value:
    at = _moment(context, arguments[0](context))
    if at is None:
        return ""
    return re.sub("%([YymnbdeaHhMS3])", lambda found: _FORMATS[found[1]](at), text(context, arguments[1]))


function("format-date", 2, 2)(_format_date)
function("format-date-time", 2, 2)(_format_date)
