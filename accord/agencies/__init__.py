"""Agencies, the laws that bind them, memberships, and agreements in force. This room builds the Actor."""
