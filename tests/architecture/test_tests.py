"""Test modules do not lean on each other: what two of them need is in `tests/steps`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


def imported_test_modules(source: str) -> list[str]:
    """Return the test modules that a file imports from, anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in found if name.startswith("tests.") and name.rsplit(".", 1)[-1].startswith("test_")]


def test_no_test_module_imports_from_another() -> None:
    files = [path for path in TESTS.rglob("*.py") if path != Path(__file__)]
    assert len(files) > 100
    wrong = {str(path.relative_to(TESTS)): imported_test_modules(path.read_text(encoding="utf-8")) for path in files}
    assert {name: found for name, found in wrong.items() if found} == {}, "move the helper to tests/steps"


@pytest.mark.parametrize(
    "source",
    [
        "from tests.path.test_services import handle",
        "from tests.path import test_services",
        "import tests.ui.test_lists",
    ],
)
def test_an_import_from_a_test_module_is_found(source: str) -> None:
    assert imported_test_modules(f"def inside():\n    {source}")
