"""Needs and services given."""
