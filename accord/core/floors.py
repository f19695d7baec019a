"""What each model declares about its table, beside its columns. `sharing/floor.py` writes the SQL from it.

A model names its `floor`, the `backup` file its rows go into, why each column is `readable`, and, unless its floor is
SYSTEM, its `writing`. `persons` are the columns with a person's id: erasing a record is generated from them. A model
that declares less fails the build (tests/floor/test_declarations.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Floor(Enum):
    """Who reads the rows of a table."""

    PUBLIC = "anyone reads; its owner's officers write"
    COALITION = "any signed-in member reads; the agency that keeps the row writes"
    OWNED = "only the agency that keeps the row reads and writes"
    SHARED = "its owner, and a recipient while a share is in force"
    SUBMITTED = "the agency that submits, and the agency it is submitted to"
    PARTIES = "its owner, and the agencies named in the matter"
    SYSTEM = "no one directly; named functions only"
    QUEUE = "the worker only: what it has to do, without any content"


class Backup(Enum):
    """The file of a backup that holds a table's rows."""

    DATA = "the data file"
    KEYS = "the key file: keys, and what permits or ends"
    LEFT_OUT = "neither: gone after a restore"


@dataclass(frozen=True)
class Reading:
    """What else the floor shows or hides, as SQL about the row.

    `only_if` and `also_if` are about an agency's own rows. `named_if`, which PARTIES needs, says whether the actor's
    agency is named in the matter.
    """

    only_if: str = ""
    also_if: str = ""
    named_if: str = ""


@dataclass(frozen=True)
class Writing:
    """What a session may write in its agency's own rows. Everything else is written once, or by named functions.

    `added_by` and `changed_by` are actions; without one, every member may. `..._if` is SQL about the row: `changed_if`
    as it is, `left_if` as it will be.
    """

    added_by: str = ""
    afresh: bool = False  # adding also takes a fresh second factor
    added_if: str = ""
    changes: tuple[str, ...] = ()
    changed_by: str = ""
    changed_if: str = ""
    left_if: str = ""
    removes: bool = False


# Rows that bind an agency, give access or are evidence: only named functions write them, and they check the role.
BY_FUNCTION = None
ADDED_ONCE = Writing()


class IdOf(str):
    """Why an id is readable that names no person of the agency that keeps the row: what it names."""


# Columns that mean the same in every table. A model gives its own reason for every other readable column.
COMMON: dict[str, str] = {
    "owner": IdOf("the agency that keeps the row"),
    "id": IdOf("the row, random"),
    "by": IdOf("a membership"),
    "membership": IdOf("a membership"),
    "account": IdOf("an account"),
    "recipient": IdOf("an agency"),
    "share": IdOf("a share"),
    "series": IdOf("an entry"),
    "revision": "a number",
    "epoch": "which data key",
    "kind": "kind of information, or of agency",
    "ring_version": "which key opens it",
    "at": "time",
}
SEALED = frozenset({"sealed", "sealed_own"})  # no reason needed: nothing can be read in them
