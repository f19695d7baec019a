"""Releases add their panel to the person page when Django is ready."""

from importlib import import_module

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Releases."""

    name = "accord.releases"

    def ready(self) -> None:
        """The panel and the sealed type register themselves on import."""
        import_module("accord.releases.queries")
        people, pausing = (import_module(f"accord.{name}") for name in ("people.services", "releases.pausing"))
        people.AFTER_AGE.append(pausing.after_age)
