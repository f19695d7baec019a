"""Needs, help given, notes, immigration, the type of exploitation."""
