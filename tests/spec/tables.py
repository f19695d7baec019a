"""Read the tables of the manual. One row is one case; an empty cell means "as the text above the table says"."""

from __future__ import annotations

from pathlib import Path

import pytest

SPECS = Path(__file__).parents[2] / "docs" / "reference" / "specs"


class Row(dict[str, str]):
    """A row by the names of its columns, with the lists and numbers that its cells may hold."""

    def list(self, column: str, base: str = "") -> list[str]:
        """Return a cell's entries, split at commas."""
        return [part.strip() for part in (self[column] or base).split(",") if part.strip() not in ("", "none")]

    def lines(self) -> list[str]:
        """Return the acceptance lines that the row proves. A table made from code has no such column."""
        return self.list("line") if "line" in self else []

    def set(self, column: str, base: str = "") -> frozenset[str]:
        """Return a cell's entries as a set."""
        return frozenset(self.list(column, base))


def cells(line: str) -> list[str]:
    """Return the cells of one line of a pipe table, without the marks that show a word as code."""
    return [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]


def rows(file: str, heading: str) -> list[Row]:
    """Return the rows of the table under `## heading`. Raises AssertionError if it is missing or a row has a cell too
    many."""
    text = (SPECS / file).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    head, _, *body = [line for line in section.splitlines() if line.startswith("|")]
    names = cells(head)
    assert body and all(len(cells(line)) == len(names) for line in body), f"{file}, {heading}: uneven table"
    return [Row(zip(names, cells(line), strict=True)) for line in body]


def cases(file: str, heading: str) -> pytest.MarkDecorator:
    """Parametrize a test with the rows of a table; each test's name carries acceptance line and case."""
    found = rows(file, heading)
    return pytest.mark.parametrize("row", [pytest.param(r, id=f"line {r['line'] or '-'}: {r['case']}") for r in found])


def lines_proved(*, rules_only: bool = False) -> frozenset[int]:
    """Return the numbers of the acceptance lines that some row proves, or (`rules_only`) whose rule alone it proves."""
    return frozenset().union(*lines_by_table(rules_only=rules_only).values())


def lines_by_table(*, rules_only: bool = False) -> dict[tuple[str, str], frozenset[int]]:
    """Return the same for each table, by file and heading."""
    places = [
        (path.name, line[3:])
        for path in sorted(SPECS.glob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    found = {place: [number for row in rows(*place) for number in row.lines()] for place in places}
    return {
        place: frozenset(int(n.rstrip("r")) for n in numbers if n.endswith("r") is rules_only)
        for place, numbers in found.items()
    }
