"""The functions of the expression language: XPath 1.0, OpenRosa, and the ones that Enketo and ODK added."""

from __future__ import annotations

from accord.formlib.xpath.functions import choices, days, finding, numbers, places, texts, truths

__all__ = ["choices", "days", "finding", "numbers", "places", "texts", "truths"]
