"""How the tests are made: helpers are in `tests/steps`, and a room's tests are found."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests import memory, rooms

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


def test_the_tests_of_a_room_are_found() -> None:
    casework = rooms.files_of("casework")
    assert casework[: len(rooms.HOUSE_RULES)] and all(name.startswith(rooms.HOUSE_RULES) for name in casework[:3])
    about, leaning = "tests/path/test_needs_and_services.py", "tests/numbers/test_rules.py"  # numbers imports casework
    assert casework.index(about) < casework.index(leaning)
    assert "tests/access/test_passkeys.py" not in casework
    numbers = rooms.files_of("numbers")
    own = {path.relative_to(rooms.ROOT).as_posix() for path in (TESTS / "numbers").glob("test_*.py")}
    assert {*numbers[: len(own)]} == own
    assert "tests/journeys/test_totals.py" in numbers  # by an address alone
    every = {path.relative_to(rooms.ROOT).as_posix() for path in TESTS.rglob("test_*.py")}
    assert set(rooms.files_of("core")) <= every and len(rooms.files_of("core")) > 100


def test_what_takes_too_long_is_named_and_left_to_the_whole_run(capsys: pytest.CaptureFixture[str]) -> None:
    times = {"a": 60.0, "b": 100.0, "c": 20.0}
    assert list(rooms.within("abcd", times, 90)) == ["a", "c", "d"]
    assert rooms.main(["core"]) == 0
    said = capsys.readouterr()
    assert {*said.out.split()} | {*re.findall(r"tests/\S+\.py", said.err)} == {*rooms.files_of("core")}
    assert rooms.main([]) == 0 and rooms.main(["cellar"]) == 2


def test_the_tests_are_in_memory_where_there_is_room(tmp_path: Path) -> None:
    build, in_memory = tmp_path / "build", tmp_path / "shm"
    in_memory.mkdir()
    assert memory.folder(build, in_memory, 2**60) is None
    assert memory.folder(build, tmp_path / "missing", 1) is None
    made = memory.folder(build, in_memory, 1)
    assert made.parent == in_memory and made.stat().st_mode & 0o077 == 0
    assert memory.folder(build, in_memory, 2**60) == made
    made.rmdir()  # as after a restart
    again = memory.folder(build, in_memory, 1)
    assert again.is_dir() and (build / "test-memory").resolve() == again
