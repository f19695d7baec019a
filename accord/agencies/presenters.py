"""Roles and kinds of information in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accord.access.codes import KINDS, ROLES


def roles(codes: Iterable[str]) -> str:
    """Return role names as comma-separated text."""
    return ", ".join(_(ROLES[code].name) for code in codes if code in ROLES)


def role_choices(kind: str) -> list[tuple[str, str]]:
    """Return the roles available in this kind of agency, each with its description."""
    return [(code, f"{capfirst(_(role.name))}: {_(role.words)}") for code, role in ROLES.items() if kind in role.within]


def kind_names(codes: Iterable[str]) -> list[str]:
    """Return the names of these kinds of information, in the order of `KINDS`."""
    chosen = set(codes)
    return [_(kind.name) for code, kind in KINDS.items() if code in chosen]
