"""A loaded form: its questions in order, what each question depends on, its choices, and its languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from accord.formlib.problems import Problem
from accord.formlib.xpath.tree import Node


@dataclass(frozen=True, slots=True)
class Bind:
    """The type and expressions declared for one path. An empty string means that there is no such expression."""

    path: str
    type: str = "string"
    relevant: str = ""
    constraint: str = ""
    message: str = ""
    required: str = ""
    required_message: str = ""
    read_only: str = ""
    calculate: str = ""
    preload: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Where to find a question's choices: the path of the items, and the names of the value and label columns."""

    items: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind` is its type as written in the sheet. `label`, `hint`, and `guidance` are parts of the form
    that may contain computed text. A `sensitive` question can be marked instead of answered."""

    path: str
    kind: str
    row: int
    label: Node | None = None
    hint: Node | None = None
    guidance: Node | None = None
    sensitive: bool = False
    appearance: str = ""
    choices: Choices | None = None
    span: tuple[str, str, str] | None = None  # a range: its start, end, and step


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together or are repeated together. `count` is the expression for the number of repeats."""

    path: str
    row: int
    repeat: bool
    label: Node | None = None
    appearance: str = ""
    count: str = ""
    parts: tuple[Question | Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A value that is set when the form opens or, with `trigger`, when the answer at that path changes."""

    path: str
    value: str
    trigger: str = ""


@dataclass(frozen=True, eq=False)
class Form:
    """A form that can be answered. `rows` gives the row of each path in the sheet `survey`. `tables` holds the rows of
    the sheets `scores` and `elements`."""

    title: str
    id: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    data: Node
    binds: dict[str, Bind]
    parts: tuple[Question | Group, ...]
    actions: tuple[Action, ...]
    instances: dict[str, Node]
    texts: dict[str, dict[str, Node]]
    rows: dict[str, int]
    tables: dict[str, tuple[dict[str, str], ...]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    def questions(self) -> Iterator[Question]:
        """Yield every question in order."""
        yield from _questions(self.parts)

    def groups(self) -> Iterator[Group]:
        """Yield every group and repeat, outer ones first."""
        yield from _groups(self.parts)

    def row(self, path: str) -> int:
        """Return the row of a path or of the nearest group around it, or 0 if there is no such row."""
        while path and path not in self.rows:
            path = path.rpartition("/")[0]
        return self.rows.get(path, 0)


def _questions(parts: tuple[Question | Group, ...]) -> Iterator[Question]:
    for part in parts:
        if isinstance(part, Question):
            yield part
        else:
            yield from _questions(part.parts)


def _groups(parts: tuple[Question | Group, ...]) -> Iterator[Group]:
    for part in parts:
        if isinstance(part, Group):
            yield part
            yield from _groups(part.parts)
