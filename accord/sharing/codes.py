"""Types of sealed entries: what may be written under which kind, field by field, each with its sensitivity.

A room declares its entries as frozen dataclasses with `@entry_type`; the dictionary in the docs is made from the registry.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any, TypeVar

from accord.access.codes import KINDS
from accord.core.text import N_

T = TypeVar("T")

# Why a record is erased. Codes only: a sentence about her would outlive her record.
ERASURE_REASONS = {
    "asked": N_("She asked for it"),
    "retention": N_("The time for which it must be kept is over"),
    "mistake": N_("It was opened by mistake, or twice"),
    "order": N_("A court or an authority ordered it"),
}

ENTRY_TYPES: dict[str, type] = {}


def field(words: str, *, sensitive: bool = False, default: Any = "") -> Any:
    """A payload field with its plain words; `sensitive` ones can always be skipped."""
    return dataclasses.field(default=default, metadata={"words": words, "sensitive": sensitive})


def entry_type(code: str, *, kind: str, schema: int = 1) -> Callable[[type[T]], type[T]]:
    """Register a payload type. `code` and `kind` are stored; class names may change freely."""

    def register(cls: type[T]) -> type[T]:
        if code in ENTRY_TYPES or kind not in KINDS:
            raise LookupError(f"entry type {code} of kind {kind}")
        payload = dataclasses.dataclass(frozen=True)(cls)
        payload.code, payload.kind, payload.schema = code, kind, schema  # type: ignore[attr-defined]
        ENTRY_TYPES[code] = payload
        return payload

    return register


def to_bytes(payload: Any) -> bytes:
    """A payload as JSON."""
    return json.dumps(dataclasses.asdict(payload), ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(code: str, schema: int, text: bytes) -> Any:
    """A payload back from JSON. Fields that an older schema did not have take their defaults."""
    cls = ENTRY_TYPES[code]
    known = cls.__dataclass_fields__
    return cls(**{name: _value(value) for name, value in json.loads(text.decode()).items() if name in known})


def _value(value: Any) -> Any:
    return tuple(_value(item) for item in value) if isinstance(value, list) else value
