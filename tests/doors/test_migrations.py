"""The migrations produce what the models say: a column without a migration would be missing in production."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState


def missing() -> dict[str, list[str]]:
    """Return what `makemigrations` would write, by app."""
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), MigrationQuestioner())
    changes = detector.changes(graph=loader.graph)
    return {app: [op.describe() for one in made for op in one.operations] for app, made in changes.items()}


def test_no_migration_is_missing() -> None:
    assert missing() == {}


def test_no_app_has_two_last_migrations() -> None:
    """Two people made the same number: the later one renumbers."""
    assert MigrationLoader(None).detect_conflicts() == {}
