"""Functions that return true or false, and `if`."""

from __future__ import annotations

from collections.abc import Sequence

from accord.formlib.xpath.evaluating import Context, Run, function, weigh
from accord.formlib.xpath.functions.arguments import number, text
from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.values import SPACES, Value, to_number, to_truth


@function("true", 0, 0)
def _true(context: Context, arguments: Sequence[Run]) -> Value:
    return True


@function("false", 0, 0)
def _false(context: Context, arguments: Sequence[Run]) -> Value:
    return False


@function("not", 1, 1)
def _not(context: Context, arguments: Sequence[Run]) -> Value:
    return not to_truth(arguments[0](context))


@function("boolean", 1, 1)
def _boolean(context: Context, arguments: Sequence[Run]) -> Value:
    return to_truth(arguments[0](context))


@function("boolean-from-string", 1, 1)
def _boolean_from_string(context: Context, arguments: Sequence[Run]) -> Value:
    return text(context, arguments[0]) in ("1", "true")


@function("if", 3, 3)
def _if(context: Context, arguments: Sequence[Run]) -> Value:
    return arguments[1 if to_truth(arguments[0](context)) else 2](context)


@function("lang", 1, 1)
def _lang(context: Context, arguments: Sequence[Run]) -> Value:
    wanted = text(context, arguments[0]).lower()
    for node in (context.node, *context.node.ancestors()):
        for one in node.attributes:
            if one.name == "lang" and one.prefix == "xml":
                return one.text.lower() == wanted or one.text.lower().startswith(wanted + "-")
    return False


def _limits(context: Context, arguments: Sequence[Run]) -> tuple[float, float]:
    """Return the minimum and the maximum. A maximum of -1 means that there is no upper limit."""
    least, most = number(context, arguments[0]), number(context, arguments[1])
    return least, float("inf") if most == -1 else most


def _holds(value: Value) -> list[bool]:
    """Return whether a condition is true. A question is treated as true if it has an answer."""
    return [bool(node.value().strip(SPACES)) for node in value] if isinstance(value, list) else [to_truth(value)]


@function("checklist", 2, None)
def _checklist(context: Context, arguments: Sequence[Run]) -> Value:
    least, most = _limits(context, arguments)
    found = 0
    for run in arguments[2:]:
        value = weigh(run(context), context.scope)
        found += sum(_holds(value))
    return least <= found <= most


@function("weighted-checklist", 2, None)
def _weighted_checklist(context: Context, arguments: Sequence[Run]) -> Value:
    least, most = _limits(context, arguments)
    if len(arguments) % 2:
        raise EvaluationFailed("weighted-checklist() takes pairs of a condition and a weight")
    total = 0.0
    for condition, weight in zip(arguments[2::2], arguments[3::2], strict=True):
        value, weights = weigh(condition(context), context.scope), weigh(weight(context), context.scope)
        holds = _holds(value)
        each: list[Value] = [[node] for node in weights] if isinstance(weights, list) else [weights]
        if len(each) > len(holds):
            return False
        total += sum(to_number(one, context.scope.zone) for one, held in zip(each, holds, strict=False) if held)
    return least <= total <= most
