"""Publish a table that counts people without revealing any small count.

    from accord.statlib.protect import Leaf, protect

    release = protect(
        [Leaf(("North", "labor"), 23, {"A": 9, "B": 8, "C": 6}), Leaf(("North", "sexual"), 4), ...],
        by=("county", "kind"),
        threshold=11,
    )
    for cell in release.cells:
        cell.keys    # ("North", "labor"); "*" means a total
        cell.value   # 23, or None if it is hidden
        cell.status  # "published", "primary", or "secondary"

Counts from 1 to threshold-1 are primary. If the agencies' contributions are given, a count is also primary when it
comes from fewer than three agencies or when more than 80 percent of it comes from one agency (`Rules`). Secondary cells
are hidden so that no primary cell can be worked out. `release.optimal` and `release.gap` show how much more could have
been published, and `release.audit` holds the result of the audit. If a table can't be protected, `protect` raises
`Exposed` and returns no release. Printed tables and charts must not distinguish primary from secondary cells. Both must
read "suppressed".
"""

from accord.statlib.protect.overlap import Sum
from accord.statlib.protect.primary import Rules
from accord.statlib.protect.release import Cell, Exposed, Protected, protect
from accord.statlib.protect.table import Leaf

__all__ = ["Cell", "Exposed", "Leaf", "Protected", "Rules", "Sum", "protect"]
