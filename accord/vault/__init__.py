"""Keys, sealing, sealed files: what permits is what decrypts."""
