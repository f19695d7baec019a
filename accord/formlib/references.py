"""Find the questions that an expression reads, without evaluating the expression.

Paths in a form are written without positions, such as `/data/household/age`. The result may contain more paths than
needed, but never fewer. Computing a value again unnecessarily only takes time, but failing to compute it again would
give a wrong result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from accord.formlib.xpath.syntax import Call, Expression, Filter, Literal, Path, parts_of, read

_CHANGING = {"now", "today"}
_DRAWING = {"random", "uuid", "randomize"}


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression depends on: the `paths` that it reads, and paths that it reads together with everything
    `below` them."""

    paths: frozenset[str]
    below: frozenset[str]


@lru_cache(maxsize=10_000)
def reads(expression: str, at: str) -> Reads:
    """Return the paths that an expression reads when it is evaluated at a path. Raises BadExpression."""
    paths: set[str] = set()
    below: set[str] = set()
    for path, wild in _paths(read(expression), at, at):
        (below if wild else paths).add(path)
    return Reads(frozenset(paths), frozenset(below))


def _paths(expression: Expression, node: str | None, current: str) -> Iterator[tuple[str, bool]]:
    """Yield each path in an expression, and whether the expression also reads everything below that path. `node` is the
    context, or None if the context is outside the form (in a choice list, for example)."""
    match expression:
        case Path():
            yield from _path(expression, node, current)
        case Filter():
            yield from _paths(expression.of, node, current)
            for predicate in expression.predicates:
                yield from _paths(predicate, None, current)
        case Call():
            if expression.name == "jr:choice-name":
                for argument in expression.arguments[1:]:
                    if isinstance(argument, Literal):
                        yield from _paths(read(str(argument.value)), node, current)
            for argument in expression.arguments:
                yield from _paths(argument, node, current)
        case _:
            for part in parts_of(expression):
                yield from _paths(part, node, current)


def _path(expression: Path, node: str | None, current: str) -> Iterator[tuple[str, bool]]:
    at: str | None = node
    if expression.absolute:
        at = ""
    elif isinstance(expression.start, Call) and expression.start.name == "current":
        at = current
    elif expression.start is not None:
        yield from _paths(expression.start, node, current)
        at = None
    wild = False
    for step in expression.steps:
        if at is not None and not wild:
            if step.axis == "parent":
                at = at.rpartition("/")[0]
            elif step.axis == "child" and step.test.name and step.test.kind == "principal":
                at = f"{at}/{step.test.name}"
            elif step.axis == "attribute":
                pass
            elif step.axis != "self" or step.test.name:
                wild = True
                at = "" if step.axis not in ("child", "descendant", "descendant-or-self") else at
        for predicate in step.predicates:
            yield from _paths(predicate, None if wild else at, current)
    if at is not None:
        yield at, wild


def feeds_itself(expression: str, at: str) -> bool:
    """Return whether an expression computes a new value from its own value, as in `${c} + 1`. Expressions that only keep
    their value don't: once(...), if(..., ..., .), and coalesce(., ...). Raises BadExpression."""
    return _feeds(read(expression), at)


def _feeds(expression: Expression, at: str) -> bool:
    own = list(_paths(expression, at, at)) == [(at, False)]
    match expression:
        case Path() if own and not any(step.predicates for step in expression.steps):
            return False
        case Call(name="once"):
            return False
        case Call(name="coalesce"):
            return any(_feeds(one, at) for one in expression.arguments)
        case Call(name="if") if len(expression.arguments) == 3:
            branches = expression.arguments[1:]
            keeps = any((at, False) in _paths(one, at, at) for one in branches)
            return any(_feeds(one, at) for one in (branches if keeps else expression.arguments))
    return (at, False) in _paths(expression, at, at)


def calls(expression: str) -> Iterator[Call]:
    """Yield every function call in an expression. Raises BadExpression."""
    waiting = [read(expression)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Call):
            yield part
        waiting += parts_of(part)


def words_in_conditions(items: str) -> list[str]:
    """Return the column names in a choice list's conditions, in order. Raises BadExpression."""
    found: list[str] = []
    path = read(items)
    waiting = [predicate for step in path.steps for predicate in step.predicates] if isinstance(path, Path) else []
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Path) and not part.absolute and part.start is None and len(part.steps) == 1:
            step = part.steps[0]
            if step.axis == "child" and step.test.name:
                found.append(step.test.name)
        elif not isinstance(part, Path):
            waiting += parts_of(part)
    return found


def changes_by_itself(expression: str) -> bool:
    """Return whether an expression's value can change even if no answer changes. An example is now()."""
    return any(call.name in _CHANGING for call in calls(expression))


@lru_cache(maxsize=10_000)
def draws(expression: str) -> bool:
    """Return whether an expression has a random value or order. Raises BadExpression."""
    return any(call.name in _DRAWING for call in calls(expression))
