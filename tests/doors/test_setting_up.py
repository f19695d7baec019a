"""`make` and what it runs: the environment, the browser, the one command of continuous integration."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import browser, environment

ROOT = Path(__file__).parents[2]
DOORS = [
    "env",
    "test-env",
    "demo",
    "test",
    "check",
    "fix",
    "prove",
    "bench",
    "bench-numbers",
    "docs",
    "css",
    "lock",
    "clean",
]


class Installer:
    """A replacement for venv and pip: remembers what it was asked and leaves what they would leave behind."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.fails_at = ""

    def run(self, command: list[Any], check: bool) -> None:
        step = "venv" if command[2] == "venv" else Path(command[-1]).name
        self.steps.append(step)
        if step == "venv":
            Path(command[3]).mkdir()
        if step == self.fails_at:
            raise subprocess.CalledProcessError(1, command)


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installer:
    """Return a project of two lock files in an empty folder."""
    project = tmp_path / "project"
    (project / "requirements").mkdir(parents=True)
    for path in ("pyproject.toml", "requirements/run.lock", "requirements/test.lock"):
        (project / path).write_text("[project]\n")
    put(monkeypatch, project)
    installer = Installer()
    monkeypatch.setattr(environment, "subprocess", installer)
    installer.CalledProcessError = subprocess.CalledProcessError  # type: ignore[attr-defined]
    return installer


def put(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    monkeypatch.setattr(environment, "ROOT", project)
    monkeypatch.setattr(environment, "VENV", project / ".venv")
    monkeypatch.setattr(environment, "MADE", project / ".venv/.made")


def test_an_environment_is_made_once(installer: Installer) -> None:
    assert [environment.main("run"), environment.main("run")] == [0, 0]
    assert installer.steps == ["venv", "run.lock", "project"]


def test_the_larger_set_is_added_and_holds_the_smaller(installer: Installer) -> None:
    for name in ("run", "test", "run", "test"):
        environment.main(name)
    assert installer.steps == ["venv", "run.lock", "project", "test.lock", "project"]


def test_a_changed_lock_file_is_installed_into_what_is_there(installer: Installer) -> None:
    environment.main("run")
    (environment.ROOT / "requirements/run.lock").write_text("newer")
    environment.main("run")
    assert installer.steps[3:] == ["run.lock", "project"]


@pytest.mark.parametrize("step", ["run.lock", "project"])
def test_an_interrupted_install_starts_again_from_nothing(
    installer: Installer, step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    installer.fails_at = step
    assert environment.main("run") == 1
    assert "could not be made" in capsys.readouterr().err
    installer.fails_at, installer.steps = "", []
    assert environment.main("run") == 0
    assert installer.steps == ["venv", "run.lock", "project"]


def test_a_moved_folder_makes_its_own(installer: Installer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.main("run")
    shutil.copytree(tmp_path / "project", tmp_path / "copy")
    put(monkeypatch, tmp_path / "copy")
    environment.main("run")
    assert installer.steps[3:] == ["venv", "run.lock", "copy"]


def test_the_test_set_holds_the_run_set() -> None:
    """`make test` installs only test.lock, and what it proves must be what runs."""

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.lock").read_text(), re.MULTILINE))

    assert pins("run")
    assert pins("run") <= pins("test")


def test_make_alone_lists_the_commands() -> None:
    said = subprocess.run(
        ["make", "-C", ROOT, "-s", "--no-print-directory"], capture_output=True, text=True, check=True
    )
    listed = dict(line.split("\t", 1) for line in said.stdout.splitlines())
    assert [door for door in DOORS if not listed.get(door)] == []


@pytest.mark.parametrize("door", ["env", "demo", "test"])
def test_without_a_usable_python_make_says_what_to_install(tmp_path: Path, door: str) -> None:
    for name in ("sh", "make", "find", "sed"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        [tmp_path / "make", "-C", ROOT, door], capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)}
    )
    assert done.returncode != 0
    assert "Python 3.11" in done.stderr
    assert "python3-venv" in done.stderr


@pytest.mark.parametrize(("verdict", "code"), [("3 passed", 0), ("1 failed, 2 passed", 1)])
def test_ci_ends_with_the_runners_own_line_and_its_verdict(tmp_path: Path, verdict: str, code: int) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "Makefile").write_text(f"test:\n\t@echo '{verdict}'; exit {code}\n")
    done = subprocess.run([tmp_path / ".ci/run"], capture_output=True, text=True, check=False, cwd="/")
    assert done.stdout.splitlines()[-1] == verdict
    assert bool(done.returncode) is bool(code)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a machine without a browser, where installing does nothing."""
    monkeypatch.delenv("ACCORD_CHROMIUM", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(browser, "SYSTEM", ())
    monkeypatch.setattr(browser, "install", lambda: None)
    return tmp_path


def a_browser(path: Path, code: int = 0) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def test_a_missing_browser_is_reported_with_the_remedy(bare: Path) -> None:
    with pytest.raises(browser.NoBrowser, match="apt-get install chromium"):
        browser.ensure()


def test_playwrights_own_browser_is_enough(bare: Path) -> None:
    path = a_browser(bare / "chromium-1234/chrome-linux/chrome")
    assert browser.ensure() == path


def test_a_browser_that_does_not_start_is_passed_over(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = a_browser(bare / "broken", code=127), a_browser(bare / "sound")
    monkeypatch.setattr(browser, "SYSTEM", (broken, sound))
    assert browser.ensure() == sound


def test_the_browser_that_was_asked_for_is_used_or_nothing(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "SYSTEM", (a_browser(bare / "system"),))
    monkeypatch.setenv("ACCORD_CHROMIUM", a_browser(bare / "asked"))
    assert browser.ensure() == str(bare / "asked")
    monkeypatch.setenv("ACCORD_CHROMIUM", str(bare / "absent"))
    with pytest.raises(browser.NoBrowser, match="absent"):
        browser.ensure()


def test_this_environment_is_whole() -> None:
    """A second `make demo` or `make test` installs nothing."""
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


CHECK = "from tools.environment import is_whole; print(is_whole('run'))"
