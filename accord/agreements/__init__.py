"""Which agencies have agreed to share what, and whose keys have they checked?"""
