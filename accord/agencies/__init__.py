"""The coalition's agencies, the laws that bind them, and their settings."""
