"""Add the casework panels to the person page when Django is ready."""

from importlib import import_module

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Needs, services and case notes."""

    name = "accord.casework"

    def ready(self) -> None:
        """Import the panels. They register themselves."""
        import_module("accord.casework.queries")
