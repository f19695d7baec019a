"""The base model for rows that one agency keeps under a random id."""

from __future__ import annotations

from django.db import models


class Owned(models.Model):
    """A row that the agency `owner` keeps under a random id. The model's floor decides who else can read the row."""

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()

    class Meta:
        abstract = True
