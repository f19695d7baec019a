"""Divide a form into pages, and list what a page currently asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accord.formlib.answering import MOST_REPEATS, Answers
from accord.formlib.model import Form, Group, Question
from accord.formlib.xpath.evaluating import evaluate
from accord.formlib.xpath.tree import Node
from accord.formlib.xpath.values import to_truth

_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d{1,4})\])?")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: a group, a repeat, or questions that follow each other without a group around them. Pages are numbered
    from 0."""

    number: int
    parts: tuple[Question | Group, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The words above the questions of a group. Items in the group have a greater depth."""

    depth: int
    words: str
    appearance: str


@dataclass(frozen=True, slots=True)
class RepeatHead:
    """The beginning of a repeat in one place. Its copies follow, with a greater depth."""

    depth: int
    path: str
    inside: str
    words: str
    copies: int
    may_add: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """The beginning of one copy of a repeat. Its questions follow, with a greater depth."""

    depth: int
    place: str
    words: str
    number: int
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is currently asked. `choices` are pairs of value and words. `wrong` is "missing" for a required
    answer that is missing, "refused" for an answer that the form does not accept, or empty. `message` has the form's
    own words for that, if it has any."""

    depth: int
    question: Question
    node: Node
    place: str
    label: str
    hint: str
    guidance: str
    choices: tuple[tuple[str, str], ...]
    value: str
    mark: str
    required: bool
    read_only: bool
    appearance: str
    wrong: str
    message: str


Item = Heading | RepeatHead | Copy | Asked


def pages(form: Form) -> tuple[Page, ...]:
    """Return the pages of a form. If a single group contains everything, its parts become the pages."""
    parts = form.parts
    while len(parts) == 1 and isinstance(parts[0], Group) and not parts[0].repeat and _groups(parts[0]):
        parts = parts[0].parts
    found: list[tuple[Question | Group, ...]] = []
    for part in parts:
        if isinstance(part, Question) and found and isinstance(found[-1][0], Question):
            found[-1] = (*found[-1], part)
        else:
            found.append((part,))
    return tuple(Page(number, each) for number, each in enumerate(found))


def title(answers: Answers, page: Page) -> str:
    """Return the words of a page's group or repeat, or an empty string."""
    first = page.parts[0]
    nodes = answers.nodes(first.path) if first.path else [answers.top]
    return answers.words(first.label, nodes[0] if nodes else answers.top) if isinstance(first, Group) else ""


def asked(answers: Answers, page: Page) -> Iterator[Item]:
    """Yield what a page currently asks, in order. The group that the page consists of has no heading of its own."""
    answers.start_reading()
    first = page.parts[0]
    if isinstance(first, Group) and not first.repeat:
        for node in _shown(answers, first.path, answers.root):
            yield from _items(answers, first.parts, node, 0)
    else:
        yield from _items(answers, page.parts, answers.root, 0)


def skipped(answers: Answers, page: Page) -> bool:
    """Return whether a page currently asks nothing."""
    return next(iter(asked(answers, page)), None) is None


def missing(answers: Answers) -> list[tuple[int, Asked]]:
    """Return the questions without an answer or mark, and those whose answer is not accepted, each with the number of
    its page. Only those with `wrong` prevent the form from being finished."""
    return [
        (page.number, item)
        for page in pages(answers.form)
        for item in asked(answers, page)
        if isinstance(item, Asked) and not item.read_only and (item.wrong or not (item.value or item.mark))
    ]


def found(answers: Answers, place: str) -> Node | None:
    """Return the node at a place such as `/data/child[2]/age`, or None. The place may come from a stranger."""
    node = answers.root
    for step in place.split("/")[1:]:
        parsed = _STEP.fullmatch(step)
        same = node.every(parsed[1]) if parsed else []
        number = int(parsed[2] or 1) if parsed else 0
        if not 1 <= number <= len(same):
            return None
        node = same[number - 1]
    return node if node is not answers.root and answers.place(node) == place else None


def _groups(group: Group) -> bool:
    return any(isinstance(part, Group) for part in group.parts)


def _shown(answers: Answers, path: str, inside: Node) -> list[Node]:
    """Return the nodes with this path inside a node, or the node itself if a group has no path of its own."""
    return [node for node in (answers.below(path, inside) if path else [inside]) if answers.shown(node)]


def _items(answers: Answers, parts: tuple[Question | Group, ...], inside: Node, depth: int) -> Iterator[Item]:
    for part in parts:
        if isinstance(part, Question):
            yield from (_asked(answers, part, node, depth) for node in _shown(answers, part.path, inside))
        elif part.repeat:
            for outer in _shown(answers, part.path.rpartition("/")[0], inside):
                yield from _repeat(answers, part, outer, depth)
        else:
            for node in _shown(answers, part.path, inside):
                yield from _group(answers, part, node, depth)


def _group(answers: Answers, group: Group, node: Node, depth: int) -> Iterator[Item]:
    words = answers.words(group.label, node)
    items = _items(answers, group.parts, node, depth + 1 if words else depth)
    first = next(items, None)
    if first is not None:
        if words:
            yield Heading(depth, words, group.appearance)
        yield first
        yield from items


def _repeat(answers: Answers, group: Group, outer: Node, depth: int) -> Iterator[Item]:
    every = list(outer.every(group.path.rpartition("/")[2]))
    shown = [node for node in every if not node.hidden]
    if not shown and (every or group.count or not _offered(answers, group, outer)):
        return
    may_add = not group.count and len(every) < MOST_REPEATS
    words = answers.words(group.label, shown[0] if shown else outer)
    yield RepeatHead(depth, group.path, answers.place(outer), words, len(shown), may_add)
    for number, node in enumerate(shown, 1):
        yield Copy(depth + 1, answers.place(node), answers.words(group.label, node), number, not group.count)
        yield from _items(answers, group.parts, node, depth + 2)


def _offered(answers: Answers, group: Group, outer: Node) -> bool:
    """Return whether a repeat without copies is relevant. Its condition is evaluated in a copy that is not kept."""
    bind = answers.form.binds.get(group.path)
    if bind is None or not bind.relevant:
        return True
    copy = Node(outer.kind, group.path.rpartition("/")[2])
    copy.parent = outer
    return to_truth(evaluate(bind.relevant, copy, answers.scope))


def _asked(answers: Answers, question: Question, node: Node, depth: int) -> Asked:
    # The appearance `label` shows the choices above a table and takes no answer.
    read_only = answers.read_only(question, node) or "label" in question.appearance.split()
    found = Asked(
        depth=depth,
        question=question,
        node=node,
        place=answers.place(node),
        label=answers.words(question.label, node).strip(),
        hint=answers.words(question.hint, node).strip(),
        guidance=answers.words(question.guidance, node, "guidance").strip(),
        choices=_choices(answers, question, node),
        value=node.value(),
        mark=answers.mark_of(node),
        required=not read_only and answers.required(question, node),
        read_only=read_only,
        appearance=question.appearance,
        wrong="",
        message="",
    )
    wrong = ""
    if not found.read_only and not answers.accepts(question, node):
        wrong = "refused"
    elif found.required and not found.value and not found.mark:
        wrong = "missing"
    return replace(found, wrong=wrong, message=answers.message(question, node).strip() if wrong else "")


def _choices(answers: Answers, question: Question, node: Node) -> tuple[tuple[str, str], ...]:
    if question.choices is None:
        return ()
    choices = question.choices
    return tuple(
        (one.value, answers.choice_words(choices, one, node).strip()) for one in answers.choices(question, node)
    )
