"""When a template is loaded, remove whitespace that a page never shows, so that drawing a page takes no extra time."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template import Origin
from django.template.loaders import app_directories

from accord.ui.whitespace import compact

ROOMS = Path(__file__).parents[1]
LOADER = f"{__name__}.Loader"


class Loader(app_directories.Loader):
    """Load a template, and compact it if it is ours. A library's template may begin in the middle of an element."""

    def get_contents(self, origin: Origin) -> str:
        source: str = super().get_contents(origin)
        return compact(source) if Path(origin.name).is_relative_to(ROOMS) else source


class Widgets(DjangoTemplates):
    """Draw widgets with Django's templates and ours, with the same loader and built-in tags as any page."""

    @cached_property
    def engine(self) -> Any:
        folder = Path(forms.__file__).parent / "templates"
        loaders = [("django.template.loaders.filesystem.Loader", [folder]), LOADER]
        options = {
            "loaders": [("django.template.loaders.cached.Loader", loaders)],
            "builtins": settings.TEMPLATES[0]["OPTIONS"]["builtins"],
        }
        return self.backend({"APP_DIRS": False, "DIRS": [], "NAME": "widgets", "OPTIONS": options})
