"""Forms that an agency brings: loading, publishing, and their pages."""
