"""Declares what the `membership` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import (
    END_MEMBERSHIP,
    INVITE_AGENCY,
    INVITE_MEMBER,
    KEEP_RECOVERY,
    READ_AUDIT,
    READ_HUB_LOG,
)
from accord.core.rooms import Act, Action, Argument, LogLine, Notice, Page, Room, Sql, Today
from accord.core.text import N_

ROOM = Room(
    name="membership",
    question="who works for which agency, in which roles, and with which keys?",
    addresses=("acting/", "purpose/", "renew/", "join/", "agency/", "reset/", "hub/"),
    arguments={
        "agency": Argument("an agency", hidden=False),
        "membership": Argument("a colleague"),
        "invitation": Argument("an invitation"),
    },
    actions=(
        Action(READ_AUDIT, N_("review the agency's own audit log")),
        Action(INVITE_MEMBER, N_("invite a colleague"), step_up=True),
        Action(END_MEMBERSHIP, N_("end a colleague's membership"), step_up=True),
        Action(
            KEEP_RECOVERY, N_("print the agency's recovery key, and use it with a second privacy officer"), step_up=True
        ),
        Action(INVITE_AGENCY, N_("invite an agency to the hub"), step_up=True),
        Action(READ_HUB_LOG, N_("read the hub's own audit log")),
    ),
    places={
        "choose-agency": "membership:act_for",
        "renew-access": "membership:renew",
        "wait-for-access": "membership:waiting",
        "enter-reset-code": "membership:reset",
        "join": "membership:join",
        "our-agency": "membership:colleagues",
    },
    menu=(
        Page(
            "membership:colleagues",
            N_("Our agency"),
            order=4,
            icon="agency",
            first=N_("Staff"),
            covers=("agency/", "join/", "reset/", "purpose/"),
        ),
        Page(
            "membership:log",
            N_("Audit log"),
            order=5,
            needs=READ_AUDIT,
            unless=READ_HUB_LOG,  # the hub's own log would be the same page
            under="membership:colleagues",
        ),
        Page("membership:hub", N_("Hub"), order=5, icon="coalition", needs=INVITE_AGENCY, first=N_("Agencies")),
        Page("membership:hub_log", N_("Audit log"), order=2, needs=READ_HUB_LOG, under="membership:hub"),
    ),
    today=Today("today.lines", order=3),
    log={
        "signed-in": LogLine(N_("%(by)s signed in."), Act.SIGNING_IN),
        "failed-tries": LogLine(
            N_("There were failed attempts to sign in to this account before %(by)s signed in."), Act.SIGNING_IN
        ),
        "purpose-declared": LogLine(N_("%(by)s set the purpose of their work."), Act.ACCESS),
        "access-renewed": LogLine(N_("%(by)s renewed their yearly confidentiality promise."), Act.ACCESS),
        "member-invited": LogLine(N_("%(by)s invited a colleague."), Act.ACCESS),
        "invitation-withdrawn": LogLine(N_("%(by)s withdrew an invitation."), Act.ACCESS),
        "roles-changed": LogLine(N_("%(by)s changed roles for %(other)s."), Act.ACCESS),
        "colleague-signed-out": LogLine(N_("%(by)s signed %(other)s out everywhere."), Act.SIGNING_IN),
        "membership-ended": LogLine(N_("%(by)s ended membership for %(other)s."), Act.ACCESS),
        "ring-made": LogLine(N_("New keys were created while %(by)s was signed in."), Act.AGENCY),
        "false-seal": LogLine(
            N_(
                "%(by)s has a fake copy of a key. The copy doesn't open anything, and it wasn't created on any page "
                "of this system. To delete it, remove the colleague's role that uses this key, then add the role "
                "again."
            ),
            Act.AGENCY,
        ),
        "ring-sealed": LogLine(N_("Colleagues were given keys while %(by)s was signed in."), Act.AGENCY),
        "reset-code-made": LogLine(N_("%(by)s created a reset code for %(other)s."), Act.ACCESS),
        "came-back": LogLine(
            N_("%(by)s has a new passphrase after a reset and is waiting for access to be restored."), Act.ACCESS
        ),
        "readmitted": LogLine(N_("%(by)s restored access for %(other)s after a reset."), Act.ACCESS),
        "readmitted-alone": LogLine(
            N_(
                "%(by)s restored access for %(other)s after a reset and had also created the reset code. No other "
                "privacy officer could do it. That colleague and any other privacy officers were notified."
            ),
            Act.ACCESS,
        ),
        "account-opened-again": LogLine(N_("%(by)s reopened the account for %(other)s."), Act.ACCESS),
        "recovery-printed": LogLine(
            N_("%(by)s printed a new recovery key. The previous one no longer works."), Act.AGENCY
        ),
        "recovery-started": LogLine(N_("%(by)s entered the words from the recovery sheet."), Act.AGENCY),
        "recovery-used": LogLine(N_("%(by)s confirmed the use of the printed recovery key."), Act.AGENCY),
        "ring-dropped": LogLine(
            N_("Old keys that are no longer used were deleted while %(by)s was signed in."), Act.AGENCY
        ),
        "agency-invited": LogLine(N_("%(by)s invited %(other)s to the hub."), Act.ACCESS),
    },
    notices={
        "unusual-reading": Notice(
            N_("A colleague opened an unusually large number of records. The audit log shows who."),
            page="membership:log",
            needs=READ_AUDIT,
        ),
        "readmitted-alone": Notice(
            N_(
                "After a reset, a colleague's access was restored by the privacy officer who created the reset code. "
                "No other privacy officer could do it."
            ),
            page="membership:log",
            needs=READ_AUDIT,
        ),
        "colleague-reset": Notice(
            N_("A colleague has a new passphrase and is waiting for access to be restored."),
            page="membership:colleagues",
        ),
        "recovery-started": Notice(
            N_("A colleague started using the printed recovery key."), page="membership:colleagues"
        ),
        "keys-to-renew": Notice(
            N_("A colleague left. You can continue replacing the keys."), page="membership:colleagues"
        ),
    },
    sql=Sql(
        files=("functions", "returning"),
        inner=(
            "officers_wait()",
            "seals_taken(uuid, text[])",
            "reset_begun_by(uuid)",
            "other_officers(uuid)",
            "notify_about(uuid, text, text, uuid[])",
        ),
        readers=(
            "memberships_closed()",
            "readmit_takes_another(uuid)",
            "invitation_by_code(bytea)",
        ),
    ),
    on={"unusual-reading": "services.alarm_unusual_reading"},
)
