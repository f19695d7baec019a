"""Totals, from an agency's count to the published table. A submission is an exchange between an agency and the
statistics unit (`workflows.TOTALS`). Every count is sealed until two people have released a table."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Writing
from accord.core.owned import Owned


class Draft(models.Model):
    """A running or finished count inside one agency. `stamp` changes with every slice, so that an agency can submit
    only the count it reviewed."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(changes=("stamp", "ring_version", "sealed", "at", "by"))
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "measure": "which measure",
        "version": "the measure's version",
        "period": "half-year",
        "stamp": IdOf("the slice, random"),
    }

    pk = models.CompositePrimaryKey("owner", "measure", "version", "period")
    owner = models.UUIDField()
    measure = models.TextField()
    version = models.IntegerField()
    period = models.TextField()
    stamp = models.UUIDField()
    ring_version = models.IntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()


class Sum(Owned):
    """Combined totals inside the statistics unit, with the cells that may be shown. Only database functions write this
    table. They check that the submissions named here are still the newest (numbers/functions.sql)."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "measure": "which measure",
        "version": "the measure's version",
        "period": "half-year",
        "state": "workflow state",
        "decided_at": "time",
        "decided_by": IdOf("a membership"),
        "agencies": IdOf("the agencies whose submissions are included, which the submission rows show too"),
        "revisions": "the revisions of these submissions",
        "expected": "how many agencies owed totals for this half-year",
        "shown_hash": "salted hash of what may be shown",
    }

    measure = models.TextField()
    version = models.IntegerField()
    period = models.TextField()
    state = models.TextField()
    ring_version = models.IntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    agencies = ArrayField(models.UUIDField(), default=list)
    revisions = ArrayField(models.IntegerField(), default=list)
    expected = models.IntegerField(default=0)
    shown_hash = models.BinaryField(default=b"")


class Table(models.Model):
    """A published table. Cells are JSON, and hidden cells are null. The table does not show which rule hid a cell."""

    floor: ClassVar = Floor.PUBLIC
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "measure": "which measure",
        "version": "the measure's version",
        "period": "half-year",
        "agencies": "how many agencies submitted",
        "expected": "how many agencies owed totals for this half-year",
        "cells": "published",
    }

    pk = models.CompositePrimaryKey("owner", "measure", "version", "period", "revision")
    owner = models.UUIDField()
    measure = models.TextField()
    version = models.IntegerField()
    period = models.TextField()
    revision = models.IntegerField()
    at = models.DateTimeField()
    agencies = models.IntegerField()
    expected = models.IntegerField()
    cells = models.TextField()
