"""Functions for numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from accord.formlib.xpath.evaluating import Context, Run, function, weigh
from accord.formlib.xpath.functions.arguments import here, number, numbers, whole
from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.tree import Node
from accord.formlib.xpath.values import (
    NAN,
    Moment,
    NoSuchDay,
    Value,
    days_of,
    moment_of,
    number_text,
    text_number,
    to_number,
    to_text,
)


def guarded(compute: Callable[..., float]) -> Callable[..., float]:
    """Return a numeric function that never fails. It returns NaN where there is no mathematical result, and infinity
    where the result is too large."""

    def run(*values: float) -> float:
        if any(math.isnan(value) for value in values):
            return NAN
        try:
            return float(compute(*values))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError, TypeError):
            return NAN

    return run


def _log(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _pow(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    found = base**exponent
    if isinstance(found, complex):
        raise ValueError
    return found


def _int(value: float) -> float:
    return value if math.isinf(value) else math.copysign(float(math.trunc(value)), value)


def _whole(cut: Callable[[float], int]) -> Callable[[float], float]:
    return lambda value: value if math.isinf(value) else math.copysign(float(cut(value)), value)


_OF_ONE: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "ceiling": _whole(math.ceil),
    "cos": math.cos,
    "exp": math.exp,
    "exp10": lambda value: 10.0**value,
    "floor": _whole(math.floor),
    "int": _int,
    "log": _log,
    "log10": lambda value: -math.inf if value == 0 else math.log10(value),
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}


def _add(name: str, compute: Callable[..., float], count: int) -> None:
    safe = guarded(compute)

    @function(name, count, count)
    def run(context: Context, arguments: Sequence[Run]) -> Value:
        return safe(*(number(context, one) for one in arguments))


for _name, _compute in _OF_ONE.items():
    _add(_name, _compute, 1)
_add("atan2", math.atan2, 2)
_add("pow", _pow, 2)


@function("pi", 0, 0)
def _pi(context: Context, arguments: Sequence[Run]) -> Value:
    return math.pi


@function("number", 0, 1)
def _number(context: Context, arguments: Sequence[Run]) -> Value:
    """Show a date as a number of whole days, even though its value keeps the time of day. Upstream does the same."""
    value = here(context, arguments)
    if isinstance(value, (str, list)):
        try:
            at = moment_of(to_text(value), context.scope.zone)
        except NoSuchDay:
            raise EvaluationFailed(f"{to_text(value)[:10]} is not a day") from None
        if at is not None:
            return Moment(days_of(at), number_text(float(math.floor(days_of(at)))))
    return to_number(value, context.scope.zone)


@function("round", 1, 2)
def _round(context: Context, arguments: Sequence[Run]) -> Value:
    """Round halves away from zero, as people expect. For example, -1.5 becomes -2."""
    value = number(context, arguments[0])
    decimals = whole(context, arguments[1]) if len(arguments) == 2 else 0
    if math.isnan(value) or decimals is None:
        return NAN
    scale = guarded(lambda power: 10.0**power)(float(decimals))
    if math.isinf(value) or math.isinf(scale):
        return value
    shifted = abs(value) * scale
    if math.isinf(shifted) or scale == 0:
        return value if decimals > 0 else 0.0
    return math.copysign(math.floor(shifted + 0.5) / scale, value)


def _values(context: Context, found: Value) -> list[float]:
    nodes: list[Node] = found if isinstance(found, list) else []
    return [text_number(node.value(), context.scope.zone) for node in nodes]


@function("sum", 1, 1)
def _sum(context: Context, arguments: Sequence[Run]) -> Value:
    found = weigh(arguments[0](context), context.scope)
    if not isinstance(found, list):
        return to_number(found, context.scope.zone)
    return sum(_values(context, found)) if found else NAN


@function("max", 0, None)
def _max(context: Context, arguments: Sequence[Run]) -> Value:
    found = numbers(context, arguments)
    return NAN if not found or any(math.isnan(one) for one in found) else max(found)


@function("min", 0, None)
def _min(context: Context, arguments: Sequence[Run]) -> Value:
    found = numbers(context, arguments)
    return NAN if not found or any(math.isnan(one) for one in found) else min(found)


@function("random", 0, 0)
def _random(context: Context, arguments: Sequence[Run]) -> Value:
    return context.scope.random.random()
