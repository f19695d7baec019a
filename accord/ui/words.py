"""Dates and numbers in the reader's language, by Babel: 3 March 2026, 3 de marzo de 2026."""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

# English has the British order (3 March 2026); Spanish the figures of the United States (1,234.5).
_LOCALES = {"en": Locale("en", "GB"), "es": Locale("es", "US")}


def _locale() -> Locale:
    language = get_language() or "en"
    return _LOCALES.get(language.split("-")[0]) or Locale.parse(to_locale(language))


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | str | None) -> str:
    """3 March 2026. Sealed payloads keep days as ISO text."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    return format_date(_local(value), "long", locale=_locale()) if value else ""


def clock(value: datetime | None) -> str:
    """14:05, in every language, so that nobody takes the afternoon for the night."""
    return format_time(_local(value), "H:mm", locale=_locale()) if value else ""


def moment(value: datetime | None) -> str:
    """3 March 2026, 14:05. In the reader's time zone."""
    return f"{day(value)}, {clock(value)}" if value else ""


def month(value: date | None) -> str:
    """March 2026."""
    return format_skeleton("yMMMM", value, locale=_locale()) if value else ""


def distance(value: date | datetime | None, today: date | None = None) -> str:
    """today, tomorrow, in 6 days, 3 weeks ago. Counts calendar days in the reader's time zone."""
    if not value:
        return ""
    local = _local(value)
    there = local.date() if isinstance(local, datetime) else local
    days = (there - (today or timezone.localdate())).days
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if days in near:
        return near[days]
    delta = there - (today or timezone.localdate())
    granularity = "day" if abs(days) < 21 else "week" if abs(days) < 84 else "month"
    # A threshold that nothing reaches: Babel would turn ten days into one week.
    return format_timedelta(delta, granularity=granularity, add_direction=True, threshold=1_000_000, locale=_locale())


def figure(value: float | int | None) -> str:
    """1,234.5, as the language has it. None is an empty string; a suppressed value never comes here."""
    return "" if value is None else format_decimal(value, locale=_locale())
