"""Declares what the `accounts` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import HOUR, Job, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="accounts",
    question="which accounts are there, and how long does a session last?",
    jobs=(
        Job("kept_forms_sweep", N_("delete old saved forms"), HOUR),
        Job("idle_sweep", N_("close unused accounts"), HOUR),
        Job("once_sweep", N_("delete old records of submitted forms"), HOUR),
        Job("sign_ins_sweep", N_("delete old failed sign-ins"), HOUR),
    ),
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
            "kept_forms_mine()",
        ),
        worker=("kept_forms_sweep()", "idle_sweep()", "once_sweep()", "sign_ins_sweep()"),
    ),
)
