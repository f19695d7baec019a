"""What a notice says: neutral words, never a name or a place (acceptance line 111), and the page it speaks of."""

from __future__ import annotations

from accord.access.codes import ERASE_PERSON, READ_AUDIT, READ_PAPERS
from accord.core.text import N_

NOTICES = {
    "share-begun": N_("Someone was shared with you."),
    "share-ended": N_("Someone is no longer shared with you."),
    "agreement-drafted": N_("An agreement waits for your agency's signature."),
    "agreement-signed": N_("A partner has signed an agreement with your agency."),
    "agreement-reviewed": N_("A partner has confirmed the yearly review of an agreement."),
    "failed-tries": N_(
        "There were several wrong tries to sign in to your account. If that was not you, change your passphrase and tell "
        "your privacy officer."
    ),
    "unusual-reading": N_("A colleague has opened unusually many people's pages. The log says who."),
    "readmitted-alone": N_(
        "A colleague was let back in after a reset by the officer who had made the code: no other officer was there to do it."
    ),
    "colleague-reset": N_("A colleague has a new passphrase and waits to be let back in. See Colleagues."),
    "recovery-started": N_("A colleague has begun to use the printed recovery key. See Colleagues."),
    "erasure-asked": N_("A colleague asks that a record is erased. It needs a second yes: see Erasures."),
    "keys-to-renew": N_("A colleague has left. Under Colleagues you can bring the renewal of keys on."),
    "paper-came": N_("A paper waits for your agency's privacy officers. See Papers, under Our agency."),
    "agreement-ended": N_("A partner has ended an agreement. Nothing passes under it any more."),
}

NOTICE_PAGES: dict[str, tuple[str, str | None]] = {
    "share-begun": ("people:today", None),
    "agreement-drafted": ("agencies:agreements", None),
    "agreement-signed": ("agencies:agreements", None),
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
"""Where to go on, and the action that the page needs: a list or a day page, never the page of one person."""
