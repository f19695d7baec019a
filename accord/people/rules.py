"""Pure functions for names and ages: search buckets, name similarity, and age from a birth date.

Anyone who gets a table of full name hashes can crack it by counting frequencies. So the sounds of a name are placed in
a few buckets under the agency's search key, and a search opens and compares the candidates. See `accord.core.names` for
how a name is folded.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from accord.core import names
from accord.core.nicknames import full_names, short_names
from accord.core.spans import years_on

_PREFIXES = frozenset({"mc", "mac", "fitz", "san", "santa", "saint", "st"})
_CODES = {**dict.fromkeys("bfpv", "1"), **dict.fromkeys("cgjkqsxz", "2"), **dict.fromkeys("dt", "3"), "l": "4"} | {
    **dict.fromkeys("mn", "5"),
    "r": "6",
}

# Buckets ------------------------------------------------------------------------------------------------------------

MOST_BITS, FEWEST_BITS = 10, 3
PEOPLE_PER_BUCKET = 100
_FOLDING, _SCHEME = 1_000_000, 10_000
BUCKETS_BEFORE = 1_024  # buckets of the first folding method, which has the lowest row numbers
WAITING = -1  # replaces the bucket number of a name that is not indexed yet


def bits_for(people: int) -> int:
    """Return the number of buckets for this many people, as an exponent of two. Each bucket gets about 100 people, so a
    bucket reveals as little in a small agency as in a large one."""
    return min(MOST_BITS, max(FEWEST_BITS, (people // PEOPLE_PER_BUCKET).bit_length() - 1))


def base(bits: int) -> int:
    """Return the number of the first of 2 ** bits buckets. The number encodes the folding method and the number of
    buckets. Rows of an older index have lower numbers, and searches use those rows until they are rebuilt."""
    return names.FOLDING * _FOLDING + bits * _SCHEME


def bits_of(bucket: int) -> int:
    """Return the number of buckets, as an exponent of two, that one bucket's number encodes. Returns zero if the row
    was made by an older folding method or is not indexed yet."""
    return (bucket - names.FOLDING * _FOLDING) // _SCHEME if bucket >= names.FOLDING * _FOLDING else 0


# Sounds -------------------------------------------------------------------------------------------------------------


def plain(name: str) -> str:
    """Return a name in the form used for comparison. A name without letters keeps its other characters."""
    return names.fold(name) or names.caseless(name).strip()


def parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name that a search uses: folded words without particles, or single letters in scripts
    without spaces."""
    return _parts(name, names.fold(name).split())


def _parts(name: str, found: list[str]) -> tuple[str, ...]:
    kept = [word for word in found if word not in names.PARTICLES] or found or [plain(name)]
    return tuple(unit for word in kept for unit in names.units(word) if unit)


def sound(part: str) -> str:
    """Return a coarse Soundex code for one name part: the class of the first letter and up to three consonant classes.
    A part without Latin letters is returned unchanged after an equals sign."""
    return _sound(part, names.latin(part))


def _sound(part: str, spelled: str) -> str:
    if not spelled:
        return f"={part}"
    digits = [_CODES.get(letter, "") for letter in spelled]
    squeezed = [d for i, d in enumerate(digits) if d and (i == 0 or d != digits[i - 1])]
    return (_CODES.get(spelled[0], "0") + "".join(squeezed[1 if digits[0] else 0 :]))[:4]


def runs(name: str) -> tuple[str, ...]:
    """Return words that are often written as one: initials and particles joined to the next word (O Brien, de la
    Vega)."""
    return _runs(names.fold(name).split())


