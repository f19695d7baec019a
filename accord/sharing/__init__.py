"""Who may open what about whom: Person, Share, Assignment, the decision and the floor."""
