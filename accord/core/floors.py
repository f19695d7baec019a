"""The six floors: what the database lets an agency see of a table. `sharing/floor.py` writes the SQL."""

from __future__ import annotations

from enum import Enum


class Floor(Enum):
    """Every model names one floor as `floor`. A table without a floor fails the build."""

    PUBLIC = "anyone reads; its owner's officers write"
    COALITION = "any signed-in member reads; the agency that keeps the row writes"
    OWNED = "only the agency that keeps the row reads and writes"
    SHARED = "its owner, and a recipient while a share is in force"
    SUBMITTED = "the agency that submits, and the agency it is submitted to"
    SYSTEM = "no one directly; named functions only"
