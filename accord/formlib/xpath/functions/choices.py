"""Functions for the answers to choice questions."""

from __future__ import annotations

from collections.abc import Sequence

from accord.formlib.xpath.evaluating import Context, Run, function
from accord.formlib.xpath.functions.arguments import text, whole
from accord.formlib.xpath.limits import BadExpression, EvaluationFailed
from accord.formlib.xpath.values import SPACES, Value, words_of


@function("selected", 2, 2)
def _selected(context: Context, arguments: Sequence[Run]) -> Value:
    """Treat an empty answer as if the empty choice were selected, so that `selected(${q}, '')` tests whether the answer
    is empty."""
    words = words_of(text(context, arguments[0]))
    return text(context, arguments[1]).strip(SPACES) in (words or [""])


@function("selected-at", 2, 2)
def _selected_at(context: Context, arguments: Sequence[Run]) -> Value:
    words, place = words_of(text(context, arguments[0])), whole(context, arguments[1])
    return words[place] if place is not None and 0 <= place < len(words) else ""


@function("count-selected", 1, 1)
def _count_selected(context: Context, arguments: Sequence[Run]) -> Value:
    return float(len(words_of(text(context, arguments[0]))))


@function("jr:choice-name", 2, 2)
def _choice_name(context: Context, arguments: Sequence[Run]) -> Value:
    value, path = text(context, arguments[0]), text(context, arguments[1]).strip(SPACES)
    try:
        name = context.scope.choice_name(value, path, context.node)
    except BadExpression:
        name = None
    if name is None:
        raise EvaluationFailed(f"{path} is not a question with choices")
    return name


@function("jr:itext", 1, 1)
def _itext(context: Context, arguments: Sequence[Run]) -> Value:
    return context.scope.translated(text(context, arguments[0])) or ""
