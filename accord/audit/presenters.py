"""What an event of the log says, as a sentence. Never a person's name: the log has none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accord.audit.queries import Line
from accord.core.text import N_

# Every action that anything in the house logs has its line here (tests/agencies/test_log.py).
SENTENCES = {
    "signed-in": N_("%(by)s signed in."),
    "failed-tries": N_("Before %(by)s signed in, there were wrong tries to sign in to this account."),
    "signed-out-elsewhere": N_("%(by)s signed out everywhere else."),
    "passphrase-changed": N_("%(by)s changed her passphrase."),
    "recovery-codes-made": N_("%(by)s made new recovery codes."),
    "passkey-added": N_("%(by)s added a passkey."),
    "passkey-removed": N_("%(by)s removed a passkey."),
    "purpose-declared": N_("%(by)s declared what she works for."),
    "access-renewed": N_("%(by)s renewed her yearly promise."),
    "searched": N_("%(by)s searched by name."),
    "listed-my-people": N_("%(by)s opened the list of her people."),
    "listed-agency-people": N_("%(by)s opened the list of all people of the agency."),
    "listed-kept": N_("%(by)s opened the list of what they were writing."),
    "listed-my-tasks": N_("%(by)s opened their task list."),
    "listed-behind-figure": N_("%(by)s opened the list of people behind a total."),
    "identified-record": N_("%(by)s looked up which record is to be erased or held."),
    "looked-at-team": N_("%(by)s looked at who works with a person."),
    "listed-to-reassign": N_("%(by)s opened the list of people whose colleague has left."),
    "read": N_("%(by)s read a record."),
    "read-shared": N_("%(by)s read what a partner shares with us."),
    "given-unreadable": N_("What a partner shares did not open when %(by)s looked: no page seals so. Ask that agency."),
    "read-by-partner": N_("%(by)s of %(partner)s read what we share."),
    "record-opened": N_("%(by)s opened a new record."),
    "task-done": N_("%(by)s marked a task as done."),
    "task-undone": N_("%(by)s took back that a task is done."),
    "written": N_("%(by)s wrote in a record."),
    "assigned": N_("%(by)s assigned a person to %(whom)s."),
    "reassigned": N_("%(by)s gave the people of a colleague who left to %(whom)s."),
    "granted": N_("%(by)s let %(whom)s in, with a reason."),
    "tie-ended": N_("%(by)s ended the tie of %(whom)s to a record."),
    "records-joined": N_("%(by)s joined two records of one person."),
    "records-parted": N_("%(by)s parted two records again."),
    "barred": N_("%(by)s barred %(whom)s from a record."),
    "device-handed-over": N_("%(by)s handed the device over for reading and signing."),
    "device-taken-back": N_("%(by)s took the device back."),
    "share-begun": N_("%(by)s began to share with %(whom)s."),
    "share-ended": N_("%(by)s ended a share with %(whom)s."),
    "disclosed-outside": N_("%(by)s handed something over outside this system."),
    "legal-paper-logged": N_("%(by)s noted a legal paper that asks about a person."),
    "legal-paper-step": N_("%(by)s noted what was done about a legal paper."),
    "legal-paper-ended": N_("%(by)s noted that nothing was handed over because of a legal paper."),
    "legal-paper-closed": N_("%(by)s closed a legal paper."),
    "share-paused": N_("%(by)s paused a share with %(whom)s."),
    "share-resumed": N_("%(by)s let a paused share with %(whom)s go on."),
    "accounting": N_("%(by)s opened an accounting of who saw what."),
    "member-invited": N_("%(by)s invited a colleague."),
    "invitation-withdrawn": N_("%(by)s took back a one-time code."),
    "roles-changed": N_("%(by)s changed the roles of %(whom)s."),
    "colleague-signed-out": N_("%(by)s signed %(whom)s out everywhere."),
    "membership-ended": N_("%(by)s ended the membership of %(whom)s."),
    "ring-made": N_("New keys were made when %(by)s was signed in."),
    "false-seal": N_(
        "Among the keys of %(by)s is a seal that does not hold its key, and no page made it. Take the role away from her "
        "and give it back: that clears it."
    ),
    "ring-sealed": N_("Keys were given to colleagues when %(by)s was signed in."),
    "erasure-asked": N_("%(by)s asked that a record is erased."),
    "erasure-taken-back": N_("%(by)s took back that a record is erased."),
    "erased": N_("%(by)s confirmed the erasure of a record."),
    "hold-begun": N_("%(by)s put a legal hold on a record."),
    "hold-ended": N_("%(by)s lifted the legal hold on a record."),
    "reset-code-made": N_("%(by)s made a reset code for %(whom)s."),
    "came-back": N_("%(by)s has a new passphrase after a reset and waits to be let back in."),
    "readmitted": N_("%(by)s let %(whom)s back in after a reset."),
    "readmitted-alone": N_(
        "%(by)s let %(whom)s back in after a reset whose code she had made herself: no other officer could. All were told."
    ),
    "account-opened-again": N_("%(by)s opened the account of %(whom)s again."),
    "recovery-printed": N_("%(by)s printed a recovery key; the one before ended."),
    "recovery-started": N_("%(by)s typed the words of the printed recovery key."),
    "recovery-used": N_("%(by)s confirmed the use of the printed recovery key."),
    "ring-dropped": N_("Old keys under which nothing lies any more were deleted when %(by)s was signed in."),
    "keys-rewrapped": N_("Data keys were put under the new keys in the session of %(by)s."),
    "agreement-drafted": N_("%(by)s drafted an agreement."),
    "agreement-signed": N_("%(by)s signed an agreement."),
    "agreement-reviewed": N_("%(by)s confirmed the yearly review of an agreement."),
    "agreement-left": N_("%(by)s ended an agreement."),
    "keys-accepted": N_("%(by)s accepted the new keys of %(whom)s."),
    "totals-counted": N_("%(by)s counted the agency's totals."),
    "totals-submitted": N_("%(by)s submitted the agency's totals."),
    "totals-reopened": N_("%(by)s took the agency's totals back to correct them."),
    "totals-submitted-by-agency": N_("%(partner)s submitted its totals."),
    "totals-reopened-by-agency": N_("%(partner)s took its totals back to correct them."),
    "totals-summed": N_("%(by)s summed the totals."),
    "totals-sent-back": N_("%(by)s sent a sum back to the analyst."),
    "totals-published": N_("%(by)s published a table."),
    "system-connected": N_("%(by)s connected the system %(whom)s."),
    "system-ended": N_("%(by)s disconnected the system %(whom)s."),
    "paper-forwarded": N_("%(by)s passed a paper that reached the hub on to %(whom)s."),
    "paper-opened": N_("%(by)s opened a paper that reached the hub."),
    "paper-taken-on": N_("%(by)s took on a paper that reached the hub."),
    "list-downloaded": N_("%(by)s downloaded a list of the agency as a file."),
    "agency-invited": N_("%(by)s invited %(whom)s to the hub."),
}

# What was asked for and not given. Which of the first it was, the log does not tell either.
REFUSALS = {
    "not_found": N_("%(by)s asked for something that is not there, or not hers to know of."),
    "no_longer": N_("%(by)s asked for something that is no longer shared."),
    "status_403": N_("%(by)s tried something that her role does not include."),
    "status_409": N_("%(by)s was slower than a colleague; nothing was overwritten."),
    "status_422": N_("%(by)s sent a form that needed another look."),
    "status_429": N_("%(by)s was asked to wait: too much in a short time."),
}


def sentence(line: Line, names: dict[str, str]) -> str:
    """The event in words; an action without a sentence is shown as its code. `names`: colleagues and agencies by id."""
    table, key = (SENTENCES, line.action) if line.outcome == "done" else (REFUSALS, line.outcome)
    whom = names.get(str(line.details.get("to", "")), _("a colleague"))
    said = {
        "by": line.by or _("Somebody"),
        "partner": line.partner,
        "whom": whom,
    }
    return _(table[key]) % said if key in table else f"{said['by']}: {line.action} ({line.outcome})"
