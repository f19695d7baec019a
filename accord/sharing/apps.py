"""Load the sealed entry types that rooms declare, when Django is ready."""

from importlib import import_module

from django.apps import AppConfig

from accord.core.rooms import rooms


class SharingConfig(AppConfig):
    """The Django app for records, shares, and keys."""

    name = "accord.sharing"

    def ready(self) -> None:
        """Import the modules with entry types, which register themselves so that their entries can be opened."""
        for room in rooms():
            for file in room.sealed:
                import_module(f"accord.{room.name}.{file}")
