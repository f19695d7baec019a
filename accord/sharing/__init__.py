"""Who may open what about which person: persons, shares, assignments, the access decision and the floor."""
