"""Choose the tests for one room and the rooms that depend on it: `make test ROOM=people` runs `python -m tests.rooms
people`.

The room's own folder comes first, then the house rules, then the files that request one of the room's addresses, then
those that import from the room, then those about the rooms that import it (`config`, `cli` and `demo` import every room
and do not count). Within each of these, the cheapest files come first. Files that do not fit into 90 seconds are left
out and named. `make test` runs them. The last `make test` measured how long each file takes.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
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


def files_of(room: str) -> list[str]:
    """Return every test file for this room, the most important ones first."""
    files = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "tests").rglob("test_*.py"))}
    asked, leaning, times = addresses(room), leaning_on(room), measured()
    rules: tuple[Callable[[str, Path], object], ...] = (
        lambda _, path: path.parent.name == room,
        lambda name, _: name.startswith(HOUSE_RULES),
        lambda _, path: any(pattern.search(path.read_text(encoding="utf-8")) for pattern in asked),
        lambda _, path: room in imported_rooms(path),
        lambda _, path: leaning & imported_rooms(path),
    )
    ranks = ([name for name, path in files.items() if rule(name, path)] for rule in rules)
    ordered = (sorted(rank, key=lambda name: times.get(name, UNMEASURED)) for rank in ranks)
    return list(dict.fromkeys(name for rank in ordered for name in rank))


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
    left = [name for name in files if name not in chosen]
    print(f"{room}: {len(chosen)} of {len(files)} test files, to stay under {SECONDS} s.", file=sys.stderr)
    if left:
        print("A change to this room can also break these, which only `make test` runs:", *left, file=sys.stderr)
    print(*chosen)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
