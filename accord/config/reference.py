"""The API description for human readers, which becomes the page under /api/ and docs/reference/api.md."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accord.people.api import WRITABLE
from accord.sharing.codes import ENTRY_TYPES
from accord.ui.components import Column, Table
from accord.ui.words import with_code


@dataclass(frozen=True)
class Operation:
    """One operation, described in words."""

    method: str
    path: str
    title: str
    words: str
    asks: tuple[tuple[str, str, str], ...]
    sends: tuple[tuple[str, str, str], ...]
    answers: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class EntryType:
    """An entry type that can be written, with its kind."""

    code: str
    kind: str
    fields: tuple[tuple[str, str], ...]


def operations(document: dict[str, Any]) -> list[Operation]:
    """Return every operation in the OpenAPI document."""
    schemas = document["components"]["schemas"]
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            answers = {str(code): answer for code, answer in operation["responses"].items()}
            good: dict[str, Any] = next((answer for code, answer in answers.items() if code < "300"), {})
            answer_schema = good.get("content", {}).get("application/json", {}).get("schema", {})
            found.append(
                Operation(
                    method=method.upper(),
                    path=path,
                    title=operation["summary"],
                    words=operation.get("description", ""),
                    asks=_asked(operation.get("parameters", ()), schemas),
                    sends=_fields(sent, schemas),
                    answers=tuple((code, answer["description"]) for code, answer in sorted(answers.items())),
                    gives=_fields(answer_schema, schemas),
                )
            )
    return found


def _asked(parameters: Iterable[dict[str, Any]], schemas: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return each query parameter's name, type, and description."""
    return tuple(
        (one["name"], _type(one["schema"], schemas) + ("" if one["required"] else ", optional"), one["description"])
        for one in parameters
        if one["in"] == "query"
    )


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return the name, type, and description of each field of an object or of a list's items, followed by the fields of
    nested lists."""
    if schema.get("type") == "array":
        schema = schema["items"]
    schema_part = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    needed, inside = set(schema_part.get("required", ())), schema_part.get("properties", {})
    rows = [
        (name, _type(one, schemas) + ("" if name in needed else ", optional"), one.get("description", ""))
        for name, one in inside.items()
    ]
    for name, one in inside.items():
        if "$ref" in one.get("items", ()):
            rows += [(f"{name}[].{part}", what, words) for part, what, words in _fields(one, schemas)]
    return tuple(rows)


def _type(one: dict[str, Any], schemas: dict[str, Any]) -> str:
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        return " or ".join(schemas[name].get("enum", [])) or name
    if "anyOf" in one:
        return " or ".join(_type(part, schemas) for part in one["anyOf"])
    if "enum" in one:
        return " or ".join(map(str, one["enum"]))
    if one.get("type") == "array":
        return f"list of {_type(one['items'], schemas)}"
    return str(one.get("format") or one.get("type") or one.get("const", "any"))


def types() -> list[EntryType]:
    """Return the entry types that can be written."""
    found = []
    for code, (names, _write) in sorted(WRITABLE.items()):
        cls = ENTRY_TYPES[code]
        rows = tuple((f.name, f.metadata["words"]) for f in dataclasses.fields(cls) if f.name in names)
        found.append(EntryType(code, cls.kind, rows))
    return found


COLUMNS = (Column("name"), Column("what"), Column("in words"))


def tables(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations as tables for the page."""
    return [
        {
            "one": one,
            "asks": _table(f"In the address: {one.title}", one.asks) if one.asks else None,
            "sends": _table(f"Sends: {one.title}", one.sends) if one.sends else None,
            "gives": _table(f"Answers: {one.title}", one.gives) if one.gives else None,
        }
        for one in operations(document)
    ]


def _table(title: str, rows: Iterable[tuple[str, str, str]]) -> Table:
    return Table(title, COLUMNS, [(name, what, with_code(words)) for name, what, words in rows])


def type_tables() -> list[Table]:
    """Return the entry types as tables for the page."""
    columns = (Column("field"), Column("in words"))
    return [Table(f"{one.code}, of kind {one.kind}", columns, one.fields) for one in types()]
