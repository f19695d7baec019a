"""All errors. Each has a code, a status, a sentence that is safe to show, and data.

The sentence never names a person or quotes a value. `access/middleware.py` turns errors into pages. The command line
(`cli`) prints each error as one line on standard error.
"""

from __future__ import annotations

from typing import Any

from accord.core.text import N_


class AccordError(Exception):
    """The base class for all errors that a caller can get. `status` is for HTTP, and `exit_code` is for commands."""

    code = "error"
    status = 500
    exit_code = 1
    sentence = N_("Something went wrong on our end. Nothing you saved earlier is lost.")

    def __init__(self, sentence: str | None = None, *, code: str | None = None, **data: Any) -> None:
        self.sentence = sentence or self.sentence
        self.code = code or self.code
        self.data = data
        super().__init__(self.sentence)


class NotSignedIn(AccordError):
    """The caller has no live session and no valid token. Unknown and expired tokens get the same answer."""

    code = "not_signed_in"
    status = 401
    sentence = N_("Send a connected system's token, or sign in.")


class Hidden(AccordError):
    """Something does not exist, or the actor may not know that it exists. The answer never shows which of these is
    true."""

    code = "not_found"
    status = 404
    sentence = N_("There is nothing here.")


class NoLonger(AccordError):
    """The actor's agency had access to this, but the access has ended. The answer never says why."""

    code = "no_longer"
    status = 403
    sentence = N_("This is no longer shared with you.")


class Refused(AccordError):
    """The actor may know about this item but may not perform this action on it."""

    code = "refused"
    status = 403
    sentence = N_("You can't do this here.")


class Conflict(AccordError):
    """This can't be done now, or someone else saved first. `data` holds both versions of the text."""

    code = "conflict"
    status = 409
    sentence = N_("This changed while you were working on it.")


class TooFast(AccordError):
    """An account opened more records in an hour than one person needs. The account is slowed down, and supervisors are
    told."""

    code = "too_fast"
    status = 429
    sentence = N_("You've opened many people's records in the past hour. Wait a while, or ask your supervisor.")


class Busy(AccordError):
    """Too many people are signing in, so this passphrase can't be checked now. Nothing was checked or counted."""

    code = "busy"
    status = 503
    sentence = N_("Many people are signing in right now. Wait a few seconds, then try again.")


class Crowded(Busy):
    """Like Busy, but the cause is too many requests from one network address. Other addresses can still sign in."""

    code = "crowded"
    status = 429
    sentence = N_("Many people on your network are signing in right now. Wait a few seconds, then try again.")


class Away(AccordError):
    """The database can't be reached, or its disk is full."""

    code = "away"
    status = 503
    sentence = N_("We can't access our records right now. What you just sent wasn't saved.")


class Invalid(AccordError):
    """The input is not valid. `data["fields"]` maps field names to sentences."""

    code = "invalid"
    status = 422
    sentence = N_("Something in the form needs to be fixed.")


class BadInput(AccordError):
    """A file given to a command is not valid. The error gives the file, row, and column. The header is row 1."""

    code = "bad_input"
    status = 422
    exit_code = 2

    def __init__(self, what: str, *, file: str = "", row: int | None = None, column: str | None = None) -> None:
        place = ", ".join(
            part for part in (file, f"row {row}" if row else "", f"column {column}" if column else "") if part
        )
        super().__init__(f"{place}: {what}" if place else what, file=file, row=row, column=column)
