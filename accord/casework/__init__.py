"""Needs, services, case notes, immigration, and the type of trafficking."""
