"""Read a workbook as plain text, sheet by sheet and row by row.

A workbook can come from a stranger. Only the text that is stored in its cells is read: no formula is computed, no macro
is run, no link is followed, and no XML entity is expanded. Its size is limited before and after it is unpacked.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import xlrd
from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from accord.formlib import markdown
from accord.formlib.problems import Problem, Refused, refuse

LARGEST_FILE = 10_000_000  # bytes
LARGEST_UNPACKED = 30_000_000  # bytes
MOST_MARKS = 1_000_000  # "<" in all parts together; a cell takes about six
MOST_SHEETS = 100
MOST_PARTS = 1_000  # files inside an .xlsx
MOST_ROWS = 20_000  # on one sheet
MOST_COLUMNS = 500
LONGEST_CELL = 32_767  # characters, which is Excel's own limit
ROWS_WITHOUT_TEXT = 60  # after this many empty rows, the rest of a sheet is ignored
COLUMNS_WITHOUT_HEADER = 20
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
TABLES = {"scores": ("name", "min", "max", "label"), "elements": ("element", "name", "value")}  # only Accord has them

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SHEET = re.compile(rb"[<:]sheet[\s/>]")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its column headers, and the rows below them, each as a mapping from column to text. The first of these
    rows is row 2."""

    headers: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Workbook:
    """A workbook: the sheets of a form, keyed by lowercase name, the names of all sheets, and notes about the
    workbook."""

    sheets: dict[str, Sheet]
    names: tuple[str, ...]
    notes: list[Problem] = field(default_factory=list)


def read(content: bytes, name: str) -> Workbook:
    """Read the content of an .xlsx or .xls file, or of a Markdown file with tables. Raises Refused."""
    if name.lower().endswith(".md"):
        return _from_text(content)
    if not name.lower().endswith((".xlsx", ".xls")):
        raise refuse("only Excel workbooks (.xlsx or .xls) are read; save the form as .xlsx")
    if len(content) > LARGEST_FILE:
        raise refuse(f"the file is larger than {LARGEST_FILE // 1_000_000} MB; remove pictures and unused sheets")
    if content.startswith(_OLD_EXCEL):
        found = _old(content)
        if not name.lower().endswith(".xls"):
            found.notes.append(Problem("", 0, "this is an old Excel file (.xls) named .xlsx; it was read as .xls"))
        return found
    if content.startswith(_ZIP):
        _check_archive(content)
        return _new(content)
    raise refuse("this is not an Excel workbook; open it in a spreadsheet program and save it as .xlsx")


def _from_text(content: bytes) -> Workbook:
    if len(content) > LARGEST_FILE:
        raise refuse(f"the file is larger than {LARGEST_FILE // 1_000_000} MB")
    every = markdown.sheets(content)
    chosen = _chosen(list(every))
    return Workbook({chosen[title]: _sheet(chosen[title], every[title]) for title in chosen}, tuple(every))


