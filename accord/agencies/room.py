"""What `agencies` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, LogLine, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="agencies",
    question="who is in the coalition, who works for which agency, what is agreed?",
    log={
        "signed-in": LogLine(N_("%(by)s signed in."), Act.SIGNING_IN),
        "failed-tries": LogLine(
            N_("There were failed attempts to sign in to this account before %(by)s signed in."), Act.SIGNING_IN
        ),
        "purpose-declared": LogLine(N_("%(by)s set the purpose of their work."), Act.ACCESS),
        "access-renewed": LogLine(N_("%(by)s renewed their yearly confidentiality promise."), Act.ACCESS),
        "member-invited": LogLine(N_("%(by)s invited a colleague."), Act.ACCESS),
        "invitation-withdrawn": LogLine(N_("%(by)s withdrew an invitation."), Act.ACCESS),
        "roles-changed": LogLine(N_("%(by)s changed the roles of %(other)s."), Act.ACCESS),
        "colleague-signed-out": LogLine(N_("%(by)s signed %(other)s out everywhere."), Act.SIGNING_IN),
        "membership-ended": LogLine(N_("%(by)s ended the membership of %(other)s."), Act.ACCESS),
        "ring-made": LogLine(N_("New keys were created while %(by)s was signed in."), Act.AGENCY),
        "false-seal": LogLine(
            N_(
                "%(by)s has a false copy of a key. It doesn't open anything, and no page of this system made it. To "
                "clear it, remove the role from this colleague, then give it back."
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
                "%(by)s restored access for %(other)s after a reset and had also created the code. No other privacy "
                "officer could do it. That colleague and any other privacy officers were notified."
            ),
            Act.ACCESS,
        ),
        "account-opened-again": LogLine(N_("%(by)s reopened the account of %(other)s."), Act.ACCESS),
        "recovery-printed": LogLine(
            N_("%(by)s printed a new recovery key. The previous one no longer works."), Act.AGENCY
        ),
        "recovery-started": LogLine(N_("%(by)s entered the words on the recovery sheet."), Act.AGENCY),
        "recovery-used": LogLine(N_("%(by)s confirmed the use of the printed recovery key."), Act.AGENCY),
        "ring-dropped": LogLine(
            N_("Old keys that are no longer used were deleted while %(by)s was signed in."), Act.AGENCY
        ),
        "agreement-drafted": LogLine(N_("%(by)s drafted an agreement."), Act.AGENCY),
        "agreement-signed": LogLine(N_("%(by)s signed an agreement."), Act.AGENCY),
        "agreement-reviewed": LogLine(N_("%(by)s confirmed the yearly review of an agreement."), Act.AGENCY),
        "contact-line-changed": LogLine(N_("%(by)s changed the contact line for partner agencies."), Act.AGENCY),
        "agreement-left": LogLine(N_("%(by)s ended an agreement."), Act.AGENCY),
        "keys-accepted": LogLine(N_("%(by)s checked the keys of %(other)s by phone."), Act.AGENCY),
        "agreement-asked": LogLine(N_("%(by)s asked the coalition's office for an agreement."), Act.AGENCY),
        "agreement-request-closed": LogLine(N_("%(by)s closed a request for an agreement."), Act.AGENCY),
        "system-connected": LogLine(N_("%(by)s connected the system %(other)s."), Act.ACCESS),
        "system-ended": LogLine(N_("%(by)s disconnected the system %(other)s."), Act.ACCESS),
        "paper-forwarded": LogLine(
            N_("%(by)s forwarded a legal request that reached the hub to %(other)s."), Act.SHARING
        ),
        "paper-opened": LogLine(N_("%(by)s opened a legal request that reached the hub."), Act.SHARING),
        "paper-taken-on": LogLine(
            N_("%(by)s took responsibility for a legal request that reached the hub."), Act.SHARING
        ),
        "list-downloaded": LogLine(N_("%(by)s downloaded one of the agency's lists as a file."), Act.SHARING),
        "time-zone-changed": LogLine(N_("%(by)s changed the agency's time zone."), Act.AGENCY),
        "agency-invited": LogLine(N_("%(by)s invited %(other)s to the hub."), Act.ACCESS),
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
        ),
        readers=(
            "agreement_in_force(uuid, uuid, text, timestamptz)",
            "memberships_closed()",
            "papers_forwarded()",
            "readmit_takes_another(uuid)",
            "paper_opened(uuid)",
            "invitation_by_code(bytea)",
        ),
    ),
)
