"""Base code for every room: errors, ids, the clock, field types, the embedded database."""
