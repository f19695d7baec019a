"""What an expression may cost, and the two errors that expressions raise."""

from __future__ import annotations

LONGEST_EXPRESSION = 50_000  # characters; the longest in a real form has 3,000
DEEPEST_EXPRESSION = 120  # parentheses and function calls inside each other
MOST_STEPS = 500_000  # nodes visited and functions called by one evaluation: about a second
LONGEST_TEXT = 200_000  # characters in any text that a function makes
DEEPEST_TREE = 100  # elements inside each other


class BadExpression(Exception):
    """An expression can't be read. The text says what is wrong with it."""


class EvaluationFailed(Exception):
    """An expression can be read but has no value, such as a date that does not exist. The text says why."""
