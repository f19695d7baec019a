"""The audit log in words: who did what in each hour, with repeated acts listed once. It never identifies a client."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.agencies.codes import LISTS
from accord.agencies.presenters import kind_names, roles
from accord.audit.presenters import sentence
from accord.audit.queries import REFUSALS, Line
from accord.core.rooms import kept_forms
from accord.core.text import N_
from accord.law.codes import PURPOSE_WORDS, Purpose
from accord.ui.components import Row, Tag
from accord.ui.frame import NavItem
from accord.ui.words import clock, day

ONLY = {
    "": N_("Everything"),
    "reading": N_("Views and searches"),
    REFUSALS: N_("Denied requests"),
    "records": N_("Records"),
    "sharing": N_("Sharing and legal requests"),
    "access": N_("Who has access"),
    "agency": N_("Agreements, keys and totals"),
    "signing-in": N_("Signing in"),
}
WHEN: dict[str, tuple[str, int, int]] = {  # label, days back to the first day, days back to the day after the last
    "": (N_("Any day"), 0, 0),
    "today": (N_("Today"), 0, -1),
    "yesterday": (N_("Yesterday"), 1, 0),
    "week": (N_("Last 7 days"), 6, -1),
    "month": (N_("Last 30 days"), 29, -1),
    "quarter": (N_("Last 90 days"), 89, -1),
}
NAMED = 3  # how many kinds of information a line lists; if there are more, it shows only their number
OPEN = 3  # how many of the newest groups start out expanded


@dataclass(frozen=True)
class Asked:
    """The reader's filter for log entries."""

    only: str = ""
    who: str = ""
    when: str = ""

    def url(self, here: str, **changed: str) -> str:
        """Return the URL of these entries with some filters changed."""
        choices = {"only": self.only, "who": self.who, "when": self.when, **changed}
        query = urlencode({name: value for name, value in choices.items() if value})
        return f"{here}?{query}" if query else here


@dataclass(frozen=True)
class Group:
    """The log entries for one colleague in one hour."""

    who: str
    when: str
    count: int
    refused: int
    rows: Sequence[Row]
    folded: bool  # only the heading is shown at first


def asked_of(query: Mapping[str, str], people: Collection[str]) -> Asked:
    """Return the filter from a URL's query. Unknown values are ignored."""
    only, who, when = (query.get(name, "") for name in ("only", "who", "when"))
    return Asked(only if only in ONLY else "", who if who in people else "", when if when in WHEN else "")


def span(when: str, today: date, zone: str) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of the requested days, and the first moment after them."""
    _words, first, after = WHEN[when]
    if not when:
        return None, None
    begins, ends = (datetime.combine(today - timedelta(days=days), time(), ZoneInfo(zone)) for days in (first, after))
    return begins, ends


def filters(here: str, asked: Asked) -> list[NavItem]:
    """Return a link for each type of act."""
    return [NavItem(_(words), asked.url(here, only=code), code == asked.only) for code, words in ONLY.items()]


def groups(lines: Sequence[Line], names: dict[str, str]) -> list[Group]:
    """Return the entries grouped by hour, newest first, and within each hour by who acted."""
    found: dict[tuple[datetime, str, str], list[Line]] = {}
    for line in lines:
        hour = localtime(line.at).replace(minute=0, second=0, microsecond=0)
        found.setdefault((hour, line.by, line.partner), []).append(line)
    order = sorted(found, key=lambda key: key[0], reverse=True)
    return [_group(key, found[key], names, place >= OPEN) for place, key in enumerate(order)]


def _group(key: tuple[datetime, str, str], lines: Sequence[Line], names: dict[str, str], folded: bool) -> Group:
    hour, by, partner = key
    who = f"{by or _('Someone')} ({partner})" if partner else by or _("Someone")
    choices = {"day": day(hour), "from": clock(hour), "to": clock(hour + timedelta(hours=1))}
    refused = sum(line.outcome != "done" for line in lines)
    return Group(
        who, _("%(day)s, %(from)s to %(to)s") % choices, len(lines), refused, list(_rows(lines, names)), folded
    )


def _rows(lines: Sequence[Line], names: dict[str, str]) -> Iterator[Row]:
    """Yield each act once, with the number of times it happened and the times of the first and last one."""
    alike: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        detail = " · ".join(part for part in _short(line) if part)
        alike.setdefault((sentence(line, names), detail, line.outcome), []).append(line)
    for (title, detail, outcome), same in alike.items():
        last, first = clock(same[0].at), clock(same[-1].at)
        times = ngettext("%(n)d time", "%(n)d times", len(same)) % {"n": len(same)}
        yield Row(
            title,
            detail=detail,
            aside=last if len(same) == 1 else f"{times}, {first} – {last}" if first != last else f"{times}, {last}",
            tag=None if outcome == "done" else Tag("wait", _("Denied")),
        )


def _short(line: Line) -> Iterator[str]:
    """Yield short details. A long list of kinds is only counted, and the purpose appears only in the downloaded
    file."""
    kinds = kind_names(line.kinds)
    counted = ngettext("%(n)d kind of information", "%(n)d kinds of information", len(kinds)) % {"n": len(kinds)}
    yield _people(line)
    yield ", ".join(kinds).lower() if len(kinds) <= NAMED else counted
    yield from _rest(line)


def _people(line: Line) -> str:
    about = len(line.details.get("about", ()))
    return ngettext("about %(n)d person", "about %(n)d people", about) % {"n": about} if about else ""


def log_details(line: Line) -> Iterable[str]:
    """Yield an event's details: the number of people, the kinds, the purpose, and the network address that it came
    from."""
    yield _people(line)
    yield ", ".join(kind_names(line.kinds)).lower()
    yield _(PURPOSE_WORDS[Purpose(line.purpose)]).lower() if line.purpose in list(Purpose) else ""
    yield from _rest(line)


def _rest(line: Line) -> Iterator[str]:
    yield roles(line.details.get("roles", ()))
    yield from _downloaded(line)
    yield "" if line.outcome == "done" else _(kept_forms().get(line.action, line.action))
    yield _("from %(address)s") % {"address": line.details["source"]} if line.details.get("source") else ""


def _downloaded(line: Line) -> Iterable[str]:
    """Yield the name of the downloaded list and its number of rows."""
    which, rows = LISTS.get(str(line.details.get("list"))), str(line.details.get("rows"))
    if line.action == "list-downloaded" and which and rows.isdecimal():
        yield _(which).lower()
        yield ngettext("%(n)d row", "%(n)d rows", int(rows)) % {"n": int(rows)}
