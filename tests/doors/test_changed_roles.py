"""A role can change its own password and settings, and PostgreSQL can't forbid it. Accord detects, reports and resets
it. What can't be written produces a sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from accord.config.database import Databases
from tests.steps.commands import accord

SERVE = "from accord.cli import serve; serve._put_roles_right(of_ones_own=False)"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a real installation of its own: roles belong to a whole server."""
    folder = tmp_path_factory.mktemp("real") / "var"
    assert accord(folder, "init", ACCORD_FAST_DB="1").returncode == 0
    yield folder
    Databases(folder).cluster().stop()


CHANGES = {
    "alter role accord_web set default_transaction_read_only = on": "role accord_web: default_transaction_read_only",
    "alter role accord_web set statement_timeout = 0": "role accord_web: statement_timeout",
    "alter role accord_web set role = accord_reader": "role accord_web: role",
    "alter role accord_web in database accord set search_path = accord": "role accord_web: settings in accord",
}


def web(var: Path, *, pinned: bool) -> psycopg.Connection:
    """Connect as an injected statement would, or as Accord itself does."""
    databases = Databases(var)
    place = databases.connection("web")
    dsn = databases.cluster().dsn("accord_web", place["PASSWORD"], databases.name)
    return psycopg.connect(dsn, options=place["OPTIONS"]["options"] if pinned else "")


def verified(var: Path) -> tuple[int, str]:
    done = accord(var, "verify", ACCORD_FAST_DB="1")
    return done.returncode, done.stdout + done.stderr


def put_right(var: Path) -> str:
    """Do what `accord serve` does before it serves."""
    environment = {"ACCORD_VAR": str(var), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", SERVE], env=environment, capture_output=True, text=True, check=True)
    return done.stderr


def test_settings_are_found_do_not_reach_a_served_connection_and_are_set_again(var: Path) -> None:
    with web(var, pinned=False) as thief:
        for change in CHANGES:
            thief.execute(change)
    with web(var, pinned=True) as served:
        names = ("transaction_read_only", "role", "search_path", "statement_timeout")
        assert [served.execute(f"show {name}").fetchone()[0] for name in names] == ["off", "none", "public", "10s"]
    code, said = verified(var)
    assert code == 1 and all(named in said for named in CHANGES.values()), said
    found = put_right(var)
    assert all(named in found for named in CHANGES.values())
    assert put_right(var) == ""
    assert verified(var)[0] == 0


def test_a_changed_password_is_reported_and_reset(var: Path) -> None:
    with web(var, pinned=False) as thief:
        thief.execute("alter role accord_web password 'mine now'")
    done = accord(var, "backup", "data", "keys", ACCORD_FAST_DB="1")
    assert done.returncode == 1 and "refuses the password of accord_web" in done.stderr
    code, said = verified(var)
    assert code == 1 and "role accord_web: the password in var/ does not work" in said
    assert "role accord_web: password" in put_right(var)
    web(var, pinned=True).close()


def test_a_backup_that_cannot_be_written_is_one_sentence(var: Path, tmp_path: Path) -> None:
    done = accord(var, "backup", str(tmp_path / "data"), str(tmp_path / "away" / "keys"), ACCORD_FAST_DB="1")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "does not exist" in done.stderr and not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_one_sentence() -> None:
    done = accord(Path("/sys/accord"), "init")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith("accord: /sys/accord")
