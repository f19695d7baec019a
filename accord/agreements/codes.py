"""Labels for agreements and for partners' keys."""

from __future__ import annotations

from accord.access.codes import KINDS, MEETS_PEOPLE
from accord.agreements.workflows import AgreementState
from accord.core.text import N_
from accord.vault.codes import KeyState

# Kinds that a coalition agreement can include, because any agency that works with people may receive them.
COALITION_KINDS = tuple(
    code for code, kind in KINDS.items() if not kind.never_shared and kind.recipients == MEETS_PEOPLE
)
AGREEMENT_STATES = {
    AgreementState.WAITING: ("wait", N_("Waiting for a signature")),
    AgreementState.KEYS: ("wait", N_("Signed, waiting for a key check")),
    AgreementState.COMING: ("wait", N_("Signed, not started yet")),
    AgreementState.IN_FORCE: ("ok", N_("In effect")),
    AgreementState.REVIEW_DUE: ("urgent", N_("Active, yearly review due")),
    AgreementState.LAPSED: ("urgent", N_("Paused, yearly review overdue")),
    AgreementState.ENDED: ("ended", N_("Ended")),
}
"""The color (as in ui.components.STATES) and the label of each state."""
# States of a partner's keys, compared with the keys that a privacy officer checked by phone.
KEY_STATES = {
    KeyState.SAME: ("ok", N_("Checked by phone")),
    KeyState.SIGNED: ("ok", N_("New keys, signed with the keys you checked")),
    KeyState.NEW: ("urgent", N_("New keys to check by phone")),
    KeyState.NONE: ("wait", N_("Not checked by phone yet")),
    KeyState.ABSENT: ("plain", N_("They have no keys yet because no one there has signed in.")),
}
