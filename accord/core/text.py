"""Mark sentences for translation in modules without Django, and name languages."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """Return the sentence unchanged. The name `N_` tells the extractor to add the sentence to the catalog."""
    return sentence


ANSWERS = {
    "not_asked": N_("Not asked"),
    "dont_know": N_("Doesn't know"),
    "declined": N_("Prefers not to say"),
}
"""The answers that every sensitive question offers in addition to its own answers."""

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
    "quc": "Kʼicheʼ",
    "mam": N_("Mam"),
    "ase": N_("American Sign Language"),
}
"""BCP 47 codes, each with the language's own name. Consent can be discussed in all of them. Screens use only a few."""
