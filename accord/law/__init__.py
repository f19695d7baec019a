"""Law as dated data, and what follows from it: the strictest rule wins, and every rule that spoke is named.

`packs` reads and checks the data, `rules` answers questions about it, `codes` are the words that the data may use.
Nothing here knows the clock, the database or Django: the day is always a parameter.
"""
