"""The packs, their loader, and what holds for any packs."""
