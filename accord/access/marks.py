"""Marks that say who may call a view. A view without a mark is refused (`middleware.py`)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse


def _mark(view: Callable[..., HttpResponse], **how: Any) -> Callable[..., HttpResponse]:
    view.__dict__["access"] = how
    return view


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow anyone, signed in or not."""
    return _mark(view, to="all")


def signs_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow anyone, and handle a POST outside a transaction.

    Checking a passphrase takes time, and no row, lock, or connection should be held in the meantime. The services that
    the view calls open their own short transactions.
    """
    return _mark(view, to="all", alone=True)


def changes_passphrase(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Do what `signs_in` does, but allow only someone who is signed in and works for an agency."""
    return _mark(view, to="member", alone=True)


def open_while_signing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow someone who is still signing in, after the passphrase and before choosing an agency."""
    return _mark(view, to="signing_in", keeps=True)


def needs(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Allow someone whose role in an agency includes this action. What they may do in a person's record is decided
    later."""
    return functools.partial(_mark, to="role", action=action)


def in_their_hands(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a survivor's page, shown on a device that was handed over by someone whose role includes this action.

    The page is shown in the language of its address. If the session has ended, the answers are kept, and a neutral page
    asks for the device back.
    """
    return functools.partial(_mark, to="role", action=action, theirs=True)


def creates(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a form that adds something. A form that is sent twice is saved once (accounts/once.py)."""
    view.__dict__["creates"] = True
    return view


def shows_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a form whose response shows a code or a key once.

    If the form is sent twice, the user is told that the code or key was shown only once, not that something was already
    saved.
    """
    view.__dict__["shows_once"] = True
    return creates(view)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow anyone who works for an agency. Use this for users' own pages, which show nothing about a client."""
    return _mark(view, to="member")


def counts_tries(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Do what `signed_in` does, for a page that asks for a code. A wrong code is counted as an attempt even though the
    request is refused."""
    return _mark(view, to="member", keeps=True)


def takes_open_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose upload is not about a person, such as a form without answers. The upload is kept in memory, and
    it is not sealed (open_files.py)."""
    view.__dict__["takes_open_file"] = True
    return view
