"""Accord: software for anti-trafficking task forces and coalitions."""
