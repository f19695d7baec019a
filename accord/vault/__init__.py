"""Keys and sealing: what permits is what decrypts."""
