"""Limits on the cost of an expression, and the two errors that expressions raise."""

from __future__ import annotations

LONGEST_EXPRESSION = 50_000  # characters; the longest in a real form has 3,000
DEEPEST_EXPRESSION = 120  # nested parentheses and function calls
MOST_STEPS = 500_000  # nodes visited and functions called in one evaluation, which takes about a second
LONGEST_TEXT = 200_000  # characters in any string that a function creates
LONGER_STEP = 100  # characters of text that count as one more step
DEEPEST_TREE = 100  # nested elements
LARGEST_TREE = 500_000  # elements and attributes


class BadExpression(Exception):
    """An expression can't be parsed. The error message says what is wrong with it."""


class EvaluationFailed(Exception):
    """An expression can be parsed but has no value, for example because a date does not exist. The error message says
    why."""
