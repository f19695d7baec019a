"""Functions that find nodes, count nodes, or look something up."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence

from accord.formlib.xpath.evaluating import Context, Run, function, nodes, weigh
from accord.formlib.xpath.functions.arguments import here, number, text, texts
from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.tree import Node, in_order
from accord.formlib.xpath.values import Value, to_text


@function("last", 0, 0)
def _last(context: Context, arguments: Sequence[Run]) -> Value:
    return float(context.size)


@function("position", 0, 1)
def _position(context: Context, arguments: Sequence[Run]) -> Value:
    """With an argument, return the position of a repeat among its siblings with the same name."""
    if not arguments:
        return float(context.position)
    found = nodes(arguments[0](context), "position()")
    if not found:
        return math.nan
    if len(found) > 1:
        raise EvaluationFailed("position() needs one repeat, not several")
    node = found[0]
    before = 0
    siblings = node.parent.elements() if node.parent is not None else [node]
    context.scope.spend(len(siblings))
    for one in siblings:
        if one is node:
            break
        before = before + 1 if (one.name, one.uri) == (node.name, node.uri) else 0
    return float(before + 1)


@function("count", 1, 1)
def _count(context: Context, arguments: Sequence[Run]) -> Value:
    return float(len(nodes(arguments[0](context), "count()")))


@function("count-non-empty", 1, 1)
def _count_non_empty(context: Context, arguments: Sequence[Run]) -> Value:
    found = nodes(weigh(arguments[0](context), context.scope), "count-non-empty()")
    return float(sum(node.value() != "" for node in found))


@function("current", 0, 0)
def _current(context: Context, arguments: Sequence[Run]) -> Value:
    return [context.current]


@function("instance", 1, 1)
def _instance(context: Context, arguments: Sequence[Run]) -> Value:
    found = context.scope.instance(text(context, arguments[0]))
    return [] if found is None else [found]


@function("id", 1, 1)
def _id(context: Context, arguments: Sequence[Run]) -> Value:
    wanted = {word for one in texts(context, arguments) for word in one.split()}
    every = [context.node.top(), *context.node.top().descendants()]
    context.scope.spend(len(every))
    return [node for node in every if node.attribute("id") in wanted]


def _first(context: Context, arguments: Sequence[Run], name: str) -> Node | None:
    found = nodes(here(context, arguments), f"{name}()")
    return found[0] if found else None


@function("local-name", 0, 1)
def _local_name(context: Context, arguments: Sequence[Run]) -> Value:
    node = _first(context, arguments, "local-name")
    return "" if node is None else node.name


@function("name", 0, 1)
def _name(context: Context, arguments: Sequence[Run]) -> Value:
    node = _first(context, arguments, "name")
    return "" if node is None else f"{node.prefix}:{node.name}" if node.prefix else node.name


@function("namespace-uri", 0, 1)
def _namespace_uri(context: Context, arguments: Sequence[Run]) -> Value:
    node = _first(context, arguments, "namespace-uri")
    return "" if node is None else node.uri


@function("once", 1, 1)
def _once(context: Context, arguments: Sequence[Run]) -> Value:
    """Keep the current value if there is one."""
    return context.node.value() or text(context, arguments[0])


@function("pulldata", 4, 4)
def _pulldata(context: Context, arguments: Sequence[Run]) -> Value:
    """Look up a row in an attached table. The arguments are the table, the column to return, the key column, and the
    key."""
    table, wanted, key_column, key = (text(context, run) for run in arguments)
    instance = context.scope.instance(table)
    if instance is None:
        raise EvaluationFailed(f"the attached table {table} is missing")
    for root in instance.elements():
        context.scope.spend(1 + len(root.children))
        for item in root.named("item"):
            if any(cell.value() == key for cell in item.named(key_column)):
                return to_text(list(item.named(wanted)))
    return ""


@function("indexed-repeat", 3, None)
def _indexed_repeat(context: Context, arguments: Sequence[Run]) -> Value:
    """Find a question in one of the repeats. The arguments are the question and then pairs of a repeat and its number,
    in any order."""
    if len(arguments) % 2 == 0:
        raise EvaluationFailed("indexed-repeat() takes a question, then pairs of a repeat and a number")
    pairs = []
    for repeat, index in zip(arguments[1::2], arguments[2::2], strict=True):
        place, repeats = number(context, index), nodes(repeat(context), "indexed-repeat()")
        if math.isnan(place) or not repeats:
            return []
        pairs.append((_depth(repeats[0]), repeats, place))
    inside: Node | None = None
    for _, repeats, place in sorted(pairs, key=lambda pair: pair[0]):
        fitting = [one for one in repeats if inside is None or _is_within(one, inside)]
        if not (place.is_integer() and 1 <= place <= len(fitting)):
            return []
        inside = fitting[int(place) - 1]
    targets = nodes(arguments[0](context), "indexed-repeat()")
    context.scope.spend(len(targets))
    return [one for one in targets if inside is not None and _is_within(one, inside)]


def _depth(node: Node) -> int:
    return sum(1 for _ in node.ancestors())


def _is_within(node: Node, outer: Node) -> bool:
    return any(one is outer for one in node.ancestors())


@function("randomize", 1, 2)
def _randomize(context: Context, arguments: Sequence[Run]) -> Value:
    """Shuffle nodes. With a seed, the order is the same as in other OpenRosa software."""
    found = in_order(nodes(arguments[0](context), "randomize()"), context.scope.spend)
    context.scope.spend(len(found))
    if len(arguments) == 1:
        context.scope.random.shuffle(found)
        return found
    draws = _park_miller(_seed(context, arguments[1]))
    shuffled: list[Node] = []
    for place, node in enumerate(found):
        other = math.floor(next(draws) * (place + 1))
        if other == place:
            shuffled.append(node)
        else:
            shuffled.append(shuffled[other])
            shuffled[other] = node
    return shuffled


def _seed(context: Context, run: Run) -> int:
    """Convert a number, or the SHA-256 hash of text, to a 64-bit seed, as Java does."""
    value = run(context)
    seed = number(context, lambda _: value)
    if math.isnan(seed):
        given = to_text(value)
        return int.from_bytes(hashlib.sha256(given.encode()).digest()[:8], "big", signed=True) if given else 0
    if math.isinf(seed):
        return 2**63 - 1 if seed > 0 else -(2**63)
    return int(seed)


def _park_miller(seed: int) -> Iterator[float]:
    """Yield numbers from 0 up to, but not including, 1, from the "minimal standard" generator of Park and Miller
    (1988)."""
    largest = 2**31 - 1
    state = int(math.fmod(seed, largest)) if abs(seed) < 2**53 else (abs(seed) % largest) * (1 if seed > 0 else -1)
    if state <= 0:
        state += largest - 1
    while True:
        state = state * 16_807 % largest
        yield (state - 1) / (largest - 1)
