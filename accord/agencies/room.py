"""Declares what the `agencies` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import (
    CONNECT_SYSTEM,
    DRAFT_AGREEMENT,
    END_MEMBERSHIP,
    FORWARD_PAPER,
    INVITE_AGENCY,
    INVITE_MEMBER,
    KEEP_RECOVERY,
    READ_AUDIT,
    READ_HUB_LOG,
    READ_PAPERS,
    SIGN_AGREEMENT,
)
from accord.agencies.codes import HANDLE_PAPER
from accord.core.rooms import HOUR, Act, Action, Escalation, Job, LogLine, Notice, Page, Room, Sql, Task, Today
from accord.core.text import N_

ROOM = Room(
    name="agencies",
    question="who is in the coalition, who works for which agency, and what have they agreed to?",
    addresses=("acting/", "purpose/", "renew/", "join/", "agency/", "reset/", "agreements/", "hub/"),
    actions=(
        Action(READ_AUDIT, N_("review the agency's own audit log")),
        Action(INVITE_MEMBER, N_("invite a colleague"), step_up=True),
        Action(END_MEMBERSHIP, N_("end a colleague's membership"), step_up=True),
        Action(
            KEEP_RECOVERY, N_("print the agency's recovery key, and use it with a second privacy officer"), step_up=True
        ),
        Action(SIGN_AGREEMENT, N_("sign an agreement for the agency"), step_up=True),
        Action(DRAFT_AGREEMENT, N_("draft an agreement between agencies"), step_up=True),
        Action(CONNECT_SYSTEM, N_("connect and disconnect other systems"), step_up=True),
        Action(INVITE_AGENCY, N_("invite an agency to the hub"), step_up=True),
        Action(READ_HUB_LOG, N_("read the hub's own audit log")),
        Action(FORWARD_PAPER, N_("forward a legal request that reached the hub, and see whether it was opened")),
        Action(
            READ_PAPERS,
            N_("open a legal request that reached the hub and is addressed to the agency"),
            about_person=True,
        ),
    ),
    places={
        "choose-agency": "agencies:act_for",
        "renew-access": "agencies:renew",
        "wait-for-access": "agencies:waiting",
        "enter-reset-code": "agencies:reset",
        "join": "agencies:join",
    },
    menu=(
        Page(
            "agencies:colleagues",
            N_("Our agency"),
            order=4,
            icon="agency",
            first=N_("Staff"),
            covers=("agency/", "join/", "reset/", "purpose/"),
        ),
        Page("agencies:papers", N_("Legal requests"), order=1, needs=READ_PAPERS, under="agencies:colleagues"),
        Page("agencies:agreements", N_("Agreements"), order=2, under="agencies:colleagues"),
        Page("agencies:systems", N_("Connected systems"), order=4, needs=CONNECT_SYSTEM, under="agencies:colleagues"),
        Page(
            "agencies:log",
            N_("Audit log"),
            order=5,
            needs=READ_AUDIT,
            unless=READ_HUB_LOG,  # the hub's own log would be the same page
            under="agencies:colleagues",
        ),
        Page("agencies:hub", N_("Hub"), order=5, icon="coalition", needs=INVITE_AGENCY, first=N_("Agencies")),
        Page("agencies:hub_papers", N_("Legal requests"), order=1, needs=FORWARD_PAPER, under="agencies:hub"),
        Page("agencies:hub_log", N_("Audit log"), order=2, needs=READ_HUB_LOG, under="agencies:hub"),
    ),
    today=Today("today.lines", order=2),
    jobs=(Job("papers_sweep", N_("delete legal requests after a year"), HOUR),),
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
                "of this system. To delete it, remove the role from this colleague, then add the role again."
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
        "agreement-drafted": LogLine(N_("%(by)s drafted an agreement."), Act.AGENCY),
        "agreement-signed": LogLine(N_("%(by)s signed an agreement."), Act.AGENCY),
        "agreement-reviewed": LogLine(N_("%(by)s confirmed the yearly review of an agreement."), Act.AGENCY),
        "contact-line-changed": LogLine(N_("%(by)s changed the contact line for partner agencies."), Act.AGENCY),
        "agreement-left": LogLine(N_("%(by)s ended an agreement."), Act.AGENCY),
        "keys-accepted": LogLine(N_("%(by)s checked the keys for %(other)s by phone."), Act.AGENCY),
        "agreement-asked": LogLine(N_("%(by)s asked the coalition's office for an agreement."), Act.AGENCY),
        "agreement-request-closed": LogLine(N_("%(by)s closed a request for an agreement."), Act.AGENCY),
        "system-connected": LogLine(N_("%(by)s connected the system %(other)s."), Act.ACCESS),
        "system-ended": LogLine(N_("%(by)s disconnected the system %(other)s."), Act.ACCESS),
        "paper-forwarded": LogLine(N_("%(by)s forwarded %(other)s a legal request that reached the hub."), Act.SHARING),
        "paper-opened": LogLine(N_("%(by)s opened a legal request that reached the hub."), Act.SHARING),
        "paper-taken-on": LogLine(
            N_("%(by)s took responsibility for a legal request that reached the hub."), Act.SHARING
        ),
        "list-downloaded": LogLine(N_("%(by)s downloaded one of the agency's lists as a file."), Act.SHARING),
        "time-zone-changed": LogLine(N_("%(by)s changed the agency's time zone."), Act.AGENCY),
        "agency-invited": LogLine(N_("%(by)s invited %(other)s to the hub."), Act.ACCESS),
    },
    notices={
        "agreement-drafted": Notice(
            N_("An agreement is waiting for your agency's signature."), page="agencies:agreements"
        ),
        "agreement-signed": Notice(
            N_("A partner agency signed an agreement with your agency."), page="agencies:agreements"
        ),
        "agreement-asked": Notice(
            N_("An agency has asked for an agreement."), page="agencies:agreements", needs=DRAFT_AGREEMENT
        ),
        "agreement-reviewed": Notice(
            N_("A partner agency confirmed the yearly review of an agreement."), page="agencies:agreements"
        ),
        "unusual-reading": Notice(
            N_("A colleague opened an unusually high number of records. The audit log shows who."),
            page="agencies:log",
            needs=READ_AUDIT,
        ),
        "readmitted-alone": Notice(
            N_(
                "After a reset, a colleague's access was restored by the privacy officer who created the reset code. "
                "No other privacy officer could do it."
            ),
            page="agencies:log",
            needs=READ_AUDIT,
        ),
        "colleague-reset": Notice(
            N_("A colleague has a new passphrase and is waiting for access to be restored."), page="agencies:colleagues"
        ),
        "recovery-started": Notice(
            N_("A colleague started using the printed recovery key."), page="agencies:colleagues"
        ),
        "keys-to-renew": Notice(
            N_("A colleague left. You can continue replacing the keys."), page="agencies:colleagues"
        ),
        "paper-came": Notice(
            N_("A legal request is waiting for your agency's privacy officers."),
            page="agencies:papers",
            needs=READ_PAPERS,
        ),
        "paper-not-handled": Notice(
            N_("No one is handling a legal request that you forwarded."),
            page="agencies:hub_papers",
            needs=FORWARD_PAPER,
        ),
        "agreement-ended": Notice(
            N_("A partner agency ended an agreement. Nothing is shared under it anymore."), page="agencies:agreements"
        ),
    },
    tasks={
        HANDLE_PAPER: Task(
            N_("Open a legal request from the hub and decide who handles it."),
            page="agencies:paper",
            until_matter_ends=True,
            warns=1,
            escalates=Escalation(1, ("operator",), notice="paper-not-handled", asker=True),
            role="officer",
            across="paper_waits",
            within=3,
        ),
    },
    sql=Sql(
        files=("functions", "agreements", "returning"),
        inner=(
            "officers_wait()",
            "seals_taken(uuid, text[])",
            "reset_begun_by(uuid)",
            "other_officers(uuid)",
            "local_day(uuid, timestamptz)",
            "notify_about(uuid, text, text, uuid[])",
            "notify_parties(uuid, text)",
            "agreement_parties(uuid)",
            "coalition_members(uuid)",
            "paper_waits(uuid, uuid)",
        ),
        readers=(
            "agreement_in_force(uuid, uuid, text, timestamptz)",
            "agreements_mine()",
            "memberships_closed()",
            "papers_forwarded()",
            "readmit_takes_another(uuid)",
            "paper_opened(uuid)",
            "invitation_by_code(bytea)",
        ),
        worker=("papers_sweep()",),
    ),
    on={"unusual-reading": "services.alarm_unusual_reading"},
)
