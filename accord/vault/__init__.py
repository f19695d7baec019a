"""Keys and encryption: the facts that allow a reader to read also decide what their keys can decrypt."""
