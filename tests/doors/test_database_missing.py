"""The administrator reads in one line what is missing, and a command that can't continue changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps.commands import accord

NOWHERE = "postgresql://127.0.0.1:1/accord"


@pytest.mark.parametrize("words", [("verify",), ("serve", "--port", "0"), ("backup", "data", "keys")])
def test_nothing_was_set_up(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = accord(tmp_path / "var", *words)
    assert done.returncode == 1
    assert done.stderr == "accord: Accord is not set up here yet. Run `accord init`, or `make demo` for the demo.\n"
    assert not (tmp_path / "var").exists()


def test_an_external_server_needs_its_administrator_once(tmp_path: Path) -> None:
    done = accord(tmp_path, "init", DATABASE_URL=NOWHERE)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "set ACCORD_ADMIN_URL" in done.stderr


@pytest.mark.parametrize("command", ["init", "verify"])
def test_a_server_that_does_not_answer(tmp_path: Path, command: str) -> None:
    where = {"DATABASE_URL": NOWHERE, "ACCORD_ADMIN_URL": "postgresql://somebody:told-nobody@127.0.0.1:1/postgres"}
    accord(tmp_path, "init", **where)  # writes the secrets, then finds no server
    done = accord(tmp_path, command, **where)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "does not respond" in done.stderr and "told-nobody" not in done.stderr
