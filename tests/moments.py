"""Run the suite at six moments when clocks and calendars do something odd: `python -m tests.moments`, part of `make
prove`.

A moment is set in the clock of the test world's database (tests/region.py). So a test takes part if its module uses a
world. Browser journeys do not take part, because they take long and repeat what other tests check. Neither do the long
proofs. Accord has no other clock (tests/architecture/test_clock.py), and the databases that tests/doors creates use the
machine's clock.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSER = frozenset({"visit", "chromium"})
KNOWS_A_WORLD = re.compile(r"\b(?:fresh_)?world\b|\bregion\b")


@dataclass(frozen=True)
class Moment:
    """A local time in Riverbend, and what is odd about it."""

    at: str
    odd: str


MOMENTS = (
    Moment("2026-11-30T23:20", "an hour from now is tomorrow, and next month"),
    Moment("2026-12-31T18:30", "in UTC it is next year, and the next half-year"),
    Moment("2027-03-14T01:40", "twenty minutes from now it is 3:00: summer time begins"),
    Moment("2027-05-10T19:30", "an evening in May: in UTC it is tomorrow"),
    Moment("2027-11-07T01:10", "this hour comes twice: summer time ends"),
    Moment("2028-02-29T12:00", "29 February"),
)


def takes_part(item: pytest.Item) -> bool:
    """Return whether a moment can matter to this test."""
    if item.get_closest_marker("journey") or BROWSER & set(getattr(item, "fixturenames", ())):
        return False
    return KNOWS_A_WORLD.search(_source(item.path)) is not None


_sources: dict[Path, str] = {}


def _source(path: Path) -> str:
    if path not in _sources:
        _sources[path] = path.read_text(encoding="utf-8")
    return _sources[path]


def run(moment: Moment) -> bool:
    """Run the suite at this moment. Reports in two lines, or with pytest's whole output if something failed."""
    print(f"At {moment.at.replace('T', ' ')} ({moment.odd}):", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not prove", "--durations=0", "--durations-min=60"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"ACCORD_TEST_MOMENT": moment.at},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    print(f"  {lines[-1] if lines else done.stderr[-200:]} ({time.monotonic() - began:.0f} s in all)", flush=True)
    return done.returncode == 0


def main(asked: list[str]) -> int:
    """Run every moment, or the requested ones (`2028-02-29T12:00`)."""
    chosen = [one for one in MOMENTS if one.at in asked] or [Moment(at, "asked for") for at in asked] or MOMENTS
    held = [run(one) for one in chosen]
    print(f"{sum(held)} of {len(held)} moments held.")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
