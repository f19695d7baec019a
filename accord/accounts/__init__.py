"""Accounts, sign-in, sessions, and notices that don't name anyone."""
