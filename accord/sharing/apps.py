"""Load the types of sealed entries that the rooms declare, when Django is ready."""

from importlib import import_module

from django.apps import AppConfig

from accord.core.rooms import rooms


class SharingConfig(AppConfig):
    """Records, shares and keys."""

    name = "accord.sharing"

    def ready(self) -> None:
        """Import the files with types of entries, which register themselves: any of them can be opened from now on."""
        for room in rooms():
            for file in room.sealed:
                import_module(f"accord.{room.name}.{file}")
