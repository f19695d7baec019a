"""Put the scores of a form into words, as its sheet `scores` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accord.formlib.answering import Answers
from accord.formlib.xpath.values import to_number


@dataclass(frozen=True, slots=True)
class Score:
    """A score: the name of its question or calculation, its label, its value, and the words for that value. The words
    are empty if the value is empty or within no limits."""

    name: str
    label: str
    value: str
    words: str


def scores(answers: Answers) -> list[Score]:
    """Return the scores in the order of the sheet, in the current language. A score that is not relevant is left
    out."""
    every = answers.form.tables.get("scores", ())
    found = []
    for name in dict.fromkeys(row["name"] for row in every):
        rows = [row for row in every if row["name"] == name]
        path = next(path for path in _paths(answers) if path.rpartition("/")[2] == name)
        for node in answers.nodes(path):
            if answers.shown(node):
                label = _label(answers, name, path, rows)
                found.append(Score(name, label, node.value(), _words(answers, node.value(), rows)))
    return found


def _paths(answers: Answers) -> Iterable[str]:
    return [*answers.asked, *answers.form.binds]


def _limited(row: dict[str, str]) -> bool:
    return bool(row.get("min") or row.get("max"))


def _label(answers: Answers, name: str, path: str, rows: list[dict[str, str]]) -> str:
    """Return the words of the row without limits or, if there is none, those of the question."""
    for row in rows:
        if not _limited(row):
            return _in_language(answers, row)
    question = answers.asked.get(path)
    words = answers.words(question.label, answers.nodes(path)[0]).strip() if question is not None else ""
    return words or name


def _words(answers: Answers, value: str, rows: list[dict[str, str]]) -> str:
    number = to_number(value, answers.zone)
    for row in filter(_limited, rows):
        if float(row.get("min") or "-inf") <= number <= float(row.get("max") or "inf"):
            return _in_language(answers, row)
    return ""


def _in_language(answers: Answers, row: dict[str, str]) -> str:
    labels = {column: text for column, text in row.items() if column.partition("::")[0] == "label"}
    wanted = (f"label::{answers.language.lower()}", "label", f"label::{answers.form.default_language.lower()}")
    return next((labels[one] for one in wanted if one in labels), next(iter(labels.values()), ""))
