"""Who has to do what, and by when? Tasks as codes, for one colleague or for a role, with a clock."""
