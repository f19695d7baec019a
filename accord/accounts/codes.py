"""What one may do with one's own account. It needs no role."""

from __future__ import annotations

CHANGE_SIGN_IN = "change-sign-in"
