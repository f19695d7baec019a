"""Agencies, the laws that bind them, memberships, agreements in force; builds the Actor."""
