"""Screening: determinations by a named person, steps for a child, and who hands a screening off."""
