"""Declares what the `accounts` room adds to Accord."""

from __future__ import annotations

from accord.accounts.codes import CHANGE_SIGN_IN
from accord.core.rooms import HOUR, Act, Action, Argument, Job, LogLine, Notice, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="accounts",
    question="who signs in, and how long does a session last?",
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
        "which": Argument("a passkey"),
        "kept": Argument("a form that was saved when a session ended"),
    },
    actions=(Action(CHANGE_SIGN_IN, step_up=True),),
    jobs=(
        Job("drafts_sweep", N_("delete old kept forms"), HOUR),
        Job("idle_sweep", N_("turn off unused accounts"), HOUR),
        Job("once_sweep", N_("clear the record of submitted forms"), HOUR),
        Job("sign_ins_sweep", N_("delete old failed sign-ins"), HOUR),
    ),
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
            page="accounts:change_passphrase",
        ),
    },
    sql=Sql(
        inner=("live_session()",),
        readers=(
            "actor_account()",
            "actor_agency()",
            "actor_membership()",
            "actor_is(text)",
            "actor_is_also(uuid)",
            "actor_is_member()",
            "session_keep(bytea)",
            "account_factor(uuid, bytea)",
            "account_passkeys(uuid, bytea)",
            "account_name(uuid, bytea)",
            "drafts_mine()",
        ),
        worker=("drafts_sweep()", "idle_sweep()", "once_sweep()", "sign_ins_sweep()"),
    ),
)
