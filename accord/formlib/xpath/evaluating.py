"""Evaluate expressions. Each expression is turned into Python functions once, and these can then run many times.

`Scope` holds what an expression needs from outside, such as the time and the choice lists. An expression can use
nothing else and can't change anything.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accord.formlib.xpath import syntax
from accord.formlib.xpath.limits import LONGER_STEP, LONGEST_TEXT, MOST_STEPS, EvaluationFailed
from accord.formlib.xpath.syntax import (
    Call,
    Chain,
    Expression,
    Filter,
    Literal,
    Logic,
    Negative,
    Path,
    Step,
    Test,
    Union,
)
from accord.formlib.xpath.tree import Kind, Node, in_order
from accord.formlib.xpath.values import Value, calculate, compare, to_number, to_truth

XFORMS = "http://www.w3.org/2002/xforms"  # the forms namespace; a name without a prefix is in this namespace or in none
_PLAIN = ("", XFORMS)
_KINDS = {
    "text": Kind.TEXT,
    "comment": Kind.COMMENT,
    "processing-instruction": Kind.INSTRUCTION,
}


@dataclass
class Scope:
    """What an expression can use: the node where paths begin, the current moment, the languages, and lookups."""

    root: Node
    now: datetime
    zone: ZoneInfo
    namespaces: Mapping[str, str] = field(default_factory=dict)
    instance: Callable[[str], Node | None] = lambda name: None
    translated: Callable[[str], str | None] = lambda name: None
    choice_name: Callable[[str, str, Node], str | None] = lambda value, path, near: None
    random: random.Random = field(default_factory=random.SystemRandom)
    blank: bool = False  # whether comparisons treat an empty list of nodes as an empty answer
    steps: int = MOST_STEPS
    running: bool = False

    def spend(self, steps: int) -> None:
        """Count steps. Raises EvaluationFailed if the evaluation has no steps left."""
        self.steps -= steps
        if self.steps < 0:
            raise EvaluationFailed(f"the expression needs more than {MOST_STEPS:,} steps")


class Context(NamedTuple):
    """Where an expression is evaluated: at a node that is number `position` of `size` in a list."""

    node: Node
    position: int
    size: int
    current: Node
    scope: Scope


Run = Callable[[Context], Value]
Function = Callable[[Context, Sequence[Run]], Value]


@dataclass(frozen=True, slots=True)
class Known:
    """A function in the language: the number of arguments that it accepts, and its Python code."""

    least: int
    most: int | None
    call: Function


FUNCTIONS: dict[str, Known] = {}  # filled by the modules in `functions`


def function(name: str, least: int, most: int | None) -> Callable[[Function], Function]:
    """Return a decorator that adds a function to the language. If `most` is None, any number of arguments is
    allowed."""

    def add(call: Function) -> Function:
        FUNCTIONS[name] = Known(least, most, call)
        return call

    return add


def evaluate(text: str, node: Node, scope: Scope) -> Value:
    """Return the value of an expression at a node. Raises BadExpression or EvaluationFailed."""
    outer, scope.running = scope.running, True
    if not outer:  # an expression that is evaluated inside another shares its steps
        scope.steps = MOST_STEPS
    try:
        return compiled(text)(Context(node, 1, 1, node, scope))
    except RecursionError:
        raise EvaluationFailed("the expression is nested too deeply") from None
    finally:
        scope.running = outer


@lru_cache(maxsize=5_000)
def compiled(text: str) -> Run:
    """Return an expression as a Python function. Raises BadExpression."""
    return _compile(syntax.read(text))


def weigh(value: Value, scope: Scope) -> Value:
    """Return a value, and count the nodes that have to be visited to read it as text. A question is a single node, but
    the text of a group is that of everything in it."""
    if isinstance(value, list):
        for node in value:
            if len(node.children) > 1 or (node.children and node.children[0].kind is not Kind.TEXT):
                scope.spend(sum(1 for _ in node.descendants()))
    return value


def nodes(value: Value, what: str) -> list[Node]:
    """Return a value if it is a list of nodes. Otherwise, raise EvaluationFailed and say that `what` needs a list."""
    if not isinstance(value, list):
        raise EvaluationFailed(f"{what} works only on questions or groups, not on a value")
    return value


def _compile(expression: Expression) -> Run:
    match expression:
        case Literal(value=value):
            return lambda context: value
        case Call():
            return _call(expression)
        case Logic():
            return _logic(expression)
        case Chain():
            return _chain(expression)
        case Negative(of=of):
            run = _compile(of)
            return lambda context: -to_number(weigh(run(context), context.scope), context.scope.zone)
        case Union():
            return _union(expression)
        case Path():
            return _path(expression)
        case Filter():
            return _filter(expression)


def problem_of(call: Call) -> str:
    """Return what is wrong with the name of a function or the number of its arguments, or an empty string if nothing is
    wrong."""
    known = FUNCTIONS.get(call.name)
    given = len(call.arguments)
    if known is None:
        return f"there is no function {call.name}()"
    if given < known.least or (known.most is not None and given > known.most):
        return f"{call.name}() takes {_count(known)}, but has {given}"
    return ""


def _call(expression: Call) -> Run:
    """Report an unknown function or a wrong number of arguments only when the call is reached, as upstream does. For
    example, `false() and nonsense()` is false."""
    problem = problem_of(expression)
    if not problem:
        call = FUNCTIONS[expression.name].call
        return _known_call(expression.name, call, tuple(_compile(one) for one in expression.arguments))

    def fail(context: Context) -> Value:
        raise EvaluationFailed(problem)

    return fail


def _count(known: Known) -> str:
    if known.most is None:
        return f"at least {known.least} arguments"
    if known.least == known.most:
        return f"{known.least or 'no'} argument{'' if known.least == 1 else 's'}"
    return f"{known.least} to {known.most} arguments"


def _known_call(name: str, call: Function, arguments: tuple[Run, ...]) -> Run:
    def run(context: Context) -> Value:
        context.scope.spend(1)
        value = call(context, arguments)
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                raise EvaluationFailed(f"{name}() makes a text of more than {LONGEST_TEXT:,} characters")
            context.scope.spend(len(value) // LONGER_STEP)
        return value

    return run


def _logic(expression: Logic) -> Run:
    parts = tuple(_compile(one) for one in expression.parts)
    if expression.any:
        return lambda context: any(to_truth(run(context)) for run in parts)
    return lambda context: all(to_truth(run(context)) for run in parts)


def _chain(expression: Chain) -> Run:
    run = _compile(expression.first)
    for sign, operand in expression.rest:
        run = (_comparison if sign in ("=", "!=", "<", "<=", ">", ">=") else _arithmetic)(sign, run, _compile(operand))
    return run


def _comparison(sign: str, first: Run, second: Run) -> Run:
    def run(context: Context) -> Value:
        left, right = first(context), second(context)
        if context.scope.blank:
            left, right = left if left != [] else "", right if right != [] else ""
        if isinstance(left, list) and isinstance(right, list):
            context.scope.spend(len(left) * len(right))
        weigh(left, context.scope)
        weigh(right, context.scope)
        return compare(sign, left, right, context.scope.zone)

    return run


def _arithmetic(sign: str, first: Run, second: Run) -> Run:
    def run(context: Context) -> Value:
        scope = context.scope
        left, right = weigh(first(context), scope), weigh(second(context), scope)
        return calculate(sign, to_number(left, scope.zone), to_number(right, scope.zone))

    return run


def _union(expression: Union) -> Run:
    parts = tuple(_compile(one) for one in expression.parts)

    def run(context: Context) -> Value:
        found = list(chain.from_iterable(nodes(one(context), "|") for one in parts))
        context.scope.spend(len(found))
        return in_order(found, context.scope.spend)

    return run


def _filter(expression: Filter) -> Run:
    start = _compile(expression.of)
    predicates = tuple(_compile(one) for one in expression.predicates)
    return lambda context: _kept(nodes(start(context), "a condition in brackets"), predicates, context)


def _path(expression: Path) -> Run:
    start = None if expression.start is None else _compile(expression.start)
    steps = tuple(_steps(expression))
    absolute = expression.absolute

    def run(context: Context) -> Value:
        origin = context.scope.root if absolute else context.node
        found = [origin] if start is None else nodes(start(context), "a path")
        for step in steps:
            if not found:
                break
            found = step(found, context)
        return found

    return run


def _steps(expression: Path) -> Iterator[Callable[[list[Node], Context], list[Node]]]:
    """Yield the result of each step. As long as all nodes found are at the same depth and in order, their children are
    in order too, and nothing has to be sorted. This is true of almost every path in a form."""
    start = expression.start
    level = start is None or (isinstance(start, Call) and start.name in ("instance", "current"))
    for step in expression.steps:
        yield _step(step, sorts=not (level and step.axis in _IN_PLACE))
        level = level and step.axis in {*_IN_PLACE, "parent"}


def _step(step: Step, *, sorts: bool) -> Callable[[list[Node], Context], list[Node]]:
    axis, accepts = _AXES[step.axis], _test(step)
    predicates = tuple(_compile(one) for one in step.predicates)
    backward, sideways = step.axis in _BACKWARD, step.axis in _SIDEWAYS
    name = step.test.name if step.axis == "child" and step.test.kind == "principal" else None
    plain = name is not None and not step.test.prefix

    def run(found: list[Node], context: Context) -> list[Node]:
        scope = context.scope
        results: list[Node] = []
        for node in found:
            near = axis(node) if name is None else node.named(name)
            scope.spend(1 + len(near) + (_beside(node, step.axis) if sideways else 0))
            kept = [one for one in near if (one.uri in _PLAIN if plain else accepts(one, scope.namespaces))]
            if predicates and kept:
                kept = _kept(kept, predicates, context)
            results += kept
        if len(found) == 1:
            return results[::-1] if backward else results
        if not backward and not sorts:
            return results
        scope.spend(len(results))
        return in_order(results, scope.spend)

    return run


def _kept(found: list[Node], predicates: tuple[Run, ...], context: Context) -> list[Node]:
    """Return the nodes for which every predicate is true. A predicate that is a number means a position."""
    scope, current = context.scope, context.current
    for run in predicates:
        size = len(found)
        scope.spend(size)
        kept = []
        for position, node in enumerate(found, 1):
            value = run(Context(node, position, size, current, scope))
            if value == position if isinstance(value, float) else to_truth(value):
                kept.append(node)
        found = kept
    return found


def _test(step: Step) -> Callable[[Node, Mapping[str, str]], bool]:
    test = step.test
    if test.kind == "node":
        return lambda node, namespaces: True
    if test.kind != "principal":
        kind = _KINDS[test.kind]
        return lambda node, namespaces: node.kind is kind and (test.name is None or node.name == test.name)
    principal = Kind.ATTRIBUTE if step.axis == "attribute" else Kind.ELEMENT
    return _name_test(test, principal)


def _name_test(test: Test, principal: Kind) -> Callable[[Node, Mapping[str, str]], bool]:
    name, prefix = test.name, test.prefix
    if not prefix:
        if name is None:
            return lambda node, namespaces: node.kind is principal
        return lambda node, namespaces: node.name == name and node.kind is principal and node.uri in _PLAIN

    def accepts(node: Node, namespaces: Mapping[str, str]) -> bool:
        uri = namespaces.get(prefix)
        if uri is None:
            raise EvaluationFailed(f"the prefix {prefix}: is not declared")
        return node.kind is principal and node.uri == uri and (name is None or node.name == name)

    return accepts


def _child(node: Node) -> list[Node]:
    return [one for one in node.children if not one.hidden]


def _siblings(node: Node, *, after: bool) -> list[Node]:
    """Return the siblings on one side, nearest first."""
    if node.parent is None or node.kind is Kind.ATTRIBUTE:
        return []
    every = [one for one in node.parent.children if one is node or not one.hidden]
    place = next(number for number, one in enumerate(every) if one is node)
    return every[place + 1 :] if after else every[:place][::-1]


def _beside(node: Node, axis: str) -> int:
    """Return how many siblings are visited to find the nodes before or after this one."""
    around = node.ancestors() if axis in ("following", "preceding") else (node.parent,)
    return sum(len(one.children) for one in around if one is not None)


def _following(node: Node) -> list[Node]:
    found = []
    for place in (node, *node.ancestors()):
        for sibling in _siblings(place, after=True):
            found += [sibling, *sibling.descendants()]
    return found


def _preceding(node: Node) -> list[Node]:
    found = []
    for place in (node, *node.ancestors()):
        for sibling in _siblings(place, after=False):
            found += [sibling, *sibling.descendants()][::-1]
    return found


_AXES: dict[str, Callable[[Node], list[Node]]] = {
    "ancestor": lambda node: list(node.ancestors()),
    "ancestor-or-self": lambda node: [node, *node.ancestors()],
    "attribute": lambda node: node.attributes,
    "child": _child,
    "descendant": lambda node: list(node.descendants()),
    "descendant-or-self": lambda node: [node, *node.descendants()],
    "following": _following,
    "following-sibling": lambda node: _siblings(node, after=True),
    "namespace": lambda node: [],
    "parent": lambda node: [] if node.parent is None else [node.parent],
    "preceding": _preceding,
    "preceding-sibling": lambda node: _siblings(node, after=False),
    "self": lambda node: [node],
}
_BACKWARD = {"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"}
_SIDEWAYS = {"following", "following-sibling", "preceding", "preceding-sibling"}
_IN_PLACE = {"child", "attribute", "self"}
