"""Load an XLSForm: read the workbook, have pyxform convert it to an XForm, and check everything that pyxform doesn't
check."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from pyxform.xls2xform import convert

from accord.formlib import additions, workbook, xform
from accord.formlib.model import Choices, Form, Question
from accord.formlib.ordering import rules_of
from accord.formlib.problems import Problem, Refused, refuse
from accord.formlib.references import calls, words_in_conditions
from accord.formlib.workbook import Sheet, Workbook
from accord.formlib.xpath.evaluating import problem_of
from accord.formlib.xpath.functions.texts import pattern
from accord.formlib.xpath.limits import BadExpression, EvaluationFailed
from accord.formlib.xpath.syntax import Literal, read
from accord.formlib.xpath.tree import Kind, Node, read_xml

Files = Callable[[str], bytes | None]  # returns the content of a file attached to the form, given its name

_ASK_FILE = "ask for the file with the type file instead"
_CANNOT = {  # question types that Accord does not support, and what to use instead
    "audio": f"sound is not recorded here; {_ASK_FILE}",
    "background-audio": "sound is never recorded in the background; delete the row",
    "video": f"video is not recorded here; {_ASK_FILE}",
    "geotrace": "lines on a map are not drawn here; ask for single places with the type geopoint",
    "geoshape": "areas on a map are not drawn here; ask for single places with the type geopoint",
    "start-geopoint": "a place is never recorded in the background; ask for it with the type geopoint",
    "osm": "OpenStreetMap is not edited here; ask for the place with the type geopoint or text",
}
_LEFT_EMPTY = {"deviceid", "imei", "simserial", "subscriberid", "phonenumber", "username", "email", "audit"}
_BEGIN = re.compile(r"begin[ _]+(group|repeat|loop)\b", re.IGNORECASE)
_END = re.compile(r"end[ _]+(group|repeat|loop)\b", re.IGNORECASE)
_SEARCH = re.compile(r"search\((.*)\)", re.DOTALL)
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet,\s*")
_LEARN_MORE = re.compile(r"\s*Learn more: \S+")
_QUOTED = re.compile(r"['\"‘“]([^'\"’”]+)['\"’”]")
_PLAIN = {  # part of a pyxform message, and the message that replaces it
    "Choice names must be unique": "this choice's name is already in its list; rename it, or, if both are meant, add the "
    "column allow_choice_duplicates with yes to the sheet settings",
    "Choices must have a name": "this choice has no name; if the cell has a formula, open the file in a spreadsheet program "
    "and save it, so that its value is stored",
    "Choices should have a label": "this choice has no label, so people will see its name",
    "valid machine-readable codes": "the languages have no codes; write them like English (en)",
    "Unknown question type": "this question type does not exist; choose one from the list at xlsform.org, such as text or "
    "select_one",
    "Repeat has no label": "this repeat has no label, so people will not see what is repeated",
    "max-pixels": "large pictures are not made smaller; that is only advice for phones",
}


def load(content: bytes, name: str, files: Files) -> Form:
    """Return the form in a workbook. `files` finds the files attached to it. Raises Refused with every problem that was
    found."""
    book = workbook.read(content, name)
    survey = book.sheets["survey"]
    wrong = list(_unsupported(survey))
    if wrong:
        raise Refused(wrong)
    warnings: list[str] = []
    xml = _convert(book, name, warnings)
    try:
        form = xform.read_form(xml, lambda root: _rows(survey, root))
    except EvaluationFailed as error:
        raise refuse(str(error), sheet="survey") from None
    form.warnings.extend([*book.notes, *_notes(survey)])
    form.warnings.extend(_problem(one, book) for one in dict.fromkeys(warnings))
    form = replace(form, parts=tuple(_with_search(form.parts)))
    form = additions.added(form, book)
    missing = list(_attach(form, book, files))
    wrong = [*missing, *_wrong_expressions(form), *additions.wrong(form, book)]
    if wrong:
        raise Refused(sorted(set(wrong)))
    form.warnings.extend(_unquoted(form))
    rules_of(form)
    return form


def _convert(book: Workbook, name: str, warnings: list[str]) -> str:
    given: dict[str, Any] = {"sheet_names": list(book.names), "fallback_form_name": name.rpartition(".")[0] or "form"}
    for title, sheet in book.sheets.items():
        if title in workbook.TABLES:
            continue
        given[title] = [dict(row) for row in sheet.rows]
        given[f"{title}_header"] = [dict.fromkeys(sheet.headers)]
    try:
        return convert(given, warnings=warnings, validate=False, pretty_print=False).xform
    except Exception as error:  # noqa: BLE001  (pyxform also raises TypeError and KeyError for authors' mistakes)
        raise Refused(_explained(error, book)) from None


def _explained(error: Exception, book: Workbook) -> list[Problem]:
    """Turn an error from pyxform into problems, one for each row that the error mentions."""
    message = str(error)
    if type(error).__module__.partition(".")[0] != "pyxform":
        columns = [header for header in book.sheets["survey"].headers if "::" in header and " " not in header]
        unusual = f", such as the column {columns[0]!r}" if columns else ""
        return [
            Problem("survey", 1, f"pyxform stopped ({type(error).__name__}) at something unusual{unusual}; remove it")
        ]
    starts = [found.start() for found in _ROW.finditer(message)] or [0]
    pieces = [message[start:end] for start, end in zip(starts, [*starts[1:], len(message)], strict=True)]
    return sorted({_problem(piece, book) for piece in pieces})


def _problem(message: str, book: Workbook) -> Problem:
    """Return a pyxform message as a problem with a sheet and row. If the message does not give them, search the
    workbook for what it quotes. Replace the most common messages with simpler ones."""
    row, sheet = _ROW.search(message), _SHEET.search(message)
    text = " ".join(_LEARN_MORE.sub("", _SHEET.sub("", _ROW.sub("", message))).split()).strip(" .")
    text = next((plain for part, plain in _PLAIN.items() if part in text), text)
    where = (sheet[1] if sheet else "survey", int(row[1])) if row else _found(message, book)
    return Problem(*where, text[:500])


def _found(message: str, book: Workbook) -> tuple[str, int]:
    """Return the sheet and row of a cell that a message quotes."""
    for quoted in (one.strip() for one in _QUOTED.findall(message)):
        for title in ("survey", "choices", "settings"):
            for number, row in enumerate(book.sheets[title].rows if title in book.sheets else (), 2):
                if any(cell == quoted or cell.split()[:1] == [quoted] for cell in row.values()):
                    return title, number
    return "survey", 0


def _column(row: dict[str, str], *names: str) -> str:
    for header, text in row.items():
        if header.strip().lower() in names:
            return text
    return ""


def _typed(survey: Sheet) -> Iterator[tuple[int, str, dict[str, str]]]:
    for number, row in enumerate(survey.rows, 2):
        disabled = _column(row, "disabled").lower() in ("yes", "true", "1")
        kind = _column(row, "type").strip()
        if kind and not disabled:
            yield number, kind, row


def _unsupported(survey: Sheet) -> Iterator[Problem]:
    for number, kind, row in _typed(survey):
        word = kind.split()[0].lower()
        if word in _CANNOT:
            yield Problem("survey", number, f"type {kind!r} of {_column(row, 'name')!r}: {_CANNOT[word]}")


def _notes(survey: Sheet) -> Iterator[Problem]:
    """Yield a note for each question type that is accepted but works differently here."""
    for number, kind, _ in _typed(survey):
        if kind.lower() in _LEFT_EMPTY:
            yield Problem(
                "survey", number, f"type {kind!r} stays empty: Accord collects nothing about the device or staff"
            )


def _rows(survey: Sheet, root: str) -> dict[str, int]:
    """Return each path's row in the sheet."""
    rows: dict[str, int] = {}
    path = [root]
    for number, kind, row in _typed(survey):
        name = _column(row, "name", "value")
        if _END.match(kind):
            path = path[:-1] if len(path) > 1 else path
        else:
            rows.setdefault("/" + "/".join([*path, name]), number)
            if _BEGIN.match(kind):
                path = [*path, name]
    return rows


