"""Functions for text."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import re2

from accord.formlib.xpath.evaluating import Context, Run, function
from accord.formlib.xpath.functions.arguments import here, number, text, texts, whole
from accord.formlib.xpath.limits import LONGEST_TEXT, EvaluationFailed
from accord.formlib.xpath.values import SPACES, Value, to_text

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_COMPILING = 500  # steps
_CODE_POINT = re.compile(r"(?<!\\)((?:\\\\)*)\\u([0-9a-fA-F]{4})")


@function("string", 0, 1)
def _string(context: Context, arguments: Sequence[Run]) -> Value:
    return to_text(here(context, arguments))


@function("concat", 0, None)
def _concat(context: Context, arguments: Sequence[Run]) -> Value:
    return "".join(texts(context, arguments))


@function("join", 1, None)
def _join(context: Context, arguments: Sequence[Run]) -> Value:
    between, found = text(context, arguments[0]), texts(context, arguments[1:])
    if len(between) * len(found) > LONGEST_TEXT:
        raise EvaluationFailed(f"join() makes a text of more than {LONGEST_TEXT:,} characters")
    return between.join(found)


@function("coalesce", 2, 2)
def _coalesce(context: Context, arguments: Sequence[Run]) -> Value:
    return text(context, arguments[0]) or text(context, arguments[1])


@function("starts-with", 2, 2)
def _starts_with(context: Context, arguments: Sequence[Run]) -> Value:
    return text(context, arguments[0]).startswith(text(context, arguments[1]))


@function("ends-with", 2, 2)
def _ends_with(context: Context, arguments: Sequence[Run]) -> Value:
    return text(context, arguments[0]).endswith(text(context, arguments[1]))


@function("contains", 2, 2)
def _contains(context: Context, arguments: Sequence[Run]) -> Value:
    return text(context, arguments[1]) in text(context, arguments[0])


@function("substring-before", 2, 2)
def _substring_before(context: Context, arguments: Sequence[Run]) -> Value:
    before, found, _ = text(context, arguments[0]).partition(text(context, arguments[1]) or "\0")
    return before if found else ""


@function("substring-after", 2, 2)
def _substring_after(context: Context, arguments: Sequence[Run]) -> Value:
    whole_text, mark = text(context, arguments[0]), text(context, arguments[1])
    return whole_text.partition(mark)[2] if mark else whole_text


@function("substring", 2, 3)
def _substring(context: Context, arguments: Sequence[Run]) -> Value:
    found = text(context, arguments[0])
    first = _rounded(number(context, arguments[1]))
    end = first + _rounded(number(context, arguments[2])) if len(arguments) == 3 else math.inf
    if math.isnan(first) or math.isnan(end):
        return ""
    return found[_place(first, found) : _place(end, found)]


def _place(position: float, found: str) -> int:
    return int(min(max(position - 1, 0.0), float(len(found))))


def _rounded(value: float) -> float:
    return value if math.isnan(value) or math.isinf(value) else math.floor(value + 0.5)


@function("substr", 2, 3)
def _substr(context: Context, arguments: Sequence[Run]) -> Value:
    """Return part of a string. Positions count from 0, and negative positions count from the end."""
    found = text(context, arguments[0])
    start, end = whole(context, arguments[1]), whole(context, arguments[2]) if len(arguments) == 3 else len(found)
    if start is None or end is None:
        return ""
    return found[start:end] if start >= -len(found) else found[0:end]


@function("string-length", 0, 1)
def _string_length(context: Context, arguments: Sequence[Run]) -> Value:
    return float(len(to_text(here(context, arguments))))


@function("normalize-space", 0, 1)
def _normalize_space(context: Context, arguments: Sequence[Run]) -> Value:
    return re.sub(f"[{SPACES}]+", " ", to_text(here(context, arguments)).strip(SPACES))


@function("translate", 3, 3)
def _translate(context: Context, arguments: Sequence[Run]) -> Value:
    found, old, new = (text(context, run) for run in arguments)
    table: dict[str, str | int | None] = {}
    for place, letter in enumerate(old):
        table.setdefault(letter, new[place] if place < len(new) else None)
    return found.translate(str.maketrans(table))


@function("regex", 2, 2)
def _regex(context: Context, arguments: Sequence[Run]) -> Value:
    written, known = text(context, arguments[1]), pattern.cache_info().misses
    found = pattern(written)
    if pattern.cache_info().misses > known:  # compiling a pattern takes much longer than using it
        context.scope.spend(_COMPILING)
    return found.search(text(context, arguments[0])) is not None


@lru_cache(maxsize=1_000)
def pattern(written: str) -> Any:
    """Return a regular expression that runs in linear time, so that no form can make the server hang. Raises
    EvaluationFailed for an expression that is invalid or that needs backtracking."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 21  # bytes, for the compiled pattern and its automata
    try:
        return re2.compile(_CODE_POINT.sub(r"\1\\x{\2}", written), options=options)
    except re2.error:
        raise EvaluationFailed(
            f"the pattern {written[:60]!r} can't be used: it is broken, or it uses (?=...), (?!...), (?<...), or \\1"
        ) from None


@function("digest", 2, 3)
def _digest(context: Context, arguments: Sequence[Run]) -> Value:
    name = text(context, arguments[1])
    encoding = text(context, arguments[2]) if len(arguments) == 3 else "base64"
    if name not in _HASHES or encoding not in ("base64", "hex"):
        raise EvaluationFailed(f"digest() knows {', '.join(_HASHES)}, and base64 or hex")
    hashed = hashlib.new(_HASHES[name], text(context, arguments[0]).encode(), usedforsecurity=False)
    return hashed.hexdigest() if encoding == "hex" else base64.b64encode(hashed.digest()).decode()


@function("base64-decode", 1, 1)
def _base64_decode(context: Context, arguments: Sequence[Run]) -> Value:
    try:
        return base64.b64decode(text(context, arguments[0]), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


@function("uuid", 0, 1)
def _uuid(context: Context, arguments: Sequence[Run]) -> Value:
    def made() -> str:
        return str(uuid.UUID(int=context.scope.random.getrandbits(128), version=4))

    if not arguments:
        return made()
    length = whole(context, arguments[0])
    if length is None or not 0 <= length <= LONGEST_TEXT:
        raise EvaluationFailed("uuid() needs the number of characters")
    found = ""
    while len(found) < length:
        found += made()
    return found[:length]
