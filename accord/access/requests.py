"""Request types for views.

Every attribute that Accord sets on a request is declared here or in `accounts/requests.py`.
"""

from __future__ import annotations

from accord.access.actors import Actor
from accord.access.trail import Trail
from accord.accounts.requests import AccountRequest
from accord.accounts.sessions import SessionState
from accord.ui.components import Saved


class OpenRequest(AccountRequest):
    """A request for a page that is open to visitors or to someone who is still signing in."""

    actor: Actor | None
    trail: Trail
    keeps: bool  # what was written stays, even if the status is 400 or higher
    says: Saved | None  # what the next page says was saved
    just_saved: Saved | None  # what this page says was saved
    just_saved_shown: bool  # set by the template tag that draws it
    was_shared: bool  # the refusal is about a share that has ended
    role_refused: bool  # a role alone decided the refusal


class SigningInRequest(OpenRequest):
    """A request with a session, perhaps before the second factor. Views marked `open_while_signing_in` get it."""

    session_state: SessionState


class ActingRequest(SigningInRequest):
    """A request from someone who is signed in and works for an agency. Views marked `needs` or `signed_in` get it."""

    actor: Actor


def begin(request: OpenRequest, trail: Trail) -> None:
    """Set the attributes that every request has before its actor is known."""
    request.actor, request.trail = None, trail
    request.says = request.just_saved = None
    request.keeps = request.just_saved_shown = request.was_shared = request.role_refused = False
