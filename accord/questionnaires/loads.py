"""Load a form that someone provides, and collect everything that this person needs to know about it.

The form comes from a stranger. `accord/formlib` reads it as data and limits its size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from accord.formlib import loading
from accord.formlib.model import Form
from accord.formlib.problems import Problem, Refused

MOST_LINES = 200  # problems or warnings that are kept
LONGEST_NAME = 100
LONGEST_TITLE = 200
_STRANGE = re.compile(r"[^\w. ()-]+")


@dataclass(frozen=True)
class Loaded:
    """The result of loading a form. `form` is None if it has problems. `missing` has the names of attached files that
    the form needs but doesn't have."""

    form: Form | None
    title: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Return whether the file could be read at all. Its problems are then in particular sheets."""
        return self.form is not None or bool(self.missing) or any(one.sheet for one in self.problems)


def file_name(name: str) -> str:
    """Return a file's name without folders or unusual characters, shortened if necessary."""
    plain = PurePath(name.replace("\\", "/")).name
    stem, dot, ending = _STRANGE.sub("_", plain).rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:5]}"


def languages(form: Form) -> list[str]:
    """Return the languages that a form can be asked in. pyxform calls a column without a language "default", which is
    no choice beside languages with names."""
    named = [one for one in form.languages if one and one != "default"]
    return named or [one for one in form.languages if one]


def load(name: str, content: bytes, attached: Mapping[str, bytes]) -> Loaded:
    """Load a form from a workbook, with the files that were uploaded along with it. This can take seconds."""
    missing: list[str] = []

    def files(wanted: str) -> bytes | None:
        found = attached.get(wanted)
        if found is None:
            missing.append(wanted)
        return found

    stem = PurePath(name).stem
    try:
        form = loading.load(content, name, files)
    except Refused as refused:
        return Loaded(None, stem, refused.problems[:MOST_LINES], (), tuple(dict.fromkeys(missing)))
    title = " ".join(form.title.split())[:LONGEST_TITLE]
    return Loaded(form, title or stem, (), tuple(form.warnings[:MOST_LINES]))
