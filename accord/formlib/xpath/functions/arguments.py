"""Read a function's arguments as text, numbers, or whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from accord.formlib.xpath.evaluating import Context, Run, weigh
from accord.formlib.xpath.limits import LONGER_STEP, LONGEST_TEXT, EvaluationFailed
from accord.formlib.xpath.values import Value, each_text, text_number, to_number, to_text


def text(context: Context, run: Run) -> str:
    """Return an argument as text."""
    found = to_text(weigh(run(context), context.scope))
    context.scope.spend(len(found) // LONGER_STEP)
    return found


def number(context: Context, run: Run) -> float:
    """Return an argument as a number."""
    return to_number(weigh(run(context), context.scope), context.scope.zone)


def here(context: Context, arguments: Sequence[Run]) -> Value:
    """Return the only argument, or the context node if there are no arguments."""
    return weigh(arguments[0](context) if arguments else [context.node], context.scope)


def whole(context: Context, run: Run) -> int | None:
    """Return an argument as a whole number, truncated at the decimal point, or None if it is not a number."""
    found = number(context, run)
    return None if math.isnan(found) or math.isinf(found) else int(found)


def texts(context: Context, arguments: Sequence[Run]) -> list[str]:
    """Return every argument as text. A list of nodes gives one string for each node. Raises EvaluationFailed if the
    texts together are too long."""
    found: list[str] = []
    length = 0
    for run in arguments:
        for one in each_text(weigh(run(context), context.scope)):
            length += len(one)
            if length > LONGEST_TEXT:
                raise EvaluationFailed(f"the texts have more than {LONGEST_TEXT:,} characters together")
            found.append(one)
    context.scope.spend(len(found) + length // LONGER_STEP)
    return found


def numbers(context: Context, arguments: Sequence[Run]) -> list[float]:
    """Return every argument as a number. A list of nodes gives one number for each node."""
    found: list[float] = []
    for run in arguments:
        value = weigh(run(context), context.scope)
        if isinstance(value, list):
            found += [text_number(node.value(), context.scope.zone) for node in value]
        else:
            found.append(to_number(value, context.scope.zone))
    return found
