"""Agencies, the laws that bind them, memberships, agreements in force. Builds the Actor."""
