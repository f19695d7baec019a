"""Which legal requests reached the hub or an agency, and what was done about them?"""
