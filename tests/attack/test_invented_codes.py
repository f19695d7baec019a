"""A partner seals anything it likes: unknown codes, invalid days, something other than text.

The reader's page opens anyway, says what is not readable, and shows everything that is.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accord.casework.codes import DOCUMENTS, PLACES, URGENCY
from accord.sharing import codes, services
from accord.sharing.codes import ENTRY_TYPES
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.records import SAID, handle, open_record
from tests.steps.releases import OTHER_KINDS, release_to_police

# Nothing of kind `releases` ever leaves the agency that wrote it.
SHARED = {
    code: cls
    for code, cls in sorted(ENTRY_TYPES.items())
    if cls.__module__.startswith("accord.") and cls.kind != "releases"
}
INVENTED: tuple[Any, ...] = ("invented", 7, [["passport", "invented"], ["invented"], 7])


@pytest.fixture(scope="module")
def given(world: World) -> tuple[PersonRef, uuid.UUID, Client]:
    """Return someone whose advocate has shared every kind with the police, additions included, and the sergeant's
    browser."""
    known = open_record(world)
    said = (*SAID, "immigration_named_apart")
    release_to_police(world, known, (*OTHER_KINDS, "immigration"), said)
    ref = handle(world, "bea")
    return known, ref, world.client("bea")


@pytest.fixture
def cleared(world: World, given: tuple) -> Iterator[None]:
    """Remove what a test wrote, so that the next test's page is no longer than the first."""
    with world.owner() as owner:
        (began,) = owner.execute("select accord.now()").fetchone()
        yield
        assert owner.execute("delete from sharing_entry where at > %s", [began]).rowcount


def sealed_as(patch: pytest.MonkeyPatch, world: World, known: PersonRef, payload: Any, text: bytes) -> None:
    patch.setattr(codes, "to_bytes", lambda _payload: text)
    with world.as_("alma") as alma:
        services.write(actor=alma, known=known, payload=payload)
    patch.undo()


def opened(client: Client, ref: uuid.UUID, *others: str) -> str:
    """Return the person page as the sergeant sees it; the other addresses open too."""
    answers = [client.get(path) for path in (f"/people/{ref}/", *others)]
    assert {answer.status_code for answer in answers} == {200}
    return answers[0].content.decode()


@pytest.mark.parametrize(
    ("code", "name"), [(code, f.name) for code, cls in SHARED.items() for f in dataclasses.fields(cls)]
)
def test_a_field_that_holds_anything_breaks_no_page(
    world: World, given: tuple, cleared: None, monkeypatch: pytest.MonkeyPatch, code: str, name: str
) -> None:
    known, ref, client = given
    for value in INVENTED:
        fields = dataclasses.asdict(SHARED[code]()) | {name: value}
        sealed_as(monkeypatch, world, known, SHARED[code](), json.dumps(fields).encode())
        opened(client, ref)
    opened(client, ref, f"/api/v1/people/{ref}", "/people/")


def test_it_says_what_is_not_readable(world: World, given: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    known, ref, client = given
    for code, fields in {
        "need": {"category": "moon", "words": "Her own words"},
        "safe_contact": {"method": "pigeon", "never": "never after six"},
        "application": {"type": "t", "state": "lost", "receipt": "EAC-1", "next_day": "soon", "next_step": "file"},
    }.items():
        sealed_as(monkeypatch, world, known, SHARED[code](), json.dumps(fields).encode())
    page = opened(client, ref)
    for words in ("Can&#x27;t be read", "Her own words", "never after six", "EAC-1"):
        assert words in page
    assert "moon" not in page and "pigeon" not in page
    spanish = client.get(f"/people/{ref}/", headers={"accept-language": "es"}).content.decode()
    assert "No se puede leer" in spanish


@pytest.mark.parametrize("text", [b"{", b"\xff", b"[]", b"null", b"[" * 100_000])
def test_an_invalid_entry_breaks_no_page(
    world: World, given: tuple, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    known, ref, client = given
    sealed_as(monkeypatch, world, known, SHARED["need"](), text)
    opened(client, ref)


def test_a_type_that_is_unknown_or_of_another_kind_is_left_out(
    world: World, given: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, ref, client = given
    for code in ("moon", "case_note"):
        payload = SHARED["need"]()
        monkeypatch.setattr(type(payload), "code", code)
        sealed_as(monkeypatch, world, known, payload, b"{}")
    opened(client, ref)


@pytest.mark.parametrize(
    ("reads", "value", "read"),
    [
        (codes.iso_day, "2026-03-31", "2026-03-31"),
        (codes.iso_day, "2026-02-30", ""),
        (codes.iso_day, "20260331", "2026-03-31"),
        (codes.iso_day, 20260331, ""),
        (codes.whole_years, "24", "24"),
        (codes.whole_years, "\u00b2", ""),
        (codes.whole_years, "9" * 5000, ""),
        (codes.whole_years, "24\n", ""),
        (codes.text, "\ud800", "?"),
        (codes.text, None, ""),
        (codes.one_of(URGENCY), "now", "now"),
        (codes.one_of(URGENCY), "", ""),
        (codes.one_of(URGENCY), "soon", codes.UNREADABLE),
        (codes.one_of(URGENCY), {"a": 1}, codes.UNREADABLE),
        (
            codes.pairs_of(DOCUMENTS, PLACES),
            (("passport", "lost"), ("x", 7), ("y",), 7),
            (("passport", "lost"), ("unreadable",) * 2),
        ),
        (codes.pairs_of(DOCUMENTS, PLACES), "passport", ()),
    ],
)
def test_how_a_field_is_read(reads: codes.Reads, value: Any, read: Any) -> None:
    assert reads(value) == read
