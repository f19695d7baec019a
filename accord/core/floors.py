"""The declarations that each model makes about its table, in addition to the columns. `sharing/floor.py` turns the
declarations into SQL.

A model declares its `floor`, the `backup` file its rows go into, why each column is `readable`, and, unless its floor
is SYSTEM, its `writing`. `persons` lists the columns that hold a person's id, and the SQL that erases a record is
generated from that list. A model with a missing declaration fails the build (tests/floor/test_declarations.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Floor(Enum):
    """Who can read a table's rows."""

    PUBLIC = "anyone reads, and the owner's officers write"
    COALITION = "any signed-in member reads, and the agency that keeps the row writes"
    OWNED = "only the agency that keeps the row reads and writes"
    SHARED = "the owner, and a recipient while a share is in force"
    SUBMITTED = "the agency that submits the row, and the agency that receives it"
    PARTIES = "the owner, and the agencies named in the matter"
    BODY = "those who have a seat on the body now, or every member of the coalition if the body is open"
    SYSTEM = "no one directly, only named functions"
    QUEUE = "only the worker, which sees what to do but no content"


class Backup(Enum):
    """The backup file that holds a table's rows."""

    DATA = "the data file"
    KEYS = "the key file, which holds keys and what gives or ends access"
    LEFT_OUT = "neither file, so a restore loses the rows"


@dataclass(frozen=True)
class Reading:
    """Additional SQL conditions that determine whether the floor shows a row.

    `only_if` and `also_if` apply to an agency's own rows. `named_if`, which PARTIES needs, checks whether the matter
    names the actor's agency. `of_body`, which BODY needs, is the column that names the body.
    """

    only_if: str = ""
    also_if: str = ""
    named_if: str = ""
    of_body: str = ""


@dataclass(frozen=True)
class Writing:
    """Declares what a session may write in its agency's own rows. Everything else is written once, or by named
    functions.

    `added_by` and `changed_by` are the actions that a member needs. If one is empty, every member may write. The
    `..._if` fields are SQL conditions. `changed_if` checks the row before a change, and `left_if` checks it afterward.
    """

    added_by: str = ""
    afresh: bool = False  # adding also requires a fresh second factor
    added_if: str = ""
    changes: tuple[str, ...] = ()
    changed_by: str = ""
    changed_if: str = ""
    left_if: str = ""
    removes: bool = False


# Rows that bind an agency, give access, or serve as evidence. Only named functions, which check the role, write them.
BY_FUNCTION = None
ADDED_ONCE = Writing()


class IdOf(str):
    """Describes what a readable id identifies. A readable id never identifies a person in the records of the agency
    that keeps the row."""


# Columns that mean the same thing in every table. A model gives its own reason for every other readable column.
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
    "epoch": "which data key was used",
    "kind": "the kind of information or agency",
    "ring_version": "which key opens the row",
    "at": "time",
}
SEALED = frozenset({"sealed", "sealed_own"})  # these need no reason, because nothing in them can be read
