"""The values of expressions, and how to convert one kind to another.

A value is a string, a number, a truth value, a moment, or a list of nodes. Conversions follow XPath 1.0, with one
addition from OpenRosa: a string that contains a date can become a number, the days since 1970. "Not a number" is shown
as an empty string, because the letters NaN would mean nothing to someone who reads a form.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from accord.formlib.xpath.tree import Node

NAN = math.nan
SPACES = " \t\r\n"
_NUMBER = re.compile(r"[ \t\r\n]*-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\r\n]*", re.ASCII)
_DAY = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?",
    re.ASCII,
)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time of day. As a number, it is the days since 1970 in GMT. As text, it is `text`."""

    days: float
    text: str


Value = str | float | bool | Moment | list[Node]


class NoSuchDay(Exception):
    """A string looks like a date, but the date does not exist."""


def moment_of(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment that a string describes, or None if the string is not a date. A date means midnight in the
    form's time zone. Raises NoSuchDay for a date that does not exist."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        at = datetime(
            *(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)),
            int((fraction or "0")[:6].ljust(6, "0")),
            tzinfo=zone,
        )
        if offset:
            at = datetime.fromisoformat(at.replace(tzinfo=None).isoformat() + offset).astimezone(zone)
        at.astimezone(_EPOCH.tzinfo)  # a day at the very end of the calendar has no time in GMT
    except (ValueError, OverflowError):
        raise NoSuchDay from None
    return at


def moment_at(days: float, zone: ZoneInfo) -> datetime | None:
    """Return the moment that is this many days after 1970 began, to the millisecond, or None if the calendar does not
    go that far."""
    try:
        return (_EPOCH + timedelta(milliseconds=round(days * 86_400_000))).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def days_of(at: datetime) -> float:
    """Return the number of days from the start of 1970 in GMT to a moment."""
    passed = at - _EPOCH
    return (passed.days * 86_400_000 + passed.seconds * 1_000 + passed.microseconds // 1_000) / 86_400_000


def written(at: datetime) -> str:
    """Return a moment as OpenRosa writes it: only the date if the time is midnight, and otherwise the date and time
    with milliseconds and the UTC offset."""
    text = at.isoformat(timespec="milliseconds")
    return text[:10] if text[10:23] == "T00:00:00.000" else text


def moment(at: datetime) -> Moment:
    """Return a moment as a value."""
    return Moment(days_of(at), written(at))


def text_number(text: str, zone: ZoneInfo) -> float:
    """Return the number in a string, the number of days for a date, or NaN. Unlike in XPath 1.0, the number may have an
    exponent, because other OpenRosa software accepts one."""
    if _NUMBER.fullmatch(text):
        return float(text)
    if len(text) >= 8 and text[4:5] == "-":
        try:
            at = moment_of(text, zone)
        except NoSuchDay:
            return NAN
        return NAN if at is None else days_of(at)
    return NAN


def to_number(value: Value, zone: ZoneInfo) -> float:
    """Return a value as a number. For a list of nodes, use the first node."""
    match value:
        case float():
            return value
        case str():
            return text_number(value, zone)
        case bool():
            return 1.0 if value else 0.0
        case Moment():
            return value.days
        case _:
            return text_number(value[0].value(), zone) if value else NAN


def to_text(value: Value) -> str:
    """Return a value as text. For a list of nodes, this is the first node's text."""
    match value:
        case str():
            return value
        case float():
            return number_text(value)
        case bool():
            return "true" if value else "false"
        case Moment():
            return value.text
        case _:
            return value[0].value() if value else ""


def number_text(number: float) -> str:
    """Return a number as XPath 1.0 writes it, which is without an exponent."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    if math.isnan(number):
        return ""
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    plain = format(Decimal(repr(number)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def to_truth(value: Value) -> bool:
    """Return whether a value is true. A list of nodes is true if it contains a node."""
    match value:
        case bool():
            return value
        case float():
            return value != 0 and value == value
        case Moment():
            return value.days != 0 and value.days == value.days
        case _:
            return bool(value)


def each_text(value: Value) -> list[str]:
    """Return the text of every node in a list, or of a single value."""
    return [node.value() for node in value] if isinstance(value, list) else [to_text(value)]


def words_of(text: str) -> list[str]:
    """Return the words in a string, which are separated by spaces. The answer to a multiple-choice question is a list
    of this kind."""
    return text.split()


def same(left: Value, right: Value, zone: ZoneInfo) -> bool:
    """Return whether two values that are not lists of nodes are equal."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_truth(left) == to_truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return to_number(left, zone) == to_number(right, zone)


def _single(value: Value) -> list[Value]:
    return [node.value() for node in value] if isinstance(value, list) else [value]


def compare(sign: str, left: Value, right: Value, zone: ZoneInfo) -> bool:
    """Return whether a comparison is true. A comparison of lists of nodes is true if it is true for any pair of
    nodes."""
    if sign in ("=", "!="):
        if isinstance(left, bool) or isinstance(right, bool):
            return (to_truth(left) == to_truth(right)) == (sign == "=")
        return any(same(a, b, zone) == (sign == "=") for a in _single(left) for b in _single(right))
    pairs = ((to_number(a, zone), to_number(b, zone)) for a in _single(left) for b in _single(right))
    match sign:
        case "<":
            return any(a < b for a, b in pairs)
        case "<=":
            return any(a <= b for a, b in pairs)
        case ">":
            return any(a > b for a, b in pairs)
        case _:
            return any(a >= b for a, b in pairs)


def calculate(sign: str, a: float, b: float) -> float:
    """Return the result of an operator on two numbers. Division by zero gives infinity or NaN, as in XPath 1.0."""
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "div":
            if b != 0:
                return a / b
            return NAN if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
        case _:
            if b == 0 or math.isinf(a) or a != a or b != b:
                return NAN
            return math.fmod(a, b)
