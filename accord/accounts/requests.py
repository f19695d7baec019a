"""Request types for account pages: Django's request, with the attributes that the session middleware sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from accord.accounts.once import Claim
    from accord.accounts.sessions import SessionState


class AccountRequest(HttpRequest):
    """A request that has passed the session middleware."""

    session_state: SessionState | None  # None for a visitor
    once: str  # the mark of the page being rendered, the same in all its forms
    typed_before: MultiValueDict[str, str] | None  # what was typed on this page before its session ended
    claim: Claim | None  # set for a form that adds something
    once_at: str  # the URL that a form sent twice leads to, or '' for its own page


class SessionRequest(AccountRequest):
    """A request with a session."""

    session_state: SessionState


def begin(request: AccountRequest) -> None:
    """Set the attributes that every request has before a session is found."""
    request.session_state, request.typed_before, request.claim, request.once_at = None, None, None, ""
    request.once = ""
