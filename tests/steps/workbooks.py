"""Small XLSForms, written as tables and saved as workbooks."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook


def table(text: str) -> list[list[str]]:
    """Return the rows of a table with cells between bars. The first row is the header."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def save(path: Path, **sheets: str | list[list[str]]) -> Path:
    """Save a workbook with these sheets. A sheet is a table as text, or rows of cells."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in table(rows) if isinstance(rows, str) else rows:
            sheet.append(row)
    book.save(path)
    return path
