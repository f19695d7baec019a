"""A demo and a real installation never share a folder, and a demo can be reached only from its own machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accord import cli
from accord.cli import serve
from accord.config.database import Databases


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setenv("ACCORD_VAR", str(folder))
    return folder


def contents(var: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in var.iterdir()}


@pytest.mark.parametrize(
    ("demo", "command", "said"),
    [
        (False, ["demo"], "This folder holds a real installation."),
        (False, ["demo", "--serve", "--port", "8119"], "This folder holds a real installation."),
        (True, ["init"], "This folder holds the demo"),
    ],
)
def test_the_other_kind_is_refused_and_nothing_is_touched(
    var: Path, capsys: pytest.CaptureFixture[str], demo: bool, command: list[str], said: str
) -> None:
    Databases(var).make_secrets(demo=demo)
    before = contents(var)
    assert cli.main(command) == 2
    assert said in capsys.readouterr().err
    assert contents(var) == before


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.2", "accord.example.org"])
@pytest.mark.parametrize("command", [["demo", "--serve"], ["serve"]])
def test_a_demo_listens_only_on_the_loopback_address(
    var: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
    command: list[str],
) -> None:
    Databases(var).make_secrets(demo=True)
    before = contents(var)
    monkeypatch.setenv("ACCORD_ADDRESS", address)
    assert cli.main(command) == 2
    assert "only listens on this machine" in capsys.readouterr().err
    assert contents(var) == before


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_every_loopback_address_will_do(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("ACCORD_ADDRESS", address)
    serve.insist_on_loopback()


@pytest.mark.parametrize(
    ("demo", "hosts", "answers"),
    [
        (True, "*", ["localhost", "127.0.0.1", "[::1]"]),
        (False, "accord.example.org", ["accord.example.org"]),
        (False, "", ["localhost", "127.0.0.1", "[::1]"]),
    ],
)
def test_the_hosts_that_are_answered(var: Path, demo: bool, hosts: str, answers: list[str]) -> None:
    """As a separate process reads the settings. A test's host name is not the name of a real server."""
    Databases(var).make_secrets(demo=demo)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCORD_")}
    settings = {"ACCORD_VAR": str(var), **({"ACCORD_HOSTS": hosts} if hosts else {})}
    ask = "import json; from accord.config import settings; print(json.dumps(settings.ALLOWED_HOSTS))"
    done = subprocess.run(
        [sys.executable, "-c", ask], env={**kept, **settings}, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == answers
