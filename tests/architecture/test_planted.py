"""Each rule of the house finds a fault that is planted in a copy of the code.

Here the rules read a copy with one line too many. Faults in templates, names of higher rooms, and calls that read the
clock are planted next to their own rules.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_ARGUMENT: tuple[str, ...] = ()

# The rule: its file, its test, and the test's argument. The fault: in which file, and the line.
FAULTS = [
    ("contract", "a_module_imports_only_from_below", ("sharing",), "sharing/queries.py", "import accord.people.queries"),
    ("contract", "every_module_says_what_it_is_in_a_pure_file", NO_ARGUMENT, "work/room.py", "import django.db"),
    ("contract", "every_module_says_what_it_is_in_a_pure_file", NO_ARGUMENT, "work/room.py", "import accord.work.models"),
    ("contract", "files_are_of_known_kinds", ("people",), "people/helpers.py", ""),
    ("contract", "codes_and_rules_know_no_django_and_no_clock", ("sharing",), "sharing/rules.py", "import django.db"),
    ("contract", "codes_and_rules_know_no_django_and_no_clock", ("law",), "law/rules.py", "import accord.core.clock"),
    ("contract", "other_modules_models_are_their_own", ("casework",), "casework/api.py", "import accord.work.models"),
    ("contract", "readers_and_writers_take_names", ("drafts",), "drafts/queries.py", "def find(actor, ref): ..."),
    ("contract", "the_ground_floor_knows_only_core", ("law",), "law/codes.py", "import accord.vault.codes"),
    ("contract", "only_one_file_calls_cryptography", NO_ARGUMENT, "files/services.py", "import cryptography.fernet"),
    ("contract", "a_redirect_says_what_was_saved_or_that_nothing_was", NO_ARGUMENT, "drafts/views.py",
     "from django.shortcuts import redirect"),
    ("doors", "only_named_callers_open_or_write_without_deciding", NO_ARGUMENT, "casework/services.py",
     "def add(): write_undecided()"),
    ("surface", "rooms_use_only_the_public_files_of_others", NO_ARGUMENT, "casework/views.py",
     "from accord.drafts.views import draft"),
    ("surface", "a_file_imports_only_from_layers_before_its_own", ("casework",), "casework/queries.py",
     "from accord.casework import services"),
    ("surface", "the_product_uses_every_function_it_has", NO_ARGUMENT, "law/codes.py", "def a_function_for_no_page(): ..."),
    ("surface", "one_helper_calls_an_sql_function", NO_ARGUMENT, "work/services.py",
     'def run(function): execute(f"select accord.{function}()")'),
    ("requests", "every_attribute_of_a_request_is_declared_and_set_in_one_place", NO_ARGUMENT, "people/views.py",
     "def keep(request): request.found = 1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("house") / "accord"
    shutil.copytree(ROOT / "accord", target, ignore=shutil.ignore_patterns("__pycache__", "locale", "static"))
    return target


@pytest.fixture
def copy(copied: Path) -> Iterator[Path]:
    before = {path: path.read_bytes() for path in copied.rglob("*") if path.is_file()}
    yield copied
    for path in [path for path in copied.rglob("*") if path.is_file()]:
        if path not in before:
            path.unlink()
        elif path.read_bytes() != before[path]:
            path.write_bytes(before[path])


def _reading(module: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a rule and the helpers that it reads the code with read the copy."""
    for each in (module, *(value for value in vars(module).values() if isinstance(value, ModuleType))):
        for name in [name for name, value in vars(each).items() if value == ROOT / "accord"]:
            monkeypatch.setattr(each, name, copy)


@pytest.mark.parametrize(("rule", "test", "argument", "file", "line"), FAULTS, ids=lambda value: str(value)[:60])
def test_a_rule_finds_a_planted_fault(
    copy: Path, monkeypatch: pytest.MonkeyPatch, rule: str, test: str, argument: tuple[str, ...], file: str, line: str
) -> None:
    module = import_module(f"tests.architecture.test_{rule}")
    check = getattr(module, f"test_{test}")
    _reading(module, copy, monkeypatch)
    check(*argument)  # the copy without a fault passes
    path = copy / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{line}\n")
    with pytest.raises(AssertionError):
        check(*argument)


@pytest.mark.prove  # mypy reads the whole project
def test_strict_types_refuse_a_function_without_types(tmp_path: Path) -> None:
    """mypy reads another text for one file, so that other tests never meet the fault."""
    planted = tmp_path / "terms.py"
    planted.write_text("def find(ref):\n    return ref\n", encoding="utf-8")
    instead = ["--shadow-file", "accord/work/terms.py", str(planted)]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", *instead], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "accord/work/terms.py:1: error: Function is missing a type annotation" in ran.stdout
