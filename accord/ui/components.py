"""Small frozen records that views pass to the components, with words already in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

# One meaning per color: ok = in effect or done, wait = someone has to act in time, urgent = act now, ended = over,
# plain = a fact.
STATES: Final = {"ok": "check", "wait": "clock", "urgent": "alert", "ended": "ended", "plain": ""}


@dataclass(frozen=True)
class Tag:
    """A state in words. `state` is a key of `STATES`."""

    state: str
    words: str

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"unknown tag state {self.state!r}")


@dataclass(frozen=True)
class Link:
    """A link's text and address."""

    words: str
    url: str


@dataclass(frozen=True)
class Button:
    """A form's second button: its field name, its text, and a `note` that explains what it does."""

    name: str
    words: str
    note: str = ""


@dataclass(frozen=True)
class Sees:
    """One line of the strip, with an agency and what it can see ("name and needs, until March 3, 2026, legal help").

    `brief` is the short form for a phone.
    """

    who: str
    what: str
    brief: str = ""


@dataclass(frozen=True)
class WhoSees:
    """The "who can see this" strip. On a partner's page, the strip has only `own_line` and never names other
    recipients."""

    lines: tuple[Sees, ...] = ()
    own_line: str = ""
    nobody_else: bool = True
    why_url: str = ""
    saved: tuple[str, str] = ("", "")  # the sentence after a save, without and with partners
    partners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by kind, who sees what is added now
    names: Mapping[str, str] = field(default_factory=dict)  # by id, the agencies that this record is shared with

    def sees_new(self, kinds: Iterable[str]) -> str:
        """Return a sentence about who can see newly saved information of these kinds, or '' on a partner's page."""
        names = dict.fromkeys(name for kind in kinds for name in self.partners.get(kind, ()))
        alone, shared = self.saved
        return shared % {"partners": ", ".join(names)} if names else alone


@dataclass(frozen=True)
class Saved:
    """What the previous page saved: a catalog sentence with a count, the kinds of information, and how to undo it.

    A POST to the `undo` address undoes the change. `partner` is the id of the agency that the sentence names. A record
    of this class holds no names and no typed text.
    """

    sentence: str
    count: int = 0
    kinds: tuple[str, ...] = ()
    undo: str = ""
    partner: str = ""


@dataclass(frozen=True)
class Explanation:
    """The answer to "why can I see this?" (`based_on`) or "why not, and what would it take?" (`would_take`)."""

    allowed: bool
    sentence: str
    based_on: tuple[str | Link, ...] = ()
    would_take: tuple[str | Link, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a list. Its `title` links to `url`.

    `warning` says what must never be done. `turn` says who has to act next and how long the wait has been. `ways` are
    links to what the reader can do with the item.
    """

    title: str
    url: str = ""
    detail: str = ""
    quote: str = ""
    tag: Tag | None = None
    aside: str = ""
    turn: str = ""
    warning: str = ""
    ways: tuple[Link, ...] = ()


class Suppressed:
    """A figure that exists but is not shown. It never appears as zero or a blank."""

    __slots__ = ()


SUPPRESSED: Final = Suppressed()


@dataclass(frozen=True)
class Column:
    """A table column. Numeric columns are right-aligned and formatted in the reader's language."""

    label: str
    numeric: bool = False


Value = str | int | float | date | datetime | Tag | Link | Suppressed | None


@dataclass(frozen=True)
class Table:
    """A data table, shown as cards on a phone. The first column names the row. `notes` appear below the table."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    notes: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Step:
    """A step in a longer form or in a getting-started list. `state` is done, current, or next."""

    label: str
    state: str = "next"
    url: str = ""
    who: str = ""


@dataclass(frozen=True)
class Event:
    """One timeline entry."""

    when: date | datetime
    title: str
    detail: str = ""
    tag: Tag | None = None


@dataclass(frozen=True)
class Deadline:
    """A date with a consequence: what is due, when, under which law, and what happens after that date."""

    what: str
    when: date
    law: str
    then: str


@dataclass(frozen=True)
class Signing:
    """The text that a person is asked to sign, in their language and in large type."""

    title: str
    discloser: str
    what: tuple[str, ...]
    recipient: str
    purpose: str
    since: date
    until: date
    if_no: str
    additions: str = ""
    lang: str = ""
    beyond: str = ""  # who else may see it under the law


@dataclass(frozen=True)
class Refusal:
    """A refusal page: what happened, why, what to do now, and who to contact."""

    title: str
    happened: str
    why: str = ""
    now: tuple[str | Link, ...] = ()
    ask: str = ""
    ask_url: str = ""


@dataclass(frozen=True)
class Page:
    """The reader's position in a longer list. `url` holds one `%d` for the page number."""

    number: int
    pages: int
    url: str
    total: int = 0

    def _at(self, number: int) -> str:
        return self.url.replace("%d", str(number))  # other characters after a % are part of the query

    @property
    def previous(self) -> str:
        return self._at(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return self._at(self.number + 1) if self.number < self.pages else ""
