"""Read users' files in the same way for every numbers library command: tables as CSV, settings as YAML.

A table usually comes from a spreadsheet. It may use commas, semicolons, or tabs and any of three line endings. It may
also have a first line `sep=;`, a byte order mark, and empty rows at the end. All of these can be read. If a file can't
be read, it is refused with one sentence that gives the file and row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from accord.core.errors import BadInput

LONGEST_LINE = 1_000_000
MOST_COLUMNS = 1_000
NOT_TEXT = "not UTF-8 text; save the file as UTF-8"
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 text file. The file may use any line ending (LF, CR LF, or CR), and each line yielded
    ends in LF. Raises BadInput for another encoding and for a line that is too long for any table."""
    try:
        # bytes that are not UTF-8 become lone surrogates here, so that the error can name their row
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
            row = 0
            while line := stream.readline(LONGEST_LINE + 1):
                row += 1
                if not line.isascii() and re.search("[\udc80-\udcff]", line):
                    raise BadInput(NOT_TEXT, file=path.name, row=row)
                if len(line) > LONGEST_LINE:
                    raise BadInput(f"this line is longer than {LONGEST_LINE:,} characters", file=path.name, row=row)
                yield line
    except OSError as error:
        raise BadInput(f"cannot be read ({(error.strerror or 'unknown reason').lower()})", file=path.name) from error


def table(path: Path, text: Iterable[str] | None = None, *, start: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of a CSV file with its row number. Spaces around cells are removed. The header comes first and is
    row 1. Empty rows, and empty columns on the right, are skipped. If some lines at the top have been read already,
    `text` gives the remaining lines, and the first of them is row `start`. Raises BadInput for an empty file, a header
    with a repeated column or too many columns, and a row that is not as long as the header."""
    separator, text = separated(iter(lines(path) if text is None else text))
    reader = csv.reader(text, delimiter=separator, strict=True)
    width, number = 0, start - 1
    try:
        for number, cells in enumerate(reader, start):
            row = [cell.strip() for cell in cells]
            if not any(row):
                continue
            while len(row) > width and not row[-1]:
                row.pop()
            if not width:
                width = checked_header(path, row, number)
            elif len(row) != width:
                apart = "" if separator == "," else f" ({SEPARATORS[separator]} separate them)"
                what = f"has {len(row)} columns, the header has {width}{apart}"
                raise BadInput(what, file=path.name, row=number)
            yield number, row
    except csv.Error as error:
        raise BadInput(f"not a table ({error})", file=path.name, row=number + 1) from error
    if not width:
        raise BadInput("is empty", file=path.name)


def separated(text: Iterator[str]) -> tuple[str, Iterator[str]]:
    """Return the cell separator, and the lines starting with the header. A first line `sep=;` gives the separator
    (Excel writes and reads such lines). Otherwise, the separator is a comma if the header has one outside quotation
    marks, or else a semicolon or a tab."""
    first = next(text, "")
    declared = re.fullmatch(r'"?sep=([,;\t])"?[,;\s]*', first, flags=re.IGNORECASE)
    if declared:
        return declared[1], text
    bare = re.sub(r'"[^"]*"', "", first)
    separator = next((one for one in SEPARATORS if one in bare), ",")
    return separator, chain([first] if first else [], text)


def checked_header(path: Path, header: list[str], row: int) -> int:
    """Return the number of columns. Raises BadInput for repeated columns or too many columns."""
    if len(header) > MOST_COLUMNS:
        what = f"has {len(header):,} columns; at most {MOST_COLUMNS:,} are read"
        raise BadInput(what, file=path.name, row=row)
    for name in header:
        if header.count(name) > 1:
            raise BadInput("this column is in the header twice", file=path.name, row=row, column=name or "(empty)")
    return len(header)


class Plain(yaml.BaseLoader):
    """A YAML loader that keeps every value as the text that was typed. YAML 1.1 would read NO as false, 08 and 010 as
    two kinds of numbers, 12:30 as 750, and 1e3 as 1000."""


def _mapping(loader: Plain, node: yaml.MappingNode) -> dict[Hashable, Any]:
    """Return a mapping, and refuse a repeated key, because the second value would silently replace the first."""
    found: dict[Hashable, Any] = {}
    for key, value in node.value:
        name = loader.construct_object(key, deep=True)
        if not isinstance(name, str) or name in found:
            problem = "twice" if isinstance(name, str) else "not text"
            raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        found[name] = loader.construct_object(value, deep=True)
    return found


Plain.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def settings(path: Path) -> Any:
    """Return the contents of a YAML file as text or as lists and mappings of text, but never as another type. Raises
    BadInput with the row if something is unreadable or a key is repeated."""
    try:
        return yaml.load("".join(lines(path)), Loader=Plain)  # noqa: S506  (a BaseLoader produces only text)
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        what = "this key is there twice" if error.problem == "twice" else "not readable as YAML"
        raise BadInput(what, file=path.name, row=row) from None
    except (yaml.YAMLError, RecursionError):
        raise BadInput("not readable as YAML", file=path.name) from None
