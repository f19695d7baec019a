"""Compare the evaluator's results with a table of facts. Each fact has an expression, the node where the expression is
evaluated, and the expected value.

`accord form evaluate` reads a table of this kind. The columns are the same as in the facts published with the OpenRosa
evaluators.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accord.core.errors import BadInput
from accord.formlib.xpath.evaluating import Scope, evaluate
from accord.formlib.xpath.limits import BadExpression, EvaluationFailed
from accord.formlib.xpath.tree import Node, read_xml
from accord.formlib.xpath.values import Value, each_text, to_number, to_text, to_truth

NEEDED = ("id", "expression", "expected_type", "expected")
TYPES = ("boolean", "number", "string", "date", "nodeset-text", "error")
UPSTREAM_ZONE = "America/Phoenix"  # the time zone that upstream uses for its tests
_PREFIXES = {"jr": "http://openrosa.org/javarosa"}


@dataclass(frozen=True)
class Answer:
    """The result of one fact. `got` is the value as text, or `error: ` followed by the reason."""

    id: str
    expected: str
    got: str
    agrees: bool


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the facts in a CSV file with their row numbers. Raises BadInput if the file is not a table of facts."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise BadInput("the column is missing from the header", file=path.name, row=1, column=missing[0])
            for row in reader:
                if None in row or None in row.values():
                    raise BadInput("does not have as many columns as the header", file=path.name, row=reader.line_num)
                if row["expected_type"] not in TYPES:
                    what = f"the type is not one of {', '.join(TYPES)}"
                    raise BadInput(what, file=path.name, row=reader.line_num, column="expected_type")
                if row["expected_type"] == "number":
                    _number(row["expected"], path.name, reader.line_num)
                yield reader.line_num, row
    except UnicodeDecodeError:
        raise BadInput("not UTF-8 text; save the file as UTF-8", file=path.name) from None
    except OSError as error:
        raise BadInput(f"cannot be read ({(error.strerror or 'unknown reason').lower()})", file=path.name) from None
    except csv.Error as error:
        raise BadInput(f"not a table ({error})", file=path.name) from None


def _number(text: str, file: str, line: int) -> None:
    try:
        float(text)
    except ValueError:
        raise BadInput("is not a number, as its type says", file=file, row=line, column="expected") from None


def check(path: Path, now: datetime) -> Iterator[Answer]:
    """Evaluate every fact in a file as of a given moment. Raises BadInput for a context, node, or time zone that can't
    be used."""
    for number, row in rows_of(path):
        try:
            zone = ZoneInfo(row.get("tz") or UPSTREAM_ZONE)
            tolerance = float(row.get("tolerance") or 0)
            node, scope = _place(row, zone, now)
        except (ZoneInfoNotFoundError, ValueError, OSError, BadExpression, EvaluationFailed) as error:
            raise BadInput(f"can't be used ({error})", file=path.name, row=number) from None
        yield _answer(row, node, scope, tolerance)


def _place(row: Mapping[str, str], zone: ZoneInfo, now: datetime) -> tuple[Node, Scope]:
    """Return the node where a fact is evaluated, and the scope that the expression can use."""
    root, declared = read_xml(row.get("context") or "<root/>")
    given = dict(pair.strip().split("=", 1) for pair in (row.get("namespaces") or "").split(";") if pair.strip())
    scope = Scope(root, now, zone, namespaces={**_PREFIXES, **declared, **given})
    node = _node(row.get("context_node"), root, scope)
    scope.root = _node(row.get("absolute_path_root"), root, scope)
    scope.instance = lambda name: _instance(root, name)
    scope.translated = lambda name: _translated(root, name, row.get("language") or "")
    return node, scope


def _node(path: str | None, root: Node, scope: Scope) -> Node:
    if not path:
        return root
    found = evaluate(path, root, scope)
    if not isinstance(found, list) or len(found) != 1:
        raise EvaluationFailed(f"{path} is not one node")
    return found[0]


def _instance(root: Node, name: str) -> Node | None:
    return next((one for one in root.descendants() if one.name == "instance" and one.attribute("id") == name), None)


def _translated(root: Node, name: str, language: str) -> str | None:
    """Return one of the form's strings in this language. If the form does not offer this language, use the default
    language or, if there is none, the first language."""
    offered = [node for node in root.descendants() if node.name == "translation"]
    named = [node for node in offered if node.attribute("lang") == language]
    default = [node for node in offered if node.attribute("default") is not None]
    for chosen in (named or default or offered)[:1]:
        for text in chosen.named("text"):
            if text.attribute("id") == name:
                return next((one.value() for one in text.named("value") if one.attribute("form") is None), "")
    return None


def _answer(row: Mapping[str, str], node: Node, scope: Scope, tolerance: float) -> Answer:
    kind, expected = row["expected_type"], row["expected"]
    try:
        value = evaluate(row["expression"], node, scope)
    except (BadExpression, EvaluationFailed) as error:
        return Answer(row["id"], expected, f"error: {error}", kind == "error")
    got, agrees = _compared(kind, expected, value, scope, tolerance)
    return Answer(row["id"], expected, got, agrees)


def _compared(kind: str, expected: str, value: Value, scope: Scope, tolerance: float) -> tuple[str, bool]:
    """Return two things: the value as text of the expected kind, and whether it matches the expected value."""
    match kind:
        case "number":
            number = to_number(value, scope.zone)
            wanted = float(expected)
            close = number == wanted or abs(number - wanted) <= tolerance * max(1.0, abs(wanted))
            return repr(number), close or (math.isnan(number) and math.isnan(wanted))
        case "boolean":
            got = "true" if to_truth(value) else "false"
        case "date":
            got = to_text(value)[:10]
        case "nodeset-text":
            got = "".join(each_text(value))
        case _:
            got = to_text(value)
    return got, got == expected
