"""Who may call a view. Every view carries one of these marks; a view without one is refused (`middleware.py`)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse


def _mark(view: Callable[..., HttpResponse], **how: Any) -> Callable[..., HttpResponse]:
    view.access = how  # type: ignore[attr-defined]
    return view


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow anyone, signed in or not."""
    return _mark(view, to="all")


def signs_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow anyone, and handle a POST outside a transaction.

    Checking a passphrase takes time, and no row, lock or connection should be held during that time. The services it
    calls open their own short transactions.
    """
    return _mark(view, to="all", alone=True)


def changes_passphrase(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `signs_in`, for a person who is signed in and acts for an agency."""
    return _mark(view, to="member", alone=True)


def open_while_signing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open this view to someone who is still signing in: after the passphrase, before an agency is chosen."""
    return _mark(view, to="signing_in", keeps=True)


def needs(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Allow someone who acts for an agency in a role with this action. What they may do to which person is decided later."""
    return functools.partial(_mark, to="role", action=action)


def in_their_hands(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a survivor's page, shown in the language of its address, on a device that a role with this action handed
    over.

    If the session has ended, the answers are kept and a neutral page asks for the device back.
    """
    return functools.partial(_mark, to="role", action=action, theirs=True)


def creates(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a form that adds something: what is sent twice is saved once (accounts/once.py)."""
    view.creates = True  # type: ignore[attr-defined]
    return view


def shows_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a form whose answer shows a code or a key once. If it is sent twice, the page says so, and not that
    something was saved."""
    view.shows_once = True  # type: ignore[attr-defined]
    return creates(view)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow anyone who acts for an agency. For their own pages, which say nothing about a person."""
    return _mark(view, to="member")


def counts_tries(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `signed_in`, for a page that asks for a code. A wrong try stays counted, although its page is a refusal."""
    return _mark(view, to="member", keeps=True)
