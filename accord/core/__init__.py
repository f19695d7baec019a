"""What every room stands on: errors, ids, the clock, field types, the embedded database."""
