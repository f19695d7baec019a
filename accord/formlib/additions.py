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
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LIST = re.compile(r"instance\('([^']+)'\)/root/item")


def added(form: Form, book: Workbook) -> Form:
    """Return the form with what Accord adds to it."""
    form.warnings.extend(_unread(book))
    marked = {number for number, text in _sensitive(book.sheets["survey"]) if text in _YES}
    tables = {name: _table(book.sheets[name]) for name in TABLES if name in book.sheets}
    return replace(form, parts=tuple(_parts(form, form.parts, marked, False)), tables=tables)


def wrong(form: Form, book: Workbook) -> Iterator[Problem]:
    """Yield a problem for each cell that Accord added to XLSForm and can't use."""
    for number, text in _sensitive(book.sheets["survey"]):
        if text not in _YES | _NO:
            yield Problem("survey", number, f"sensitive: {text!r} is neither yes nor no")
    paths = _paths(form)
    for sheet in form.tables:
        for number, row in enumerate(book.sheets[sheet].rows, 2):
            if row:
                check = _wrong_element if sheet == "elements" else _wrong_score
                found = paths.get(_lower(row).get("name", ""), [])
                for what in (*_wrong_name(_lower(row), found), *check(form, _lower(row), found)):
                    yield Problem(sheet, number, what)


def _unread(book: Workbook) -> Iterator[Problem]:
    """Yield a warning for each column of an added sheet that is not read."""
    for sheet, columns in TABLES.items():
        for header in book.sheets[sheet].headers if sheet in book.sheets else ():
            if _column(header).partition("::")[0] not in columns:
                yield Problem(sheet, 1, f"the column {header!r} is not read; the columns are {', '.join(columns)}")


def _wrong_name(row: dict[str, str], found: list[str]) -> Iterator[str]:
    name = row.get("name", "")
    if not name:
        yield "the column name is empty; write the name of a question or calculation of the sheet survey"
    elif not found:
        yield f"{name!r} is not the name of a question or calculation in the sheet survey"
    elif len(found) > 1:
        yield f"{name!r} is the name of several rows in the sheet survey; rename one"


def _wrong_element(form: Form, row: dict[str, str], found: list[str]) -> Iterator[str]:
    if not row.get("element"):
        yield "the column element is empty; write what the answer is about, such as act, means, or purpose"
    for question in form.questions():
        offered = _listed(form, question) if question.path in found else set()
        for value in row.get("value", "").split() if offered else ():
            if value not in offered:
                yield f"{value!r} is not the name of a choice of {row['name']!r}"


def _listed(form: Form, question: Question) -> set[str]:
    """Return the values of a question's list, or nothing if its choices come from answers."""
    found = _LIST.search(question.choices.items) if question.choices is not None else None
    instance = form.instances.get(found[1]) if found else None
    if instance is None or question.choices is None:
        return set()
    cells = (cell for root in instance.elements() for item in root.elements() for cell in item.elements())
    return {cell.value() for cell in cells if cell.name == question.choices.value}


def _wrong_score(form: Form, row: dict[str, str], found: list[str]) -> Iterator[str]:
    repeats = [f"{group.path}/" for group in form.groups() if group.repeat]
    if any(path.startswith(repeat) for path in found for repeat in repeats):
        yield f"{row['name']!r} is inside a repeat; add up the repeats in a calculation outside, and use its name"
    if not any(row.get(column) for column in row if column.partition("::")[0] == "label"):
        yield "the column label is empty; write the words that people will read"
    limits = [row.get(column, "") for column in ("min", "max")]
    bad = [text for text in limits if text and not _NUMBER.fullmatch(text)]
    if bad:
        yield f"{bad[0]!r} is not a number"
    elif all(limits) and float(limits[0]) > float(limits[1]):
        yield "min is greater than max"


def _paths(form: Form) -> dict[str, list[str]]:
    """Return the paths of the questions and calculations with each name."""
    every = dict.fromkeys(
        [
            *(question.path for question in form.questions()),
            *(bind.path for bind in form.binds.values() if bind.calculate),
            *(action.path for action in form.actions),
        ]
    )
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
    return tuple(_lower(row) for row in sheet.rows if row)


def _lower(row: dict[str, str]) -> dict[str, str]:
    return {_column(header): text for header, text in row.items()}


def _column(header: str) -> str:
    return re.sub(r"\s*::?\s*", "::", header.strip().lower())


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
