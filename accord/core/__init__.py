"""Code that every room uses: errors, ids, the clock, field types, and the embedded database."""
