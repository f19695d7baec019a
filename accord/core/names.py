"""Convert a name to one form for search and linkage, no matter how it was typed. Pure functions.

`fold` keeps the name's script. It drops what writers leave out or mix up: case, accents, points, kinds of apostrophes
and hyphens, letter width, and invisible characters. It keeps the vowel signs of Indic, Burmese, Khmer, Thai, and
Tibetan scripts, which Unicode treats as marks, and never splits a word at a vowel sign. The tables of the anyascii
package supply the Latin spelling and the letters that Unicode does not decompose (Đ, Ł, Ø, ı, ß, Æ, Þ). `_SAME` is our
own table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from anyascii import anyascii

FOLDING = 2  # version of the rules below; `accord encode` writes it into its files, and the search index records it

# Characters inside a word that do not split it. NFKD would turn some of them into a space and an accent.
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛`´′‵＇՚׳ʹʼʻʽʾʿˈˊˋꞌꞋ᾿᾽΄"), "")
_JOINS = "\u0f0b"  # the Tibetan sign between syllables

# Marks that readers supply themselves: Latin, Greek, and Cyrillic accents, Hebrew points, Arabic and Syriac vowels,
# N'Ko tones, Ethiopic and Adlam length marks, Khmer inherent vowels, variation selectors, and nuktas.
_LEFT_OUT = (
    *((0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670)),
    *((0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x07EB, 0x07F3), (0x08D3, 0x08FF), (0x135D, 0x135F)),
    *((0x17B4, 0x17B5), (0x180B, 0x180F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F)),
    *((0xFE20, 0xFE2F), (0x1E944, 0x1E94A), (0xE0100, 0xE01EF)),
    *((nukta, nukta) for nukta in (0x093C, 0x09BC, 0x0A3C, 0x0ABC, 0x0B3C, 0x0CBC, 0x110BA)),
)

# Small words in names that no one searches for.
PARTICLES = frozenset(
    {"de", "la", "del", "las", "los", "da", "do", "dos", "das", "di", "van", "von", "der", "den", "le", "el", "al"}
    | {"bin", "ibn", "y", "e", "بن", "ابن"}
)


def _ethiopic() -> dict[str, str]:
    """Map Amharic letters that sound alike and get mixed up: ሐ ኀ ሃ to ሀ, ሠ to ሰ, ዐ ኣ to አ, ፀ to ጸ, in all vowel
    forms."""
    rows = ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230), (0x12D0, 0x12A0), (0x1340, 0x1338))
    found = {chr(one + i): chr(other + i) for one, other in rows for i in range(7)}
    return {**found, **dict.fromkeys("ሃሓኃ", "ሀ"), **dict.fromkeys("ኣዓ", "አ")}


# Letters that are used interchangeably in names. NFKD decomposes the rest, or anyascii spells them.
_SAME = {
    **dict.fromkeys("ةۃہھەۀ", "ه"),
    **dict.fromkeys("ىیېۍے", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **{"ٱ": "ا", "ګ": "گ", "ـ": "", "ء": ""},
    **{"װ": "וו", "ױ": "וי", "ײ": "יי"},
    **{"\u0901": "\u0902", "\u0981": "\u0982", "\u0a81": "\u0a82", "ৎ": "ত্"},
    **{"ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്"},
    **{"၀": "ဝ", "၇": "ရ"},  # Burmese digits typed in place of the letters they look like
    **{chr(katakana): chr(katakana - 0x60) for katakana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)},
    **_ethiopic(),
}


class _Signs(dict[int, str]):
    """The replacement for each character, computed when the character first appears."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _sign(chr(code))
        return found


def _sign(sign: str) -> str:
    """Return the replacement for one character in a name that is already case-folded and in NFKD."""
    code, kind = ord(sign), unicodedata.category(sign)
    if sign in _SAME:
        return _SAME[sign]
    if sign in _JOINS or kind == "Cf" or (kind[0] == "M" and any(a <= code <= b for a, b in _LEFT_OUT)):
        return ""
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    if 0x02B0 <= code <= 0x02FF:  # modifier letters
        return ""
    if kind[0] == "L" and not sign.isascii() and unicodedata.name(sign, "").startswith("LATIN "):
        return re.sub("[^a-z]", "", anyascii(sign).lower())
    return sign if kind[0] in "LMN" else " "


_SIGNS = _Signs()


def caseless(text: str) -> str:
    """Remove differences in case, width, and composition (Unicode case folding, then NFKD, twice)."""
    for form in ("NFD", "NFKD", "NFKD"):
        text = unicodedata.normalize(form, text.casefold())
    return text


def fold(name: str) -> str:
    """Return a name's words in its own script, in lowercase, separated by single spaces. Empty if it has no words."""
    if name.isascii():
        text = re.sub("[^a-z0-9]", " ", name.lower().translate(_APOSTROPHES))
    else:
        plain = name.translate(_APOSTROPHES).replace(".ª", "ª")  # M.ª is Mª, María
        signs = caseless(plain).translate(_SIGNS)
        text = unicodedata.normalize("NFC", signs)
    return " ".join(text.split())


def latin(word: str) -> str:
    """Return the usual Latin spelling (a to z) of a folded word. Empty if the tables contain none of its letters."""
    return word if word.isascii() and word.isalpha() else re.sub("[^a-z]", "", anyascii(word).lower())


def unspaced(sign: str) -> bool:
    """Return True for a letter from a script that puts no spaces between the parts of a name (Han, Hangul)."""
    code = ord(sign)
    return (
        0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7A3 or 0x20000 <= code <= 0x3FFFF or code in (0x3005, 0x3007)
    )


def units(word: str) -> tuple[str, ...]:
    """Return a folded word's parts for comparison: the word, or each Han or Hangul letter and each run of other
    letters."""
    if word.isascii():
        return (word,)
    found: list[str] = []
    running = False
    for sign in word:
        if unspaced(sign):
            found.append(sign)
        elif running:
            found[-1] += sign
        else:
            found.append(sign)
        running = not unspaced(sign)
    return tuple(found)


def joins(parts: Sequence[str]) -> tuple[str, ...]:
    """Return each pair of neighboring parts as one word, and all parts as one word: Jean Luc is also Jeanluc."""
    pairs = [first + second for first, second in pairwise(parts)]
    return tuple(dict.fromkeys([*pairs, "".join(parts)])) if len(parts) > 1 else ()
