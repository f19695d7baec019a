"""All forms in the application."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

from django import forms

import accord

ACCORD = Path(accord.__file__).parent


ROOMS = sorted(f"{path.parent.name}.{path.stem}" for path in ACCORD.glob("*/*forms.py"))


def all_forms() -> Iterator[tuple[str, type[forms.Form]]]:
    """Yield every form in the application, by room, file and name."""
    for room in ROOMS:
        module = importlib.import_module(f"accord.{room}")
        for name, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, forms.Form) and found.__module__ == module.__name__:
                yield f"{room}.{name}", found
