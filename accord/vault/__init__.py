"""Keys and encryption. The same facts determine what someone may read and what their keys can decrypt."""
