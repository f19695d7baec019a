"""Accounts, sign-in, sessions, and notices that name no one."""
