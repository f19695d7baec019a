"""Accounts, signing in, sessions, and notices that name no one."""
