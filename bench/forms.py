"""Measure forms: loading one, and redrawing a page after an answer.

A redraw is what a request does: continue the saved answers, answer a question, and determine what the page asks. The
forms are made here. Published forms are measured too if ACCORD_BENCH_FORMS names a folder with workbooks.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from accord.cli.form import beside
from accord.formlib import keeping, paging
from accord.formlib.answering import Answers
from accord.formlib.filling import fill_out
from accord.formlib.loading import load
from accord.formlib.model import Form
from accord.formlib.paging import Asked
from bench import measures
from bench.measures import Row
from bench.rounds import Work, interleaved
from bench.towns import Town

NOW = datetime.fromisoformat("2026-03-04T15:00:00+00:00").astimezone(UTC)
ZONE = ZoneInfo("America/New_York")
LOADING, REDRAWING, SMALL_REDRAWING = 5.0, 0.150, 0.100
ROUNDS = 9


def rows(town: Town) -> Iterator[Row]:
    """Yield the time to load each form, and to redraw its page that asks the most."""
    files = {f"{count} questions": made(count) for count in (200, 600)}
    folder = os.environ.get("ACCORD_BENCH_FORMS")
    paths = sorted(Path(folder).glob("*.xlsx")) if folder else []
    works: dict[tuple[str, str], Work] = {}
    for name, content in {**files, **{path.name: path.read_bytes() for path in paths}}.items():
        near = Path(folder or ".") / name

        def loading(_: None, name: str = name, content: bytes = content, near: Path = near) -> None:
            load(content, near.with_suffix(".xlsx").name, beside(near, None))

        works[name, "load"] = Work(town.seat, loading)
        form = load(content, near.with_suffix(".xlsx").name, beside(near, None))
        works[name, "redraw"] = Work(town.seat, redraw(form))
    taken = interleaved(works, ROUNDS, 1)
    for name in dict.fromkeys(name for name, _ in works):
        yield measures.timed(f"form of {name}: loading", taken[name, "load"], LOADING)
        budget = SMALL_REDRAWING if name == "200 questions" else REDRAWING
        yield measures.timed(f"form of {name}: a page after an answer", taken[name, "redraw"], budget)


def made(count: int) -> bytes:
    """Return a workbook with this many questions, in groups of twenty. Most are asked only after another answer, as in
    a verbal autopsy."""
    rows: list[list[str]] = [["type", "name", "label", "relevant", "constraint", "calculation", "required"]]
    for number in range(count):
        if number % 20 == 0:
            rows.append(["begin_group", f"g{number}", f"Part {number // 20 + 1}"])
        kind = ("select_one yn", "integer", "select_multiple yn", "text", "select_one yn")[number % 5]
        before = f"${{q{number - number % 5}}}"
        relevant = f"selected({before}, 'yes') and ${{days}} > {number % 7}" if number % 5 else ""
        constraint = ". >= 0 and . <= 120" if kind == "integer" else ""
        rows.append([kind, f"q{number}", f"Question {number} about {before}", relevant, constraint, "", "yes"])
        if number % 20 == 19 or number == count - 1:
            several = " + ".join(f"number(${{q{one}}} = 'yes')" for one in range(number - number % 20, number, 5))
            rows += [["calculate", f"c{number}", "", "", "", several], ["end_group"]]
    rows.insert(1, ["calculate", "days", "", "", "", "10 + 1"])
    choices = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"], ["yn", "dk", "Not known"]]
    book = Workbook()
    book.remove(book.active)
    for title, cells in (("survey", rows), ("choices", choices)):
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def redraw(form: Form) -> Callable[[None], None]:
    """Return the work of redrawing the page that asks the most, in a form that is filled out."""
    chance = random.Random(1)
    answers = Answers(form, NOW, ZONE, chance=chance)
    wrong = fill_out(answers, chance)
    assert not wrong, wrong[0].line()
    page = max(paging.pages(form), key=lambda one: sum(1 for _ in paging.asked(answers, one)))
    place = next(one.place for one in paging.asked(answers, page) if isinstance(one, Asked) and not one.read_only)
    saved = keeping.state(answers)

    def run(_: None) -> None:
        again = keeping.restored(form, saved, NOW, ZONE)
        node = paging.found(again, place)
        assert node is not None
        again.answer(node, node.value())
        assert list(paging.asked(again, page))
        keeping.state(again)

    return run
