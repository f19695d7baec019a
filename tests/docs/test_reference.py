"""The docs are true: generated pages are fresh, links lead somewhere, named files and tests exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import acceptance
from tests.steps.catalog import spanish
from tools import docs

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "accord").rglob("README.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:accord|bench|docs|requirements|tests|tools)/[\w./-]*\.\w+)(?:::(\w+))?`")


@pytest.fixture(scope="module")
def fresh() -> dict[str, str]:
    """Return the pages as the code makes them now."""
    return docs.pages()


@pytest.mark.parametrize("name", docs.PAGES)
def test_a_made_page_is_fresh(fresh: dict[str, str], name: str) -> None:
    assert (docs.REFERENCE / name).read_text(encoding="utf-8") == fresh[name], "run: make docs"


def test_the_readme_lists_the_rooms_with_their_questions(fresh: dict[str, str]) -> None:
    assert (ROOT / "README.md").read_text(encoding="utf-8") == docs.readme(), "run: make docs"


def test_every_mark_and_table_names_a_line_of_the_list() -> None:
    assert acceptance.proofs().keys() <= acceptance.WHOLE


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        found = (path.parent / target).resolve() if target else path
        assert found.exists(), link
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = set(re.findall(r"`([\w/]+\.\w+)`:\n\n```", text))  # whole files that a how-to tells the reader to make
    for name, function in NAMED.findall(text):
        if name in shown:
            continue
        named = ROOT / name
        assert named.exists(), name
        if function:
            assert re.search(rf"^(?:async )?def {function}\(", named.read_text(encoding="utf-8"), re.MULTILINE), (
                function
            )


def test_every_picture_is_used_and_light() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in TEXTS)
    for picture in (ROOT / "docs" / "images").glob("*"):
        assert picture.name in said
        assert picture.stat().st_size < 150_000


def test_the_glossarys_spanish_is_the_screens() -> None:
    screen = str([message.string for message in spanish()]).lower()
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows
    for word, translation in rows:
        assert translation in ("-", "Spanish") or re.search(rf"\b{translation}\b", screen), word
