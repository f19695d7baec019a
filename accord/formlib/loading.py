"""Load an XLSForm: read the workbook, have pyxform convert it to an XForm, and check everything that pyxform doesn't
check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pyxform.xls2xform import convert

from accord.formlib import additions, attaching, workbook, xform
from accord.formlib.attaching import Files
from accord.formlib.model import Form, Group, Question
from accord.formlib.ordering import rules_of
from accord.formlib.problems import Problem, Refused
from accord.formlib.references import calls, feeds_itself, reads, words_in_conditions
from accord.formlib.workbook import Sheet, Workbook
from accord.formlib.xpath.evaluating import problem_of
from accord.formlib.xpath.functions.texts import pattern
from accord.formlib.xpath.limits import BadExpression, EvaluationFailed
from accord.formlib.xpath.syntax import Literal

MOST_RANGE_STEPS = 10_000

_ASK_FILE = "ask for the file with the type file instead"
_CANNOT = {  # question types that Accord does not support, and what to use instead
    "audio": f"sound is not recorded here; {_ASK_FILE}",
    "background-audio": "sound is never recorded in the background; delete the row",
    "video": f"video is not recorded here; {_ASK_FILE}",
    "geotrace": "lines on a map are not drawn here; ask for single places with the type geopoint",
    "geoshape": "areas on a map are not drawn here; ask for single places with the type geopoint",
    "background-geopoint": "a place is never recorded in the background; ask for it with the type geopoint",
    "start-geopoint": "a place is never recorded in the background; ask for it with the type geopoint",
    "osm": "OpenStreetMap is not edited here; ask for the place with the type geopoint or text",
}
_LEFT_EMPTY = {"deviceid", "imei", "simserial", "subscriberid", "phonenumber", "username", "email", "audit"}
_BEGIN = re.compile(r"begin[ _]+(group|repeat|loop)\b", re.IGNORECASE)
_END = re.compile(r"end[ _]+(group|repeat|loop)\b", re.IGNORECASE)
_SEVERAL_FROM_REPEAT = re.compile(r"select[_ ](?:multiple|all that apply(?: from)?)\s+\$\{", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?")
_RAW = {"bind", "body", "control", "instance", "attribute"}  # columns that are copied into the XForm
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
    "Question with no type": "this row has no type; write one, such as text, or delete the row",
    "Row without name, text, or label": "this row has no type, name, or label, and is left out",
    "Unknown question type": "this question type does not exist; choose one from the list at xlsform.org, such as text or "
    "select_one",
    "Repeat has no label": "this repeat has no label, so people will not see what is repeated",
    "The reference in the 'parameters' column": "the range is not right; write start, end, and step as numbers, such as "
    "start=0 end=10 step=1",
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
        raise Refused(_odd_columns(book) or [Problem("survey", 0, str(error))]) from None
    form.warnings.extend([*book.notes, *_notes(survey)])
    form.warnings.extend(_problem(one, book) for one in dict.fromkeys(warnings))
    several = {number for number, kind, _ in _typed(survey) if _SEVERAL_FROM_REPEAT.match(kind)}
    form = replace(form, parts=tuple(_with_several(form.parts, several)))
    form = replace(form, parts=tuple(attaching.with_search(form.parts)))
    form = additions.added(form, book)
    wrong = [*_circles(form), *_ranges(form)]
    missing = list(attaching.attach(form, book, files))
    wrong += [*missing, *_wrong_expressions(form), *additions.wrong(form, book)]
    if wrong:
        raise Refused(sorted(set(wrong)))
    form.warnings.extend(_unquoted(form))
    rules_of(form)
    return form


def _one_for_several(row: dict[str, str]) -> dict[str, str]:
    """Return a row with "select_one ${x}" for "select_multiple ${x}", which pyxform does not convert."""
    return {
        header: _SEVERAL_FROM_REPEAT.sub("select_one ${", text) if header.strip().lower() == "type" else text
        for header, text in row.items()
    }


def _with_several(parts: tuple[Question | Group, ...], rows: set[int]) -> Iterator[Question | Group]:
    for part in parts:
        if isinstance(part, Group):
            yield replace(part, parts=tuple(_with_several(part.parts, rows)))
        else:
            yield replace(part, kind="select_multiple") if part.row in rows else part


def _convert(book: Workbook, name: str, warnings: list[str]) -> str:
    given: dict[str, Any] = {"sheet_names": list(book.names), "fallback_form_name": name.rpartition(".")[0] or "form"}
    for title, sheet in book.sheets.items():
        if title in workbook.TABLES:
            continue
        given[title] = (
            [_one_for_several(row) for row in sheet.rows] if title == "survey" else list(map(dict, sheet.rows))
        )
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


def _odd_columns(book: Workbook) -> list[Problem]:
    """Return a problem for each column whose header can't be a name in the XForm that pyxform writes."""
    what = "the column {!r} can't be used; name it with letters, digits, and _ only, or delete it"
    return [
        Problem(title, 1, what.format(header))
        for title in ("survey", "choices", "settings", "entities")
        for header in (book.sheets[title].headers if title in book.sheets else ())
        for prefix, _, rest in [header.partition("::")]
        if (title == "choices" and not rest and not _NAME.fullmatch(prefix.strip().replace(" ", "_")))
        or (prefix.strip().lower() in _RAW and not _NAME.fullmatch(rest.strip()))
    ]


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


def _circles(form: Form) -> Iterator[Problem]:
    """Yield a problem for each row that reads its own result. An answer that decides whether its own question is asked
    would come and go."""
    for bind in form.binds.values():
        name = bind.path.rpartition("/")[2]
        try:
            if bind.calculate and feeds_itself(bind.calculate, bind.path):
                what = f"calculation: {name} is computed from its own value; to keep a value, use once(...)"
                yield Problem("survey", form.row(bind.path), what)
            if bind.relevant:
                for path in reads(bind.relevant, bind.path).paths:
                    if path == bind.path or path.startswith(f"{bind.path}/"):
                        what = f"relevant: {name} can't depend on its own answer or on an answer inside it"
                        yield Problem("survey", form.row(bind.path), what)
        except BadExpression:
            continue  # is told with the other expressions


def _ranges(form: Form) -> Iterator[Problem]:
    for question in form.questions():
        if question.span is None:
            continue
        try:
            start, end, step = (Decimal(one) for one in question.span)
            fits = step != 0 and abs((end - start) / step) <= MOST_RANGE_STEPS
        except ArithmeticError:
            fits = False
        if not fits:
            what = f"parameters: a range needs numbers for start, end, and step, and at most {MOST_RANGE_STEPS:,} steps"
            yield Problem("survey", question.row, what)


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
