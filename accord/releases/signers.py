"""Pure functions that match the entries about one signer by name, across joined records.

What bars someone from signing must not depend on the entry in which staff recorded it. Two names with the same words
are the same signer, even if the word order or script differs. If two names might match but are not the same (a nickname
or another spelling), this module decides nothing and staff are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from accord.core import names
from accord.core.nicknames import roots
from accord.law.codes import SignerFlag
from accord.releases.entries import CircleMember

ALIKE = 0.8


def _words(name: str) -> list[str]:
    return names.fold(name).split()


def same_name(one: str, other: str) -> bool:
    """Return whether two names have the same words in any order, after folding them as search does or transcribing them
    into Latin letters."""
    left, right = _words(one), _words(other)
    if not left or not right:
        return bool(one.strip()) and names.caseless(one).split() == names.caseless(other).split()
    if sorted(left) == sorted(right) or "".join(left) == "".join(right):
        return True
    in_latin = [sorted(filter(None, map(names.latin, words))) for words in (left, right)]
    return in_latin[0] == in_latin[1] and len(in_latin[0]) == len(left) == len(right)


def may_be_the_same(one: str, other: str) -> bool:
    """Return whether two names may belong to the same signer: every word of the shorter name is similar to a word of
    the longer one."""
    short, long = sorted((_words(one), _words(other)), key=len)
    return bool(short) and all(any(_alike(word, each) for each in long) for word in short)


def _alike(one: str, other: str) -> bool:
    latin = names.latin(one), names.latin(other)
    return (
        one == other
        or bool({one, *roots(one)} & {other, *roots(other)})
        or (all(latin) and SequenceMatcher(None, *latin).ratio() >= ALIKE)
    )


def names_of(member: CircleMember) -> list[str]:
    """Return every name that staff have recorded for someone in the person's circle."""
    return [member.name, *filter(None, (each.strip() for each in member.others.split(",")))]


def flags_today(signer: str, name: str, *circles: Mapping[str, CircleMember]) -> frozenset[SignerFlag]:
    """Return today's flags for one signer, from their own entry and every entry with the same name in these records."""
    entries = [(key, each) for circle in circles for key, each in circle.items()]
    known = [name, *(one for key, each in entries if key == signer for one in names_of(each))]
    theirs = [
        each
        for key, each in entries
        if key == signer or any(same_name(mine, one) for mine in names_of(each) for one in known)
    ]
    return frozenset(SignerFlag(flag) for each in theirs for flag in each.flags)
