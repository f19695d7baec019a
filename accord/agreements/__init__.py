"""Agreements between agencies on what they share, and checks of partners' keys."""
