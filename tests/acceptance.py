"""Which lines of the acceptance list have a test. The list is that of issue 2; a test says which line it proves with
`@pytest.mark.line(1, 2)`, a specification table with its column `line`."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.spec.tables import lines_proved

TESTS = Path(__file__).parent


def _range(text: str) -> frozenset[int]:
    parts = (part.strip().partition("-") for part in text.split(","))
    return frozenset(n for low, _, high in parts for n in range(int(low), int(high or low) + 1))


# As far as they stand in the list (its gaps are intended); 77 is void, because no key exists to break the glass with.
GAPS = _range("3, 22-23, 26, 34-35, 38, 41, 71-73, 84, 100, 102")
SPINE = _range(
    "1-33, 36-37, 39-43, 47-50, 53, 58-60, 62, 68-70, 74-76, 78-80, 82-83, 85-86, 88-99, 101, 103-105, 108-111"
)
WHOLE = _range("1-128") - GAPS - {77}


def marked() -> frozenset[int]:
    """Lines named by a mark on a test function or class."""
    found: set[int] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for mark in getattr(node, "decorator_list", ()):
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "line":
                    found |= {argument.value for argument in mark.args if isinstance(argument, ast.Constant)}
    return frozenset(found)


def without_a_test() -> tuple[list[int], list[int]]:
    """Lines without a test yet: those of the spine, and those of the rest of the list."""
    have = marked() | lines_proved()
    return sorted((SPINE & WHOLE) - have), sorted(WHOLE - SPINE - have)


def report() -> list[str]:
    """What `make test` prints at its end."""
    spine, rest = without_a_test()
    return [
        f"Acceptance lines with a test: {len(WHOLE) - len(spine) - len(rest)} of {len(WHOLE)}.",
        f"Of the spine, without one yet: {_words(spine)}",
        f"Of the rest: {_words(rest)}",
    ]


def _words(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
