"""Test setup: tests run as `web` on copies of Riverbend, in their own folder, with an unsynced database."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests import memory

ROOT = Path(__file__).resolve().parents[1]
memory.move_in()
os.environ["ACCORD_FAST_DB"] = "1"
# A run starts dozens of processes. Each reuses what another has compiled, whatever the machine's own setting.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(ROOT / "build" / "compiled")
sys.dont_write_bytecode = False
# Each run has one template. The first process in a run names it, and xdist's workers inherit the name.
os.environ.setdefault("ACCORD_TEST_RUN", f"{os.getpid()}-{time.time_ns()}")

from django.template import engines  # noqa: E402
from django.template.base import Node  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import translation  # noqa: E402

from accord.config import install, roles  # noqa: E402
from accord.config.database import Databases  # noqa: E402
from tests import shuffled  # noqa: E402


class Undefined(str):
    """What a template shows for an undefined name: nothing in production, an error in tests."""

    def __mod__(self, name: object) -> str:
        said = f"The template {_template_at(sys._getframe())} reads {name}, which is not defined."
        sys.stderr.write(f"{said}\n")  # a page that fails in a test shows no message
        raise AssertionError(said)


def _template_at(frame: FrameType | None) -> str:
    """Return the template and line that are being rendered."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and node.token and node.origin:
            return f"{node.origin.template_name or node.origin.name}, line {node.token.lineno},"
        frame = frame.f_back
    return "being rendered"


def _prepare() -> None:
    databases = Databases(install.var_folder())
    databases.make_secrets(demo=True)
    databases.cluster().ensure()
    user, password = databases.cluster().superuser
    roles.make_roles(databases, databases.cluster().dsn(user, password, "postgres"))
    install.setup_django()
    shuffled.begin()
    setup_test_environment()
    engines["django"].engine.string_if_invalid = Undefined("%s")


_prepare()  # before any module that declares models is imported

from tests import acceptance, moments, region, times  # noqa: E402
from tests.browser import chromium, visit  # noqa: E402, F401  (fixtures: one browser for a whole run)


@pytest.fixture
def proved(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Return a function that adds lines to the end of the run: `proved("histories agree", 250)`. Counts from several
    tests are added up."""
    return lambda sentence, count=1: record_property(f"proved {sentence}", count)


def _proofs(terminalreporter: pytest.TerminalReporter) -> Counter[str]:
    found: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", ()):
        for name, count in getattr(report, "user_properties", ()):
            if name.startswith("proved "):
                found[name.removeprefix("proved ")] += count
    return found


def _unproved(terminalreporter: pytest.TerminalReporter) -> set[str]:
    """Return what this machine could not test. A test records it with `record_property("not proved: ...", 1)`."""
    reports = terminalreporter.stats.get("skipped", ())
    names = (name for report in reports for name, _ in getattr(report, "user_properties", ()))
    return {name.removeprefix("not proved: ") for name in names if name.startswith("not proved: ")}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the long proofs counted, how long each folder took and, at the end of a full run, which acceptance
    lines have no test yet."""
    for sentence, count in sorted(_proofs(terminalreporter).items()):
        terminalreporter.write_line(f"Proved: {count:,} {sentence}")
    for sentence in sorted(_unproved(terminalreporter)):
        terminalreporter.write_line(f"NOT PROVED: {sentence}", red=True)
    if "ACCORD_TEST_MOMENT" in os.environ:
        return
    taken = times.by_file(report for reports in terminalreporter.stats.values() for report in reports)
    for line in times.table(taken):
        terminalreporter.write_line(line)
    if not any("/" in str(argument) for argument in terminalreporter.config.invocation_params.args):
        times.keep(taken)
        for line in acceptance.report():
            terminalreporter.write_line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long proofs first. If one started last, it would keep one processor busy after the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("prove") is None)
    if "ACCORD_TEST_MOMENT" in os.environ:  # see tests/moments.py
        items[:] = [item for item in items if moments.takes_part(item)]


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what lives until the end of the run: modules, tests, templates."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the database in the controller process. Workers leave it running for the others."""
    if not hasattr(config, "workerinput"):
        Databases(install.var_folder()).cluster().stop()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Reset the language after each test. Otherwise the next test would get the last request's language."""
    yield
    translation.deactivate()


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[region.World]:
    """Return a copy of Riverbend for one test module."""
    with region.copy_of_template(request.module.__name__) as copy:
        yield copy


@pytest.fixture
def fresh_world(request: pytest.FixtureRequest) -> Iterator[region.World]:
    """Return a copy of Riverbend for one test."""
    with region.copy_of_template(request.node.nodeid) as copy:
        yield copy
