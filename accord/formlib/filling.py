"""Fill out a form with generated answers, to find out whether the whole form can be filled out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accord.formlib.answering import SEVERAL, Answers
from accord.formlib.model import Form, Question
from accord.formlib.problems import Problem
from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.tree import Node

TRIES = 60  # answers to try before reporting that a question can't be answered
ROUNDS = 40  # passes through the questions that may only change answers
_NUMBERS = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_TEXTS = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def fill(form: Form, *, seed: int, now: datetime, zone: ZoneInfo) -> list[Problem]:
    """Answer everything that a form asks, and return the problems. There are none if the whole form could be filled
    out."""
    chance = random.Random(seed)  # noqa: S311  (a run must be repeatable)
    try:
        answers = Answers(form, now, zone, language=chance.choice(form.languages or ("",)), chance=chance)
    except EvaluationFailed as error:
        return [Problem("survey", 0, f"the form can't be opened: {error}")]
    return fill_out(answers, chance)


def fill_out(answers: Answers, chance: random.Random) -> list[Problem]:
    """Answer everything that is asked, and return the problems."""
    try:
        return _filled(answers, chance)
    except EvaluationFailed as error:
        return [Problem("survey", 0, f"the form can't be filled out: {error}")]


def _filled(answers: Answers, chance: random.Random) -> list[Problem]:
    """Go through the form until nothing changes anymore. Only rounds that bring up no new question are limited in
    number, because each answer in a long form can bring up the next question."""
    seen: set[Node] = set()
    turn = idle = 0
    while idle < ROUNDS:
        before = answers.export()
        if turn < ROUNDS // 2:
            _change_repeats(answers, chance)
        wrong = _round(answers, chance)
        if wrong:
            return wrong
        if turn and answers.export() == before:
            return _checked(answers)
        idle += answers.given.keys() <= seen
        seen |= answers.given.keys()
        turn += 1
    return [Problem("survey", 0, "the answers never settle, because expressions keep changing each other")]


def _round(answers: Answers, chance: random.Random) -> list[Problem]:
    """Go through the questions once, answer each one that has no accepted answer yet, and return the problems."""
    wrong = []
    for question, node in _asked(answers):
        try:
            answers.start_reading()
            _read(answers, question, node)
            answered = node in answers.given and answers.accepts(question, node)
            if answered or answers.read_only(question, node):
                continue
            if not _answer(answers, question, node, chance) and answers.required(question, node):
                what = "none of the generated answers is accepted, and an answer is required; check the constraint"
                wrong.append(Problem("survey", question.row, f"{question.path.rpartition('/')[2]}: {what}"))
        except EvaluationFailed as error:
            wrong.append(Problem("survey", question.row, f"{question.path.rpartition('/')[2]}: {error}"))
    return wrong


def _asked(answers: Answers) -> Iterator[tuple[Question, Node]]:
    """Yield the questions in order. An answer that was given meanwhile can bring up the next one, or hide it."""
    for question in answers.form.questions():
        for node in list(answers.nodes(question.path)):
            if answers.shown(node) and node.top() is answers.root:
                yield question, node


def _read(answers: Answers, question: Question, node: Node) -> None:
    """Read a question as a person would, so that all its computed text is evaluated."""
    answers.words(question.label, node)
    answers.words(question.hint, node)
    for choice in answers.choices(question, node)[:20]:
        assert question.choices is not None
        answers.choice_words(question.choices, choice, node)


def _answer(answers: Answers, question: Question, node: Node, chance: random.Random) -> bool:
    """Try answers until one is accepted. If none is accepted, leave the question empty."""
    for value in _values(answers, question, node, chance):
        answers.answer(node, value)
        if not answers.shown(node) or (node.value() and answers.accepts(question, node)):
            return True
    answers.answer(node, "")
    return False


def _values(answers: Answers, question: Question, node: Node, chance: random.Random) -> Iterator[str]:
    bind = answers.form.binds.get(question.path)
    constraint = bind.constraint if bind else ""
    if question.choices is not None:
        yield from _picks(answers, question, node, chance)
        return
    hints = [float(number) for number in _NUMBERS.findall(constraint)]
    named = [one.value() for one in _named(answers, constraint)]
    texts = [left or right for left, right in _TEXTS.findall(constraint)]
    for attempt in range(TRIES):
        yield _value(question, attempt, hints, named + texts, answers, chance)


def _named(answers: Answers, constraint: str) -> list[Node]:
    """Return the nodes that a constraint refers to, because it may require one of their values."""
    found = []
    for path in re.findall(r"/[\w./-]+", constraint):
        found += answers.nodes(path)[:1]
    return found


def _picks(answers: Answers, question: Question, node: Node, chance: random.Random) -> Iterator[str]:
    offered = [one.value for one in answers.choices(question, node)]
    if not offered:
        return
    for _ in range(min(TRIES, 4 * len(offered))):
        if question.kind not in SEVERAL:
            yield chance.choice(offered)
        else:
            count = len(offered) if question.kind == "rank" else chance.randint(1, min(3, len(offered)))
            yield " ".join(chance.sample(offered, count))
    yield from offered[:TRIES]


def _value(
    question: Question, attempt: int, hints: list[float], texts: list[str], answers: Answers, chance: random.Random
) -> str:
    """Return one answer of the question's type. Later attempts use the numbers and strings in the question's
    constraint."""
    number = (
        chance.choice(hints) + chance.choice((0, 1, -1)) if hints and attempt % 2 else float(chance.randint(0, 100))
    )
    local = answers.now.astimezone(answers.zone) - timedelta(days=chance.choice((0, 1, 30, 400, 7_000, 15_000, -30)))
    match question.kind:
        case "integer":
            return _named_number(texts, attempt) or str(int(number))
        case "decimal":
            return _named_number(texts, attempt) or str(round(number + (attempt % 3) / 4, 2))
        case "range":
            start, end, step = (float(one) for one in question.span or ("1", "10", "1"))
            steps = int(abs(end - start) / abs(step or 1))
            found = start + chance.randint(0, steps) * step
            return str(int(found)) if found.is_integer() else str(round(found, 6))
        case "date":
            return local.date().isoformat()
        case "time":
            return local.time().isoformat("milliseconds")
        case "datetime":
            return local.isoformat(timespec="milliseconds")
        case "geopoint":
            return f"{chance.uniform(-80, 80):.5f} {chance.uniform(-170, 170):.5f} 0 0"
        case "acknowledge":
            return "OK"
        case "file" | "image":
            return "attached.jpg"
        case _:
            return _text(attempt, texts, chance)


def _named_number(texts: list[str], attempt: int) -> str:
    numbers = [text for text in texts if re.fullmatch(r"-?\d+(?:\.\d+)?", text)]
    return numbers[attempt % len(numbers)] if numbers and attempt % 3 == 2 else ""


def _text(attempt: int, texts: list[str], chance: random.Random) -> str:
    """Return text: first words, then strings from the constraint, then digits and letters of every length up to 15."""
    if attempt == 0:
        return chance.choice(("Answer", "blue", "It depends", "a much longer answer with several words"))
    if attempt <= len(texts) and texts[attempt - 1]:
        return texts[attempt - 1]
    length = attempt // 4 + 1
    match attempt % 4:
        case 0:
            return "0" + "".join(chance.choices("123456789", k=length - 1))
        case 1:
            return "".join(chance.choices("0123456789", k=length))
        case 2:
            return "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=length))
        case _:
            return "name@example.org" if attempt == 3 else "".join(chance.choices("abcdefghij", k=length))


def _change_repeats(answers: Answers, chance: random.Random) -> None:
    """Occasionally add or remove a repeat, but only where people choose the number of repeats."""
    for path, group in answers.repeats.items():
        for inside in [] if group.count else answers.nodes(path.rpartition("/")[0]):
            there = inside.every(path.rpartition("/")[2])
            if len(there) < 3 and answers.shown(inside) and chance.random() < 0.3:
                answers.add_repeat(path, inside)
            elif len(there) > 1 and chance.random() < 0.1:
                answers.remove_repeat(there[-1])


def _checked(answers: Answers) -> list[Problem]:
    """Return the problems in the finished form: missing answers, and values for questions that were not asked."""
    wrong = [
        Problem("survey", one.question.row, f"{one.question.path.rpartition('/')[2]}: {one.message}")
        for one in answers.missing()
    ]
    exported = answers.export()
    asked = {id(node) for _, node in answers.asking()}
    for node in answers.given:
        if id(node) not in asked and not answers.shown(node) and answers.place(node) in exported:
            wrong.append(Problem("survey", 0, f"{node.name}: a hidden question has a value in the export"))
    return wrong
