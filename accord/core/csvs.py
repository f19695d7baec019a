"""The only CSV writer. It guards every file that leaves Accord against formulas that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

# A spreadsheet runs a formula at the start of a cell, even after spaces. A spreadsheet that splits cells at semicolons
# or tabs also runs a formula right after one of them.
_FORMULA = re.compile(r"((?:^|[;\t\r\n])\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
_GUARDED = re.compile(r"(?<!')'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
# Some spreadsheets also run a cell that starts with a tab or carriage return.
_BLANK_FIRST = re.compile(r"^[\t\r]")


def guarded(text: str) -> str:
    """Put an apostrophe before anything that a spreadsheet would run, so that the spreadsheet shows it as text."""
    return _BLANK_FIRST.sub(r"'\g<0>", _FORMULA.sub(r"\1'\2", text))


def bare(text: str) -> str:
    """Return the text without the apostrophes that `guarded` added, for a command that reads one of our own files."""
    return _GUARDED.sub("", text)


def write(stream: TextIO, rows: Iterable[Iterable[object]], *, end: str = "\r\n") -> None:
    """Write rows as CSV. Text is guarded, and numbers are written unchanged."""
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
