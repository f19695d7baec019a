"""Sort the computations of a form, so that each one comes after everything that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

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

    def depends_on(self, changed: set[str]) -> bool:
        """Return whether the rule has to be applied again after the values at these paths have changed."""
        if self.always or not changed.isdisjoint(self.reads.paths):
            return True
        return any(_touches(one, path) for one in changed for path in self.reads.paths) or any(
            one.startswith(path) for one in changed for path in self.reads.below
        )


def _touches(changed: str, path: str) -> bool:
    """Return whether `path` is inside the group at `changed`, because a change to a group can affect everything in
    it."""
    return path.startswith(f"{changed}/")


@lru_cache(maxsize=64)
def rules_of(form: Form) -> list[Rule]:
    """Return a form's rules, sorted so that each rule comes after the rules that it depends on. Raises Refused if
    expressions form a cycle."""
    rules = list(_rules(form))
    named: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        named.setdefault(rule.path, []).append(number)
    needs = [_needs(rule, number, rules, named) for number, rule in enumerate(rules)]
    return [rules[number] for number in _sorted(form, rules, needs)]


def _rules(form: Form) -> Iterator[Rule]:
    for group in form.groups():
        if group.count:
            outside = group.path.rpartition("/")[0]
            yield _rule("count", group.path, group.count, outside)
    for bind in form.binds.values():
        if bind.relevant:
            yield _rule("relevant", bind.path, bind.relevant, bind.path)
        if bind.calculate:
            yield _rule("calculate", bind.path, bind.calculate, bind.path)
    for question in form.questions():
        if question.choices is not None and "[" in question.choices.items:
            yield _rule("choices", question.path, question.choices.items, question.path)


def _rule(kind: str, path: str, expression: str, at: str) -> Rule:
    return Rule(kind, path, expression, reads(expression, at), changes_by_itself(expression))


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
