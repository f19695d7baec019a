"""Write down what was asked and what was answered, as people saw it. This is what is kept after a form is finished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accord.formlib.answering import SEVERAL, Answers
from accord.formlib.paging import Asked, Copy, Heading, Item, RepeatHead, asked, pages, title
from accord.formlib.xpath.values import words_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a "heading", a "note", or an "answer" with its question. `code` is the saved value of the answer."""

    kind: str
    depth: int
    place: str
    words: str
    answer: str = ""
    code: str = ""
    mark: str = ""


def transcript(answers: Answers) -> list[Line]:
    """Return the lines for everything that is currently asked, in the current language."""
    return list(_lines(answers))


def _lines(answers: Answers) -> Iterator[Line]:
    for page in pages(answers.form):
        items = list(asked(answers, page))
        # The copies of a repeat have the words of the repeat themselves.
        words = title(answers, page) if items and not isinstance(items[0], RepeatHead) else ""
        if words:
            yield Line("heading", 0, "", words)
        yield from (_line(item, item.depth + 1 if words else item.depth) for item in items if _kept(item))


def _kept(item: Item) -> bool:
    """Return whether an item was asked, and not only shown above a table."""
    return isinstance(item, (Heading, Copy)) or (
        isinstance(item, Asked) and "label" not in item.appearance.split() and bool(item.label or item.value)
    )


def _line(item: Item, depth: int) -> Line:
    if isinstance(item, Copy):
        return Line("heading", depth, item.place, f"{item.words} {item.number}".strip())
    if not isinstance(item, Asked):
        return Line("heading", depth, "", item.words)
    if item.question.kind == "note":
        return Line("note", depth, item.place, item.label)
    return Line("answer", depth, item.place, item.label, _answer(item), item.value, item.mark)


def _answer(item: Asked) -> str:
    """Return an answer as people read it."""
    if not item.choices:
        return item.value
    words = dict(item.choices)
    several = item.question.kind in SEVERAL
    return ", ".join(words.get(value, value) for value in (words_of(item.value) if several else [item.value]))
