"""The action that changes how a user signs in. It needs no role."""

from __future__ import annotations

CHANGE_SIGN_IN = "change-sign-in"
