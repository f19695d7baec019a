"""Actors, roles, actions, decisions, the transaction for each request, and default deny."""
