"""`make load` in short: people work at once on a server of two workers, and no request fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import load


@pytest.mark.prove
def test_people_work_at_once_and_no_request_fails(tmp_path: Path, proved: Callable[[str, int], None]) -> None:
    with load.served(tmp_path / "var", 50) as address:
        log = load.run(address, users=8, seconds=25)
    assert not log.failed
    assert {"page /", "page /people/{person}/", "choose an agency"} <= log.taken.keys()
    proved("requests of people who worked at once", sum(map(len, log.taken.values())))


def test_the_table_says_what_took_how_long_and_what_failed() -> None:
    log = load.Log()
    for number in range(100):
        log.add("page /", number / 1000)
    log.add("search", 2.0, "alma: 500")
    lines = list(log.lines(10))
    assert lines[1].split() == ["page", "/", "100", "10.0", "50", "ms", "95", "ms"]
    assert lines[-2:] == ["failed: 1", "  search: alma: 500"]
