"""Names, safe contact, search, and the person page."""
