"""Screening: what answers indicate, what a named person determined, and what must happen next."""
