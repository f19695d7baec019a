"""Who may call a view. Every view carries one of these marks; without one it is refused (`middleware.py`)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse


def _mark(view: Callable[..., HttpResponse], **how: Any) -> Callable[..., HttpResponse]:
    view.access = how  # type: ignore[attr-defined]
    return view


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone, signed in or not."""
    return _mark(view, to="all")


def signs_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone. What is sent is handled outside of a transaction: a passphrase takes its time, and no row, no lock and no
    connection waits for it. The services it calls open their own, short ones."""
    return _mark(view, to="all", alone=True)


def changes_passphrase(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `signs_in`, for a person who is signed in and acts for an agency."""
    return _mark(view, to="member", alone=True)


def open_while_signing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A browser between passphrase, second factor and choice of agency."""
    return _mark(view, to="signing_in", keeps=True)


def needs(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Somebody acting for an agency in a role that has this action. What she may do to whom is decided further in."""
    return functools.partial(_mark, to="role", action=action)


def in_their_hands(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A survivor's page, drawn in the language of its address. The device was handed over by someone with this action;
    when the session has ended, what was sent is kept and a neutral page asks for the device back."""
    return functools.partial(_mark, to="role", action=action, theirs=True)


def creates(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form that adds something: what is sent twice is saved once (accounts/once.py)."""
    view.creates = True  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anybody acting for an agency: pages of her own, with nothing about a person."""
    return _mark(view, to="member")
