"""Normalization and tokens: what is compared, what is hidden, and under which key."""

from __future__ import annotations

import hmac
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.statlib.link import dates, normalise, tokens
from accord.statlib.link.dates import Birth
from accord.statlib.link.normalise import Person
from accord.statlib.link.tokens import BOUND_KINDS, JOINED_KINDS, Kind
from tests.statistics.linkage import KEY

MARIA = Person("María Elena", "de la Cruz-Ortega", "1999-04-07", "F", "Río Bravo")


def all_tokens(person: Person, scheme: str = "bound", **how: str) -> set[int]:
    made = tokens.encode([person], KEY, tokens.kinds_of(scheme), **how)
    return set(chain.from_iterable(one.tolist() for one in made.tokens))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("María", ("maria",)),
        ("de la Cruz-Ortega", ("cruz", "ortega")),
        ("O'Brien", ("obrien",)),
        ("Nguyễn", ("nguyen",)),
        ("De La", ("de", "la")),
        ("Łukasz  J.", ("lukasz",)),
        ("", ()),
        ("123", ()),
    ],
)
def test_names_become_words(name: str, words: tuple[str, ...]) -> None:
    assert normalise.parts(name) == words


@pytest.mark.parametrize(  # National Archives, "The Soundex Indexing System"
    ("word", "code"),
    [
        ("washington", "w252"),
        ("lee", "l"),
        ("gutierrez", "g362"),
        ("pfister", "p236"),
        ("jackson", "j25"),
        ("tymczak", "t522"),
        ("ashcraft", "a261"),
    ],
)
def test_soundex_follows_the_national_archives(word: str, code: str) -> None:
    assert normalise.soundex(word) == code


def test_nickname_and_full_name_share_a_root() -> None:
    assert set(normalise.roots("bill")) & set(normalise.roots("william"))
    assert not set(normalise.roots("bill")) & set(normalise.roots("maria"))


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("1999-04-07", Birth("1999", "0407")),
        ("19990407", Birth("1999", "0407")),
        ("1999/04/07", Birth("1999", "0407")),
        ("1999-01-01", Birth("1999", "")),
        ("1999-04", Birth("1999", "")),
        ("1999", Birth("1999", "")),
        ("", None),
    ],
)
def test_first_of_january_counts_as_a_year(text: str, birth: Birth | None) -> None:
    assert dates.birth(text) == birth
    assert not dates.fault(text, 2026)


@pytest.mark.parametrize("text", ["7 April 1999", "07/04/1999", "99", "1999-4-7", "unknown"])
def test_other_dates_are_not_read(text: str) -> None:
    assert dates.fault(text, 2026) == dates.NOT_READ


def test_hkdf_is_that_of_rfc_5869() -> None:
    """Test case 3 of appendix A: no salt, no info; its first 32 bytes."""
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert tokens.subkey(b"\x0b" * 22, "").hex() == expected


@given(st.binary(min_size=32, max_size=64), st.text(max_size=80))
def test_token_is_hmac_sha_256_cut_to_eight_bytes(key: bytes, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert tokens.tokenizer(key)(text) == hmac.digest(key, text.encode(), "sha256")[:8]


@pytest.mark.parametrize("kind", BOUND_KINDS, ids=lambda kind: kind.name)
def test_no_kind_of_the_bound_scheme_ranks_alone(kind: Kind) -> None:
    """One name only with a whole date; two names only with a third value; sex and place only inside a compound."""
    names = bool(kind.first) + bool(kind.last)
    assert kind.bound
    assert names == 2 or kind.bound.startswith("date")


def test_joined_scheme_adds_only_both_names() -> None:
    added = set(JOINED_KINDS) - set(BOUND_KINDS)
    assert added and all(kind.first and kind.last for kind in added)


@pytest.mark.parametrize("change", [{"purpose": "study"}, {"period": "2027"}])
def test_purposes_and_periods_share_no_token(change: dict[str, str]) -> None:
    assert not all_tokens(MARIA) & all_tokens(MARIA, **change)
    assert tokens.fingerprint(KEY, "", "") != tokens.fingerprint(
        KEY, change.get("purpose", ""), change.get("period", "")
    )


def test_same_person_gets_same_tokens_in_any_spelling() -> None:
    assert all_tokens(MARIA) == all_tokens(Person("MARIA ELENA", "Cruz Ortega", "19990407", "f", "rio bravo"))


def test_kinds_never_share_a_token() -> None:
    made = tokens.encode([Person("Ana", "Ana", "1999-04-07", "F", "Ana")], KEY, JOINED_KINDS)
    values = list(chain.from_iterable(one.tolist() for one in made.tokens))
    assert len(values) == len(set(values))


def test_what_is_not_known_makes_no_token() -> None:
    assert all_tokens(Person("Zohreh", "Cruz")) == set()
    assert len(all_tokens(Person("Zohreh", "Cruz"), "joined")) == len(JOINED_KINDS) - len(BOUND_KINDS)
