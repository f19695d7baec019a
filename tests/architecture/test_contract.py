"""The house rule: a module imports only from lines below its own, files have kinds, and readers and writers are
named."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from accord.config.rooms import LINES, ROOMS
from tests.steps.source import ACCORD, LEVEL

KINDS = {
    "codes",
    "rules",
    "models",
    "queries",
    "workflows",
    "services",
    "forms",
    "views",
    "api",
    "urls",
    "jobs",
    "presenters",
    "__init__",
    "apps",
    "room",
    "panels",
    "today",
    "lists",
    "entries",
}
ENDS = ("_views", "_forms", "_words")  # several files of one kind, each named after what it is about
OWN = {
    "sharing": {"epochs", "floor", "keeping", "opening", "assignments"},
    "access": {
        "acting",
        "actors",
        "confirming",
        "explaining",
        "handing",
        "marks",
        "middleware",
        "open_files",
        "requests",
        "saying",
        "trail",
        "turnstile",
    },
    "drafts": {"unfinished"},
    "exchange": {"terms"},
    "jobs": {"worker"},
    "mail": {"sending"},
    "vault": {"pieces", "ring", "sealing"},
    "work": {"terms"},
    "accounts": {"sessions", "passkeys", "once", "requests"},
    "agreements": {"checks", "coalitions", "owed", "reach"},
    "legal_requests": {"disclosures", "served"},
    "membership": {"returning", "reviewing"},
    "people": {"finding", "caseload", "menu", "tasks", "team"},
    "files": {"pictures", "uploading"},
    "numbers": {"due", "sums"},
    "questionnaires": {"asking", "controls", "loads", "taking", "tools", "trying"},
    "releases": {"lifecycle", "suspension", "suspension_rules", "official", "handing", "signers", "fitting", "scans"},
    "screening": {"prefaces"},
    "law": {"elements", "packs", "prefaces", "promises"},
}
FREE = {"config", "cli", "demo", "core", "ui", "statlib", "formlib"}  # they handle no person's matters


def imports(path: Path) -> set[str]:
    """Return every module that a file names in an import, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def files(module: str) -> list[Path]:
    return [path for path in (ACCORD / module).rglob("*.py") if "migrations" not in path.parts]


def modules() -> list[str]:
    return sorted(path.name for path in ACCORD.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def targets(path: Path) -> set[tuple[str, str]]:
    """Yield our own (module, file) pairs that a file imports."""
    found = set()
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "accord" and len(parts) > 1 and parts[1] in LEVEL:
            found.add((parts[1], parts[2] if len(parts) > 2 else ""))
    return found


def test_a_redirect_says_what_was_saved_or_that_nothing_was() -> None:
    """Views redirect by `saved` or `goes_on` (access/saying.py), so that no form ends in silence."""
    rooms = [module for module in modules() if module not in FREE | {"access"}]
    paths = [path for module in rooms for path in files(module)]
    wrong = {str(path.relative_to(ACCORD)) for path in paths if "django.shortcuts.redirect" in imports(path)}
    assert wrong == {"accounts/once.py"}  # a second sending, which leads to what the first one came to


def test_every_module_has_its_line() -> None:
    assert set(modules()) == set(LEVEL)


def test_every_module_says_what_it_is_in_a_pure_file() -> None:
    """`room.py` knows only the core and codes, its own and those of lower rooms. So it can be read before Django is set
    up, and says nothing that has to be computed."""
    assert [room.name for room in ROOMS] == [module for line in reversed(LINES) for module in line]
    for module in modules():
        for other, file in targets(ACCORD / module / "room.py"):
            assert other == "core" or file == "codes", f"{module}/room.py imports {other}.{file}"
        assert not [name for name in imports(ACCORD / module / "room.py") if name.startswith("django")]


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_from_below(module: str) -> None:
    wrong = {
        f"{path.relative_to(ACCORD)} imports {other}"
        for path in files(module)
        for other, _ in targets(path)
        if other != module and LEVEL[other] <= LEVEL[module]
    }
    assert wrong == set()


@pytest.mark.parametrize("module", [m for m in modules() if m not in FREE])
def test_files_are_of_known_kinds(module: str) -> None:
    there = {path.stem for path in (ACCORD / module).glob("*.py")}
    assert {name for name in there - KINDS if not name.endswith(ENDS)} <= OWN.get(module, set())


@pytest.mark.parametrize(
    "path", sorted(set(ACCORD.glob("*/urls.py")) - {ACCORD / "config" / "urls.py"}), ids=lambda path: path.parent.name
)
def test_an_address_leads_to_a_file_of_views(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    leads = {ast.unparse(call.args[1]).rpartition(".")[0] for call in calls if ast.unparse(call.func) == "path"}
    assert leads and [file for file in leads if file != "views" and not file.endswith("_views")] == []


@pytest.mark.parametrize("module", modules())
def test_codes_and_rules_know_no_django_and_no_clock(module: str) -> None:
    for name in ("codes", "rules"):
        path = ACCORD / module / f"{name}.py"
        if path.exists():
            used = imports(path)
            assert not {each for each in used if each.split(".")[0] == "django" or "clock" in each}, path


@pytest.mark.parametrize("module", [m for m in modules() if m not in FREE])
def test_other_modules_models_are_their_own(module: str) -> None:
    """Queries, services and codes are the public files. `sharing` lends rows of persons to the rooms that handle
    persons, as it says."""
    wrong = {
        f"{path.relative_to(ACCORD)} imports {other}.{file}"
        for path in files(module)
        for other, file in targets(path)
        if other != module and file == "models" and (module, other) not in LENT
    }
    assert wrong == set()


@pytest.mark.parametrize("module", [m for m in modules() if m not in FREE])
def test_readers_and_writers_take_names(module: str) -> None:
    """Services and queries are called with names: a swapped id would open another person."""
    wrong = []
    for name in ("services", "queries", "checks", "coalitions", "assignments"):
        path = ACCORD / module / f"{name}.py"
        for node in ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else ():
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and len(node.args.args) > 1
                and not _is_panel(node)
            ):
                wrong.append(f"{module}.{name}.{node.name}")
    assert set(wrong) <= PURE


# Rows that other rooms read: persons, the list of agencies, and the membership that a connected system has.
LENT = {("people", "sharing"), ("agreements", "agencies"), ("systems", "membership")}


def _is_panel(node: ast.FunctionDef) -> bool:
    """Return whether this is a part of the person page: the page calls it, with itself."""
    return node.name == "panel" or node.name.endswith("_panel")


# Pure helpers over one value and its context; none of them reads or writes a person.
PURE = {
    "sharing.opening.data_key_bound",
    "sharing.opening.share_info",
    "sharing.opening.open_data_key_undecided",
    "sharing.queries.last_day",
    "sharing.assignments.not_barred",
    "people.finding.bucket",
    "people.queries.checked_long_ago",
    "people.queries.age",
    "membership.queries.actor_of",
    "systems.queries.actor_of",
    "audit.queries.first_break",
    "audit.services.head_bound",
}


@pytest.mark.parametrize("module", ["statlib", "law", "ui"])
def test_the_ground_floor_knows_only_core(module: str) -> None:
    for path in files(module):
        assert {other for other, _ in targets(path)} <= {module, "core"}, path


def test_only_one_file_calls_cryptography() -> None:
    users = {
        str(path.relative_to(ACCORD))
        for path in ACCORD.rglob("*.py")
        if any(name.split(".")[0] == "cryptography" for name in imports(path))
    }
    assert users == {"vault/sealing.py"}
