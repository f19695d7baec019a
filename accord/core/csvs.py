"""The only CSV writer. Every file that leaves Accord is guarded against formulas that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

# A spreadsheet runs a formula at the start of a cell, even after blanks. One that splits cells at semicolons or tabs
# also runs what follows those.
_FORMULA = re.compile(r"((?:^|[;\t\r\n])\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
_GUARDED = re.compile(r"(?<!')'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
# For some spreadsheets a tab or carriage return at the start is enough.
_BLANK_FIRST = re.compile(r"^[\t\r]")


def guarded(text: str) -> str:
    """Return the text with an apostrophe before anything a spreadsheet would run, so that it is shown instead."""
    return _BLANK_FIRST.sub(r"'\g<0>", _FORMULA.sub(r"\1'\2", text))


def bare(text: str) -> str:
    """Return the text without the apostrophes that `guarded` added, for a command that reads our own file back."""
    return _GUARDED.sub("", text)


def write(stream: TextIO, rows: Iterable[Iterable[object]], *, end: str = "\r\n") -> None:
    """Write rows as CSV. Every text is guarded; numbers are written as they are."""
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
