"""Turn an event of the audit log into a sentence. It never names a client: the log holds no names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accord.audit.queries import Line
from accord.core.text import N_

# Every action that is logged has a line here (tests/agencies/test_log.py).
SENTENCES = {
    "signed-in": N_("%(by)s signed in."),
    "failed-tries": N_("There were failed attempts to sign in to this account before %(by)s signed in."),
    "signed-out-elsewhere": N_("%(by)s signed out everywhere else."),
    "passphrase-changed": N_("%(by)s changed their passphrase."),
    "recovery-codes-made": N_("%(by)s created new recovery codes."),
    "passkey-added": N_("%(by)s added a passkey."),
    "passkey-removed": N_("%(by)s removed a passkey."),
    "purpose-declared": N_("%(by)s set the purpose of their work."),
    "access-renewed": N_("%(by)s renewed their yearly confidentiality promise."),
    "searched": N_("%(by)s searched by name."),
    "listed-my-people": N_("%(by)s opened their client list."),
    "listed-agency-people": N_("%(by)s opened the list of all clients of the agency."),
    "listed-kept": N_("%(by)s opened the list of what they were writing."),
    "listed-my-tasks": N_("%(by)s opened their task list."),
    "listed-behind-figure": N_("%(by)s opened the list of people counted in a total."),
    "identified-record": N_("%(by)s looked up a record named in an erasure request or legal hold."),
    "looked-at-team": N_("%(by)s checked who works with a person."),
    "listed-to-reassign": N_("%(by)s opened the list of clients left unassigned when a colleague left."),
    "read": N_("%(by)s read a record."),
    "read-shared": N_("%(by)s read what a partner agency shares with us."),
    "given-unreadable": N_(
        "%(by)s couldn't open something that a partner agency shares. No page of this system encrypts "
        "anything that way. Ask that agency about it."
    ),
    "read-by-partner": N_("%(by)s of %(partner)s read what we share."),
    "record-opened": N_("%(by)s opened a new record."),
    "task-done": N_("%(by)s marked a task as done."),
    "task-undone": N_("%(by)s marked a task as not done."),
    "written": N_("%(by)s added to or changed a record."),
    "assigned": N_("%(by)s assigned a person to %(other)s."),
    "reassigned": N_("%(by)s reassigned a former colleague's clients to %(other)s."),
    "granted": N_("%(by)s gave %(other)s access, with a reason."),
    "tie-ended": N_("%(by)s ended an assignment, access or block of %(other)s on a record."),
    "records-joined": N_("%(by)s joined two records of the same person."),
    "records-parted": N_("%(by)s separated two joined records."),
    "barred": N_("%(by)s blocked %(other)s from a record."),
    "device-handed-over": N_("%(by)s handed the device over for reading and signing."),
    "device-taken-back": N_("%(by)s took the device back."),
    "share-begun": N_("%(by)s started sharing information with %(other)s."),
    "share-ended": N_("%(by)s stopped sharing some information with %(other)s."),
    "disclosed-outside": N_("%(by)s disclosed something outside this system."),
    "legal-paper-logged": N_("%(by)s recorded a legal request about a person."),
    "legal-paper-step": N_("%(by)s recorded what was done about a legal request."),
    "legal-paper-ended": N_("%(by)s recorded that nothing was handed over because of a legal request."),
    "legal-paper-closed": N_("%(by)s closed a legal request."),
    "share-paused": N_("%(by)s paused sharing some information with %(other)s."),
    "share-resumed": N_("%(by)s resumed sharing some information with %(other)s."),
    "accounting": N_("%(by)s opened a disclosure history."),
    "member-invited": N_("%(by)s invited a colleague."),
    "invitation-withdrawn": N_("%(by)s withdrew an invitation."),
    "roles-changed": N_("%(by)s changed the roles of %(other)s."),
    "colleague-signed-out": N_("%(by)s signed %(other)s out everywhere."),
    "membership-ended": N_("%(by)s ended the membership of %(other)s."),
    "ring-made": N_("New keys were created while %(by)s was signed in."),
    "false-seal": N_(
        "%(by)s has a false copy of a key. It doesn't open anything, and no page of this system made it. To "
        "clear it, remove the role from this colleague, then give it back."
    ),
    "ring-sealed": N_("Colleagues were given keys while %(by)s was signed in."),
    "erasure-asked": N_("%(by)s requested the erasure of a record."),
    "erasure-taken-back": N_("%(by)s withdrew a request to erase a record."),
    "erased": N_("%(by)s confirmed the erasure of a record."),
    "hold-begun": N_("%(by)s placed a legal hold on a record."),
    "hold-ended": N_("%(by)s lifted the legal hold on a record."),
    "reset-code-made": N_("%(by)s created a reset code for %(other)s."),
    "came-back": N_("%(by)s has a new passphrase after a reset and is waiting for access to be restored."),
    "readmitted": N_("%(by)s restored access for %(other)s after a reset."),
    "readmitted-alone": N_(
        "%(by)s restored access for %(other)s after a reset and had also created the code. No other privacy "
        "officer could do it. That colleague and any other privacy officers were notified."
    ),
    "account-opened-again": N_("%(by)s reopened the account of %(other)s."),
    "recovery-printed": N_("%(by)s printed a new recovery key. The previous one no longer works."),
    "recovery-started": N_("%(by)s entered the words on the recovery sheet."),
    "recovery-used": N_("%(by)s confirmed the use of the printed recovery key."),
    "ring-dropped": N_("Old keys that are no longer used were deleted while %(by)s was signed in."),
    "keys-rewrapped": N_("Record keys were encrypted with the new keys while %(by)s was signed in."),
    "agreement-drafted": N_("%(by)s drafted an agreement."),
    "agreement-signed": N_("%(by)s signed an agreement."),
    "agreement-reviewed": N_("%(by)s confirmed the yearly review of an agreement."),
    "contact-line-changed": N_("%(by)s changed the contact line for partner agencies."),
    "share-declined": N_("%(by)s declined a record that %(other)s shared."),
    "agreement-left": N_("%(by)s ended an agreement."),
    "keys-accepted": N_("%(by)s checked the keys of %(other)s by phone."),
    "agreement-asked": N_("%(by)s asked the coalition's office for an agreement."),
    "agreement-request-closed": N_("%(by)s closed a request for an agreement."),
    "totals-counted": N_("%(by)s counted the agency's totals."),
    "totals-submitted": N_("%(by)s submitted the agency's totals."),
    "totals-reopened": N_("%(by)s reopened the agency's totals to correct them."),
    "totals-submitted-by-agency": N_("%(partner)s submitted its totals."),
    "totals-reopened-by-agency": N_("%(partner)s reopened its totals to correct them."),
    "totals-summed": N_("%(by)s combined the agencies' totals."),
    "totals-sent-back": N_("%(by)s sent combined totals back to the analyst."),
    "totals-published": N_("%(by)s published a table."),
    "system-connected": N_("%(by)s connected the system %(other)s."),
    "system-ended": N_("%(by)s disconnected the system %(other)s."),
    "paper-forwarded": N_("%(by)s forwarded a legal request that reached the hub to %(other)s."),
    "paper-opened": N_("%(by)s opened a legal request that reached the hub."),
    "paper-taken-on": N_("%(by)s took responsibility for a legal request that reached the hub."),
    "list-downloaded": N_("%(by)s downloaded one of the agency's lists as a file."),
    "time-zone-changed": N_("%(by)s changed the agency's time zone."),
    "agency-invited": N_("%(by)s invited %(other)s to the hub."),
}

# Refused requests. The first covers both "does not exist" and "not available"; the log does not tell which.
REFUSALS = {
    "not_found": N_("%(by)s tried to open something that doesn't exist or isn't available to them."),
    "no_longer": N_("%(by)s tried to open something that is no longer shared."),
    "status_403": N_("%(by)s tried to do something their role doesn't include."),
    "status_409": N_("%(by)s tried to save after another change was saved first. Nothing was overwritten."),
    "status_422": N_("%(by)s sent a form that had a problem."),
    "status_429": N_("%(by)s was asked to wait after too many requests in a short time."),
}


def sentence(line: Line, names: dict[str, str]) -> str:
    """Return the event as a sentence, or its code if it has none. `names`: colleagues and agencies by id."""
    table, key = (SENTENCES, line.action) if line.outcome == "done" else (REFUSALS, line.outcome)
    other = names.get(str(line.details.get("to", "")), _("a colleague"))
    said = {
        "by": line.by or _("Someone"),
        "partner": line.partner,
        "other": other,
    }
    return _(table[key]) % said if key in table else f"{said['by']}: {line.action} ({line.outcome})"
