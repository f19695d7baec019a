"""Find the records in several lists that belong to one person, using plain fields or keyed tokens that reveal no
fields.

The only entry point is `model.link`. The steps are:

- `normalise` and `tokens` turn fields into tokens
- `candidates` finds pairs that share a token, and the facts that the tokens prove
- `fellegi_sunter` computes the probability of each pattern of facts
- `assign` builds links and clusters
- `counts` builds capture histories

`quality` measures how good the links are, and `attack` measures how much the tokens reveal.
"""
