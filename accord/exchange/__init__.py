"""What do two agencies tell each other, step by step? Sealed steps that are never changed."""
