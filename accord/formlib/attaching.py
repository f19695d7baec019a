"""Add the tables that a form looks things up in: attached CSV and XML files, and the sheet `external_choices`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from accord.formlib import workbook, xform
from accord.formlib.model import Choices, Form, Question
from accord.formlib.problems import Problem, refuse
from accord.formlib.references import calls
from accord.formlib.workbook import Workbook
from accord.formlib.xpath.limits import BadExpression, EvaluationFailed
from accord.formlib.xpath.syntax import Literal, read
from accord.formlib.xpath.tree import Kind, Node, read_xml

Files = Callable[[str], bytes | None]  # returns the content of a file attached to the form, given its name

MOST_CELLS = 500_000  # cells with text in all tables of a form together, which take about 200 MB

_LAST_SAVED = "__last-saved"
_SEARCH = re.compile(r"search\((.*)\)", re.DOTALL)
_TABLE = re.compile(r"^instance\('([^']+)'\)")
_CONDITIONS = {
    "contains": "contains({0}, {1})",
    "startswith": "starts-with({0}, {1})",
    "endswith": "ends-with({0}, {1})",
    "matches": "{0} = {1}",
}


@dataclass
class Table:
    """A table that is being read: its tree, its columns, and the number of its cells with text."""

    node: Node
    columns: set[str]
    cells: int = 0


def with_search(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield the parts of a form. If a question's appearance is `search(...)`, its choices come from an attached file.
    Raises Refused."""
    for part in parts:
        if not isinstance(part, Question):
            yield replace(part, parts=tuple(with_search(part.parts)))
            continue
        found = _SEARCH.search(part.appearance)
        if found is None or part.choices is None:
            yield part
        else:
            yield replace(part, choices=_searched(part, part.choices, found[1]))


def _searched(part: Question, choices: Choices, inside: str) -> Choices:
    """Return the choices for search('file'[, how, column, text[, column, text]])."""
    try:
        call = read(f"search({inside})")
    except BadExpression as error:
        raise refuse(f"search(): {error}", sheet="survey", row=part.row) from None
    pieces = [piece.strip() for piece in _split(inside)]
    names = [str(one.value) if isinstance(one, Literal) else "" for one in getattr(call, "arguments", ())]
    needed = {1: (0,), 4: (0, 1, 2), 6: (0, 1, 2, 4)}.get(len(names))
    if needed is None or not all(names[place] for place in needed) or len(pieces) != len(names):
        raise refuse(
            "search() needs the name of a file in quotes, alone or with a condition, such as "
            "search('towns', 'matches', 'state', ${state})",
            sheet="survey",
            row=part.row,
        )
    conditions = ""
    if len(names) >= 4:
        if names[1].lower() not in _CONDITIONS:
            what = f"search(): {names[1]!r} is not a way to compare; use {', '.join(_CONDITIONS)}"
            raise refuse(what, sheet="survey", row=part.row)
        conditions += f"[{_CONDITIONS[names[1].lower()].format(names[2], _outside(pieces[3]))}]"
    if len(names) == 6:
        conditions += f"[{names[4]} = {_outside(pieces[5])}]"
    return Choices(f"instance('{names[0].removesuffix('.csv')}')/root/item{conditions}", choices.value, choices.label)


def _outside(text: str) -> str:
    """Rewrite an expression for use inside a condition on choices."""
    return f"current()/{text}" if text.startswith(".") else text


def _split(text: str) -> list[str]:
    """Split arguments at their commas, but not inside quotes or parentheses."""
    pieces, depth, quote = [""], 0, ""
    for letter in text:
        quote = ("" if letter == quote else quote) if quote else (letter if letter in "'\"" else "")
        depth += (letter in "([") - (letter in ")]") if not quote else 0
        if letter == "," and not depth and not quote:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces


def attach(form: Form, book: Workbook, files: Files) -> Iterator[Problem]:
    """Add the attached tables to the form. Yield a problem for each table that is missing, can't be read, or lacks a
    column of choices. Add a warning for every other column that is missing."""
    wanted = dict(xform.external(form))
    if wanted.pop(_LAST_SAVED, None) is not None:
        form.instances[_LAST_SAVED] = Node(Kind.ELEMENT, "instance")
        form.warnings.append(
            Problem("survey", 0, "${last-saved#...} stays empty: nothing is copied from answers about another person")
        )
    for question in form.questions():
        found = _TABLE.match(question.choices.items) if question.choices else None
        if found and found[1] not in form.instances and found[1] not in wanted:
            wanted[found[1]] = "" if _SEARCH.search(question.appearance) is None else f"{found[1]}.csv"
    left = MOST_CELLS
    for name, file in wanted.items():
        table: Table | None = None
        if not file:
            table = _external_choices(book, name)
        else:
            row = next((form.row(path) for path in _users(form, name)), 0)
            content = files(file)
            if content is None:
                what = f"the file {file} is missing; put it next to the form, with exactly this name"
                yield Problem("survey", row, what)
                continue
            try:
                table = _table(content, file)
            except (ValueError, EvaluationFailed, csv.Error) as error:
                yield Problem("survey", row, f"the file {file} can't be read: {error}")
                continue
            left -= table.cells
            if left < 0:
                yield Problem(
                    "survey", row, f"the attached files have more than {MOST_CELLS:,} cells; remove some rows"
                )
                return
        form.instances[name] = table.node
        yield from _lacking(form, name, file, table)


