"""Riverbend, a made-up county with invented people, built only by calling services."""
