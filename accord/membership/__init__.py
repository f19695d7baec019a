"""Memberships: who works for which agency, in which roles, and with which keys."""
