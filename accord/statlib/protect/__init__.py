"""Protect: publish a table of counts of people without revealing any small one.

    from accord.statlib.protect import Leaf, protect

    release = protect(
        [Leaf(("North", "labor"), 23, {"A": 9, "B": 8, "C": 6}), Leaf(("North", "sexual"), 4), ...],
        by=("county", "kind"),
        threshold=11,
    )
    for cell in release.cells:
        cell.keys    # ("North", "labor"); "*" means a total
        cell.value   # 23, or None if it is hidden
        cell.status  # "published", "primary" or "secondary"

Counts from 1 to threshold-1 are primary. If agencies' contributions are given, so are counts from fewer than three
agencies or with more than 80 percent from one (`Rules`). Secondary cells are hidden so that no primary one can be
worked out. `release.optimal` and `release.gap` say how much more could have been shown, `release.audit` what the
attacker's audit found. A table that can't be protected raises `Exposed`: there is no release. Printed or drawn tables
must not tell primary from secondary: both read "suppressed".
"""

from accord.statlib.protect.overlap import Sum
from accord.statlib.protect.primary import Rules
from accord.statlib.protect.release import Cell, Exposed, Protected, protect
from accord.statlib.protect.table import Leaf

__all__ = ["Cell", "Exposed", "Leaf", "Protected", "Rules", "Sum", "protect"]
