"""Read a function's arguments as text, numbers, or whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

from accord.formlib.xpath.evaluating import Context, Run
from accord.formlib.xpath.values import Value, each_text, text_number, to_number, to_text


def text(context: Context, run: Run) -> str:
    """Return an argument as text."""
    return to_text(run(context))


def number(context: Context, run: Run) -> float:
    """Return an argument as a number."""
    return to_number(run(context), context.scope.zone)


def here(context: Context, arguments: Sequence[Run]) -> Value:
    """Return the only argument, or the context node if there are no arguments."""
    return arguments[0](context) if arguments else [context.node]


def whole(context: Context, run: Run) -> int | None:
    """Return an argument as a whole number, truncated at the decimal point, or None if it is not a number."""
    found = number(context, run)
    return None if math.isnan(found) or math.isinf(found) else int(found)


def texts(context: Context, arguments: Sequence[Run]) -> list[str]:
    """Return every argument as text. A list of nodes gives one string for each node."""
    return list(chain.from_iterable(each_text(run(context)) for run in arguments))


def numbers(context: Context, arguments: Sequence[Run]) -> list[float]:
    """Return every argument as a number. A list of nodes gives one number for each node."""
    found: list[float] = []
    for run in arguments:
        value = run(context)
        if isinstance(value, list):
            found += [text_number(node.value(), context.scope.zone) for node in value]
        else:
            found.append(to_number(value, context.scope.zone))
    return found
