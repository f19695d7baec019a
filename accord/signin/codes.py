"""The action of changing how a user signs in. It requires no role."""

from __future__ import annotations

CHANGE_SIGN_IN = "change-sign-in"
