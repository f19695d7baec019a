"""Casework adds its panels to the person page when Django is ready."""

from importlib import import_module

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Needs, services, notes."""

    name = "accord.casework"

    def ready(self) -> None:
        """Panels register themselves on import."""
        import_module("accord.casework.queries")
