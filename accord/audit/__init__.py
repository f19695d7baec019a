"""The append-only audit log: chained events that show who did what, about which person, and on what basis."""
