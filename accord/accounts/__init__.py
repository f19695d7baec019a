"""Accounts, sign-in, sessions, notices without content."""
