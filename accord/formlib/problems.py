"""Problems in a form that someone provides: what is wrong, where it is, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """A problem that prevents a form from being used, or a warning about the form. Row 0 means the whole sheet or
    file."""

    sheet: str
    row: int
    message: str

    def line(self) -> str:
        """Return the problem as one line."""
        place = ", ".join(
            [*([f"sheet {self.sheet}"] if self.sheet else []), *([f"row {self.row}"] if self.row else [])]
        )
        return f"{place}: {self.message}" if place else self.message


class Refused(Exception):
    """A form can't be used. `problems` gives the reasons, each with its sheet and row."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].message if self.problems else "refused")


def refuse(message: str, *, sheet: str = "", row: int = 0) -> Refused:
    """Return the error that refuses a form for one reason."""
    return Refused([Problem(sheet, row, message)])
