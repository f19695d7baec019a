"""The process that is killed: it works without a pause and reports everything it was told is done.

`python -m tests.faults.worker` takes one number a line, the seed of a round, and answers in lines of JSON. Each round
is a child process, so that a round costs no new start.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import uuid
from random import Random
from typing import Any

from accord.config import install

install.setup_django()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402

from accord.casework import services as casework  # noqa: E402
from accord.casework.codes import Need  # noqa: E402
from accord.people import services as people  # noqa: E402
from accord.people.codes import PersonName, SafeContact  # noqa: E402
from accord.releases import services as releases  # noqa: E402
from accord.sharing import queries as sharing  # noqa: E402
from tests import region  # noqa: E402
from tests.region import World  # noqa: E402
from tests.steps.records import release_to  # noqa: E402

KINDS = ("identity.name", "contact.safe", "needs")


def say(**said: Any) -> None:
    """Print one line, whole or not at all."""
    os.write(1, (json.dumps(said, default=str) + "\n").encode())


class Round:
    """One advocate with one survivor at a time: releases, revocations, writing."""

    known: sharing.PersonRef

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, Random(seed)
        self.signed: list[uuid.UUID] = []
        self.count = 0

    def open(self) -> dict[str, Any]:
        with self.world.as_("alma") as alma:
            contact = SafeContact(method="text", address="555-0100")
            self.known = people.open_record(actor=alma, name=PersonName(used="Marisol Reyes"), contact=contact)
            casework.add_need(actor=alma, ref=self.known.ref, need=Need("housing", "now", "need 0"))
        self.signed, self.count = [], 0
        return {}

    def write(self) -> dict[str, Any]:
        self.count += 1
        words = f"need {self.count}"
        with self.world.as_("alma") as alma:
            casework.add_need(actor=alma, ref=self.known.ref, need=Need("housing", "now", words))
        return {"words": words}

    def move(self) -> dict[str, Any]:
        """Correct a safe contact: its later versions go to everyone who has it."""
        with self.world.as_("alma") as alma:
            (before,) = sharing.read(actor=alma, known=self.known, kinds=["contact.safe"])["contact.safe"]
            newer = SafeContact(method="text", address=f"555-{before.revision:04}")
            people.correct(actor=alma, ref=self.known.ref, payload=newer, before=before)
        return {"address": newer.address}

    def release(self) -> dict[str, Any]:
        series = release_to(self.world, self.known, kinds=KINDS[: self.random.randint(1, 3)])
        self.signed.append(series)
        return {"series": series, "status": "active"}

    def withdraw(self) -> dict[str, Any]:
        if not self.signed:
            return self.release()
        series = self.signed.pop(self.random.randrange(len(self.signed)))
        with self.world.as_("alma") as alma:
            releases.withdraw(actor=alma, ref=self.known.ref, series=series, revision=2, how="oral", checked=True)
        return {"series": series, "status": "withdrawn"}

    def work(self) -> None:
        self.world.session("alma")
        say(pid=os.getpid(), backend=connection.connection.info.backend_pid)
        said = self.open()
        while True:
            say(person=self.known.person, **said)
            steps = (self.release, self.withdraw, self.write, self.move, self.open)
            said = self.random.choices(steps, (4, 3, 3, 2, 1))[0]()


def main() -> None:
    """Run rounds until the line is closed."""
    ids = json.loads(sys.argv[2])
    world = World(
        sys.argv[1], ids, {user: uuid.UUID(membership) for user, membership in json.loads(sys.argv[3]).items()}
    )
    region.use(world.name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                Round(world, int(line)).work()
            except (OperationalError, InterfaceError):
                code = 0  # the database was killed under it: what it was doing is not acknowledged
            finally:
                if code:
                    traceback.print_exc()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        say(over=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
