"""Files and unfinished answers: sealed in a draft, moved with the finished form, deleted with a discarded one."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.region import World
from tests.steps.answers import begin, finish, press
from tests.steps.forms import published, workbook
from tests.steps.records import open_record
from tests.steps.worker import later, run

MARK = "Wq8ZplVx"
PDF = b"%PDF-1.7\n" + MARK.encode() * 400 + b"\n%%EOF"
FILES = """
type | name | label::English (en)
text | story | Tell us
file | letter | The letter
file | other | Another letter
"""


def pdf(extra: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("Samira Quill.pdf", PDF + extra, "application/pdf")


def pieces(world: World, person: uuid.UUID) -> list[tuple[bool]]:
    """Return whether each sealed piece about a person belongs to a draft, with the database in hand."""
    with world.owner() as owner:
        return owner.execute(
            "select draft is not null from files_piece where person = %s order by 1", [person]
        ).fetchall()


@pytest.fixture
def begun(world: World) -> tuple[World, Any, str]:
    """Return a world, a person, and the page of a form with a text and a file that Alma saved."""
    card = published(world, workbook(FILES))
    known, alma = open_record(world), world.client("alma")
    page = begin(alma, known.ref, card.id)
    saved = press(alma, page, "stop", story=f"Said {MARK}", letter=pdf(), other=pdf(b"more"))
    assert saved.status_code == 302
    return world, known, page


def test_a_file_moves_with_the_finished_form(begun: tuple[World, Any, str]) -> None:
    world, known, page = begun
    alma = world.client("alma")
    assert pieces(world, known.person) == [(True,), (True,)]
    review = press(alma, page, story="Told", letter=pdf(b"again")).headers["Location"]
    assert len(pieces(world, known.person)) == 2  # the replaced one is gone
    shown = finish(alma, review)
    assert pieces(world, known.person) == [(False,), (False,)]
    text = alma.get(shown).content.decode()
    links = [part.partition('"')[0] for part in text.split('href="') if part.startswith(f"{shown}files/")]
    got = [alma.get(link) for link in links]
    assert all(b"".join(one.streaming_content).endswith(end) for one, end in zip(got, (b"again", b"more"), strict=True))
    assert all("Samira" not in one["Content-Disposition"] and one["Content-Type"] == "application/pdf" for one in got)
    for user in ("aisha", "elena", "ben"):
        assert world.client(user).get(links[0]).status_code in (403, 404), user


def test_discarding_and_expiry_delete_the_files(begun: tuple[World, Any, str]) -> None:
    world, known, page = begun
    draft = page.split("/")[-3]
    assert world.client("alma").post(f"/drafts/{draft}/discard/").status_code == 302
    assert pieces(world, known.person) == []


def test_a_draft_that_is_over_takes_its_files_along(fresh_world: World) -> None:
    world = fresh_world
    card = published(world, workbook(FILES))
    known, alma = open_record(world), world.client("alma")
    press(alma, begin(alma, known.ref, card.id), "stop", letter=pdf())
    assert pieces(world, known.person) == [(True,)]
    later(world, hours=30 * 24)
    run(world, "drafts_expire")
    assert pieces(world, known.person) == []


def test_a_file_that_is_no_picture_or_document_is_refused_and_the_rest_is_kept(begun: tuple[World, Any, str]) -> None:
    world, known, page = begun
    alma = world.client("alma")
    bad = SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 99, "application/pdf")
    refused = press(alma, page, story="Still kept", letter=bad)
    assert refused.status_code == 422 and "Choose a PDF, JPEG or PNG file." in refused.content.decode()
    assert "Still kept" in alma.get(page).content.decode() and len(pieces(world, known.person)) == 2


def test_nothing_of_a_draft_or_of_answers_is_in_clear_in_any_table(begun: tuple[World, Any, str]) -> None:
    world, _known, page = begun
    _nowhere(world)
    alma = world.client("alma")
    shown = finish(alma, press(alma, page, story=f"Said {MARK}").headers["Location"])
    answer = alma.get(shown)
    assert MARK in answer.content.decode() and "no-store" in answer["Cache-Control"]
    _nowhere(world)
    assert MARK not in world.client("adele").get("/agency/log/").content.decode()


def _nowhere(world: World) -> None:
    marks = [MARK, MARK.encode().hex(), base64.b64encode(f"Said {MARK}".encode()).decode()[:10]]
    with world.owner() as owner:
        for (table,) in owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
            for mark in marks:
                found = owner.execute(f"select 1 from {table} t where t::text like %s limit 1", [f"%{mark}%"])
                assert found.fetchone() is None, (table, mark)
