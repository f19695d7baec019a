"""`kill -9` in the middle of releasing, revoking and writing: nothing half-shared, nothing acknowledged lost.

A worker does one thing after the other and reports each "done". It is killed at some moment; in some rounds, the
database process that served it or the whole server is killed too. Then the database is checked.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from accord.audit import queries as audit
from accord.config import install, verify
from accord.core.errors import NoLonger
from accord.sharing import queries as sharing
from tests.faults import server
from tests.region import ROOT, World

WHO_DIES = ("worker", "worker", "backend", "worker", "server")
OFTEN = (4, 3, 1, 3, 1)  # so many of twelve; a killed database takes a second to come back
LONGEST_WAIT = 60.0  # seconds; a worker that says nothing for that long is a failure, not a slow machine
ORDER = {"draft": 0, "active": 1, "withdrawn": 2}


class Worker:
    """The process that is killed, as its lines report it."""

    def __init__(self, world: World) -> None:
        members = {user: str(membership) for user, membership in world.memberships.items()}
        agencies = {key: str(agency) for key, agency in world.agencies.items()}
        command = [sys.executable, "-m", "tests.faults.worker", world.name, json.dumps(agencies), json.dumps(members)]
        environment = {**os.environ, "ACCORD_VAR": str(install.var_folder())}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.begun = b""

    def say(self, seed: int) -> None:
        """Start a round."""
        self.process.stdin.write(b"%d\n" % seed)

    def hear(self, seconds: float) -> dict[str, Any] | None:
        """Return the next line, or None if none came in time."""
        until = time.monotonic() + seconds
        while b"\n" not in self.begun:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return None
            got = os.read(self.process.stdout.fileno(), 65536)
            assert got, "the worker ended"
            self.begun += got
        line, self.begun = self.begun.split(b"\n", 1)
        return json.loads(line)

    def must_hear(self) -> dict[str, Any]:
        """Return the next line."""
        said = self.hear(LONGEST_WAIT)
        assert said is not None, "the worker says nothing"
        return said

    def close(self) -> None:
        """End all rounds."""
        self.process.stdin.close()
        self.process.wait(LONGEST_WAIT)
        self.process.stdout.close()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with server.alone(tmp_path / "var", monkeypatch) as world:
        yield world


def one_round(worker: Worker, victim: str, seed: int, gap: float) -> tuple[list[dict[str, Any]], float]:
    """Let it work, kill something, read its last reports. Returns (what was acknowledged, mean time between two)."""
    random = Random(seed)
    worker.say(seed)
    hello, said, began = worker.must_hear(), [], time.monotonic()
    said += [worker.must_hear() for _ in range(random.randint(0, 4))]
    wait = time.monotonic() + random.uniform(0, 2 * gap)
    while (line := worker.hear(wait - time.monotonic())) is not None:
        said.append(line)
        gap = 0.8 * gap + 0.2 * (time.monotonic() - began) / len(said)
    if victim == "backend":
        os.kill(hello["backend"], signal.SIGKILL)
    elif victim == "server":
        server.kill_server()
    if victim == "worker" or random.random() < 0.5:  # else it lives, and meets a database that is gone
        with suppress(ProcessLookupError):
            os.kill(hello["pid"], signal.SIGKILL)
    while "over" not in (line := worker.must_hear()):
        said.append(line)
    assert line["over"] in (0, -signal.SIGKILL), "the worker failed by itself"
    return said, gap


def rounds(world: World, victims: Sequence[str], seed: int) -> int:
    """Run a round for each, checking everything after it. Returns how much was acknowledged."""
    worker, gap, acknowledged = Worker(world), 0.05, 0
    try:
        for number, victim in enumerate(victims):
            with world.owner() as owner:
                before = owner.execute(
                    "select position from audit_chainhead where owner = %s", [world.agencies["harbor"]]
                ).fetchone()[0]
            said, gap = one_round(worker, victim, seed * 1000 + number, gap)
            acknowledged += len(said)
            if victim != "worker":
                server.come_back(world)
            server.quiet(world)
            everything_holds(world, said, before)
    finally:
        worker.close()
    return acknowledged


# What must be true --------------------------------------------------------------------------------------------------


def everything_holds(world: World, said: list[dict[str, Any]], before: int) -> None:
    with world.owner() as owner:
        assert all(chain.holds for chain in verify.chains(owner)), "a log does not hold"
        keys_are_whole(owner)
        opened = owner.execute(
            "select person from audit_about where owner = %s and position > %s group by person",
            [world.agencies["harbor"], before],
        ).fetchall()
        persons = {person for (person,) in opened}
        assert persons >= {uuid.UUID(line["person"]) for line in said}, "a record that was acknowledged is gone"
        log_and_rows_agree(world, owner, persons, before)
    for person in persons:
        hers = [line for line in said if line["person"] == str(person)]
        as_she_was_told(world, person, hers)


# Which epochs' keys belong to a share: those that held a newest revision when it began and, with later additions, every
# one that was written in since.
KEYS_DUE = """
with newest as (
  select s.owner, s.id share, e.epoch from sharing_share s
  cross join lateral (select distinct on (series) epoch from sharing_entry e
    where e.owner = s.owner and e.person = s.person and e.kind = s.kind and e.at <= s.made_at
    order by series, revision desc) e
  union
  select s.owner, s.id, e.epoch from sharing_share s join sharing_entry e
    on e.owner = s.owner and e.person = s.person and e.kind = s.kind and e.at > s.made_at where s.additions)
