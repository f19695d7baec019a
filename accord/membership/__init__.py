"""Who works for which agency, in which roles, and with which keys."""
