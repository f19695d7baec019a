"""XPath 1.0 with the OpenRosa functions, which is the expression language of XLSForms.

A form can come from a stranger, so an expression can only compute a value. `limits.py` limits its length, its depth,
its number of steps, and the length of every string that it creates.
"""

from __future__ import annotations

from accord.formlib.xpath import functions

__all__ = ["functions"]
