"""Pages for signing in and out, and for one's own account."""
