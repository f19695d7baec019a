"""Law as dated data, and its answers: the strictest rule wins, and every rule that applied is named.

`packs` reads and checks the data, `rules` answers questions about it, `codes` are the words that the data can use.
Nothing here knows the clock, the database or Django: the day is always a parameter.
"""
