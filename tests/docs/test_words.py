"""Check that words the docs quote are on the screen, and that what docs and code cite exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.steps.catalog import spanish

ROOT = Path(__file__).resolve().parents[2]
STEPS = sorted(path for folder in ("guides", "how-to", "tutorials") for path in (ROOT / "docs" / folder).glob("*.md"))
SECURITY = ROOT / "docs" / "explanation" / "security.md"
SOURCES = sorted(
    path for folder in ("accord", "bench", "tools") for ending in ("py", "sql", "html")
    for path in (ROOT / folder).rglob(f"*.{ending}")
)  # fmt: skip
SAID_WITHOUT_A_SCREEN = {"usted"}


@pytest.fixture(scope="module")
def screen() -> set[str]:
    """Return every sentence and label that a screen can show, in English."""
    return {words for each in spanish() for words in ((each.id,) if isinstance(each.id, str) else each.id)}


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_in_italics_are_the_screens(screen: set[str], path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    labels = {re.sub(r"\s+", " ", each) for each in re.findall(r"(?<![*\w])\*([^*\s][^*]*)\*(?!\*)", text)}
    assert labels - screen - SAID_WITHOUT_A_SCREEN == set()


def test_addresses_in_the_steps_are_routes() -> None:
    for path in STEPS:
        for address in re.findall(r"`(/[\w/-]*/)`", path.read_text(encoding="utf-8")):
            assert get_resolver().resolve(address), (path.name, address)


def properties() -> list[tuple[str, str, str]]:
    """Return the list of properties: each with the files that carry it and the tests that fail without it."""
    text = SECURITY.read_text(encoding="utf-8").split("## What holds")[1].split("\n## ")[0]
    return re.findall(r"^- (.+?)\n  Code: (.+?)\.\n  Tests:\s(.+?)\.$", text, re.MULTILINE | re.DOTALL)


def test_every_property_names_code_and_tests() -> None:
    text = SECURITY.read_text(encoding="utf-8").split("## What holds")[1].split("\n## ")[0]
    assert len(properties()) == len(re.findall("^- ", text, re.MULTILINE)) > 50
    assert not [what for what, carried, proofs in properties() if "\n- " in what + carried + proofs]


@pytest.mark.parametrize("row", properties(), ids=lambda row: row[0][:50].replace("\n", " "))
def test_each_property_names_its_file_and_a_test_that_exists(row: tuple[str, str, str]) -> None:
    what, carried, proofs = row
    assert carried.startswith(("`accord/", "random ids", "every model", "`tests/architecture/"))
    for name in re.findall(r"`((?:accord|tests)/[^`]+)`", carried):
        assert (ROOT / name).is_file(), name
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proofs)
    assert tests, f"no test for: {what}"
    for name, function in tests:
        assert re.search(rf"^(?:async )?def {function}\(", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)


def test_functions_that_carry_a_property_are_in_their_file() -> None:
    for file, functions in re.findall(r"`(accord/[\w/]+\.(?:sql|py))` \(([^)]*`[^)]*)\)", SECURITY.read_text("utf-8")):
        source = (ROOT / file).read_text(encoding="utf-8")
        for function in re.findall(r"`(\w+)`", functions):
            assert function in source, (file, function)


def test_tests_that_the_code_cites_are_there() -> None:
    for path in SOURCES:
        for cited in re.findall(r"\btests/[\w/]+\.py\b", path.read_text(encoding="utf-8")):
            assert (ROOT / cited).is_file(), (path.name, cited)


def test_every_table_is_in_what_a_subpoena_can_get() -> None:
    said = SECURITY.read_text(encoding="utf-8").split("## What a subpoena of the hub can get")[1]
    floors = (ROOT / "docs/reference/floors.md").read_text("utf-8").split("## Tables")[1]
    tables = re.findall(r"^\| `(\w+)` \|", floors, re.MULTILINE)
    assert [table for table in tables if f"`{table}`" not in said] == ["django_migrations"]