def _runs(words: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    before = ""
    for word in words:
        if word in names.PARTICLES or word in _PREFIXES or _is_initial(word):
            before += word
        else:
            found += [before + word] if before else []
            before = ""
    return tuple(found)


def sounds(*of: str) -> set[str]:
    """Return the sounds of all parts of these names. A nonempty name has at least one sound."""
    split = [(name, names.fold(name).split()) for name in of if name]
    return {sound(part) for name, words in split for part in (*_parts(name, words), *_runs(words))}


def more_sounds(name: str) -> set[str]:
    """Return more sounds that this name may be indexed under: joined parts, a part split in two, short forms, and
    long forms."""
    asked = parts(name)
    spelled = [names.latin(part) for part in asked]
    found = {*names.joins(spelled)}
    for word in spelled:
        found |= {piece for cut in range(2, len(word) - 1) for piece in (word[:cut], word[cut:])}
    for part in asked:
        found |= {*full_names().get(part, ()), *short_names().get(part, ())}
    return {sound(piece) for piece in found if piece} - sounds(name)


def sounds_before(*of: str) -> set[str]:
    """Return the sounds from the first folding method, which used only the letters a to z. An index made with that
    method needs them."""
    found = set()
    for name in of:
        text = unicodedata.normalize("NFKD", name.casefold())
        letters = "".join(sign for sign in text if not unicodedata.combining(sign))
        found |= {sound(part) for part in re.sub(r"[^a-z ]", " ", letters).split()}
    return found


# Similarity ---------------------------------------------------------------------------------------------------------

SAME, BEGINS, SHORT, ALIKE = 8, 6, 4, 2
_SPELLINGS = [
    (re.compile(pattern), by)
    for pattern, by in (
        ("ph", "f"),
        ("[cq]u?(?=[ei])|qu|ck|c|q", "k"),
        ("[xz]", "s"),
        ("v", "b"),
        ("y", "i"),
        ("w", "u"),
    )
]


class Likeness(NamedTuple):
    """The similarity of two names. `whole` is true if every search part matches a word or the start of a word."""

    whole: bool
    score: int


def _squeezed(spelled: str) -> str:
    """Return a spelling in which interchangeable letters are the same and no letter is doubled."""
    for pattern, by in _SPELLINGS:
        spelled = pattern.sub(by, spelled)
    return re.sub(r"h|(.)(?=\1)", "", spelled)


def _steps(one: str, other: str) -> int:
    """Return how many letters must be inserted, deleted, or changed to turn one word into the other (Levenshtein
    distance)."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != against))
    return row[-1]


def _one_slip(one: str, other: str) -> bool:
    """Return whether the two words differ by one letter that is inserted, deleted, changed, or swapped with its
    neighbor."""
    start = 0
    for letter, against in zip(one, other, strict=False):
        if letter != against:
            break
        start += 1
    one, other = one[start:], other[start:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[1:] == shorter


class Asked:
    """The name searched for, split only once for all comparisons."""

    def __init__(self, text: str) -> None:
        self.parts = parts(text)
        self.spelled = [names.latin(part) for part in self.parts]
        self.sounds = [sound(part) for part in self.parts]
        self.roots = [frozenset(full_names().get(part, (part,))) for part in self.parts]
        self.pairs = [(i, first + second) for i, (first, second) in enumerate(pairwise(self.parts))]
        self.heavy = [i for i, part in enumerate(self.parts) if not _is_initial(part)] or [*range(len(self.parts))]
        self._met: dict[str, list[int]] = {}  # words already compared, because given names repeat often

    def likeness(self, used: str, others: str = "") -> Likeness | None:
        """Return how similar this name is, or None if the names are different. At least half of the shorter name's
        parts must match."""
        words, more = (names.fold(name).split() if name else [] for name in (used, others))
        own = _parts(used, words)
        have = own + _parts(others, more) if others.strip() else own
        ones = (*names.joins(have), *_runs(words), *_runs(more))
        if not have or not self.parts:
            return None
        found = [max(one) for one in zip(*map(self._word, have), strict=True)]
        self._written_as_one(found, have, ones)
        there = sum(found[i] > 0 for i in self.heavy)
        if not there or 2 * there < min(len(self.heavy), len(own)):
            return None
        return Likeness(min(found) >= BEGINS, 2 * sum(found) + (self.parts == own))

    def _written_as_one(self, found: list[int], have: tuple[str, ...], ones: tuple[str, ...]) -> None:
        """Match a joined name with a split one, such as Jeanluc with Jean Luc, in either direction. If the two names
        are in different scripts, they are only treated as similar."""
        for i, pair in self.pairs:
            if pair in have:
                found[i] = found[i + 1] = SAME
        for i, part in enumerate(self.parts if ones else ()):
            if part in ones:
                found[i] = SAME
            elif not found[i] and not "".join(have).isascii():
                found[i] = ALIKE * (self.spelled[i] in names.joins([names.latin(word) for word in have]))

    def _word(self, word: str) -> list[int]:
        if word not in self._met:
            spelled = names.latin(word)
            self._met[word] = [self._part(i, word, spelled) for i in range(len(self.parts))]
        return self._met[word]

    def _part(self, i: int, word: str, other: str) -> int:
        part = self.parts[i]
        if part == word:
            return SAME
        if word.startswith(part) and (len(part) > 1 or len(self.parts) > 1):
            return BEGINS
        if not self.roots[i].isdisjoint(full_names().get(word, (word,))):
            return SHORT
        return ALIKE if self._alike(i, word, other) else 0

    def _alike(self, i: int, word: str, other: str) -> bool:
        """Return whether two parts are spellings of the same sound or differ by one slip. `other` is the word in Latin
        letters."""
        spelled = self.spelled[i]
        longest = max(len(spelled), len(other))
        if longest < 3 or min(len(spelled), len(other)) < 2:
            return spelled == other != ""
        if longest > 3 and abs(len(spelled) - len(other)) < 2 and _one_slip(spelled, other):
            return True
        if _sound(word, other) != self.sounds[i]:
            return False
        one, two = _squeezed(spelled), _squeezed(other)
        if self.parts[i].isascii() != word.isascii():  # the other script may omit vowels
            bare = [re.sub("[aeiou]", "", each) for each in (one, two)]
            if len(bare[0]) > 1 and bare[0] == bare[1]:
                return True
        return _steps(one, two) <= longest // 3


def _is_initial(part: str) -> bool:
    return len(part) == 1 and part.upper() != part


class Ages(NamedTuple):
    """The lowest and highest possible ages. They are equal if the date of birth is known."""

    least: int
    most: int


def born_for_age(years: int, said_on: date) -> tuple[date, date]:
    """Return the first and last possible birth dates of someone who was `years` old on `said_on`."""
    return years_on(said_on, -years - 1) + timedelta(days=1), years_on(said_on, -years)


def age_on(birth: date, day: date) -> int:
    """Return the age in whole years on a day. Someone born on February 29 turns a year older on March 1 in a
    non-leap year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
