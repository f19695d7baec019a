"""Which committees does the coalition have, who sits in them, and what did they decide?"""
