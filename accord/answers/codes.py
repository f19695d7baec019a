"""The entry of a finished form. It holds everything that is needed to show the answers as they were asked, so no one
needs the form to read them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from accord.core.text import N_
from accord.files.codes import HeldFile
from accord.questionnaires.codes import FORM_KINDS
from accord.sharing.codes import Payload, Reads, entry_type, field, text

LONGEST = 2_000_000  # bytes of one entry
ANSWERS, CORRECTION = "answers", "correction"  # families of drafts: a form, and a finished form that is corrected
FILES = frozenset({"image", "file"})  # the questions that take a file

Cells = tuple[str, ...]


def _cells(value: Any) -> Cells:
    return tuple(text(one) for one in value) if isinstance(value, tuple) else ()


def _rows(width: int) -> Reads:
    """Return a reader for rows of this many texts. Anything else is left out."""

    def read(value: Any) -> tuple[Cells, ...]:
        rows = value if isinstance(value, tuple) else ()
        return tuple(_cells(row) for row in rows if isinstance(row, tuple) and len(row) == width)

    return read


LINE = 7  # kind, depth, place, words, answer, code, mark: formlib's `Line`, as texts
SPLIT = ("header", "values")
SCORE = 4  # name, label, value, words: formlib's `Score`, as texts
ByLanguage = tuple[tuple[str, tuple[Cells, ...]], ...]


def _by_language(width: int) -> Reads:
    """Return a reader for rows of this many texts in each language."""

    def read(value: Any) -> ByLanguage:
        pairs = value if isinstance(value, tuple) else ()
        return tuple(
            (text(pair[0]), _rows(width)(pair[1])) for pair in pairs if isinstance(pair, tuple) and len(pair) == 2
        )

    return read


@entry_type("answered", *FORM_KINDS)
@dataclass(frozen=True)
class Answered(Payload):
    """The answers to a form: when they were given, what was asked and the scores in each of the form's languages, the
    values for other programs, and what was said before the first question."""

    version: str = field(N_("Form"))
    number: int = field(N_("Version of the form"), default=1)
    title: str = field(N_("Form title"))
    language: str = field(N_("Language it was asked in"))
    started: str = field(N_("Started"))
    finished: str = field(N_("Finished"))
    facts: tuple[Cells, ...] = field(N_("Before the first question"), default=(), reads=_rows(3))
    transcripts: tuple[tuple[str, tuple[Cells, ...]], ...] = field(
        N_("Questions and answers"), default=(), sensitive=True, reads=_by_language(LINE)
    )
    scores: tuple[tuple[str, tuple[Cells, ...]], ...] = field(
        N_("Scores"), default=(), sensitive=True, reads=_by_language(SCORE)
    )
    header: tuple[str, ...] = field(N_("Columns"), default=(), reads=_cells)
    values: tuple[str, ...] = field(N_("Values"), default=(), sensitive=True, reads=_cells)
    xml: str = field(N_("Answers as an XForm"), sensitive=True)
    files: tuple[Cells, ...] = field(N_("Files"), default=(), sensitive=True, reads=_rows(6))
    state: str = field(N_("Revision that a correction is based on"), sensitive=True)

    def shown(self) -> dict[str, Any]:
        """Return the fields that other programs may read. Left out are what only this agency uses, and whatever two
        agencies could match records with: the id of the instance, and the XML that repeats it."""
        found = {name: value for name, value in asdict(self).items() if name not in ("files", "state", "xml")}
        told = [number for number, column in enumerate(self.header) if not column.endswith("instanceID")]
        return found | {part: [found[part][number] for number in told if number < len(found[part])] for part in SPLIT}

    def file_named(self, name: str) -> HeldFile | None:
        """Return the file that is the answer to a question, or None."""
        return next((held_file(row[1:]) for row in self.files if row[0] == name and _sizes(row)), None)


def _sizes(row: Cells) -> bool:
    """Return whether the size and the number of pieces are numbers. A partner's entry may hold anything."""
    return all(cell.isdecimal() and len(cell) < 12 for cell in row[4:6])


def file_cells(held: HeldFile) -> Cells:
    """Return the details of a file as texts."""
    return (held.file, held.key, held.media, str(held.size), str(held.pieces))


def held_file(cells: Cells) -> HeldFile:
    """Return a file from its details as texts."""
    file, key, media, size, pieces = cells
    return HeldFile(file, key, media, int(size), int(pieces))
