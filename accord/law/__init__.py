"""Laws as dated data, and the answers that they give. The strictest rule wins, and each answer lists every rule that
applied.

`packs` reads and checks the data, `rules` answers questions about it, and `codes` lists the words that the data can
use. Nothing here uses the clock, the database, or Django, so the day is always a parameter.
"""
