"""Marking of sentences for translation in modules that know no Django."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """The sentence itself. The name tells the extractor to put it in the catalogue; whoever shows it translates it."""
    return sentence
