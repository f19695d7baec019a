"""Turn names into the forms that are compared. Birth dates are read in `dates`, and words for sex in `sex`.

Names are folded in the same way as for search (`accord.core.names`), each in its own script, and particles are dropped.
A name with several words is compared word by word, so that one matching last name out of two is enough. It is also
compared as one word, so that Jean-Luc matches Jeanluc. The sound of a name is the Soundex code (Russell 1918; National
Archives rules) of the name in Latin letters. So names in two scripts can sound alike, but they are never the same.
Nicknames come from `accord.core.nicknames`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from accord.core import names
from accord.core.names import PARTICLES
from accord.core.nicknames import roots as roots

MOST_PARTS = 3
SOUND = {letter: str(d) for d, group in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in group}


class Person(NamedTuple):
    """The fields of one record as written in a list. A field is empty if nothing is known. `birth` is an ISO date."""

    first: str
    last: str
    birth: str = ""
    sex: str = ""
    place: str = ""


def _words(name: str) -> list[str]:
    """Return the folded words of a name, without digits."""
    return re.sub("[0-9]+", " ", names.fold(name)).split()


def _is_initial(word: str) -> bool:
    """Return whether a word is an initial: one letter from a script with uppercase and lowercase letters. A
    one-character Chinese name is not an initial."""
    return len(word) == 1 and word.upper() != word


@lru_cache(1 << 18)
def parts(name: str) -> tuple[str, ...]:
    """Return the folded words of a name in its own script, without particles and initials. Returns at most three
    different words."""
    found = _words(name)
    kept = [word for word in found if word not in PARTICLES and not _is_initial(word)] or found
    return tuple(dict.fromkeys(kept))[:MOST_PARTS]


@lru_cache(1 << 18)
def wholes(name: str) -> tuple[str, ...]:
    """Return a name with two or three words as one word, both with and without its particles: delacruz, jeanluc,
    obrien."""
    found = _words(name)
    if any(_is_initial(word) for word in found[1:]):
        return ()
    bare = [word for word in found if word not in PARTICLES]
    return tuple(dict.fromkeys("".join(some) for some in (bare, found) if 1 < len(some) <= MOST_PARTS))


@lru_cache(1 << 18)
def sounding(word: str) -> str:
    """Return the form of a word that is used for its sound and start tokens: Latin letters if the tables cover its
    script."""
    return names.latin(word) or word


@lru_cache(1 << 18)
def soundex(word: str) -> str:
    """Return the Soundex code: the first letter and up to three digits. Letters outside a to z have no sound."""
    code, before = word[0], SOUND.get(word[0], "")
    for letter in word[1:]:
        digit = SOUND.get(letter, "")
        if digit and digit != before:
            code += digit
        if letter not in "hw":
            before = digit
        if len(code) == 4:
            break
    return code


@lru_cache(1 << 16)
def short(text: str) -> str:
    """Return a place as one word that can be compared: folded, with letters and digits only."""
    return names.fold(text).replace(" ", "")
