"""Protect: publish a table of counts of persons without giving away any small one.

    from accord.statlib.protect import Leaf, protect

    release = protect(
        [Leaf(("North", "labour"), 23, {"A": 9, "B": 8, "C": 6}), Leaf(("North", "sexual"), 4), ...],
        by=("county", "kind"),
        threshold=11,
    )
    for cell in release.cells:
        cell.keys    # ("North", "labour"); "*" stands for a total
        cell.value   # 23, or None where it is hidden
        cell.status  # "published", "primary" or "secondary"

Counts from 1 to threshold-1 are primary, and so, where agencies' contributions are given, are counts that fewer than
three agencies contributed to or of which one holds more than 80 per cent (`Rules`). Secondary cells are those hidden so
that no primary one can be worked out. `release.optimal` and `release.gap` say how much more could have been shown,
`release.audit` what the attacker's audit found. A table that cannot be protected raises `Exposed`: there is no release.
What is printed or drawn must not tell primary from secondary: both read "suppressed".
"""

from accord.statlib.protect.overlap import Sum
from accord.statlib.protect.primary import Rules
from accord.statlib.protect.release import Cell, Exposed, Protected, protect
from accord.statlib.protect.table import Leaf

__all__ = ["Cell", "Exposed", "Leaf", "Protected", "Rules", "Sum", "protect"]
