"""Tasks, stored as codes: who has to do what, and by when. A task is for one colleague or for a role."""
