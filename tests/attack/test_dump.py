"""The operator opens the database, the disk, the backups and the logs, and reads nothing about anyone.

A mark is in every field of every type of entry; then it is searched for everywhere, plain and in the usual encodings.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import logging
import os
import subprocess
import time
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accord.access.codes import KINDS, ROLES, WRITE_PERSON
from accord.audit import queries as audit
from accord.config import backup
from accord.core import clock
from accord.core.errors import Conflict
from accord.core.logs import NoValues
from accord.demo.riverbend import PERSONAS
from accord.law.codes import Purpose
from accord.legal_requests import served
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import PersonName
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.codes import ENTRY_TYPES, to_bytes
from tests import region
from tests.region import World
from tests.steps.records import handle, open_record, release_to

MARK = "Wq8ZplVx"  # eight characters in every planted value


def planted(cls: type, label: str) -> Any:
    """Return an entry with the mark in every field."""
    values: dict[str, Any] = {}
    for number, field in enumerate(dataclasses.fields(cls)):
        text = f"{MARK}{label}{number}"
        if isinstance(field.default, str):
            values[field.name] = text
        elif field.name in ("signatures", "held"):
            values[field.name] = ({"name": text, "mark": text},)
        elif isinstance(field.default, tuple):
            values[field.name] = (text,)
    return cls(**values)


def writer_of(kind: str) -> str:
    """Return a persona whose role opens and writes this kind."""
    for persona in PERSONAS:
        if set(persona.roles) & KINDS[kind].opened_by and any(WRITE_PERSON in ROLES[r].actions for r in persona.roles):
            return persona.user
    raise LookupError(kind)


def needles(payloads: list[bytes]) -> set[bytes]:
    """Return the mark in the usual encodings, and whole payloads compressed."""
    plain = MARK.encode()
    found = {plain, plain.hex().encode(), plain.hex().upper().encode(), plain.lower(), plain.upper()}
    found |= {MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), plain[::-1]}
    found |= {urllib.parse.quote(MARK).encode(), "".join(f"%{byte:02X}" for byte in plain).encode()}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + plain)
        found.add(text[4 if shift else 0 : (len(plain) + shift) // 3 * 4])
    for payload in payloads:
        found |= {zlib.compress(payload, level)[2:-4] for level in (1, 6, 9)}
    return found


@pytest.fixture(scope="module")
def written(world: World) -> tuple[set[bytes], list[str], float]:
    """Write, search and refuse everything once. Returns this with what the logs said meanwhile and when it began."""
    began, lines, payloads = time.time() - 1, [], []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep()
    handler.addFilter(NoValues())  # as settings.LOGGING attaches it to the only handler
    logging.getLogger().addHandler(handler)
    try:
        for number, (code, cls) in enumerate(sorted(ENTRY_TYPES.items())):
            payload = planted(cls, f"{code}{number}")
            payloads.append(to_bytes(payload))
            with world.as_(writer_of(cls.kind)) as actor:
                known = records.open_person(actor=actor)
                series = records.write(actor=actor, known=known, payload=payload)
            with world.as_(writer_of(cls.kind)) as actor, pytest.raises(Conflict):
                records.write(actor=actor, known=known, payload=payload, series=series, revision=0)
        with world.as_("alma") as alma:
            people.open_record(actor=alma, name=PersonName(used=f"{MARK} Person", others=f"{MARK} Other"))
            assert people_queries.search_by_name(actor=alma, text=f"{MARK} Person").rows
        content = planted(served.Content, "served")
        payloads.append(json.dumps(dataclasses.asdict(content)).encode())
        with world.as_("hal") as hal:
            today = clock.today(hal.zone)
            to = [world.agencies["harbor"]]
            served.forward(actor=hal, process="warrant", came_on=today, agencies=to, content=content)
        client = world.client("alma")
        for path in (f"/{MARK}/", f"/people/{MARK}/", "/people/search/"):
            client.get(path, {"q": MARK})
            client.post(path, {"q": MARK, "text": MARK})
    finally:
        logging.getLogger().removeHandler(handler)
    return needles(payloads), lines, began


def search(data: bytes, sought: set[bytes], where: str) -> None:
    for needle in sought:
        assert needle not in data, f"{needle[:24]!r} is in {where}"


def test_the_search_itself_finds() -> None:
    payload = to_bytes(PersonName(used=f"{MARK}1"))
    for hidden in (
        payload,
        payload.hex().encode(),
        payload.decode().encode("utf-16-le"),
        zlib.compress(payload),
        *(base64.b64encode(b"x" * shift + payload) for shift in range(3)),
    ):
        assert any(needle in hidden for needle in needles([payload]))


def test_every_type_of_entry_is_there(world: World, written: tuple) -> None:
    with world.owner() as owner:
        types = {code for (code,) in owner.execute("select distinct type from sharing_entry").fetchall()}
    assert types == set(ENTRY_TYPES)


@pytest.mark.line(76)
def test_nothing_is_in_a_dump(world: World, written: tuple) -> None:
    found = region.databases()
    user, password = found.cluster().superuser
    place = found.connection("owner")
    dump = subprocess.run(
        [found.cluster().program("pg_dump"), "--inserts", world.name],
        env={"PGHOST": place["HOST"], "PGPORT": place["PORT"], "PGUSER": user, "PGPASSWORD": password, "PATH": "/bin"},
        capture_output=True,
        check=True,
    ).stdout
    assert b"sharing_entry" in dump
    search(dump, written[0], "the dump")


def test_nothing_is_in_the_two_files(world: World, written: tuple, tmp_path: Path) -> None:
    files = tmp_path / "data", tmp_path / "keys"
    backup.back_up(*files, world.name)
    for file in files:
        search(file.read_bytes(), written[0], file.name)
        with backup._opened(file) as (_, dump):
            text = backup._run("pg_restore", "backup", world.name, ["--file=-"], stdin=dump, stdout=subprocess.PIPE)
        search(text, written[0], f"{file.name}, unpacked")


def touched_since(moment: float) -> Iterator[tuple[Path, bytes]]:
    """Yield files of `var/` written after `moment`. The server is shared: other tests' databases may vanish meanwhile."""
    for folder, _, names in os.walk(region.install.var_folder()):
        for path in (Path(folder) / name for name in names):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime >= moment:
                    yield path, path.read_bytes()


