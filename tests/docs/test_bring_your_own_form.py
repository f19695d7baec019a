"""The how-to for program managers: the form of the page works, and what the page says about mistakes is true."""

from __future__ import annotations

import html
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accord.formlib import loading
from accord.formlib.answering import Answers
from accord.formlib.filling import fill
from accord.formlib.problems import Refused
from accord.formlib.scoring import scores
from accord.questionnaires import queries
from tests.region import World
from tests.steps.workbooks import save

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "bring-your-own-form.md"
ZONE = ZoneInfo("America/Chicago")
NOON = datetime(2026, 11, 18, 12, tzinfo=ZONE)
NAME = "first-visit.xlsx"
Sheets = dict[str, list[list[str]]]


def tables() -> dict[str, list[list[str]]]:
    """Return the rows of each table of the page, keyed by the line before it."""
    found: dict[str, list[list[str]]] = {}
    before = ""
    for line in PAGE.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("|"):
            rows = found.setdefault(before, [])
            if not re.fullmatch(r"[|-]+", text):
                rows.append([cell.strip() for cell in text.strip("|").split("|")])
        elif text:
            before = text
    return found


def sheets() -> Sheets:
    """Return the sheets as the page says to make them."""
    named = {re.match(r"The sheet `(\w+)`", before): rows for before, rows in tables().items()}
    return {match[1]: rows for match, rows in named.items() if match}


def version_two() -> Sheets:
    """Return the sheets after the change that the page describes."""
    found = sheets()
    ((header, added),) = [rows for rows in tables().values() if len(rows) == 2 and rows[1][:2] == ["text", "pet"]]
    assert header == found["survey"][0][: len(header)] and found["survey"][-1][0] == "end_group"
    found["survey"].insert(-1, added)
    found["settings"][1][2] = "2"
    return found


def mistakes() -> list[tuple[str, str, str]]:
    """Return what the page says about mistakes: the cell, its column, and what Accord says."""
    (rows,) = [rows for rows in tables().values() if rows[0][1:] == ["what Accord says", "what to do"]]
    cells = [re.fullmatch(r"`(.+)` in `(\w+)`", row[0]) for row in rows[1:]]
    return [(cell[1], cell[2], row[1]) for cell, row in zip(cells, rows[1:], strict=True) if cell]


def content(folder: Path, made: Sheets) -> bytes:
    return save(folder / NAME, **made).read_bytes()


def test_the_form_of_the_page_can_be_filled_out_and_gives_a_score_in_words(tmp_path: Path) -> None:
    form = loading.load(content(tmp_path, sheets()), NAME, lambda name: None)
    assert form.warnings == [] and form.languages == ("English (en)", "Español (es)")
    assert [fill(form, seed=seed, now=NOON, zone=ZONE) for seed in range(20)] == [[]] * 20
    answers = Answers(form, NOON, ZONE, language="Español (es)")
    for name, value in {"sleep": "2", "money": "1"}.items():
        (node,) = answers.nodes(f"/data/week/{name}")
        answers.answer(node, value)
    (score,) = scores(answers)
    assert (score.label, score.value, score.words) == ("Qué tan difícil fue la semana", "3", "Difícil")
    changed = loading.load(content(tmp_path, version_two()), NAME, lambda name: None)
    assert {one.path for one in changed.questions()} - {one.path for one in form.questions()} == {"/data/today/pet"}


@pytest.mark.parametrize(("cell", "column", "words"), mistakes())
def test_accord_says_what_the_page_says_about_a_mistake(tmp_path: Path, cell: str, column: str, words: str) -> None:
    made = sheets()
    header = made["survey"][0]
    row = {"type": "calculate" if column == "calculation" else "text", "name": "extra", header[2]: "Extra"} | {
        header[3]: "Otra",
        column: cell,
    }
    made["survey"].insert(-1, [row.get(title, "") for title in header])
    with pytest.raises(Refused) as refused:
        loading.load(content(tmp_path, made), NAME, lambda name: None)
    (problem,) = refused.value.problems
    assert problem.row == len(made["survey"]) - 1 and words in problem.message


class Reader:
    """Someone who follows the page literally: chooses only what the page names."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = client.get("/")

    def choose(self, words: str) -> None:
        """Follow the link with these words, which the page has to name."""
        assert f"*{words}*" in prose(), f"the how-to doesn't say {words!r}"
        text = self.page.content.decode()
        found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>(?:\s|<[^>]+>)*{re.escape(words)}\s*<', text)
        assert found, f"there is no link {words!r}"
        self.page = self.client.get(html.unescape(found[1]), follow=True)
        assert self.page.status_code == 200

    def press(self, words: str, **fields: Any) -> None:
        """Press the button with these words, which the page has to name, with these fields filled in."""
        assert f"*{words}*" in prose(), f"the how-to doesn't say {words!r}"
        forms = re.findall(r"<form.*?</form>", self.page.content.decode(), re.DOTALL)
        button = re.compile(rf"<button([^>]*)>(?:\s|<[^>]+>)*{re.escape(words)}\s*<")
        form, found = next((form, found) for form in forms if (found := button.search(form)))
        hidden: dict[str, list[str]] = {}
        for tag in [*re.findall(r'<input[^>]*type="hidden"[^>]*>', form), found[1]]:
            if 'name="' in tag:
                hidden.setdefault(_attribute(tag, "name"), []).append(_attribute(tag, "value"))
        here = self.page.redirect_chain[-1][0] if self.page.redirect_chain else self.page.request["PATH_INFO"]
        self.page = self.client.post(here, {**hidden, **fields}, follow=True)
        assert self.page.status_code == 200

    def upload(self, content: bytes) -> None:
        self.press("Upload", workbook=SimpleUploadedFile(NAME, content))

    def sees(self, words: str) -> bool:
        return words in " ".join(re.sub(r"<[^>]+>", " ", html.unescape(self.page.content.decode())).split())


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def prose() -> str:
    return " ".join(PAGE.read_text("utf-8").split())


def test_a_program_manager_follows_the_page(fresh_world: World, tmp_path: Path) -> None:
    emil = Reader(fresh_world.client("emil"))
    for words in ("Our agency", "Forms", "Add a form"):
        emil.choose(words)
    assert emil.sees("Bring your own form")
    wrong = sheets()
    wrong["survey"][1][0] = "begin_grop"
    emil.upload(content(tmp_path, wrong))
    assert emil.sees("This form can't be used yet")
    emil.choose("Upload the corrected spreadsheet")
    emil.upload(content(tmp_path, sheets()))
    assert emil.sees("First visit, version 1") and emil.sees("English (en), Español (es)")
    emil.choose("Try out this version")
    for _page in sheets()["survey"][1:]:
        if not emil.sees("This is how the answers would look"):
            emil.press("Next")
    assert emil.sees("How hard the week was") and emil.sees("Not very hard")
    emil.choose("Leave the preview")
    emil.choose("Publish")
    assert emil.sees("You can't change this later.") and emil.sees("Needs")
    emil.press("Publish", kind="needs")
    emil.choose("Upload a new version")
    emil.upload(content(tmp_path, version_two()))
    emil.choose("Publish")
    emil.press("Publish", kind="needs")
    assert emil.sees("Version 2 In use") and emil.sees("Version 1 Replaced")
    with fresh_world.as_("elena") as actor:
        (card,) = queries.published(actor=actor, kinds=["needs"])
        assert (card.title, card.number) == ("First visit", 2)
    emil.choose("Retire this form")
    emil.press("Retire this form")
    with fresh_world.as_("elena") as actor:
        assert queries.published(actor=actor, kinds=["needs"]) == []
