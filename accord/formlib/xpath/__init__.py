"""XPath 1.0 with the OpenRosa functions, the expression language of XLSForms.

A form comes from strangers, so an expression can't do anything but compute a value. Its length, its depth, its number
of steps, and the length of every text it makes are limited (`limits.py`).
"""

from __future__ import annotations

from accord.formlib.xpath import functions

__all__ = ["functions"]
