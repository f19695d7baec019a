"""Add the releases panels to the person page when Django is ready."""

from importlib import import_module

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Releases and the disclosure history."""

    name = "accord.releases"

    def ready(self) -> None:
        """Import the panels and sealed types, which register themselves, and review releases after an age is
        corrected."""
        import_module("accord.releases.queries")
        people, pausing = (import_module(f"accord.{name}") for name in ("people.services", "releases.pausing"))
        people.AFTER_AGE.append(pausing.after_age)
