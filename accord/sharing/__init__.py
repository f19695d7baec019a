"""Persons, shares, assignments, and the rules for who may open what about which person."""
