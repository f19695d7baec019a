"""Systems that are connected to an agency, and what they may do."""
