"""One form for a name in any script: what linkage takes for the same name, and what it keeps apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accord.core import names
from accord.core.nicknames import full_names
from accord.statlib.link import normalise
from accord.statlib.link.tokens import forms
from tests.spellings import APART, SAME, SCRIPTS

LETTERS = st.characters(categories=["L", "M"])


def same(one: str, other: str) -> bool:
    return bool(set(forms(one)["exact"]) & set(forms(other)["exact"]))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert same(one, other), (forms(one)["exact"], forms(other)["exact"])


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_differ_in_little_stay_apart(one: str, other: str) -> None:
    assert not same(one, other), (forms(one)["exact"], forms(other)["exact"])


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_word_of_any_script_stays_whole(name: str) -> None:
    assert len(normalise.parts(name)) == len(name.split())


@pytest.mark.parametrize(("one", "other"), [("王小明", "Wang Xiaoming"), ("Иванова", "Ivanova"), ("فاطمة", "Fatima")])
def test_two_scripts_sound_alike_and_are_never_the_same(one: str, other: str) -> None:
    sounds = [normalise.soundex(normalise.sounding("".join(normalise.parts(name)))) for name in (one, other)]
    assert sounds[0][:3] == sounds[1][:3] and not same(one, other)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        *(("Lupe", "Guadalupe"), ("Pepe", "José"), ("Paco", "Francisco"), ("Chuy", "Jesús"), ("Beto", "Roberto")),
        *(("Ma.", "María"), ("Mª", "María"), ("M.ª", "María"), ("Fco.", "Francisco"), ("Maite", "María Teresa")),
        *(("Nacho", "Ignacio"), ("Toño", "Antonio"), ("Bill", "William")),
    ],
)
def test_short_names_share_a_root_with_the_full_one(short: str, full: str) -> None:
    wanted = set(forms(full)["exact"])
    assert wanted & set(forms(short)["root"]), forms(short)["root"]


def test_every_nickname_is_its_own_root_and_is_folded() -> None:
    for short, found in full_names().items():
        assert short in found[:1]
        assert all(names.fold(each).replace(" ", "") == each for each in found if each.isalpha()), found


@given(st.text(LETTERS, min_size=1, max_size=12))
@example("ŉ")
@example("ᾳ")
@example("ß")
@example("ΐ")
@example("İ")
@example("և")
def test_case_and_composition_do_not_count(name: str) -> None:
    folded = names.fold(name)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert names.fold(unicodedata.normalize(form, name)) == folded, form
    assert names.fold(name.upper()) == names.fold(name.lower()) == folded
    assert names.fold(folded) == folded
