"""The packs, their loader, and what is true of any packs."""