def _with_search(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield the parts of a form. If a question's appearance is `search(...)`, its choices come from an attached
    file."""
    for part in parts:
        if not isinstance(part, Question):
            yield replace(part, parts=tuple(_with_search(part.parts)))
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
    names = [one.value if isinstance(one, Literal) else "" for one in getattr(call, "arguments", ())]
    conditions = ""
    if len(pieces) >= 4:
        test = {
            "contains": "contains({0}, {1})",
            "startswith": "starts-with({0}, {1})",
            "endswith": "ends-with({0}, {1})",
        }
        how = test.get(str(names[1]), "{0} = {1}")
        conditions += f"[{how.format(names[2], _outside(pieces[3]))}]"
    if len(pieces) >= 6:
        conditions += f"[{names[4]} = {_outside(pieces[5])}]"
    return Choices(f"instance('{names[0]}')/root/item{conditions}", choices.value, choices.label)


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


def _attach(form: Form, book: Workbook, files: Files) -> Iterator[Problem]:
    """Add the attached tables to the form. Yield a problem for each table that is missing or can't be read."""
    wanted = dict(xform.external(form))
    for question in form.questions():
        items = question.choices.items if question.choices else ""
        for name in re.findall(r"^instance\('([^']+)'\)", items):
            if name not in form.instances and name not in wanted:
                wanted[name] = "" if _SEARCH.search(question.appearance) is None else f"{name}.csv"
    for name, file in wanted.items():
        if not file:
            form.instances[name] = _external_choices(book, name)
            continue
        content = files(file)
        row = next((form.row(path) for path in _users(form, name)), 0)
        if content is None:
            yield Problem("survey", row, f"the file {file} is missing; put it next to the form, with exactly this name")
            continue
        try:
            form.instances[name] = _table(content, file)
        except (ValueError, EvaluationFailed, csv.Error) as error:
            yield Problem("survey", row, f"the file {file} can't be read: {error}")


def _users(form: Form, name: str) -> Iterator[str]:
    """Yield the paths whose expressions use this attached table."""
    for question in form.questions():
        if question.choices and f"'{name}'" in question.choices.items:
            yield question.path
    for bind in form.binds.values():
        if f"'{name}'" in bind.calculate or f'"{name}"' in bind.calculate:
            yield bind.path


def _table(content: bytes, file: str) -> Node:
    """Return an attached CSV or XML file as an instance."""
    if len(content) > workbook.LARGEST_FILE:
        raise ValueError(f"it is larger than {workbook.LARGEST_FILE // 1_000_000} MB")
    text = content.decode("utf-8-sig")
    if file.lower().endswith(".xml"):
        instance = Node(Kind.ELEMENT, "instance")
        for element in read_xml(text)[0].elements():
            instance.add(element)
        return instance
    if not file.lower().endswith(".csv"):
        raise ValueError("only CSV and XML files are read; save it as CSV")
    return _instance(csv.DictReader(io.StringIO(text)))


def _instance(rows: Iterable[dict[Any, Any]]) -> Node:
    instance = Node(Kind.ELEMENT, "instance")
    root = instance.add(Node(Kind.ELEMENT, "root"))
    for number, row in enumerate(rows, 2):
        if number > workbook.MOST_ROWS:
            raise ValueError(f"it has more than {workbook.MOST_ROWS:,} rows")
        item = root.add(Node(Kind.ELEMENT, "item"))
        for column, cell in row.items():
            if isinstance(column, str) and isinstance(cell, str):
                item.add(Node(Kind.ELEMENT, column.strip())).set_text(cell.strip())
    return instance


def _external_choices(book: Workbook, name: str) -> Node:
    sheet = book.sheets.get("external_choices")
    rows = sheet.rows if sheet is not None else ()
    lower = ({header.lower().replace(" ", "_"): text for header, text in row.items()} for row in rows)
    return _instance(_labeled(row) for row in lower if row.get("list_name") == name)


def _labeled(row: dict[str, str]) -> dict[str, str]:
    label = next((text for header, text in row.items() if header.startswith("label")), row.get("name", ""))
    return {**row, "label": label}


def _unquoted(form: Form) -> Iterator[Problem]:
    """Yield a problem for each word in a choice filter that is not a column of the list. The author probably forgot the
    quotes."""
    for question in form.questions():
        found = re.match(r"instance\('([^']+)'\)/root/item(?=\[)", question.choices.items if question.choices else "")
        instance = form.instances.get(found[1]) if found else None
        items = [item for root in instance.elements() for item in root.elements()] if instance is not None else []
        columns = {cell.name for item in items for cell in item.elements()}
        for word in words_in_conditions(question.choices.items) if question.choices and items else ():
            if word not in columns:
                what = f"choice_filter: {word!r} is not a column of the choices; if it is a value, write it in quotes"
                yield Problem("survey", question.row, what)


def _wrong_expressions(form: Form) -> Iterator[Problem]:
    for path, column, expression in _expressions(form):
        try:
            for call in calls(expression):
                wrong = problem_of(call)
                if wrong:
                    yield Problem("survey", form.row(path), f"{column}: {wrong}")
                elif call.name == "regex" and isinstance(call.arguments[1], Literal):
                    pattern(str(call.arguments[1].value))
        except (BadExpression, EvaluationFailed) as error:
            yield Problem("survey", form.row(path), f"{column}: {error}")


def _expressions(form: Form) -> Iterator[tuple[str, str, str]]:
    """Yield every expression in a form, with its path and the column where it is written."""
    for bind in form.binds.values():
        for column in ("relevant", "constraint", "required", "read_only", "calculate"):
            if getattr(bind, column):
                yield bind.path, {"calculate": "calculation"}.get(column, column), getattr(bind, column)
    for group in form.groups():
        if group.count:
            yield group.path, "repeat_count", group.count
    for question in form.questions():
        if question.choices is not None:
            yield question.path, "choice_filter", question.choices.items
    for action in form.actions:
        yield action.path, "default", action.value
    labels = [(one.path, one.label) for one in form.questions()] + [(one.path, one.label) for one in form.groups()]
    for path, label in labels:
        for output in label.named("output") if label is not None else ():
            yield path, "label", output.attribute("value") or "''"
