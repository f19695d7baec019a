"""Which agencies are in the coalition, which laws bind them, and how are they set up?"""
