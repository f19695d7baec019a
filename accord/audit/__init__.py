"""Append-only, chained events: who did what about whom, on what basis."""
