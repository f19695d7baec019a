"""A full disk and a missing database: a clear page, what was typed is kept, nothing committed is lost.

The server has its own folder. If the tests may mount a disk, its data is on a small tmpfs that is filled to the last
byte. Otherwise its processes get a limit on file size, which they meet in the same calls as a full disk.
"""

from __future__ import annotations

import re
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import close_old_connections, connection, connections
from django.http import HttpResponse

from accord.config import verify
from accord.sharing import queries as sharing
from accord.sharing.queries import PersonRef
from tests import region
from tests.faults import server
from tests.region import World
from tests.steps.records import open_record

LARGEST_FILE = 16 * 2**20  # a write-ahead log segment is this large, so this never stops the log itself
DISK = "256m"


@dataclass
class Disk:
    """Where the server's data is."""

    world: World
    fill: Callable[[], None]
    make_room: Callable[[], None]


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def may_mount() -> bool:
    try:
        with tempfile.TemporaryDirectory() as name, mounted(Path(name) / "disk"):
            return True
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False


def fill_to_the_last_byte(ballast: Path) -> None:
    """Fill everything that is left, in smaller and smaller pieces."""
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def restart(largest_file: int = resource.RLIM_INFINITY) -> None:
    """Restart the server with this limit: its processes inherit it."""
    connections["default"].close()
    server.cluster().stop()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
    try:
        server.cluster().ensure()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def limit_files(world: World) -> None:
    """Limit the server's files, with the one that holds long entries already at the limit."""
    restart(LARGEST_FILE)
    with world.owner() as owner:
        owner.execute("alter table sharing_entry alter sealed set storage external")
        person = owner.execute(
            "insert into sharing_person (owner, id, opened_on, state) values (%s, gen_random_uuid(), accord.now(), 'open') "
            "returning id",
            [world.agencies["harbor"]],
        ).fetchone()[0]
        for size in (2**20, 2**12):
            with suppress(psycopg.InternalError):
                while True:
                    owner.execute(LONG_ENTRY, [world.agencies["harbor"], person, size])


LONG_ENTRY = """
insert into sharing_entry (owner, person, kind, series, revision, epoch, type, schema, by, at, sealed)
values (%s, %s, 'notes.case', gen_random_uuid(), 1, 1, 'case_note', 1, gen_random_uuid(), accord.now(),
  decode(repeat('00', %s), 'hex'))
"""


@pytest.fixture(params=["limit", *(["tmpfs"] if may_mount() else [])])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    if request.param == "limit":
        with server.alone(tmp_path / "var", monkeypatch) as world:
            yield Disk(world, lambda: limit_files(world), restart)
        return
    with mounted(tmp_path / "disk") as folder, server.alone(folder / "var", monkeypatch) as world:
        ballast = folder / "ballast"
        yield Disk(world, lambda: fill_to_the_last_byte(ballast), ballast.unlink)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with server.alone(tmp_path / "var", monkeypatch) as world:
        yield world


def note(number: int) -> str:
    return f"Note {number}: called & said <it is well>. " + "x" * 4000


def form(number: int) -> dict[str, str]:
    """Return a note as its page sends it, with that page's mark."""
    return {"text": note(number), "once": f"page {number}"}


def send(world: World, path: str, sent: dict[str, Any] | None = None) -> HttpResponse:
    """Send as a browser would, with what Django does between two requests."""
    close_old_connections()
    client = world.client("alma")
    return client.get(path) if sent is None else client.post(path, sent)


def kept(page: HttpResponse) -> dict[str, str]:
    """Return the fields that the page sends again, without the form's own tokens. If a name comes twice, the last
    counts."""
    body = page.content.decode().partition('<form method="post" class="actions">')[2].partition("</form>")[0]
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', body)
    return {name: unescape(value) for name, value in pairs if name not in ("csrfmiddlewaretoken", "kept_for")}


def is_clear(page: HttpResponse) -> bool:
    body = page.content.decode()
    inner = ("No space", "too large", "sharing_entry", "server closed", "connection", "Traceback", "psycopg")
    return (
        page.status_code == 503 and "can&#x27;t access our records" in body and not any(word in body for word in inner)
    )


def nothing_is_lost(world: World, known: PersonRef, notes: list[str]) -> None:
    """Check that every note reported as saved is there once, nothing else is, and the logs are intact."""
    with world.as_("alma") as alma:
        items = sharing.read(actor=alma, known=known, kinds=["notes.case"])["notes.case"]
        assert sorted(item.payload.text for item in items) == sorted(notes)
    with world.owner() as owner:
        assert all(chain.holds for chain in verify.chains(owner))
        assert verify.floor_differences(owner) == region.CLOCK_FOUND


def test_a_full_disk_is_reported_plainly_and_loses_nothing(disk: Disk) -> None:
    world = disk.world
    known = open_record(world)
    path = f"/people/{known.ref}/notes/new/"
    saved = [note(number) for number in range(5)]
    assert all(send(world, path, form(number)).status_code == 302 for number in range(5))
    disk.fill()
    for number in range(5, 500):
        page = send(world, path, form(number))
        if page.status_code != 302:
            break
        saved.append(note(number))
    assert is_clear(page), page.content.decode()[:2000]
    assert kept(page) == form(number)  # under the first page's mark, so that two clicks here save one note
    disk.make_room()
    server.come_back(world)
    answers = [send(world, path, kept(page)) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[1].headers["Location"].endswith("?saved=1")
    nothing_is_lost(world, known, [*saved, note(number)])


@pytest.mark.parametrize("moment", ["accord.session_load", 'insert into "sharing_entry"', "accord.audit_append"])
def test_a_database_killed_in_the_middle_of_a_request(alone: World, moment: str) -> None:
    world = alone
    known = open_record(world)
    path = f"/people/{known.ref}/notes/new/"
    assert send(world, path, {"text": note(1)}).status_code == 302
    killed = []

    def kill_before(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if moment in sql.lower() and not killed:
            killed.append(True)
            server.kill_server()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kill_before):
        page = send(world, path, {"text": note(2)})
    assert killed and is_clear(page), page.content.decode()[:2000]
    assert is_clear(send(world, "/"))  # and still says so
    assert is_clear(send(world, "/sign-in/", {"user_name": "alma", "passphrase": "written here"}))
    assert b"written here" not in send(world, "/sign-in/", {"user_name": "alma", "passphrase": "written here"}).content
    server.come_back(world)
    assert send(world, path, kept(page)).status_code == 302
    nothing_is_lost(world, known, [note(1), note(2)])
