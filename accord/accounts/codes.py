"""Notices: neutral words, never a name or a place (acceptance line 111), and the page each one leads to."""

from __future__ import annotations

from accord.access.codes import DRAFT_AGREEMENT, ERASE_PERSON, READ_AUDIT, READ_PAPERS, READ_PERSON
from accord.core.text import N_

NOTICES = {
    "share-begun": N_("A record was shared with you."),
    "share-ended": N_("A record is no longer shared with you."),
    "declined-full": N_("A partner agency declined a record you shared: it has no capacity now."),
    "declined-scope": N_("A partner agency declined a record you shared: it doesn't offer this service."),
    "declined-elsewhere": N_("A partner agency declined a record you shared: another agency is a better fit."),
    "declined-unsaid": N_("A partner agency declined a record you shared. It gave no reason."),
    "agreement-drafted": N_("An agreement is waiting for your agency's signature."),
    "agreement-signed": N_("A partner agency signed an agreement with your agency."),
    "agreement-asked": N_("An agency asks for an agreement."),
    "agreement-reviewed": N_("A partner agency confirmed the yearly review of an agreement."),
    "failed-tries": N_(
        "There were several failed attempts to sign in to your account. If that wasn't you, change your "
        "passphrase and tell your privacy officer."
    ),
    "unusual-reading": N_("A colleague opened an unusually high number of records. The audit log shows who."),
    "readmitted-alone": N_(
        "After a reset, a colleague's access was restored by the privacy officer who created the reset code. "
        "No other privacy officer could do it."
    ),
    "colleague-reset": N_("A colleague has a new passphrase and is waiting for access to be restored."),
    "recovery-started": N_("A colleague started using the printed recovery key."),
    "erasure-asked": N_(
        "A colleague requested the erasure of a record. A second person must confirm it under Erasures."
    ),
    "keys-to-renew": N_("A colleague left. You can continue the key renewal."),
    "paper-came": N_("A legal request is waiting for your agency's privacy officers."),
    "agreement-ended": N_("A partner agency ended an agreement. Nothing more is shared under it."),
}

NOTICE_PAGES: dict[str, tuple[str, str | None]] = {
    "share-begun": ("people:today", None),
    "declined-full": ("people:mine", READ_PERSON),
    "declined-scope": ("people:mine", READ_PERSON),
    "declined-elsewhere": ("people:mine", READ_PERSON),
    "declined-unsaid": ("people:mine", READ_PERSON),
    "agreement-drafted": ("agencies:agreements", None),
    "agreement-signed": ("agencies:agreements", None),
    "agreement-asked": ("agencies:agreements", DRAFT_AGREEMENT),
    "agreement-reviewed": ("agencies:agreements", None),
    "agreement-ended": ("agencies:agreements", None),
    "failed-tries": ("accounts:change_passphrase", None),
    "unusual-reading": ("agencies:log", READ_AUDIT),
    "colleague-reset": ("agencies:colleagues", None),
    "readmitted-alone": ("agencies:log", READ_AUDIT),
    "recovery-started": ("agencies:colleagues", None),
    "keys-to-renew": ("agencies:colleagues", None),
    "erasure-asked": ("people:erasures", ERASE_PERSON),
    "paper-came": ("agencies:papers", READ_PAPERS),
}
"""The page to go to, and the action that it needs: a list or a day page, never one person's page."""
