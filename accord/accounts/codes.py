"""What a notice says: neutral words, never a name or a place (acceptance line 111)."""

from __future__ import annotations

from accord.core.text import N_

NOTICES = {
    "share-begun": N_("Someone was shared with you."),
    "share-ended": N_("Someone is no longer shared with you."),
    "agreement-drafted": N_("An agreement waits for your agency's signature."),
    "agreement-signed": N_("A partner has signed an agreement with your agency."),
    "agreement-reviewed": N_("A partner has confirmed the yearly review of an agreement."),
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
