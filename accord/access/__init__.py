"""Who acts, in which role, and what they may do: actors, actions, roles, decisions, the acting transaction, default deny."""
