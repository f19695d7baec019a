"""Pages for signing in and out, and for the user's own account."""
