"""Which records of several lists belong to one person: on plain fields, or on keyed tokens that show no field.

The only entry point is `model.link`. Order of work:

- `normalise` and `tokens`: fields to tokens
- `candidates`: pairs that share a token, and the facts that it proves
- `fellegi_sunter`: the probability of each pattern of facts
- `assign`: pairs and clusters
- `counts`: capture histories

`quality` and `attack` judge the result.
"""
