"""Keys and encryption. The same facts decide what someone may read and what their keys can decrypt."""