def test_nothing_is_on_the_disk(world: World, written: tuple) -> None:
    """Tables, write-ahead log, server log, everything in `var/` that was changed since."""
    with region.admin_connection() as admin:
        admin.execute("checkpoint")
    looked = 0
    for path, content in touched_since(written[2]):
        looked += 1
        search(content, written[0], str(path))
    assert looked > 10


def open_text(value: Any) -> Iterator[str]:
    """Yield every text in a line of the log that is not sealed, keys included."""
    if isinstance(value, dict):
        yield from (text for key, inner in value.items() if key not in ("sealed", "sealed_in") for text in (key, inner))
    else:
        yield from value if isinstance(value, list) else [str(value)]


@pytest.mark.line(76)
def test_about_a_person_the_log_says_only_who_did_what_and_when(world: World, written: tuple) -> None:
    """No kind, purpose, basis, recipient or colleague's name is readable in it; the agency itself reads all of them."""
    known = open_record(world)
    release_to(world, known)
    seen_as = handle(world, "elena")
    world.client("alma").get(f"/people/{known.ref}/")
    world.client("elena").get(f"/people/{seen_as}/")
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="They asked for their history")
        records.grant(actor=adele, ref=known.ref, membership=world.memberships["aisha"], reason=f"{MARK} reason")
        sharing.read(actor=adele, known=known)
    with world.as_("adele") as adele:
        told = audit.events(owner=adele.agency, opens=adele.opens, limit=500)
    assert {"read", "read-by-partner", "share-begun", "granted", "written"} <= {line.action for line in told}
    assert all(line.kinds and line.basis and line.purpose for line in told if line.action.startswith("read"))
    with world.owner() as owner:
        lines = [json.loads(line) for (line,) in owner.execute("select line from audit_event").fetchall()]
        ids = owner.execute(
            "select id from sharing_share union select basis_id from sharing_share union select id from sharing_assignment"
        ).fetchall()
        names = owner.execute(
            "select name from membership_membership union select name from agencies_agency"
        ).fetchall()
    about = [line for line in lines if line["about"]]
    assert len({len(line["sealed"]) for line in about if "sealed" in line}) == 1  # its length reveals nothing
    assert len({len(line["sealed_in"]) for line in about if "sealed_in" in line}) == 1
    allowed = {"action", "outcome", "source", "about", "at", "account", "membership", "agency", "key"}
    told_ids = {str(one) for (one,) in ids}
    words = {*KINDS, *(purpose.value for purpose in Purpose), *(name for (name,) in names)}
    for line in about:
        assert set(line) <= allowed | {"sealed", "sealed_in"}
        for value in line.values():
            texts = set(open_text(value))
            assert not texts & words and not any(one in text for one in told_ids for text in texts)


def test_nothing_is_in_the_logs(written: tuple) -> None:
    lines = written[1]
    assert lines  # something was logged: refusals
    search("\n".join(lines).encode(), written[0], "a log line")
