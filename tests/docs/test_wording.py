"""The words of the screen: plain American English and US Spanish, and no one is "she" by default (explanation/words.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "accord" / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

ENGLISH = re.compile(
    r"\b(she|her|hers|herself|whoever|whom|nobody|somebody|anybody|everybody|telephone|licence|colour|defence|labour|"
    r"let in|lets? \w+ (?:back )?in|stands? (?:here|there|in|on|beside|at|above)|rests? on|lies? (?:in|under|behind)|"
    r"rescued?|prostitutes?|accounting)\b",
    re.IGNORECASE,
)
SPANISH = re.compile(r"\b(ella|añad\w+|puls[ae]\w*)\b|[«»]", re.IGNORECASE)


def said() -> Iterator[tuple[str, str]]:
    """Yield every message in English with its Spanish."""
    with CATALOG.open("rb") as file:
        for message in read_po(file, locale="es"):
            if message.id:
                english = message.id if isinstance(message.id, tuple) else (message.id,)
                spanish = message.string if isinstance(message.string, tuple) else (message.string,)
                yield from zip(english, spanish, strict=True)


def faults(pattern: re.Pattern[str], texts: Iterator[str]) -> list[tuple[str, str]]:
    """Return the refused words that texts contain. Names of placeholders do not count."""
    plain = ((text, PLACEHOLDER.sub("", text)) for text in texts)
    return [(found[0], text) for text, words in plain if (found := pattern.search(words))]


def test_no_message_says_what_the_list_refuses() -> None:
    assert faults(ENGLISH, (english for english, _ in said())) == []


def test_no_spanish_message_says_what_the_list_refuses() -> None:
    assert faults(SPANISH, (spanish for _, spanish in said())) == []


@pytest.mark.parametrize(
    "text", ["Correct her name", "Nobody sees it", "It stands in the log", "A colleague is let in"]
)
def test_the_list_finds_a_fault(text: str) -> None:
    assert faults(ENGLISH, iter([text]))
