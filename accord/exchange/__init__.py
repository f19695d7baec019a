"""Exchanges between two agencies, as sealed steps that are never changed."""
