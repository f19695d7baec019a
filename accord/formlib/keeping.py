"""Keep unfinished answers: what was given, in a form that can be saved and continued later on another device."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accord.formlib.answering import Answers
from accord.formlib.model import Form
from accord.formlib.references import calls, reads
from accord.formlib.xpath.tree import Node

State = dict[str, Any]


def state(answers: Answers) -> State:
    """Return what was given so far, as values for JSON: values and marks by place, the number of copies of each repeat,
    and the values of calculations that keep their own value, such as `once(...)`."""
    places = {node: place for place, node in _places(answers)}
    return {
        "seed": answers.seed,
        "copies": {
            f"{places[inside]}/{name}": len(inside.every(name))
            for path in answers.repeats
            for inside, name in ((node, path.rpartition("/")[2]) for node in answers.nodes(path.rpartition("/")[0]))
        },
        "given": {places[node]: value for node, value in answers.given.items() if node in places},
        "marks": {places[node]: mark for node, mark in answers.marks.items() if node in places},
        "kept": {
            places[node]: node.value()
            for path in _keeping(answers.form)
            for node in answers.nodes(path)
            if node.value()
        },
    }


def restored(form: Form, saved: State, now: datetime, zone: ZoneInfo, language: str = "") -> Answers:
    """Return answers as they were when their state was saved. Values for places that the form doesn't have are left
    out."""
    answers = Answers(form, now, zone, language, seed=str(saved["seed"]), opening=False)
    for path in answers.repeats:
        outer, _, name = path.rpartition("/")
        for inside in answers.nodes(outer):
            count = saved["copies"].get(f"{answers.place(inside)}/{name}")
            if count is not None:
                answers.fit(path, inside, int(count))
    nodes = dict(_places(answers))
    answers.given.update({nodes[place]: str(value) for place, value in saved["given"].items() if place in nodes})
    answers.marks.update({nodes[place]: str(mark) for place, mark in saved["marks"].items() if place in nodes})
    for place, value in (saved["kept"] | saved["given"]).items():
        if place in nodes:
            nodes[place].set_text(str(value))
    answers.compute_all()
    return answers


def _places(answers: Answers) -> Iterator[tuple[str, Node]]:
    """Yield every place with its node, including hidden ones."""
    start = f"/{answers.top.name}"
    waiting = [(start, start, answers.top)]
    while waiting:
        place, path, node = waiting.pop()
        yield place, node
        counts: dict[str, int] = {}
        for child in node.elements():
            counts[child.name] = counts.get(child.name, 0) + 1
            number = f"[{counts[child.name]}]" if f"{path}/{child.name}" in answers.repeats else ""
            waiting.append((f"{place}/{child.name}{number}", f"{path}/{child.name}", child))


def _keeping(form: Form) -> Iterator[str]:
    """Yield the paths of the calculations whose value depends on what it was before."""
    for bind in form.binds.values():
        if not bind.calculate:
            continue
        if bind.path in reads(bind.calculate, bind.path).paths or any(
            call.name == "once" for call in calls(bind.calculate)
        ):
            yield bind.path
