"""The how-to builds a room that works: it is built from the page in a copy of the project, and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import region

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-room.md"
BLOCK = re.compile(r"`([\w/]+\.\w+)`:\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHARED = {"accord/config/rooms.py", "accord/access/codes.py"}

# In the copy: the room's table on a copy of Riverbend, the room's own tests, and the tests of what a room says.
RUN = """
import os, sys
os.environ["ACCORD_VAR"] = sys.argv[1]
from accord.config import install
install.setup_django()
from django.test.utils import setup_test_environment
setup_test_environment()
from tests import region
from tests.architecture import test_contract, test_rooms, test_upward
from tests.doors import test_migrations
from tests.rides import test_rides
from accord.core import rooms
test_migrations.test_no_migration_is_missing()
test_contract.test_a_module_imports_only_from_below("rides")
test_contract.test_files_are_of_known_kinds("rides")
test_contract.test_every_module_says_what_it_is_in_a_pure_file()
test_rooms.test_each_rooms_addresses_begin_as_it_says()
test_rooms.test_each_action_of_a_role_is_declared_by_a_room_and_each_room_action_has_a_role()
test_rooms.test_what_a_room_names_is_there(next(room for room in rooms.rooms() if room.name == "rides"))
test_upward.test_no_file_names_something_of_a_higher_room()
with region.copy_of_template("add a room") as world:
    install.migrate(NAME=world.name)
    region.start_clock(world.name, region.MOMENT)
    for name in sorted(vars(test_rides)):
        if name.startswith("test_"):
            getattr(test_rides, name)(world)
"""


def blocks() -> list[tuple[str, str, str]]:
    """Return each file of the page: its path, how it is written, and the text."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def changed(text: str, lines: str) -> str:
    """Return a text with a change as the page shows it: lines with `-` and without a mark before, with `+` after."""
    rows = lines.splitlines()
    before = "\n".join(row[1:] for row in rows if row[0] != "+")
    after = "\n".join(row[1:] for row in rows if row[0] != "-")
    assert text.count(before) == 1, before
    return text.replace(before, after)


def test_a_room_touches_its_own_folder_its_tests_and_two_files() -> None:
    paths = {path for path, _how, _text in blocks()}
    assert {path for path in paths if "rides" not in path.split("/")} == SHARED
    assert {how for path, how, _text in blocks() if path in SHARED} == {"diff"}
    assert {path.split("/")[0] for path in paths} == {"accord", "tests"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project with the room of the page in it."""
    for folder in ("accord", "tests", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for path, how, text in blocks():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch() if path.startswith("tests/") else None
        file.write_text(changed(file.read_text(encoding="utf-8"), text) if how == "diff" else text, encoding="utf-8")
    return tmp_path


def test_the_room_of_the_page_works(project: Path) -> None:
    region.template()  # built by this run; the copy uses it
    var = os.environ["ACCORD_VAR"]
    here = {**os.environ, "PYTHONPATH": str(project), "PYTHONPYCACHEPREFIX": str(project / "compiled")}
    for command in (
        ["tools/migration.py", "rides"],
        ["-W", "error", "-c", RUN, var],
    ):
        done = subprocess.run([sys.executable, *command], cwd=project, env=here, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
