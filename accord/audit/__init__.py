"""The audit log: chained events that say who did what about which person, and on what basis. Append-only."""
