"""Names, contacts, search: the person page."""
