"""Measure which school grade can read a text."""

from __future__ import annotations

import re

VOWELS_ENGLISH = re.compile(r"[aeiouy]+")
VOWELS_SPANISH = re.compile(r"[aeiouáéíóúü]+")
HIATUS = re.compile(r"[aeoáéó](?=[aeoáéó])|[íú](?=[aeoáéó])|[aeoáéó](?=[íú])")  # two vowels, two syllables


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that have words."""
    return [one for one in re.split(r"[.?!:¿¡\n]+", text) if words(one)]


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case and without numbers."""
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower())


def grade_english(text: str) -> float:
    """Return the Flesch-Kincaid grade (Kincaid et al. 1975)."""
    every = words(text)
    syllables = sum(_english(word) for word in every)
    return 0.39 * len(every) / len(sentences(text)) + 11.8 * syllables / len(every) - 15.59


def grade_spanish(text: str) -> float:
    """Return the grade for a Spanish text (Crawford 1984), which was made for the first six grades."""
    every = words(text)
    syllables = sum(_spanish(word) for word in every)
    return -20.5 * len(sentences(text)) / len(every) + 4.9 * syllables / len(every) - 3.407


def _english(word: str) -> int:
    count = len(VOWELS_ENGLISH.findall(word))
    silent = (word.endswith("e") and not word.endswith(("le", "ee"))) or (
        word.endswith("ed") and word[-3:-2] not in "td"
    )
    return max(1, count - silent)


def _spanish(word: str) -> int:
    plain = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word)
    return max(1, len(VOWELS_SPANISH.findall(plain)) + len(HIATUS.findall(plain)))
