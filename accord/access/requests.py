"""The request as a view gets it. Every attribute that Accord sets on a request is declared here or in
`accounts/requests.py`."""

from __future__ import annotations

from accord.access.actors import Actor
from accord.access.trail import Trail
from accord.accounts.requests import AccountRequest
from accord.accounts.sessions import SessionState
from accord.ui.components import Saved


class OpenRequest(AccountRequest):
    """A request for a page that is open to visitors, or to someone who is still signing in."""

    actor: Actor | None
    trail: Trail
    keeps: bool  # what is written stays, although the status is 400 or more
    says: Saved | None  # what the next page says was saved
    just_saved: Saved | None  # what this page says was saved
    just_saved_shown: bool  # set by the tag that draws it
    was_shared: bool  # the refusal is about a share that has ended
    role_refused: bool  # a role alone decided the refusal


class SigningInRequest(OpenRequest):
    """A request with a session, perhaps before its second factor: what `open_while_signing_in` gives a view."""

    session_state: SessionState


class ActingRequest(SigningInRequest):
    """A request of someone who is signed in and works for an agency: what `needs` and `signed_in` give a view."""

    actor: Actor


def begin(request: OpenRequest, trail: Trail) -> None:
    """Set what every request has before its actor is known."""
    request.actor, request.trail = None, trail
    request.says = request.just_saved = None
    request.keeps = request.just_saved_shown = request.was_shared = request.role_refused = False
