"""Legal requests that reached the hub or an agency, and what was done about them."""
