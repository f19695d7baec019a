"""The same on the other PostgreSQL that is carried along: floor, path, two agencies, attacks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from accord.core.postgres import BUNDLED
from tests.region import ROOT

WHAT = ("tests/floor", "tests/path", "tests/two_agencies", "tests/attack", "tests/faults/test_backup.py")
OTHERS = sorted(set(BUNDLED) - {int(os.environ.get("ACCORD_POSTGRES", "18"))})


@pytest.mark.prove
@pytest.mark.parametrize("version", OTHERS)
def test_on_another_postgresql(version: int, proved: Callable[[str, int], None]) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "PYTEST_"))}
    environment["ACCORD_POSTGRES"] = str(version)
    command = [sys.executable, "-m", "pytest", "-m", "not prove", "--durations=0", *WHAT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None and not re.search("skipped", done.stdout.splitlines()[-1])
    proved(f"tests of floor, path, two agencies and attacks pass on PostgreSQL {version}", int(passed[1]))
