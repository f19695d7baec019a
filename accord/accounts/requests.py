"""The request as the pages of an account get it: Django's own, with what the session middleware sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from accord.accounts.once import Claim
    from accord.accounts.sessions import SessionState


class AccountRequest(HttpRequest):
    """A request after the session middleware."""

    session_state: SessionState | None  # None for a visitor
    once: str  # the mark of the page that is drawn, the same in all its forms
    typed_before: MultiValueDict[str, str] | None  # what was typed on this page before its session ended
    claim: Claim | None  # of a form that adds something
    once_at: str  # the address that a form sent twice leads to; '' for its own page


class SessionRequest(AccountRequest):
    """A request with a session."""

    session_state: SessionState


def begin(request: AccountRequest) -> None:
    """Set what every request has before a session is found."""
    request.session_state, request.typed_before, request.claim, request.once_at = None, None, None, ""
    request.once = ""
