"""The coalition's committees, their seats, and their decisions."""
