"""Sort the computations of a form, so that each one comes after everything that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from accord.formlib.model import Form
from accord.formlib.problems import Problem, Refused
from accord.formlib.references import Reads, changes_by_itself, reads


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to compute at a path: `count` (the number of repeats), `relevant`, `calculate`, or `choices`."""

    kind: str
    path: str
    expression: str
    reads: Reads
    always: bool


class Readers:
    """Which rules have to be applied again after a change. Rules are numbered in their order."""

    def __init__(self, rules: list[Rule]) -> None:
        self.always = {number for number, rule in enumerate(rules) if rule.always}
        self.wide = [(path, number) for number, rule in enumerate(rules) for path in rule.reads.below]
        self.at: dict[str, set[int]] = {}
        for number, rule in enumerate(rules):
            for path in rule.reads.paths:
                while path:  # a change to a group can affect everything in it
                    self.at.setdefault(path, set()).add(number)
                    path = path.rpartition("/")[0]

    def of(self, changed: set[str]) -> set[int]:
        """Return the rules that read what has changed at these paths."""
        found = set(self.always).union(*(self.at.get(path, ()) for path in changed))
        found.update(number for path, number in self.wide if any(one.startswith(path) for one in changed))
        return found


# A form's rules are kept as long as the form itself, and no longer: a form with its tables can take 200 MB.
_RULES: WeakKeyDictionary[Form, list[Rule]] = WeakKeyDictionary()
_READERS: WeakKeyDictionary[Form, Readers] = WeakKeyDictionary()


def rules_of(form: Form) -> list[Rule]:
    """Return a form's rules, sorted so that each rule comes after the rules that it depends on. Raises Refused if
    expressions form a cycle."""
    found = _RULES.get(form)
    if found is None:
        found = _RULES[form] = _made(form)
    return found


def _made(form: Form) -> list[Rule]:
    rules = list(_rules(form))
    named: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        named.setdefault(rule.path, []).append(number)
    needs = [_needs(rule, number, rules, named) for number, rule in enumerate(rules)]
    _let_counts_feed_back(rules, needs)
    return [rules[number] for number in _sorted(form, rules, needs)]


def readers_of(form: Form) -> Readers:
    """Return which of a form's rules read what."""
    found = _READERS.get(form)
    if found is None:
        found = _READERS[form] = Readers(rules_of(form))
    return found


def _rules(form: Form) -> Iterator[Rule]:
    for group in form.groups():
        if group.count:
            yield _rule("count", group.path, group.count)
    for bind in form.binds.values():
        if bind.relevant:
            yield _rule("relevant", bind.path, bind.relevant)
        if bind.calculate:
            yield _rule("calculate", bind.path, bind.calculate)
    for question in form.questions():
        if question.choices is not None and "[" in question.choices.items:
            yield _rule("choices", question.path, question.choices.items)


def _rule(kind: str, path: str, expression: str) -> Rule:
    return Rule(kind, path, expression, reads(expression, path), changes_by_itself(expression))


def _needs(rule: Rule, number: int, rules: list[Rule], named: dict[str, list[int]]) -> set[int]:
    """Return the rules that have to be applied before this one. A rule may read its own value or a group around it
    without creating a cycle, because that is how a form keeps a value or finds a position."""
    found: set[int] = set()
    for path in rule.reads.paths:
        if path == rule.path or rule.path.startswith(f"{path}/"):
            continue
        at = path
        while at:
            if at == path or not rule.path.startswith(f"{at}/"):
                found.update(named.get(at, ()))
            at = at.rpartition("/")[0]
    for path in rule.reads.below:
        found.update(other for other, one in enumerate(rules) if one.path.startswith(path) and one.path != rule.path)
    for other in named.get(rule.path, ()):
        if rules[other].kind == "relevant" and rule.kind != "relevant":
            found.add(other)
    return found - {number}


def _let_counts_feed_back(rules: list[Rule], needs: list[set[int]]) -> None:
    """Let the number of copies depend on the answers in the copies, as in "ask again while there are more". Computing
    then goes on until the number no longer changes."""
    for number, rule in enumerate(rules):
        if rule.kind == "count":
            for other, one in enumerate(rules):
                if one.path in rule.reads.paths and any(
                    path == rule.path or path.startswith(f"{rule.path}/") for path in one.reads.paths
                ):
                    needs[other].discard(number)


def _sorted(form: Form, rules: list[Rule], needs: list[set[int]]) -> list[int]:
    order: list[int] = []
    waiting = {number: set(one) for number, one in enumerate(needs)}
    while waiting:
        ready = [number for number, one in waiting.items() if not one]
        if not ready:
            circle = sorted({(form.row(rules[number].path), rules[number].path) for number in waiting})
            text = "this depends on itself, through the expressions of other rows; remove one of them"
            raise Refused(Problem("survey", row, f"{path.rpartition('/')[2]}: {text}") for row, path in circle)
        order += ready
        for number in ready:
            del waiting[number]
        done = set(ready)
        for one in waiting.values():
            one -= done
    return order
