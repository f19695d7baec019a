"""Write answers for other programs: as a row of a table, as a workbook, and as the instance of an XForm."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from accord.core import csvs
from accord.formlib.answering import Answers, path_of
from accord.formlib.model import Question
from accord.formlib.xpath.tree import Node
from accord.formlib.xpath.values import words_of

MARKS = {"declined": "PREFER_NOT", "not_asked": "NOT_ASKED"}
MOST_SPLIT = 200  # choices of one question that get columns of their own
_NEGATIVE = re.compile(r"-(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?")
_LISTED = re.compile(r"instance\('[^']+'\)/root/item")
_XFORMS = "http://www.w3.org/2002/xforms"
_ORX = "http://openrosa.org/xforms"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Row = tuple[str, ...]


def rows(answers: Answers) -> tuple[Row, Row]:
    """Return the header and the values of one row. A column's name includes the groups and repeats around the question,
    such as `home/child[2]/age`. A question with several choices has a column with all selected values, and one for each
    choice with 1 or 0. A marked question has its mark. A question that was not asked is empty."""
    found = list(_cells(answers, answers.top, "", True))
    return tuple(name for name, _ in found), tuple(value for _, value in found)


def csv_bytes(header: Row, values: Iterable[Row]) -> bytes:
    """Return rows as a CSV file that contains no formulas."""
    stream = io.StringIO(newline="")
    csvs.write(stream, [[_plain(cell) for cell in row] for row in (header, *values)])
    return stream.getvalue().encode("utf-8-sig", "replace")


def _plain(text: str) -> str | Decimal:
    """Return a negative number as a number, so that it is not guarded as if it were a formula."""
    return Decimal(text) if _NEGATIVE.fullmatch(text) else text


def xlsx_bytes(header: Row, values: Iterable[Row], title: str = "answers") -> bytes:
    """Return rows as a workbook, in which every cell is text."""
    return workbook_bytes({title: (header, *values)})


def workbook_bytes(sheets: Mapping[str, Iterable[Row]]) -> bytes:
    """Return a workbook with these sheets, in which every cell is text."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "answers")
        for row in rows:
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value="")
                cell.value = _NOT_XML.sub("", text)[:32_767]
                cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
                cell.number_format = "@"  # it stays text when someone edits the cell
                cells.append(cell)
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xml_bytes(answers: Answers) -> bytes:
    """Return the answers as the instance of the form's XForm, with its id and version and every copy of a repeat.
    Anything that is not relevant is left out. A marked question is empty."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_xml(answers.top, True))).encode()


def _cells(answers: Answers, node: Node, above: str, shown: bool) -> Iterator[tuple[str, str]]:
    path = path_of(node)
    counts: dict[str, int] = {}
    for child in node.elements():
        counts[child.name] = counts.get(child.name, 0) + 1
        inner = f"{path}/{child.name}"
        number = f"[{counts[child.name]}]" if inner in answers.repeats else ""
        name = f"{above}{child.name}{number}"
        relevant = shown and not child.hidden
        if child.elements():
            yield from _cells(answers, child, f"{name}/", relevant)
        elif inner not in answers.repeats and (child.name != "instanceID" or child.value()):
            question = answers.asked.get(inner)
            if question is None or not _only_shown(question):
                yield name, _value(answers, child) if relevant else ""
                if question is not None and question.kind == "select_multiple":
                    yield from _split(answers, question, child, name, relevant)


def _only_shown(question: Question) -> bool:
    return question.kind == "note" or "label" in question.appearance.split()


def _value(answers: Answers, node: Node) -> str:
    mark = answers.mark_of(node)
    return MARKS.get(mark, mark) or node.value()


def _split(answers: Answers, question: Question, node: Node, name: str, relevant: bool) -> Iterator[tuple[str, str]]:
    """Yield a cell for each choice of a question. The columns are the same for all answers to a form, whichever choices
    were offered."""
    chosen = words_of(node.value()) if relevant else []
    values = dict.fromkeys(choice for choice in _every_choice(answers, question, node))
    if len(values) > MOST_SPLIT:
        return
    for value in values:
        yield f"{name}/{value}", str(int(value in chosen)) if chosen else ""


def _every_choice(answers: Answers, question: Question, node: Node) -> Sequence[str]:
    """Return all values of a question's list, including those that its filter currently leaves out."""
    choices = question.choices
    whole = _LISTED.search(choices.items) if choices is not None else None
    if choices is not None and whole is not None:
        question = replace(question, choices=replace(choices, items=whole[0]))
    return [choice.value for choice in answers.choices(question, node)]


def _xml(node: Node, top: bool = False) -> Iterator[str]:
    name = f"{node.prefix}:{node.name}" if node.prefix else node.name
    yield f"<{name}{''.join(_attributes(node, top))}>"
    children = [one for one in node.elements() if not one.hidden]
    if children:
        for child in children:
            yield from _xml(child)
    elif not node.elements():
        yield escape(_NOT_XML.sub("", node.value()))
    yield f"</{name}>"


def _attributes(node: Node, top: bool) -> Iterator[str]:
    if top:
        prefixes = {one.prefix: one.uri for each in (node, *node.descendants()) for one in (each, *each.attributes)}
        prefixes["orx"] = _ORX
        if node.uri not in ("", _XFORMS) and not node.prefix:
            yield f" xmlns={quoteattr(node.uri)}"
        yield from (f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in sorted(prefixes.items()) if prefix)
    for one in node.attributes:
        yield f" {one.prefix + ':' if one.prefix else ''}{one.name}={quoteattr(one.text)}"
