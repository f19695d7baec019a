"""Keys and encryption: the same facts that permit a reader decide what their keys can decrypt."""
