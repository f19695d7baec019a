"""Who acts, as what, and whether: Actor, Action, Decision, roles, the acting transaction, default deny."""
