"""Find out which lines of the acceptance list (`acceptance_lines.py`) have a test. A test names the lines it proves
with `@pytest.mark.line(1, 2)`, and a specification table names them in its column `line`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance_lines import LINES, VOID
from tests.spec.tables import SPECS, lines_by_table

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def _range(text: str) -> frozenset[int]:
    parts = (part.strip().partition("-") for part in text.split(","))
    return frozenset(n for low, _, high in parts for n in range(int(low), int(high or low) + 1))


WHOLE = frozenset(number for lines in LINES.values() for number in lines) - VOID.keys()
# What must work before the first person's record is entered.
SPINE = WHOLE & _range(
    "1-33, 36-37, 39-43, 47-50, 53, 58-60, 62, 68-70, 74-76, 78-80, 82-83, 85-86, 88-99, 101, 103-105, 108-111"
)


@dataclass(frozen=True)
class Proof:
    """A test with this mark, or a table whose rows are tests: its name, and its file relative to the project folder."""

    name: str
    path: str


def proofs() -> dict[int, list[Proof]]:
    """Return the proofs of each line by line number, in file order."""
    found: dict[int, list[Proof]] = {}
    for number, proof in (*_marked(), *_tables()):
        found.setdefault(number, []).append(proof)
    return found


def _marked() -> Iterator[tuple[int, Proof]]:
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for mark in getattr(node, "decorator_list", ()):
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "line":
                    proof = Proof(node.name, path.relative_to(ROOT).as_posix())
                    yield from ((argument.value, proof) for argument in mark.args)


def _tables() -> Iterator[tuple[int, Proof]]:
    for (file, heading), numbers in lines_by_table().items():
        proof = Proof(f"the table of {heading[0].lower()}{heading[1:]}", (SPECS / file).relative_to(ROOT).as_posix())
        yield from ((number, proof) for number in sorted(numbers))


def without_a_test() -> tuple[list[int], list[int]]:
    """Return the lines that have no test yet, first those in the spine, then all others."""
    have = proofs().keys()
    return sorted(SPINE - have), sorted(WHOLE - SPINE - have)


def report() -> list[str]:
    """Return what `make test` prints at the end."""
    spine, rest = without_a_test()
    return [
        f"Acceptance lines (docs/reference/acceptance.md) with a test: {len(WHOLE) - len(spine) - len(rest)} of {len(WHOLE)}.",
        f"Of the spine, without one yet: {_words(spine)}",
        f"Of the rest: {_words(rest)}",
    ]


def _words(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