select s.kind, s.withdrawn_at is not null, array(select distinct epoch from newest n where n.share = s.id order by 1),
  array(select epoch from sharing_sharekey k where k.owner = s.owner and k.share = s.id order by 1)
from sharing_share s
"""


def keys_are_whole(owner: Any) -> None:
    """Check that a share has the keys of all its epochs or, if withdrawn, none; and that every entry has its data
    key."""
    for kind, withdrawn, due, there in owner.execute(KEYS_DUE).fetchall():
        assert there == ([] if withdrawn else due), f"half-shared: {kind}, withdrawn {withdrawn}: {there} of {due}"
    orphans = owner.execute(
        "select count(*) from sharing_entry e where not exists (select 1 from sharing_datakey d where d.owner = e.owner "
        "and d.person = e.person and d.kind = e.kind and d.epoch = e.epoch)"
    ).fetchone()
    assert orphans == (0,), "an entry without its key"


def log_and_rows_agree(world: World, owner: Any, persons: set[uuid.UUID], before: int) -> None:
    """Check that an entry exists exactly if its line in the log does, and likewise a share and its end."""
    told: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    with world.as_("alma") as alma:
        for line in audit.events(owner=alma.agency, opens=alma.opens, limit=5000):
            if line.position > before:
                for person in line.details.get("about", ()):
                    told[line.action].update((person, kind) for kind in line.kinds)
    counted = {
        "written": "select person::text, kind from sharing_entry where person = any(%s)",
        "share-begun": "select person::text, kind from sharing_share where person = any(%s)",
        "share-ended": "select person::text, kind from sharing_share where person = any(%s) and withdrawn_at is not null",
    }
    for action, sql in counted.items():
        assert Counter(owner.execute(sql, [list(persons)]).fetchall()) == told[action], f"log and rows differ: {action}"


def as_she_was_told(world: World, person: uuid.UUID, told: list[dict[str, Any]]) -> None:
    """Check that what was acknowledged is there; releases, shares and what the partner can open agree."""
    with world.as_("alma") as alma:
        known = sharing.find(actor=alma, ref=person)
        items = sharing.read(actor=alma, known=known)
        cards = sharing.shares_of(actor=alma, known=known)
    stored = {str(item.series): item.payload for item in items.get("releases", ())}
    for line in told:
        if "status" in line:
            assert ORDER[stored[line["series"]].status] >= ORDER[line["status"]], "an acknowledged release is lost"
    words = {item.payload.words for item in items.get("needs", ())}
    assert words >= {line["words"] for line in told if "words" in line}, "an acknowledged entry is lost"
    (contact,) = items["contact.safe"]
    assert contact.revision >= 1 + sum("address" in line for line in told), "an acknowledged correction is lost"
    states = {"active": "in_force", "withdrawn": "revoked"}
    due = {(series, kind): states[form.status] for series, form in stored.items() for kind in form.kinds}
    assert {(str(card.basis_id), card.kind): card.state for card in cards} == due, "release and shares differ"
    running = {kind for (_, kind), state in due.items() if state == "in_force"}
    if due:
        the_partner_opens(world, cards, running, items)


def the_partner_opens(world: World, cards: list[Any], running: set[str], items: dict[str, list[sharing.Item]]) -> None:
    with world.as_("elena") as elena:
        handle = cards[0].handle
        known = sharing.find(actor=elena, ref=handle)
        opened = sharing.open_entries_undecided(actor=elena, known_ones=[known], kinds=sorted(elena.ring.codes()))[
            handle
        ]
        assert set(opened) == running & set(items), "the partner opens other kinds than were released"
        for kind in {"identity.name", "contact.safe"} & running:
            assert opened[kind][0].payload == items[kind][0].payload
        if not running:
            with pytest.raises(NoLonger):
                sharing.require_access(actor=elena, known=known, action="read-person")


def killed(world: World, victims: Callable[[Random], Sequence[str]]) -> int:
    seed = int(os.environ.get("ACCORD_KILL_SEED") or secrets.randbelow(10**6))
    try:
        return rounds(world, victims(Random(seed)), seed)
    except BaseException:
        print(f"again with: ACCORD_KILL_SEED={seed}")
        raise


def test_killed_a_few_times(world: World) -> None:
    assert killed(world, lambda _: WHO_DIES) > 0


@pytest.mark.prove
def test_killed_two_hundred_times(world: World, proved: Callable[[str, int], None]) -> None:
    acknowledged = killed(world, lambda random: random.choices(WHO_DIES, OFTEN, k=200))
    assert acknowledged > 200
    proved("rounds of kill -9: nothing half-shared, every chain verifies", 200)
    proved("writes were acknowledged before a kill, and are all there", acknowledged)
