"""Accord: the system that anti-trafficking task forces and coalitions run on."""
