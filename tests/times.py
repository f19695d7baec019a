"""How long each folder's tests took: printed after a run and kept for `make test ROOM=...`."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pytest

from tests.rooms import MEASURED


def by_file(reports: Iterable[object]) -> Counter[str]:
    """Return how many seconds each test file took, including its setup."""
    found: Counter[str] = Counter()
    for report in reports:
        if isinstance(report, pytest.TestReport):
            found[report.nodeid.partition("::")[0]] += report.duration  # type: ignore[assignment]
    return found


def table(times: Counter[str]) -> Iterator[str]:
    """Yield a line for each folder with its slowest file, slowest folder first. Yields nothing for a single folder."""
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for name, seconds in times.items():
        folders[name.rpartition("/")[0].removeprefix("tests/")][name.rpartition("/")[2]] += seconds  # type: ignore[assignment]
    if len(folders) < 2:
        return
    yield "Seconds of work by folder (all workers together), and the dearest file of each:"
    for folder, files in sorted(folders.items(), key=lambda item: -item[1].total()):
        [(dearest, seconds)] = files.most_common(1)
        yield f"{files.total():7.0f} {folder:14} {len(files):3} files  {dearest} {seconds:.0f}"
    yield f"{times.total():7.0f} together"


def keep(times: Counter[str]) -> None:
    """Save the times measured in a full run."""
    MEASURED.parent.mkdir(exist_ok=True)
    MEASURED.write_text(json.dumps({name: round(seconds, 1) for name, seconds in sorted(times.items())}, indent=0))
