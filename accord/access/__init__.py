"""Actors, roles, actions and decisions, the transaction of each request, and default deny."""
