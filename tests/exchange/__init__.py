"""Exchanges between agencies."""
