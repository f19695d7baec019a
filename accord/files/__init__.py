"""How is a file kept sealed, from its first byte?"""
