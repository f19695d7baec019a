"""The forms of an agency, their versions, and the files that come with a version. No answers are stored here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import MANAGE_FORMS
from accord.core.floors import Backup, Floor, IdOf, Writing
from accord.core.owned import Owned

QUESTIONS = "what a form asks, and never an answer"
ABOUT_FILE = "a file with questions, and never an answer"


class Questionnaire(Owned):
    """A form that the agency uses. `kind` is the kind of information that its answers belong to. It is empty until the
    first version is published, and never changes after that. `source` is the code of a shipped form, or `uploaded`.
    `tool` is the code of the known tool that the form is a copy of, or empty."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(added_by=MANAGE_FORMS, added_if="kind = '' and retired_at is null")
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "title": QUESTIONS,
        "source": "whether the form comes with Accord",
        "tool": "which known tool the form is",
        "made_at": "time",
        "retired_at": "workflow state",
    }

    title = models.TextField()
    kind = models.TextField()
    source = models.TextField()
    tool = models.TextField()
    by = models.UUIDField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class Version(Owned):
    """One version of a form: the workbook, the form that it was compiled to, and the problems found while it was
    loaded.

    Only a draft can be changed. `problems` and `warnings` are lists of (sheet, row, message), and `missing` has the
    names of attached files that the form needs and doesn't have yet. `asks` is the number of questions.
    """

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(
        added_by=MANAGE_FORMS,
        added_if="state = 'draft'",
        changes=(
            *("file_name", "workbook", "compiled", "title", "languages", "asks", "problems", "warnings", "missing"),
            *("loaded_at", "by"),
        ),
        changed_by=MANAGE_FORMS,
        changed_if="state = 'draft'",
        left_if="state = 'draft'",
    )
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "questionnaire": IdOf("a form"),
        "number": "order of the versions",
        "state": "workflow state",
        "file_name": ABOUT_FILE,
        "workbook": ABOUT_FILE,
        "compiled": QUESTIONS,
        "title": QUESTIONS,
        "languages": QUESTIONS,
        "asks": "a number",
        "problems": ABOUT_FILE,
        "warnings": ABOUT_FILE,
        "missing": ABOUT_FILE,
        "loaded_at": "time",
        "published_at": "time",
        "published_by": IdOf("a membership"),
        "ended_at": "workflow state",
    }

    questionnaire = models.UUIDField()
    number = models.IntegerField()
    state = models.TextField()
    file_name = models.TextField()
    workbook = models.BinaryField()
    compiled = models.BinaryField()  # empty if the form could not be loaded
    title = models.TextField()
    languages = ArrayField(models.TextField())
    asks = models.IntegerField()
    problems = models.JSONField()
    warnings = models.JSONField()
    missing = ArrayField(models.TextField())
    by = models.UUIDField()
    loaded_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "questionnaire", "number"], name="version_number_once")
        ]


class Attachment(models.Model):
    """A table that a form uses to look things up, such as a list of villages. It was uploaded along with a version."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(
        added_by=MANAGE_FORMS,
        added_if="version in (select v.id from questionnaires_version v where v.state = 'draft')",
        changes=("content",),
        changed_by=MANAGE_FORMS,
        changed_if="version in (select v.id from questionnaires_version v where v.state = 'draft')",
    )
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {"version": IdOf("a version of a form"), "name": ABOUT_FILE, "content": QUESTIONS}

    pk = models.CompositePrimaryKey("owner", "version", "name")
    owner = models.UUIDField()
    version = models.UUIDField()
    name = models.TextField()
    content = models.BinaryField()
