"""The functions of the expression language: those of XPath 1.0 and OpenRosa, and those that Enketo and ODK added."""

from __future__ import annotations

from accord.formlib.xpath.functions import choices, days, finding, numbers, places, texts, truths

__all__ = ["choices", "days", "finding", "numbers", "places", "texts", "truths"]
