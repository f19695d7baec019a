"""Types of sealed entries: which fields each kind may store, and which of these fields are sensitive. A room declares
its entries as frozen dataclasses with `@entry_type`. The data dictionary in the docs comes from this registry."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from accord.access.codes import KINDS
from accord.core.text import N_

P = TypeVar("P", bound="Payload")

# Reasons for erasing a record. These are codes, because a sentence about the person would outlast their record.
ERASURE_REASONS = {
    "asked": N_("The person asked for the erasure"),
    "retention": N_("The retention period is over"),
    "mistake": N_("The record was opened by mistake or is a duplicate"),
    "order": N_("A court or an agency with authority ordered the erasure"),
}


class AssignmentBasis(StrEnum):
    """The basis of a colleague's assignment to a person, or another fact recorded about the two."""

    ASSIGNED = "assigned"
    GRANTED = "granted"  # given access by a supervisor, with a reason on record
    BARRED = "barred"
    DECLINED = "declined"  # the recipient declined a share; gives no access


def record_number(person: UUID) -> str:
    """Return an eight-digit record number that two colleagues can compare by phone, such as "4821-9077". The number
    comes from the random id, so it reveals nothing about the person. At an agency with 5,000 people, one in 20,000
    pairs of records shares a number."""
    digits = f"{person.int % 10**8:08d}"
    return f"{digits[:4]}-{digits[4:]}"


class ShareState(StrEnum):
    """The state of a share, which depends on its dates and the agreement (`rules.share_state`)."""

    IN_FORCE = "in_force"
    COMING = "coming"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    NO_AGREEMENT = "no_agreement"
    NEVER = "never"  # the share ended or was suspended before it began


UNDO_DAYS = 30  # how many days a task marked as done can be undone


@dataclasses.dataclass(frozen=True)
class Payload:
    """The content that is sealed in one entry. `entry_type` sets the code, the kinds, and the schema. A class that can
    hold several kinds is one of them by itself, and `of_kind` returns it for another one."""

    code: ClassVar[str]
    kind: ClassVar[str]
    of_kinds: ClassVar[tuple[str, ...]]
    schema: ClassVar[int]

    def shown(self) -> dict[str, Any]:
        """Return the fields that other programs may read."""
        return dataclasses.asdict(self)


ENTRY_TYPES: dict[str, type[Payload]] = {}
_OF_KIND: dict[tuple[str, str], Any] = {}
# by type and field, computed once because pages may open thousands of entries
_READS: dict[str, dict[str, Reads]] = {}


# Another agency may have sealed anything. These functions read entries in a way that never breaks a page.

UNREADABLE = "unreadable"
Reads = Callable[[Any], Any]


class Codes(dict[str, str]):
    """Codes with their names. An unknown code also has a name but is not offered as a choice."""

    def __missing__(self, code: str) -> str:
        return N_("Can't be read")


def text(value: Any) -> str:
    """Return text without lone surrogates, which pages can't encode."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def one_of(codes: Codes) -> Reads:
    """Return a reader for a code in this list. Empty text stays empty. Any other value becomes `UNREADABLE`."""
    return lambda value: value if isinstance(value, str) and (not value or value in codes) else UNREADABLE


def iso_day(value: Any) -> str:
    """Return a date in the form 2026-03-31, or empty text."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return ""


def whole_years(value: Any) -> str:
    """Return a number of years with up to three digits, or empty text."""
    return value if re.fullmatch("[0-9]{1,3}", text(value)) else ""


def calendar_year(value: Any) -> str:
    """Return a four-digit year, or empty text."""
    return value if re.fullmatch("[0-9]{4}", text(value)) and int(value) else ""


def pairs_of(first: Codes, second: Codes) -> Reads:
    """Return a reader for pairs of codes. Anything that is not a pair is left out."""
    one, other = one_of(first), one_of(second)

    def read(value: Any) -> tuple[tuple[str, str], ...]:
        pairs = (
            [pair for pair in value if isinstance(pair, tuple) and len(pair) == 2] if isinstance(value, tuple) else ()
        )
        return tuple((one(first), other(second)) for first, second in pairs)

    return read


def field(words: str, *, sensitive: bool = False, default: Any = "", reads: Reads | None = None) -> Any:
    """Declare a payload field with its label. Users can always skip a `sensitive` field. `reads` turns any sealed value
    into a value that pages can show. Without `reads`, a field is read as the type of its default."""
    return dataclasses.field(
        default=default, metadata={"words": words, "sensitive": sensitive, "reads": reads or _as(default)}
    )


def _as(default: Any) -> Reads:
    if isinstance(default, str):
        return text
    return lambda value: value if type(value) is type(default) else default


def entry_type(code: str, *kinds: str, kind: str = "", schema: int = 1) -> Callable[[type[P]], type[P]]:
    """Register a payload type of one `kind` or of several `kinds`. `code` and the kind are stored, so only class names
    may change freely."""
    every = kinds or (kind,)

    def register(cls: type[P]) -> type[P]:
        if code in ENTRY_TYPES or not KINDS.keys() >= set(every):
            raise LookupError(f"entry type {code} of kinds {every}")
        cls.code, cls.kind, cls.of_kinds, cls.schema = code, every[0], every, schema
        ENTRY_TYPES[code] = cls
        _READS[code] = {each.name: each.metadata["reads"] for each in dataclasses.fields(cls)}
        return cls

    return register


def of_kind(cls: type[P], kind: str) -> type[P]:
    """Return a payload type for one of its kinds. Raises LookupError for any other kind."""
    if kind == cls.kind:
        return cls
    if kind not in cls.of_kinds:
        raise LookupError(f"entry type {cls.code} of kind {kind}")
    if (cls.code, kind) not in _OF_KIND:
        _OF_KIND[cls.code, kind] = type(cls.__name__, (cls,), {"kind": kind, "__module__": cls.__module__})
    found: type[P] = _OF_KIND[cls.code, kind]
    return found


def to_bytes(payload: Any) -> bytes:
    """Return a payload as JSON."""
    return json.dumps(dataclasses.asdict(payload), ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(code: str, kind: str, sealed: bytes) -> Any:
    """Return a payload from JSON with every field readable (see `field`), or None if this kind does not have this type.
    Fields missing in an older schema get their defaults."""
    cls = ENTRY_TYPES.get(code)
    if cls is None or kind not in cls.of_kinds:
        return None
    try:
        written = json.loads(sealed.decode())
    except (ValueError, RecursionError):
        written = None
    fields = written if isinstance(written, dict) else {}
    reads = _READS[code]
    return of_kind(cls, kind)(**{name: reads[name](_value(value)) for name, value in fields.items() if name in reads})


def _value(value: Any) -> Any:
    return tuple([_value(item) for item in value]) if isinstance(value, list) else value


DECLINE_REASONS = {
    "full": N_("We don't have capacity right now"),
    "scope": N_("We don't offer this service"),
    "elsewhere": N_("Another agency is a better fit"),
    "unsaid": N_("We'd rather not say"),
}
"""Reasons for declining a shared record. These are codes, so nothing about the person is sent back."""
