"""Marking of sentences for translation in modules that know no Django, and the names of languages."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """The sentence itself. The name tells the extractor to put it in the catalogue; whoever shows it translates it."""
    return sentence


LANGUAGES = {
    "en": "English",
    "es": "español",
    "fr": "français",
    "ht": "kreyòl ayisyen",
    "pt": "português",
    "zh": "中文",
    "tl": "Tagalog",
    "vi": "Tiếng Việt",
    "ko": "한국어",
    "ru": "русский",
    "ar": "العربية",
    "th": "ไทย",
    "hi": "हिन्दी",
    "quc": "K’iche’",
    "mam": "Mam",
    "ase": "American Sign Language",
}
"""BCP 47 codes with the name that its speakers use. Text can be shown in few; consent can be talked about in all."""
