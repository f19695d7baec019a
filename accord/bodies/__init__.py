"""The coalition's committees, who has a seat on them, and what they decided."""
