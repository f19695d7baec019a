"""Riverbend, a made-up county with invented people, built by calling services only."""