def _lacking(form: Form, name: str, file: str, table: Table) -> Iterator[Problem]:
    """Check the columns that a form uses of a table."""
    what = f"the file {file}" if file else f"the list {name} on the sheet external_choices"
    for question in form.questions():
        if question.choices is None or f"instance('{name}')" not in question.choices.items.partition("/")[0]:
            continue
        value, label = question.choices.value, question.choices.label
        if not any(root.elements() for root in table.node.elements()):
            yield Problem("survey", question.row, f"{what} has no rows")
        elif value not in table.columns:
            yield Problem(
                "survey", question.row, f"{what} has no column {value!r}, which has the values of the choices"
            )
        else:
            for column in _labels(form, label):
                if column not in table.columns:
                    note = f"{what} has no column {column!r}, so people will see the column {value!r}"
                    form.warnings.append(Problem("survey", question.row, note))
    for path, columns in _pulled(form, name):
        for column in columns - table.columns:
            note = f"pulldata(): {what} has no column {column!r}, so the value will be empty"
            form.warnings.append(Problem("survey", form.row(path), note))


def _labels(form: Form, label: str) -> list[str]:
    """Return the columns that a label is made of. In search(), each language can have its own."""
    if not label.startswith("jr:itext("):
        return [column.strip() for column in label.split(",")]
    entries = (texts.get(label[10:-2]) for texts in form.texts.values())
    values = (value.value() for entry in entries if entry is not None for value in entry.named("value"))
    return [column.strip() for text in dict.fromkeys(values) if text != "-" for column in text.split(",")]


def _pulled(form: Form, name: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the paths with pulldata() from a table, with the columns that it names."""
    for bind in form.binds.values():
        if "pulldata" not in bind.calculate:
            continue
        try:
            found = [call for call in calls(bind.calculate) if call.name == "pulldata"]
        except BadExpression:
            continue  # is told with the other expressions
        for call in found:
            given = [str(one.value) if isinstance(one, Literal) else "" for one in call.arguments]
            if len(given) == 4 and given[0] == name:
                yield bind.path, {column for column in given[1:3] if column}


def _users(form: Form, name: str) -> Iterator[str]:
    """Yield the paths whose expressions use this attached table."""
    for question in form.questions():
        if question.choices and f"'{name}'" in question.choices.items:
            yield question.path
    for bind in form.binds.values():
        if f"'{name}'" in bind.calculate or f'"{name}"' in bind.calculate:
            yield bind.path


def _table(content: bytes, file: str) -> Table:
    """Return an attached CSV or XML file as a table."""
    if len(content) > workbook.LARGEST_FILE:
        raise ValueError(f"it is larger than {workbook.LARGEST_FILE // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text; save it as CSV UTF-8") from None
    if file.lower().endswith(".xml"):
        return _xml(text)
    if not file.lower().endswith(".csv"):
        raise ValueError("only CSV and XML files are read; save it as CSV")
    rows = csv.DictReader(io.StringIO(text))
    columns = [column.strip() for column in rows.fieldnames or () if column and column.strip()]
    if not columns:
        raise ValueError("it is empty; write the names of its columns in the first row")
    if len(columns) > workbook.MOST_COLUMNS:
        raise ValueError(f"it has more than {workbook.MOST_COLUMNS} columns")
    twice = next((column for column in columns if columns.count(column) > 1), "")
    if twice:
        raise ValueError(f"the column {twice!r} is there twice; rename or delete one")
    table = _instance(rows)
    table.columns.update(columns)
    return table


def _xml(text: str) -> Table:
    table = Table(Node(Kind.ELEMENT, "instance"), set())
    for element in read_xml(text)[0].elements():
        table.node.add(element)
    for cell in chain.from_iterable(item.elements() for root in table.node.elements() for item in root.elements()):
        table.columns.add(cell.name)
        table.cells += 1
    return table


def _instance(rows: Iterable[dict[Any, Any]]) -> Table:
    """Return rows as a table. An empty cell has no node, because expressions treat a missing node like an empty one."""
    table = Table(Node(Kind.ELEMENT, "instance"), set())
    root = table.node.add(Node(Kind.ELEMENT, "root"))
    for number, row in enumerate(rows, 2):
        if number > workbook.MOST_ROWS:
            raise ValueError(f"it has more than {workbook.MOST_ROWS:,} rows")
        item = root.add(Node(Kind.ELEMENT, "item"))
        for column, cell in row.items():
            text = cell.strip() if isinstance(column, str) and isinstance(cell, str) else ""
            if text:
                item.add(Node(Kind.ELEMENT, column.strip())).set_text(text)
                table.columns.add(column.strip())
                table.cells += 1
        if table.cells > MOST_CELLS:
            raise ValueError(f"it has more than {MOST_CELLS:,} cells; remove the rows and columns that are not needed")
    return table


def _external_choices(book: Workbook, name: str) -> Table:
    sheet = book.sheets.get("external_choices")
    rows = sheet.rows if sheet is not None else ()
    lower = ({header.lower().replace(" ", "_"): text for header, text in row.items()} for row in rows)
    return _instance(_labeled(row) for row in lower if row.get("list_name") == name)


def _labeled(row: dict[str, str]) -> dict[str, str]:
    label = next((text for header, text in row.items() if header.startswith("label")), row.get("name", ""))
    return {**row, "label": label}
