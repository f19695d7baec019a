"""Measure forms (`python -m bench.forms [FILE...]`): a form of 200 questions that depend on each other, and the forms in
these files. A redraw is one answer, from the saved state to the page and back to the state.

Times are processor time. The budgets are 100 ms for a redraw of the form of 200 questions, and 150 ms for a large
published form.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from accord.cli.form import beside
from accord.formlib import compiled, exporting, keeping, paging, scoring
from accord.formlib.answering import Answers
from accord.formlib.loading import load
from accord.formlib.model import Form
from accord.formlib.transcript import transcript

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
QUESTIONS = 200
ROUNDS = 15


def survey() -> bytes:
    """Return a form on one page. Every question but the first depends on the one before it."""
    rows = ["| | integer | q0 | Question 0 | |"]
    rows += [f"| | integer | q{n} | Question {n} | ${{q{n - 1}}} >= 0 |" for n in range(1, QUESTIONS)]
    return "\n".join(["| survey |", "| | type | name | label | relevant |", *rows]).encode()


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long some work takes the first time, and the median of the times after that."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return taken[0], statistics.median(taken[1:])


def filled(form: Form) -> Answers:
    """Return the form with an answer to every question that takes the number 1."""
    answers = Answers(form, NOW, ZONE)
    for _ in range(QUESTIONS):
        empty = [node for question, node in answers.asking() if question.kind == "integer" and not node.value()]
        if not empty:
            break
        answers.answer(empty[0], "1")
    return answers


def redraw(form: Form, saved: str, number: int) -> None:
    """Do what one answer costs the server, except for the page's template."""
    answers = keeping.restored(form, json.loads(saved), NOW, ZONE)
    page = paging.pages(form)[number]
    for item in list(paging.asked(answers, page)):
        if isinstance(item, paging.Asked) and not item.read_only:
            answers.answer(item.node, item.value)
            break
    list(paging.asked(answers, page))
    json.dumps(keeping.state(answers))


def exported(answers: Answers) -> None:
    """Do what finishing a form costs."""
    header, values = exporting.rows(answers)
    exporting.csv_bytes(header, [values])
    exporting.xlsx_bytes(header, [values])
    exporting.xml_bytes(answers)
    transcript(answers)
    scoring.scores(answers)


def rows(name: str, form: Form) -> Iterator[str]:
    """Yield a line for each measurement of a form."""
    content = compiled.dump(form)
    answers = filled(form)
    saved = json.dumps(keeping.state(answers))
    longest = max(paging.pages(form), key=lambda page: sum(1 for _ in paging.asked(answers, page))).number
    for what, work in (
        ("open the compiled form", lambda: compiled.load(content)),
        ("redraw", lambda: redraw(form, saved, longest)),
        ("finish", lambda: exported(answers)),
    ):
        first, later = milliseconds(work)
        yield f"{name} | {what} | first {first:.0f} ms | then {later:.0f} ms"


if __name__ == "__main__":
    print("\n".join(rows("200 questions", load(survey(), "large.md", lambda _: None))))
    for path in map(Path, sys.argv[1:]):
        print("\n".join(rows(path.stem, load(path.read_bytes(), path.name, beside(path, None)))), flush=True)