def _check_archive(content: bytes) -> None:
    """Refuse an archive that would be too large when unpacked, before anything in it is unpacked, and one whose XML would
    take too much memory, before it is parsed."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        _check_parts(archive.infolist())
        _check_marks(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise refuse("the file is damaged; open it in a spreadsheet program and save it again") from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise refuse(f"the file unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB or {MOST_PARTS:,} parts")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("the file is protected by a password; save it without one")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise refuse("the file is packed in an unusual way; open it in a spreadsheet program and save it as .xlsx")


def _check_marks(archive: zipfile.ZipFile) -> None:
    marks = sheets = 0
    for part in archive.infolist():
        text = archive.read(part)
        marks += text.count(b"<")
        sheets += len(_SHEET.findall(text)) if part.filename.endswith("workbook.xml") else 0
        if marks > MOST_MARKS:
            raise refuse(f"the workbook has more than {MOST_MARKS:,} XML marks; delete sheets that are not needed")
    if sheets > MOST_SHEETS:
        raise refuse(f"the workbook has more than {MOST_SHEETS} sheets; delete those that are not needed")


def _new(content: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styles and headers, which are not read
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                every = [(sheet.title, sheet) for sheet in book.worksheets]
                chosen = _chosen([title for title, _ in every])
                sheets = {
                    chosen[title]: _sheet(chosen[title], sheet.iter_rows(values_only=True))
                    for title, sheet in every
                    if title in chosen
                }
            finally:
                book.close()
    except Refused:
        raise
    except (zlib.error, KeyError, ValueError, TypeError, AttributeError, OSError, EOFError, IndexError) as error:
        raise _damaged(error) from None
    except (zipfile.BadZipFile, ParseError, InvalidFileException, NotImplementedError, RuntimeError) as error:
        raise _damaged(error) from None
    return Workbook(sheets, tuple(title for title, _ in every))


def _damaged(error: Exception) -> Refused:
    if isinstance(error, DefusedXmlException) or isinstance(error.__context__, DefusedXmlException):
        return refuse("the workbook declares XML entities, which Accord does not read")
    kind = type(error).__name__
    return refuse(f"the workbook can't be read ({kind}); open it in a spreadsheet program and save it as .xlsx")


def _old(content: bytes) -> Workbook:
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=None, formatting_info=False)
        chosen = _chosen(book.sheet_names())
        sheets = {chosen[title]: _sheet(chosen[title], _old_rows(book, title)) for title in chosen}
        return Workbook(sheets, tuple(book.sheet_names()))
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001  (xlrd raises errors of every kind for damaged files)
        raise _damaged(error) from None


def _old_rows(book: Any, title: str) -> Iterator[tuple[object, ...]]:
    sheet = book.sheet_by_name(title)
    for row in range(sheet.nrows):
        yield tuple(_old_cell(sheet.cell(row, column), book.datemode) for column in range(sheet.ncols))


def _old_cell(cell: Any, mode: int) -> object:
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(cell.value, mode)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return None
        case _:
            return cell.value


def _chosen(titles: list[str]) -> dict[str, str]:
    """Return the sheets that belong to a form, as a mapping from title to lowercase name. If a workbook has only one
    sheet, it is the survey."""
    found = {title: title.strip().lower() for title in titles if title.strip().lower() in (*SHEETS, *TABLES)}
    for title, name in found.items():
        if list(found.values()).count(name) > 1:
            raise refuse(f"there are two sheets named {name} ({title!r} is one); rename or delete one", sheet=name)
    if not found and len(titles) == 1:
        return {titles[0]: "survey"}
    if "survey" not in found.values():
        raise refuse("the workbook has no sheet named survey; rename the sheet with the questions")
    return found


def _sheet(name: str, rows: Iterable[tuple[object, ...]]) -> Sheet:
    every = iter(rows)
    headers = _headers(name, next(every, ()))
    found: list[dict[str, str]] = []
    empty = 0
    for number, cells in enumerate(every, 2):
        row = {}
        for header, value in zip(headers, cells, strict=False):
            text = _text(value) if header else ""
            if len(text) > LONGEST_CELL:
                raise refuse(f"a cell has more than {LONGEST_CELL:,} characters", sheet=name, row=number)
            if text:
                row[header] = text
        empty = 0 if row else empty + 1
        if empty > ROWS_WITHOUT_TEXT:
            break
        found.append(row)
        if len(found) - empty > MOST_ROWS:
            raise refuse(f"the sheet has more than {MOST_ROWS:,} rows; split the form", sheet=name)
    while found and not found[-1]:
        found.pop()
    return Sheet(tuple(filter(None, headers)), tuple(found))


def _headers(name: str, cells: tuple[object, ...]) -> list[str]:
    headers: list[str] = []
    empty = 0
    for cell in cells:
        text = " ".join(_text(cell).split())
        empty = 0 if text else empty + 1
        if empty > COLUMNS_WITHOUT_HEADER:
            break
        if text and text in headers:
            raise refuse(f"the column {text!r} is there twice; rename or delete one", sheet=name, row=1)
        headers.append(text)
    if len(headers) > MOST_COLUMNS:
        raise refuse(f"the sheet has more than {MOST_COLUMNS} columns", sheet=name, row=1)
    return headers


def _text(value: object) -> str:
    """Return a cell as the text that its author sees."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime() if value.year == 1899:  # Excel's day zero: a time without a date
            return str(value.time())
        case _:
            return str(value).replace("\u00a0", " ").strip()
