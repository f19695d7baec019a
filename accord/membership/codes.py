"""Labels for what a colleague is waiting for."""

from __future__ import annotations

from accord.core.text import N_

# Why a colleague can't work right now.
WAITS = {
    "sign_in": N_("Has a new passphrase but hasn't signed in yet"),
    "officer": N_("Has a new passphrase and is waiting for access to be restored"),
    "closed": N_("Closed after 90 days without a sign-in"),
}
