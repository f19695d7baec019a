"""Persons, shares, assignments, and the rules for who may open which information about a person."""
