"""What views pass to the components: small frozen records, with words already chosen in the reader's language."""

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
    """An address with the words of its link."""

    words: str
    url: str


@dataclass(frozen=True)
class Sees:
    """One line of the strip: who, and what they see ("name and needs, until March 3, 2026, legal help").

    `brief` is the short form for a phone.
    """

    who: str
    what: str
    brief: str = ""


@dataclass(frozen=True)
class WhoSees:
    """The strip "who can see this". A partner's page has only `own_line`, and never names another agency."""

    lines: tuple[Sees, ...] = ()
    own_line: str = ""
    nobody_else: bool = True
    why_url: str = ""
    saved: tuple[str, str] = ("", "")  # after a save: seen by our agency alone; seen by `%(partners)s` too
    partners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # for each kind: who sees what is added now
    names: Mapping[str, str] = field(default_factory=dict)  # of the agencies that this record is shared with, by id

    def sees_new(self, kinds: Iterable[str]) -> str:
        """Say who can see something of these kinds that was just saved; '' on a partner's page."""
        names = dict.fromkeys(name for kind in kinds for name in self.partners.get(kind, ()))
        alone, shared = self.saved
        return shared % {"partners": ", ".join(names)} if names else alone


@dataclass(frozen=True)
class Saved:
    """What the previous page saved: a sentence of the catalog with a count, the kinds of information, and how to undo
    it.

    A POST to the address `undo` undoes it. `partner` is the id of the agency that the sentence names. Holds no name and
    no typed text.
    """

    sentence: str
    count: int = 0
    kinds: tuple[str, ...] = ()
    undo: str = ""
    partner: str = ""


@dataclass(frozen=True)
class Explanation:
    """The answer to "why can I see this?" (`rests_on`) or "why not, and what would it take?" (`would_take`)."""

    allowed: bool
    sentence: str
    rests_on: tuple[str | Link, ...] = ()
    would_take: tuple[str | Link, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a list: `title` links to `url`.

    `warning` is what must never be done. `turn` says who has to act next and how long they have taken.
    """

    title: str
    url: str = ""
    detail: str = ""
    quote: str = ""
    tag: Tag | None = None
    aside: str = ""
    turn: str = ""
    warning: str = ""


class Suppressed:
    """A figure that exists and is not shown. Never zero, never blank."""

    __slots__ = ()


SUPPRESSED: Final = Suppressed()


@dataclass(frozen=True)
class Column:
    """A column of a table. `numeric` ones are aligned right and formatted in the reader's language."""

    label: str
    numeric: bool = False


Value = str | int | float | date | datetime | Tag | Link | Suppressed | None


@dataclass(frozen=True)
class Table:
    """A data table; cards on a phone. The first column names the row. `notes` are shown below (threshold, period)."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    notes: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Step:
    """A step of a longer form or of a first day. `state` is done, current or next."""

    label: str
    state: str = "next"
    url: str = ""
    who: str = ""


@dataclass(frozen=True)
class Event:
    """One entry of a timeline."""

    when: date | datetime
    title: str
    detail: str = ""
    tag: Tag | None = None


@dataclass(frozen=True)
class Deadline:
    """A date with a consequence: when, under which law, and what happens when it passes."""

    what: str
    when: date
    law: str
    then: str


@dataclass(frozen=True)
class Signing:
    """What a person is asked to sign, in their language and in large type."""

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
    """A refusal page: what happened, why, what to do now, who to contact."""

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
