"""Track the answers to a form, and determine which questions to ask, which values to compute, and what to leave out.

An answer changes only what depends on it. The result after any number of answers is the same as if everything were
computed from the start (`tests/formlib/test_answering.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from accord.formlib.copies import MOST_REPEATS, Copies, copy_of, nodes_at
from accord.formlib.model import Action, Choices, Form, Group, Question
from accord.formlib.ordering import Rule, readers_of, rules_of
from accord.formlib.references import draws
from accord.formlib.xpath.evaluating import Scope, evaluate
from accord.formlib.xpath.limits import MOST_STEPS, EvaluationFailed
from accord.formlib.xpath.tree import Kind, Node
from accord.formlib.xpath.values import Value, to_number, to_text, to_truth, words_of

MOST_STEPS_TOGETHER = 2_000_000  # for everything that is computed after one answer
SEVERAL = {"select_multiple", "rank"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that is currently offered: the value to save, and the item that the choice comes from."""

    value: str
    item: Node


@dataclass(frozen=True, slots=True)
class Missing:
    """A reason why a form can't be finished: a question without its required answer, or with an answer that is not
    accepted."""

    question: Question
    node: Node
    message: str


@dataclass
class Answers:
    """The answers to one form. `given` holds the values that were entered or set, and `marks` the reasons why a question
    was not answered. Everything else is computed from these. With the same `seed`, random values and orders are the
    same. `opening` is false for answers that are restored, because a form is opened only once."""

    form: Form
    now: datetime
    zone: ZoneInfo
    language: str = ""
    chance: random.Random = field(default_factory=random.SystemRandom)
    seed: str = ""
    opening: bool = True

    def __post_init__(self) -> None:
        self.language = self.language or self.form.default_language
        self.root = Node(Kind.ROOT)
        self.seed = self.seed or f"{self.chance.getrandbits(128):032x}"
        self.given: dict[Node, str] = {}
        self.marks: dict[Node, str] = {}
        self.spent = 0
        self.top = copy_of(self.form.data)
        self.root.add(self.top)
        self.scope = Scope(
            self.root,
            self.now,
            self.zone,
            namespaces={"jr": "http://openrosa.org/javarosa"},
            instance=self._instance,
            translated=self._translated,
            choice_name=self._choice_name,
            blank=True,
        )
        self.asked = {question.path: question for question in self.form.questions()}
        self.repeats = {group.path: group for group in self.form.groups() if group.repeat}
        self.rules, self.readers = rules_of(self.form), readers_of(self.form)
        self.copies = Copies(self.root, self.repeats)
        if self.opening:
            self._preload()
            self._act(self.form.actions, None)
            self.compute_all()

    # What a form shows

    def nodes(self, path: str) -> list[Node]:
        """Return every node with this path, including hidden nodes. A path inside a repeat has one node for each
        copy."""
        return nodes_at(self.root, path)

    def shown(self, node: Node) -> bool:
        """Return whether a node and every group around it are relevant."""
        return not node.hidden and not any(one.hidden for one in node.ancestors())

    def start_reading(self) -> None:
        """Start to count steps anew. What is read between two answers, such as a page, shares one count."""
        self.spent = 0

    def asking(self) -> Iterator[tuple[Question, Node]]:
        """Yield the questions that are currently asked, in order, with their nodes."""
        yield from self._asking(self.form.parts, self.root)

    def _asking(self, parts: Iterable[Question | Group], inside: Node) -> Iterator[tuple[Question, Node]]:
        for part in parts:
            for node in self.below(part.path, inside) if part.path else [inside]:
                if node.hidden:
                    continue
                if isinstance(part, Question):
                    if self.shown(node):
                        yield part, node
                else:
                    yield from self._asking(part.parts, node)

    def below(self, path: str, inside: Node) -> list[Node]:
        """Return every node with this path inside a node, including hidden nodes."""
        names = path.split("/")[1:]
        found = [inside]
        for name in names[sum(1 for _ in inside.ancestors()) :]:
            found = [one for node in found for one in node.every(name)]
        return found

    def choices(self, question: Question, node: Node) -> list[Choice]:
        """Return the choices that a question currently offers. Items without a value are left out."""
        if question.choices is None:
            return []
        found = self._evaluate(question.choices.items, node)
        items = found if isinstance(found, list) else []
        every = (Choice(_column(item, question.choices.value), item) for item in items)
        return [one for one in every if one.value]

    def words(self, label: Node | None, node: Node, form: str | None = None) -> str:
        """Return a label or hint in the current language, with its computed parts filled in. `form` is "guidance" for
        guidance."""
        if label is None:
            return ""
        reference = label.attribute("ref")
        return self._referred(reference, node, form) if reference else self._rendered(label, node)

    def message(self, question: Question, node: Node) -> str:
        """Return the form's words, in the current language, for an answer that is missing or not accepted. They are
        empty if the form has none."""
        bind = self.form.binds.get(question.path)
        words = "" if bind is None else bind.message if node.value() else bind.required_message
        return self._referred(words, node) if words.startswith("jr:itext(") else words

    def _referred(self, reference: str, node: Node, form: str | None = None) -> str:
        if not reference.startswith("jr:itext("):
            return to_text(self._evaluate(reference, node))
        source = self._text_node(self._evaluate(reference[9:-1], node), form)
        return self._rendered(source, node) if source is not None else ""

    def choice_words(self, choices: Choices, choice: Choice, node: Node) -> str:
        """Return a choice's label in the current language. For search(), the label names the columns of the file."""
        if choices.label == "itextId":
            text = self._text_node(_column(choice.item, choices.label))
            return self._rendered(text, node) if text is not None else choice.value
        named = self._referred(choices.label, node) if choices.label.startswith("jr:itext(") else choices.label
        return " ".join(filter(None, (_column(choice.item, one.strip()) for one in named.split(",")))) or choice.value

    def required(self, question: Question, node: Node) -> bool:
        """Return whether a question currently requires an answer."""
        bind = self.form.binds.get(question.path)
        return bool(bind and bind.required) and to_truth(self._evaluate(bind.required if bind else "", node))

    def read_only(self, question: Question, node: Node) -> bool:
        """Return whether a question is currently read-only."""
        bind = self.form.binds.get(question.path)
        if bind is None or question.kind == "note":
            return True
        return bool(bind.calculate) or (bool(bind.read_only) and to_truth(self._evaluate(bind.read_only, node)))

    def accepts(self, question: Question, node: Node) -> bool:
        """Return whether a node's answer is accepted. An empty answer is always accepted."""
        bind = self.form.binds.get(question.path)
        if bind is None or not bind.constraint or not node.value():
            return True
        return to_truth(self._evaluate(bind.constraint, node))

    def missing(self) -> list[Missing]:
        """Return the reasons why the form can't be finished yet."""
        found = []
        for question, node in self.asking():
            self.start_reading()
            if question.kind == "note" or self.mark_of(node):
                continue
            if not node.value() and not self.read_only(question, node) and self.required(question, node):
                found.append(Missing(question, node, "an answer is required"))
            elif not self.accepts(question, node):
                found.append(Missing(question, node, "the answer is not accepted"))
        return found

    def export(self) -> dict[str, str]:
        """Return every relevant value, keyed by path. The path includes the number of each repeat:
        `/data/child[2]/age`."""
        found: dict[str, str] = {}
        self._export(self.top, f"/{self.top.name}", found)
        return found

    def _export(self, node: Node, path: str, found: dict[str, str]) -> None:
        plain = _plain(path)
        counts: dict[str, int] = {}
        for child in node.elements():
            counts[child.name] = counts.get(child.name, 0) + 1
            if child.hidden:
                continue
            place = f"[{counts[child.name]}]" if f"{plain}/{child.name}" in self.repeats else ""
            inner = f"{path}/{child.name}{place}"
            if child.elements():
                self._export(child, inner, found)
            elif f"{plain}/{child.name}" not in self.repeats:
                found[inner] = child.value()

    def place(self, node: Node) -> str:
        """Return a node's path with the numbers of the repeats around it, as in an export."""
        steps = []
        for one in (node, *node.ancestors()):
            if one.parent is not None:
                same = one.parent.every(one.name)
                repeated = path_of(one) in self.repeats
                steps.append(f"{one.name}[{same.index(one) + 1}]" if repeated else one.name)
        return "/" + "/".join(reversed(steps))

    # What people do

    def answer(self, node: Node, value: str) -> None:
        """Save a node's answer, and compute everything that depends on it."""
        self.given[node] = value
        if value:
            self.marks.pop(node, None)
        path = path_of(node)
        changed = self._settle(node, path)
        acted = self._act([one for one in self.form.actions if one.trigger == path], node) if changed else set()
        self._compute({path} | acted if changed else acted)

    def mark(self, node: Node, mark: str) -> None:
        """Save why a question was not answered, and empty its answer. An empty mark removes the mark."""
        self.marks.pop(node, None)
        if mark:
            self.answer(node, "")
            self.marks[node] = mark

    def mark_of(self, node: Node) -> str:
        """Return a node's mark, or an empty string. A question with an answer has no mark."""
        return "" if node.value() else self.marks.get(node, "")

    def add_repeat(self, path: str, inside: Node) -> Node:
        """Add another copy of a repeat after the existing copies in a place. Raises EvaluationFailed if there are too
        many."""
        node = self.copies.grow(path, inside)
        self._start(node)
        self._compute(None)
        return node

    def remove_repeat(self, node: Node) -> None:
        """Remove one copy of a repeat, with its answers."""
        assert node.parent is not None
        node.parent.remove(node)
        self._forget(node)
        self._compute(None)

    def compute_all(self) -> None:
        """Compute everything from the answers that were given."""
        for node in list(self.given):
            self._settle(node, path_of(node))
        self._compute(None)

    # How changes are applied

    def _compute(self, changed: set[str] | None) -> None:
        """Apply the rules that depend on the changed paths, or all rules if `changed` is None. If a rule adds or
        removes repeats, all rules are applied again, because any position may be different. A count can depend on the
        answers in the last copy, so this can happen once for each copy."""
        self.spent = 0
        for _ in range(MOST_REPEATS + len(self.repeats) + 2):
            waiting = sorted(range(len(self.rules)) if changed is None else self.readers.of(changed))
            queued = set(waiting)
            grew = False
            while waiting:
                number = heappop(waiting)
                rule = self.rules[number]
                if not self._apply(rule):
                    continue
                grew = grew or rule.kind == "count"
                for other in self.readers.of({rule.path}):
                    if other > number and other not in queued:
                        queued.add(other)
                        heappush(waiting, other)
            if not grew:
                self.spent = 0
                return
            changed = None
        raise EvaluationFailed("the number of repeats depends on itself")

    def _apply(self, rule: Rule) -> bool:
        """Apply one rule to every node with the rule's path. Return whether anything changed."""
        changed = False
        if rule.kind == "count":
            for node in self.nodes(rule.path.rpartition("/")[0]):
                changed = self._fit(rule, node) or changed
            return changed
        for node in self.nodes(rule.path):
            match rule.kind:
                case "relevant":
                    hidden = not to_truth(self._evaluate(rule.expression, node))
                    changed, node.hidden = changed or node.hidden != hidden, hidden
                case "calculate":
                    changed = self._set(node, to_text(self._evaluate(rule.expression, node))) or changed
                case _:
                    changed = self._settle(node, rule.path) or changed
        return changed

    def _fit(self, rule: Rule, inside: Node) -> bool:
        """Add or remove repeats until there are as many as the rule's expression requires. Return whether anything
        changed."""
        of = Node(Kind.ELEMENT, rule.path.rpartition("/")[2], parent=inside)  # the count is written as seen from a copy
        wanted = to_number(self._evaluate(rule.expression, of), self.zone)
        count = 0 if wanted != wanted else max(0, min(int(min(wanted, MOST_REPEATS + 1)), MOST_REPEATS + 1))
        if count > MOST_REPEATS:
            raise EvaluationFailed(f"a form can repeat something at most {MOST_REPEATS} times")
        before = len(inside.every(rule.path.rpartition("/")[2]))
        changed = self.fit(rule.path, inside, count)
        for node in inside.every(rule.path.rpartition("/")[2])[before:]:
            self._start(node)
        return changed

    def fit(self, path: str, inside: Node, count: int) -> bool:
        """Add or remove copies of a repeat in one place until there are this many, without computing what follows.
        Return whether anything changed."""
        there = list(inside.every(path.rpartition("/")[2]))
        for node in there[count:]:
            inside.remove(node)
            self._forget(node)
        for _ in range(count - len(there)):
            self.copies.grow(path, inside)
        return len(there) != count

    def _start(self, copy: Node) -> None:
        """Set the computed defaults of a new copy of a repeat."""
        path = path_of(copy)
        for action in self.form.actions:
            if not action.trigger and action.path.startswith(f"{path}/"):
                for node in self.below(action.path, copy):
                    self.given[node] = to_text(self._evaluate(action.value, node))
                    self._set(node, self.given[node])

    def _preload(self) -> None:
        """Set the values that a form records automatically: the time when it was opened, and an id for these answers.
        Nothing about the device or the staff is recorded."""
        expressions = {"start": "now()", "today": "today()", "uid": "concat('uuid:', uuid())"}
        for bind in self.form.binds.values():
            if bind.preload in expressions:
                for node in self.nodes(bind.path):
                    self.given[node] = to_text(self._evaluate(expressions[bind.preload], node))
                    node.set_text(self.given[node])

    def _settle(self, node: Node, path: str) -> bool:
        """Set a node's value from the answer that was given. Choices that are no longer offered are left out, so that
        no outdated answer remains after an earlier answer changes."""
        question = self.asked.get(path)
        if node not in self.given:
            return False
        value = self.given[node]
        if question is not None and question.choices is not None and value:
            offered = {one.value for one in self.choices(question, node)}
            words = words_of(value) if question.kind in SEVERAL else [value]
            value = " ".join(word for word in words if word in offered)
        return self._set(node, value)

    def _set(self, node: Node, value: str) -> bool:
        if node.value() == value:
            return False
        node.set_text(value)
        return True

    def _act(self, actions: Iterable[Action], near: Node | None) -> set[str]:
        """Carry out these actions. Return the paths whose values changed."""
        changed = set()
        for action in actions:
            if near is None and action.trigger:
                continue
            for node in self.nodes(action.path):
                if near is not None and not self._together(near, node):
                    continue
                self.given[node] = to_text(self._evaluate(action.value, node))
                if self._set(node, self.given[node]):
                    changed.add(action.path)
        return changed

    def _together(self, near: Node, node: Node) -> bool:
        """Return whether two nodes are in the same copy of every repeat that their paths share."""
        around = set(map(id, node.ancestors()))
        path = path_of(node)
        repeats = (one for one in near.ancestors() if path_of(one) in self.repeats)
        return all(id(one) in around for one in repeats if path.startswith(f"{path_of(one)}/"))

    def _forget(self, node: Node) -> None:
        self.copies.forget(node)
        for one in node.everything():
            self.given.pop(one, None)
            self.marks.pop(one, None)

    # What expressions look up

    def _evaluate(self, expression: str, node: Node) -> Value:
        if draws(expression):
            self.scope.random = random.Random(f"{self.seed} {self.place(node)} {expression}")  # noqa: S311  (repeatable)
        inside = self.scope.running
        value = evaluate(expression, node, self.scope)
        self.spent += 0 if inside else MOST_STEPS - self.scope.steps
        if self.spent > MOST_STEPS_TOGETHER:
            raise EvaluationFailed(f"one answer needs more than {MOST_STEPS_TOGETHER:,} steps; the form is too large")
        return value

    def _instance(self, name: str) -> Node | None:
        return self.form.instances.get(name)

    def _text_node(self, name: Value, form: str | None = None) -> Node | None:
        """Return one of the form's strings in the current language or, if it has none, in the default or any other
        language. pyxform writes "-" for text that is missing in a language."""
        text = to_text(name)
        every = dict.fromkeys((self.language, self.form.default_language, *self.form.texts))
        for language in every:
            entry = self.form.texts.get(language, {}).get(text)
            for value in entry.named("value") if entry is not None else ():
                if value.attribute("form") == form and value.value() != "-":
                    return value
        return None

    def _translated(self, name: str) -> str | None:
        node = self._text_node(name)
        return None if node is None else node.value()

    def _rendered(self, source: Node, node: Node) -> str:
        """Return text from the form with its computed parts filled in."""
        found = []
        for child in source.children:
            if child.kind is Kind.TEXT:
                found.append(child.text)
            elif child.name == "output":
                found.append(to_text(self._evaluate(child.attribute("value") or "''", node)))
        return "".join(found)

    def _choice_name(self, value: str, path: str, near: Node) -> str | None:
        found = evaluate(path, near, self.scope)
        every = found if isinstance(found, list) else []
        for node in [one for one in every if self._together(near, one)] or every[:1]:
            question = self.asked.get(path_of(node))
            if question is None or question.choices is None:
                return None
            for choice in self.choices(question, node):
                if choice.value == value:
                    return self.choice_words(question.choices, choice, node)
        return ""


def path_of(node: Node) -> str:
    """Return a node's path without positions."""
    names = [one.name for one in (node, *node.ancestors()) if one.kind is Kind.ELEMENT]
    return "/" + "/".join(reversed(names))


def _plain(path: str) -> str:
    return "/".join(part.partition("[")[0] for part in path.split("/"))


def _column(item: Node, name: str) -> str:
    """Return the value in one column of a choice's row."""
    found = item.named(name.removeprefix("./")) if "/" not in name.removeprefix("./") else []
    return found[0].value() if found else ""
