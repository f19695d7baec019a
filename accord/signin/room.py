"""Declares what the `signin` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, Action, Argument, LogLine, Notice, Room
from accord.core.text import N_
from accord.signin.codes import CHANGE_SIGN_IN

ROOM = Room(
    name="signin",
    question="what does someone see while signing in, and on the pages about their own account?",
    addresses=(
        "sign-in/",
        "second-factor/",
        "enrol/",
        "sign-out/",
        "account/",
        "notices/",
        "passkey/",
        "kept/",
        "leave/",
        "language/",
    ),
    arguments={
        "passkey": Argument("a passkey"),
        "kept": Argument("a form that was saved when a session ended"),
    },
    places={
        "sign-in": "signin:sign_in",
        "second-factor": "signin:second_factor",
        "passkey-options": "signin:passkey_options",
        "leave": "signin:leave",
    },
    actions=(Action(CHANGE_SIGN_IN, step_up=True),),
    log={
        "signed-out-elsewhere": LogLine(N_("%(by)s signed out everywhere else."), Act.SIGNING_IN),
        "passphrase-changed": LogLine(N_("%(by)s changed their passphrase."), Act.SIGNING_IN),
        "recovery-codes-made": LogLine(N_("%(by)s created new recovery codes."), Act.SIGNING_IN),
        "passkey-added": LogLine(N_("%(by)s added a passkey."), Act.SIGNING_IN),
        "passkey-removed": LogLine(N_("%(by)s removed a passkey."), Act.SIGNING_IN),
    },
    notices={
        "failed-tries": Notice(
            N_(
                "There were several failed attempts to sign in to your account. If that wasn't you, change your "
                "passphrase and tell your privacy officer."
            ),
            page="signin:change_passphrase",
        ),
    },
)
