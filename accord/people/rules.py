"""How a name is looked for: by which buckets, and how like it another one is; how old somebody is. Pure.

A full hash of a name falls to frequency counting by whoever holds the table, so what a name part sounds like is cut into
few buckets under the agency's search key, and candidates are opened and compared. How a name is folded: `accord.core.names`.
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
BUCKETS_BEFORE = 1_024  # of the first folding, whose rows have the lowest numbers
WAITING = -1  # in place of a bucket: this name is not indexed yet


def bits_for(people: int) -> int:
    """In how many buckets, as a power of two, the names of an agency of so many people fall: about a hundred to each, so
    that a bucket says as little in an agency of two thousand as in one of a hundred thousand."""
    return min(MOST_BITS, max(FEWEST_BITS, (people // PEOPLE_PER_BUCKET).bit_length() - 1))


def base(bits: int) -> int:
    """The number that the first of 2 ** bits buckets has. It says which folding the names had, and how many buckets
    there are: an index of older ones has lower numbers, and goes on being looked into until it is made anew."""
    return names.FOLDING * _FOLDING + bits * _SCHEME


def bits_of(bucket: int) -> int:
    """How many buckets there are beside this one; zero for one of an older folding or none."""
    return (bucket - names.FOLDING * _FOLDING) // _SCHEME if bucket >= names.FOLDING * _FOLDING else 0


# Sounds -------------------------------------------------------------------------------------------------------------


def plain(name: str) -> str:
    """A name as it is compared; one without any letter is compared as it is."""
    return names.fold(name) or names.caseless(name).strip()


def parts(name: str) -> tuple[str, ...]:
    """What of a name is looked for: its folded words without particles, each letter where a script sets no spaces."""
    found = names.fold(name).split()
    kept = [word for word in found if word not in names.PARTICLES] or found or [plain(name)]
    return tuple(unit for word in kept for unit in names.units(word) if unit)


def sound(part: str) -> str:
    """A coarse Soundex of one name part: first letter by its class and up to three consonant classes. The part itself
    where it has no Latin letters."""
    spelled = names.latin(part)
    if not spelled:
        return f"={part}"
    digits = [_CODES.get(letter, "") for letter in spelled]
    squeezed = [d for i, d in enumerate(digits) if d and (i == 0 or d != digits[i - 1])]
    return (_CODES.get(spelled[0], "0") + "".join(squeezed[1 if digits[0] else 0 :]))[:4]


def runs(name: str) -> tuple[str, ...]:
    """Words that are often written as one: initials and particles with the word after them (O Brien, de la Vega)."""
    found: list[str] = []
    before = ""
    for word in names.fold(name).split():
        if word in names.PARTICLES or word in _PREFIXES or _is_initial(word):
            before += word
        else:
            found += [before + word] if before else []
            before = ""
    return tuple(found)


def sounds(*of: str) -> set[str]:
    """The sounds of all parts of all names: at least one for any name that is not empty."""
    return {sound(part) for name in of for part in (*parts(name), *runs(name))}


def more_sounds(name: str) -> set[str]:
    """Sounds under which someone of this name may be indexed too: parts written as one word, a part written as two, short
    for long names and long for short ones."""
    asked = parts(name)
    spelled = [names.latin(part) for part in asked]
    found = {*names.joins(spelled)}
    for word in spelled:
        found |= {piece for cut in range(2, len(word) - 1) for piece in (word[:cut], word[cut:])}
    for part in asked:
        found |= {*full_names().get(part, ()), *short_names().get(part, ())}
    return {sound(piece) for piece in found if piece} - sounds(name)


def sounds_before(*of: str) -> set[str]:
    """The sounds of the first folding, which knew the letters a to z only: for an index that was made with it."""
    found = set()
    for name in of:
        text = unicodedata.normalize("NFKD", name.casefold())
        letters = "".join(sign for sign in text if not unicodedata.combining(sign))
        found |= {sound(part) for part in re.sub(r"[^a-z ]", " ", letters).split()}
    return found


# Likeness -----------------------------------------------------------------------------------------------------------

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
    """How like what is looked for a name is. `whole`: each part of it is there, as it is or as a beginning."""

    whole: bool
    score: int


def _squeezed(spelled: str) -> str:
    """A spelling in which letters that are swapped for one another are one, and none is doubled."""
    for pattern, by in _SPELLINGS:
        spelled = pattern.sub(by, spelled)
    return re.sub(r"h|(.)(?=\1)", "", spelled)


def _steps(one: str, other: str) -> int:
    """Letters to put in, take out or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != against))
    return row[-1]


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is put in, left out, changed, or exchanged with its neighbor."""
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
    """What is looked for, taken apart once for all names that it is compared with."""

    def __init__(self, text: str) -> None:
        self.parts = parts(text)
        self.spelled = [names.latin(part) for part in self.parts]
        self.sounds = [sound(part) for part in self.parts]
        self.roots = [frozenset(full_names().get(part, (part,))) for part in self.parts]
        self.pairs = [(i, first + second) for i, (first, second) in enumerate(pairwise(self.parts))]
        self.heavy = [i for i, part in enumerate(self.parts) if not _is_initial(part)] or [*range(len(self.parts))]
        self._met: dict[str, list[int]] = {}  # words of names already compared: given names come again and again

    def likeness(self, used: str, others: str = "") -> Likeness | None:
        """How like this a name is; None where it is another name. Half of the parts of the shorter one have to be there."""
        own = parts(used)
        have = own + parts(others) if others.strip() else own
        ones = (*names.joins(have), *runs(used), *runs(others))
        if not have or not self.parts:
            return None
        found = [max(one) for one in zip(*map(self._word, have), strict=True)]
        self._written_as_one(found, have, ones)
        there = sum(found[i] > 0 for i in self.heavy)
        if not there or 2 * there < min(len(self.heavy), len(own)):
            return None
        return Likeness(min(found) >= BEGINS, 2 * sum(found) + (self.parts == own))

    def _written_as_one(self, found: list[int], have: tuple[str, ...], ones: tuple[str, ...]) -> None:
        """Jeanluc is Jean Luc, whichever of the two was typed; in two scripts they only sound alike."""
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
            self._met[word] = [self._part(i, word) for i in range(len(self.parts))]
        return self._met[word]

    def _part(self, i: int, word: str) -> int:
        part = self.parts[i]
        if part == word:
            return SAME
        if word.startswith(part) and (len(part) > 1 or len(self.parts) > 1):
            return BEGINS
        if not self.roots[i].isdisjoint(full_names().get(word, (word,))):
            return SHORT
        return ALIKE if self._alike(i, word) else 0

    def _alike(self, i: int, word: str) -> bool:
        """Whether two parts are spellings of one sound, or one is the other with a slip."""
        spelled, other = self.spelled[i], names.latin(word)
        longest = max(len(spelled), len(other))
        if longest < 3 or min(len(spelled), len(other)) < 2:
            return spelled == other != ""
        if longest > 3 and abs(len(spelled) - len(other)) < 2 and _one_slip(spelled, other):
            return True
        if sound(word) != self.sounds[i]:
            return False
        one, two = _squeezed(spelled), _squeezed(other)
        if self.parts[i].isascii() != word.isascii():  # the other script may leave out vowels
            bare = [re.sub("[aeiou]", "", each) for each in (one, two)]
            if len(bare[0]) > 1 and bare[0] == bare[1]:
                return True
        return _steps(one, two) <= longest // 3


def _is_initial(part: str) -> bool:
    return len(part) == 1 and part.upper() != part


class Ages(NamedTuple):
    """The least and the greatest age that someone can have; the same where the birthday is known."""

    least: int
    most: int


def born_for_age(years: int, said_on: date) -> tuple[date, date]:
    """The first and the last day on which someone may have been born whose age was `years` on the day `said_on`."""
    return years_on(said_on, -years - 1) + timedelta(days=1), years_on(said_on, -years)


def age_on(birth: date, day: date) -> int:
    """Whole years on a day. Whoever was born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
