"""A scan of the signed form: sealed while it uploads, opened only in its agency, and gone with the record."""

from __future__ import annotations

import re
import tempfile
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accord.files.codes import LARGEST
from accord.files.uploading import SealedUpload
from accord.vault.pieces import PIECE
from tests.region import World
from tests.steps.pages import alert_words, said
from tests.steps.records import open_record, release_to
from tests.steps.signing import drafted, person

MARK = b"only-in-the-scan-of-samira"
PDF = b"%PDF-1.7\n" + MARK + b"\x00" * (2 * PIECE) + MARK + b"\n%%EOF"


def signed(world: World) -> tuple[Client, str, UUID]:
    known = open_record(world)
    series = release_to(world, known)
    return world.client("alma"), f"/people/{known.ref}/forms/{series}/", known.person


def upload(content: bytes, name: str = "Samira Quill.pdf") -> dict[str, object]:
    return {"scan": SimpleUploadedFile(name, content, content_type="application/pdf")}


def link(page) -> str:
    found = re.search(r'href="(/people/[^"]+/scans/[0-9a-f-]{36}/)"', page.content.decode())
    assert found is not None
    return found[1]


def pieces(world: World) -> list[bytes]:
    with world.owner() as owner:
        rows = owner.execute("select sealed from files_piece order by file, number").fetchall()
    return [bytes(row[0]) for row in rows]


def test_a_scan_is_kept_and_opened_again(fresh_world: World) -> None:
    alma, release, _person = signed(fresh_world)
    kept = alma.post(release + "scans/new/", upload(PDF), follow=True)
    assert said(kept) == ["Scan saved. Only your agency can open it."]
    assert "PDF, 512.1\xa0KB" in kept.content.decode()
    got = alma.get(link(kept))
    assert b"".join(got.streaming_content) == PDF
    assert got["Content-Disposition"] == 'attachment; filename="signed-form.pdf"'
    assert (got["Content-Type"], got["Cache-Control"], int(got["Content-Length"])) == (
        "application/pdf",
        "no-store",
        len(PDF),
    )
    log = alert_words(fresh_world.client("adele").get("/agency/log/"))
    assert "Alma saved a file in a record." in log and "Alma opened a file in a record." in log


def test_nothing_of_a_scan_is_stored_in_clear(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the database nor in the temporary folder, and its name nowhere."""
    alma, release, _person = signed(fresh_world)
    written: list[bytes] = []
    real = tempfile.TemporaryFile

    def watched(*args, **more):
        spool = real(*args, **more)
        write = spool.write
        spool.write = lambda data: (written.append(bytes(data)), write(data))[1]
        return spool

    monkeypatch.setattr(tempfile, "TemporaryFile", watched)
    kept = alma.post(release + "scans/new/", upload(PDF), follow=True)
    list(alma.get(link(kept)).streaming_content)
    assert len(written) == 6  # three pieces, up and down again
    for data in (*written, *pieces(fresh_world)):
        assert MARK not in data and b"%PDF" not in data


@pytest.mark.parametrize("user", ["elena", "cora", "kim", "hal"])
def test_no_one_outside_the_agency_opens_it(fresh_world: World, user: str) -> None:
    alma, release, _person = signed(fresh_world)
    scan = link(alma.post(release + "scans/new/", upload(PDF), follow=True))
    for address in (scan, release + "scans/new/"):
        assert fresh_world.client(user).get(address).status_code in (403, 404)
    assert fresh_world.client(user).post(release + "scans/new/", upload(PDF)).status_code in (403, 404)
    assert len(pieces(fresh_world)) == 3


def test_a_picture_is_kept_without_the_place_where_it_was_taken(fresh_world: World) -> None:
    alma, release, _person = signed(fresh_world)
    place = b"\xff\xfe\x00\x0cThe house."  # a comment of a camera
    picture = b"\xff\xda\x00\x08\1\1\0\0\x3f\0" + b"coded" * PIECE + b"\xff\xd9"
    kept = alma.post(release + "scans/new/", upload(b"\xff\xd8" + place + picture, "form.jpg"), follow=True)
    got = alma.get(link(kept))
    assert b"".join(got.streaming_content) == b"\xff\xd8" + picture
    assert int(got["Content-Length"]) == 2 + len(picture)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file."),
        (upload(b""), "This file is empty. Choose another one."),
        (upload(b"%PDF-" + b"\x00" * LARGEST), "This file is larger than 25 MB."),
        (upload(b"MZ" + b"\x00" * 100), "Choose a PDF, JPEG or PNG file."),
        (upload(b"<html>", "form.png"), "Choose a PDF, JPEG or PNG file."),
        (upload(b"\x89PNG\r\n\x1a\n cut short", "form.png"), "This picture file is damaged."),
    ],
)
def test_another_file_is_refused_with_a_sentence(fresh_world: World, sent: dict[str, object], sentence: str) -> None:
    alma, release, _person = signed(fresh_world)
    for value in sent.values():
        value.seek(0)
    refused = alma.post(release + "scans/new/", sent)
    assert refused.status_code == 422 and sentence in refused.content.decode()
    assert pieces(fresh_world) == []


def test_only_the_scan_of_a_request_is_kept_and_many_files_are_refused(fresh_world: World) -> None:
    alma, release, _person = signed(fresh_world)
    nine = {"scan": upload(PDF)["scan"]} | {f"other_{number}": upload(PDF)["scan"] for number in range(8)}
    assert alma.post(release + "scans/new/", nine).status_code == 400
    assert pieces(fresh_world) == []
    two = {"scan": upload(PDF)["scan"], "other": upload(PDF)["scan"]}
    assert alma.post(release + "scans/new/", two).status_code == 302
    with fresh_world.owner() as owner:
        assert owner.execute("select count(distinct file) from files_piece").fetchone() == (1,)


def test_an_unsigned_release_takes_no_scan(fresh_world: World) -> None:
    alma, ref = fresh_world.client("alma"), person(fresh_world, 30)
    address = drafted(fresh_world, alma, ref)
    release = address.removesuffix("sign/")
    assert "No one has signed this release yet." in alma.get(release + "scans/new/").content.decode()
    assert alma.post(release + "scans/new/", upload(PDF)).status_code == 403
    assert pieces(fresh_world) == []


@pytest.mark.parametrize(
    "change",
    [
        "delete from files_piece where number = 2",
        "delete from files_piece where number = 1",
        "update files_piece set number = 7 - number",
        "update files_piece set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) where number = 1",
    ],
)
def test_a_changed_file_does_not_open_at_all(fresh_world: World, change: str) -> None:
    alma, release, _person = signed(fresh_world)
    scan = link(alma.post(release + "scans/new/", upload(PDF), follow=True))
    with fresh_world.owner() as owner:
        owner.execute(change)
    answer = alma.get(scan)
    assert answer.status_code == 500 and not answer.streaming


def test_someone_who_is_not_signed_in_uploads_nothing(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _alma, release, _person = signed(fresh_world)

    def never(*_args, **_more):
        raise AssertionError("an upload was taken")

    monkeypatch.setattr(SealedUpload, "__init__", never)
    for address in (release + "scans/new/", "/sign-in/"):
        assert Client().post(address, upload(PDF)).status_code in (200, 302, 422)
