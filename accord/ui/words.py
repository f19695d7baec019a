"""Format dates and numbers in the reader's language with Babel: Nov. 30, 2026, or 30 de noviembre de 2026.

The month is always a word, so that no date can be read two ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_month_names
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import get_language, gettext, to_locale

from accord.core.clock import now
from accord.core.text import LANGUAGES

_LOCALES = {"en": Locale("en", "US"), "es": Locale("es", "US")}
# English month names as US newspapers abbreviate them. Babel's "Nov" has no period.
_SHORT = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


def _locale() -> Locale:
    language = get_language() or "en"
    return _LOCALES.get(language.split("-")[0]) or Locale.parse(to_locale(language))


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | str | None) -> str:
    """Return a date like Nov. 30, 2026. The value can be ISO text, because encrypted payloads store dates that way."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    if not value:
        return ""
    local, locale = _local(value), _locale()
    if locale.language == "en":
        return f"{_SHORT[local.month - 1]} {local.day}, {local.year}"
    return format_date(local, "long", locale=locale)


def months() -> list[tuple[int, str]]:
    """Return the 12 months, each with its number and name: (3, "03 - March")."""
    names = get_month_names("wide", context="stand-alone", locale=_locale())
    return [(number, f"{number:02d} - {names[number]}") for number in range(1, 13)]


def month_first() -> bool:
    """Return True if the month is written before the day, as in English but not in Spanish."""
    return _locale().language == "en"


def clock(value: datetime | None) -> str:
    """Return a time like 2:05 p.m., in the same form in every language."""
    time_words = format_time(timezone.localtime(value), "h:mm a", locale=_locale()) if value else ""
    return time_words.replace("AM", "a.m.").replace("PM", "p.m.")


def moment(value: datetime | None) -> str:
    """Return a date and time like Nov. 30, 2026, 2:05 p.m., in the reader's time zone."""
    return f"{day(value)}, {clock(value)}" if value else ""


def month(value: date | None) -> str:
    """Return a month and year like March 2026."""
    return format_skeleton("yMMMM", value, locale=_locale()) if value else ""


def distance(value: date | datetime | None, today: date | None = None) -> str:
    """Return words like today, in 6 days, or 3 weeks ago, based on calendar days in the reader's time zone."""
    if not value:
        return ""
    local = _local(value)
    there = local.date() if isinstance(local, datetime) else local
    today = today or timezone.localdate(now())
    days = (there - today).days
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if days in near:
        return near[days]
    delta = there - today
    granularity: Literal["day", "week", "month"] = "day" if abs(days) < 21 else "week" if abs(days) < 84 else "month"
    # This threshold is never reached. A lower one would make Babel turn 10 days into one week.
    return format_timedelta(delta, granularity=granularity, add_direction=True, threshold=1_000_000, locale=_locale())


def language_name(code: str) -> str:
    """Return a language's name in the reader's language, or its native name if there is no such name."""
    own = LANGUAGES.get(code, "")
    return _locale().languages.get(code) or (own and gettext(own))  # CLDR has no Spanish name for some languages


class LanguageName(str):
    """A language choice: its name in the reader's language, then its native name in parentheses.

    In HTML, `lang` marks the native name, so that it is pronounced and displayed correctly.
    """

    code: str

    def __html__(self) -> str:
        name, own = language_name(self.code), LANGUAGES[self.code]
        return escape(self) if self == name else format_html('{} (<span lang="{}">{}</span>)', name, self.code, own)


def language_choices(codes: Iterable[str] = LANGUAGES) -> list[tuple[str, str]]:
    """Return language choices like Thai (ไทย). Forms call this for each page, in the reader's language."""
    return [(code, _both_names(code)) for code in codes]


def language_or_none() -> list[tuple[str, str]]:
    """Return an empty choice, followed by every language."""
    return [("", "—"), *language_choices()]


def _both_names(code: str) -> LanguageName:
    name, own = language_name(code), LANGUAGES[code]
    found = LanguageName(name if name.casefold() == own.casefold() else f"{name} ({own})")
    found.code = code
    return found


def with_code(text: str) -> str:
    """Return HTML that marks text between backticks as code. All of it is in one element, because phones show table
    cells as rows."""
    parts = str(text).split("`")
    marked = ((format_html("<code>{}</code>", p) if n % 2 else p,) for n, p in enumerate(parts))
    return format_html("<span>{}</span>", format_html_join("", "{}", marked))


def figure(value: float | int | None) -> str:
    """Return a number in the reader's format, or an empty string for None. Never use this for a suppressed value."""
    return "" if value is None else format_decimal(value, locale=_locale())
