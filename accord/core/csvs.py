"""The one writer of CSV: what a spreadsheet would run is guarded in every file that leaves Accord."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

# What a spreadsheet would take for a formula and run: at the beginning, after blanks too, and wherever a spreadsheet that
# separates cells by semicolons or tabs would begin another one.
_FORMULA = re.compile(r"((?:^|[;\t\r\n])\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
_GUARDED = re.compile(r"(?<!')'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
# A tab or a carriage return at the beginning is itself enough for some spreadsheets.
_BLANK_FIRST = re.compile(r"^[\t\r]")


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run, so that it shows it instead."""
    return _BLANK_FIRST.sub(r"'\g<0>", _FORMULA.sub(r"\1'\2", text))


def bare(text: str) -> str:
    """The text without the apostrophes of `guarded`, for a file of ours that a command reads back."""
    return _GUARDED.sub("", text)


def write(stream: TextIO, rows: Iterable[Iterable[object]], *, end: str = "\r\n") -> None:
    """Write rows as CSV, every text guarded; numbers are written as they are."""
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
