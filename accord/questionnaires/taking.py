"""Turn what was posted for a question into the answer to save, or into a sentence that says what is wrong with it.

A field's name is `q:` followed by the question's place and, for a date or a rank, another part.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accord.formlib.paging import Asked
from accord.ui.fields import MemorableDate

LONGEST_TEXT = 10_000  # characters of one answer
MARKS = ("declined", "not_asked")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # not allowed in XML


class NotTaken(ValueError):
    """What was posted can't be saved as an answer. The message is a sentence for the person who typed it."""


@dataclass(frozen=True)
class Taken:
    """An answer to save: a value or, if the question was not answered, a mark."""

    value: str = ""
    mark: str = ""


def name_of(place: str, part: str = "") -> str:
    """Return the name of a question's field, or of a part of it."""
    return f"q:{place}:{part}" if part else f"q:{place}"


def marks_name(place: str) -> str:
    """Return the name of the field with a question's marks."""
    return f"m:{place}"


def typed(post: QueryDict, asked: Asked) -> str:
    """Return what was typed for a question with one text field, to show it again if it can't be saved."""
    return post.get(name_of(asked.place), "")[:LONGEST_TEXT]


def take(post: QueryDict, asked: Asked) -> Taken:
    """Return the answer that was posted for a question. Raises NotTaken."""
    mark = _mark(post, asked)
    value = _value(post, asked)
    if mark and value:
        raise NotTaken(_("You answered this question and also marked why there is no answer. Choose one or the other."))
    return Taken(value, mark)


def _mark(post: QueryDict, asked: Asked) -> str:
    if not asked.question.sensitive:
        return ""
    offered = {value for value, _words in asked.choices}
    posted = [*post.getlist(marks_name(asked.place)), post.get(name_of(asked.place), "")]
    return next((one.removeprefix("mark:") for one in posted if is_mark(one) and one not in offered), "")


def is_mark(posted: str) -> bool:
    """Return whether a posted value is a mark and not an answer."""
    return posted in {f"mark:{mark}" for mark in MARKS}


def _value(post: QueryDict, asked: Asked) -> str:
    place, kind = asked.place, asked.question.kind
    if asked.question.choices is not None:
        return _choices(post, asked)
    text = _CONTROL.sub("", post.get(name_of(place), "").replace("\r\n", "\n")).strip()
    if len(text) > LONGEST_TEXT:
        raise NotTaken(_("This answer is too long. Shorten it to %(n)d characters.") % {"n": LONGEST_TEXT})
    match kind:
        case "integer":
            return _number(text, _WHOLE, _("Enter a whole number, such as 12."))
        case "decimal":
            return _number(text, _DECIMAL, _("Enter a number, such as 12 or 3.5."))
        case "range":
            return _in_range(text, asked)
        case "date":
            return _day(post, asked)
        case "time":
            return _time(text)
        case "datetime":
            return _moment(post, asked)
        case "geopoint":
            return _place(text)
        case "acknowledge":
            return "OK" if text else ""
        case _:
            return text


def _choices(post: QueryDict, asked: Asked) -> str:
    offered = [value for value, _words in asked.choices]
    if asked.question.kind == "rank":
        return _ranked(post, asked, offered)
    posted = post.getlist(name_of(asked.place))
    if asked.question.kind == "select_multiple":
        return " ".join(value for value in offered if value in posted)
    return next((value for value in posted if value in offered), "")


def _ranked(post: QueryDict, asked: Asked, offered: list[str]) -> str:
    """Return the choices in the order of the numbers that they were given."""
    numbers = {value: post.get(name_of(asked.place, value), "") for value in offered}
    given = {value: int(text) for value, text in numbers.items() if text.isascii() and text.isdigit() and len(text) < 6}
    if not given:
        return ""
    if sorted(given.values()) != list(range(1, len(offered) + 1)):
        raise NotTaken(_("Give each choice a different number, or leave them all blank."))
    return " ".join(sorted(offered, key=given.__getitem__))


def _number(text: str, pattern: re.Pattern[str], sentence: str) -> str:
    if text and not pattern.fullmatch(text):
        raise NotTaken(sentence)
    return text.removeprefix("+")


def span_of(asked: Asked) -> tuple[float, float, float]:
    """Return the start, end, and step of a range."""
    start, end, step = (_float(text) for text in asked.question.span or ("1", "10", "1"))
    return start, end, abs(step) or 1.0


def _float(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def plain_number(number: float) -> str:
    """Return a number as it is saved: without a decimal point if it is whole."""
    return str(int(number)) if number.is_integer() else str(round(number, 9))


def _in_range(text: str, asked: Asked) -> str:
    start, end, step = span_of(asked)
    low, high = min(start, end), max(start, end)
    words = {"low": plain_number(low), "high": plain_number(high)}
    sentence = _("Enter a number from %(low)s to %(high)s.") % words
    number = _number(text, _DECIMAL, sentence)
    if not number:
        return ""
    steps = (float(number) - start) / step
    if not low <= float(number) <= high or abs(steps - round(steps)) > 1e-6:
        raise NotTaken(sentence)
    return plain_number(float(number))


def looks(asked: Asked) -> frozenset[str]:
    """Return the words of a question's appearance."""
    return frozenset(asked.appearance.split())


def _day(post: QueryDict, asked: Asked) -> str:
    parts = posted_day(post, asked)
    if parts is None:
        return ""
    year, month, day = parts
    shown = looks(asked)
    if "year" in shown:
        month = day = "1"
    elif "month-year" in shown:
        day = "1"
    try:
        numbers = [int(part) for part in (year, month, day) if part.isascii() and part.isdigit()]
        if len(year) != 4:
            raise ValueError
        return date(*numbers).isoformat()
    except (ValueError, TypeError, OverflowError):
        raise NotTaken(
            _("Enter a valid date. Choose the month, then type the day and all four digits of the year.")
        ) from None


def posted_day(post: Any, asked: Asked) -> list[str] | None:
    """Return the year, month, and day that were posted for a date, or None."""
    found = MemorableDate().value_from_datadict(post, {}, name_of(asked.place, "day"))
    return [*found.split("-", 2), "", ""][:3] if found else None


def _time(text: str) -> str:
    if not text:
        return ""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None).isoformat("milliseconds")
    except ValueError:
        raise NotTaken(_("Enter a time, such as 14:30.")) from None


def _moment(post: QueryDict, asked: Asked) -> str:
    day, at = _day(post, asked), _time(post.get(name_of(asked.place, "time"), "").strip())
    if bool(day) != bool(at):
        raise NotTaken(_("Enter both the date and the time."))
    return f"{day}T{at}" if day else ""


def _place(text: str) -> str:
    parts = [part for part in re.split(r"[\s,;]+", text) if part]
    if not parts:
        return ""
    numbers = [float(part) for part in parts if _DECIMAL.fullmatch(part)]
    if len(numbers) != len(parts) or len(numbers) not in (2, 3, 4) or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        raise NotTaken(_("Enter the latitude and the longitude, such as 30.267 -97.743."))
    return " ".join(plain_number(number) for number in [*numbers, 0.0, 0.0][:4])
