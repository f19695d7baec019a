"""Choose the tests for one room and the rooms that depend on it: `make test ROOM=people` runs `python -m tests.rooms
people`.

A test file is about a room if it imports from the room's folder or requests one of its addresses. The house rules come
first, then the files about the room, then the files about the rooms that import it (`config`, `cli` and `demo` import
every room and do not count). Files that do not fit into 90 seconds are left out and counted. `make test` runs them. The
last `make test` measured how long each file takes.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ROOT / "build" / "test-times.json"
SECONDS, WORKERS = 90, 2
STARTING = 20  # seconds for the database and the browser, before the first test
UNMEASURED = 4.0  # seconds for a file that was never measured
KNOW_ALL = {"cli", "config", "demo"}
HOUSE_RULES = ("tests/architecture", "tests/docs", "tests/floor")


def rooms() -> list[str]:
    """Return the folders of `accord/` that hold code."""
    return sorted(path.parent.name for path in (ROOT / "accord").glob("*/__init__.py"))


@cache
def imported_rooms(path: Path) -> frozenset[str]:
    """Return the rooms that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(parts[1] for name in found if len(parts := name.split(".")) > 1 and parts[0] == "accord")


def leaning_on(room: str) -> set[str]:
    """Return the rooms that import from this one, except those that put all rooms together."""
    files = ((other, path) for other in set(rooms()) - KNOW_ALL for path in (ROOT / "accord" / other).rglob("*.py"))
    return {other for other, path in files if other != room and room in imported_rooms(path)}


def addresses(room: str) -> list[re.Pattern[str]]:
    """Return patterns for the room's addresses in tests. An argument matches anything without a slash."""
    path = ROOT / "accord" / room / "urls.py"
    if not path.exists():
        return []
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    patterns = [call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
    parts = (re.split(r"<[^>]*>", pattern) for pattern in patterns if isinstance(pattern, str) and len(pattern) > 1)
    return [re.compile("/" + r"[^/\"'\s]+".join(map(re.escape, part)) + r"[\"'?]") for part in parts]


def is_about(path: Path, room: str, asked: Iterable[re.Pattern[str]]) -> bool:
    """Return whether a test file imports from the room or requests one of its addresses."""
    if path.parent.name == room or room in imported_rooms(path):
        return True
    text = path.read_text(encoding="utf-8")
    return any(pattern.search(text) for pattern in asked)


def files_of(room: str) -> list[str]:
    """Return every test file for this room, the most important ones first."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    ranks: list[list[Path]] = [[path for path in files if path.relative_to(ROOT).as_posix().startswith(HOUSE_RULES)]]
    asked = addresses(room)
    ranks.append([path for path in files if is_about(path, room, asked)])
    leaning = leaning_on(room)
    ranks.append([path for path in files if leaning & imported_rooms(path)])
    times = measured()
    ordered = (
        sorted(rank, key=lambda path: times.get(path.relative_to(ROOT).as_posix(), UNMEASURED)) for rank in ranks
    )
    return list(dict.fromkeys(path.relative_to(ROOT).as_posix() for rank in ordered for path in rank))


def measured() -> dict[str, float]:
    """Return how many seconds each test file took in the last full run."""
    found: dict[str, float] = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    return found


def within(files: Iterable[str], times: Mapping[str, float], seconds: float) -> Iterator[str]:
    """Yield the files, in order, that fit into this many seconds of work."""
    for name in files:
        seconds -= (took := times.get(name, UNMEASURED))
        if seconds < 0:
            seconds += took
            continue
        yield name


def main(words: list[str]) -> int:
    """Print the test files for a room. Without a room, print nothing, so that pytest runs everything."""
    if not words:
        return 0
    [room] = words
    if room not in rooms():
        print(f"There is no room {room}. Rooms: {', '.join(rooms())}", file=sys.stderr)
        return 2
    files = files_of(room)
    chosen = list(within(files, measured(), (SECONDS - STARTING) * WORKERS))
    left = len(files) - len(chosen)
    print(f"{room}: {len(chosen)} test files; {left} more only in `make test`, to stay under 90 s", file=sys.stderr)
    print(*chosen)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
