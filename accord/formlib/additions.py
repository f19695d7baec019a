"""Read what Accord adds to XLSForm: guidance apart from the hint, the column `sensitive`, and the sheets `scores` and
`elements`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from accord.formlib.model import Form, Group, Question
from accord.formlib.problems import Problem
from accord.formlib.workbook import TABLES, Sheet, Workbook

_YES = {"yes", "true", "1"}
_NO = {"no", "false", "0", ""}


def added(form: Form, book: Workbook) -> Form:
    """Return the form with what Accord adds to it."""
    marked = {number for number, text in _sensitive(book.sheets["survey"]) if text in _YES}
    tables = {name: _table(book.sheets[name]) for name in TABLES if name in book.sheets}
    return replace(form, parts=tuple(_parts(form, form.parts, marked, False)), tables=tables)


def wrong(form: Form, book: Workbook) -> Iterator[Problem]:
    """Yield a problem for each cell that Accord added to XLSForm and can't use."""
    for number, text in _sensitive(book.sheets["survey"]):
        if text not in _YES | _NO:
            yield Problem("survey", number, f"sensitive: {text!r} is neither yes nor no")
    paths = _paths(form)
    repeats = [f"{group.path}/" for group in form.groups() if group.repeat]
    for name, rows in form.tables.items():
        for number, row in enumerate(rows, 2):
            if row:
                yield from (Problem(name, number, what) for what in _wrong_row(name, row, paths, repeats))


def _wrong_row(sheet: str, row: dict[str, str], paths: dict[str, list[str]], repeats: list[str]) -> Iterator[str]:
    name = row.get("name", "")
    found = paths.get(name, [])
    if not name:
        yield "the column name is empty; write the name of a question or calculation of the sheet survey"
    elif not found:
        yield f"{name!r} is not the name of a question or calculation in the sheet survey"
    elif len(found) > 1:
        yield f"{name!r} is the name of several rows in the sheet survey; rename one"
    if sheet == "elements":
        if not row.get("element"):
            yield "the column element is empty; write what the answer is about, such as act, means, or purpose"
        return
    if any(path.startswith(repeat) for path in found for repeat in repeats):
        yield f"{name!r} is inside a repeat; add up the repeats in a calculation outside, and use its name"
    if not any(row.get(column) for column in row if column.partition("::")[0] == "label"):
        yield "the column label is empty; write the words that people will read"
    limits = [row.get(column, "") for column in ("min", "max")]
    bad = [text for text in limits if text and not _NUMBER.fullmatch(text)]
    if bad:
        yield f"{bad[0]!r} is not a number"
    elif all(limits) and float(limits[0]) > float(limits[1]):
        yield "min is greater than max"


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _paths(form: Form) -> dict[str, list[str]]:
    """Return the paths of the questions and calculations with each name."""
    every = dict.fromkeys([question.path for question in form.questions()])
    every.update(dict.fromkeys(bind.path for bind in form.binds.values() if bind.calculate))
    found: dict[str, list[str]] = {}
    for path in every:
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def _sensitive(survey: Sheet) -> Iterator[tuple[int, str]]:
    """Yield the row number and text of each cell in the column `sensitive`."""
    for number, row in enumerate(survey.rows, 2):
        for header, text in row.items():
            if header.strip().lower() == "sensitive":
                yield number, text.strip().lower()


def _table(sheet: Sheet) -> tuple[dict[str, str], ...]:
    return tuple(
        {re.sub(r"\s*::?\s*", "::", header.strip().lower()): text for header, text in row.items()} for row in sheet.rows
    )


def _parts(
    form: Form, parts: tuple[Question | Group, ...], marked: set[int], inside: bool
) -> Iterator[Question | Group]:
    last = inside
    for part in parts:
        # The row of the question "Specify other" is that of the question before it, which pyxform made it from.
        sensitive = inside or part.row in marked or (part.row == 0 and isinstance(part, Question) and last)
        last = sensitive
        if isinstance(part, Group):
            yield replace(part, parts=tuple(_parts(form, part.parts, marked, sensitive)))
        else:
            guidance = part.hint if part.hint is not None and _guides(form, part.path) else None
            yield replace(part, sensitive=sensitive, guidance=guidance)


def _guides(form: Form, path: str) -> bool:
    """Return whether the text of a question's hint also has guidance for the person who asks."""
    entries = (texts.get(f"{path}:hint") for texts in form.texts.values())
    values = (value for entry in entries if entry is not None for value in entry.named("value"))
    return any(value.attribute("form") == "guidance" for value in values)
