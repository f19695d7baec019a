"""A form that was kept when Alma's session ended, and Alma's passkey."""

from __future__ import annotations

import uuid

from tests.hidden import Hidden
from tests.region import World

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("Words that were not saved",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    fields = {"text": WORDS[0], "kept_path": f"/people/{so_far.known.ref}/notes/new/"}
    assert world.client("alma").post("/kept/keep/", fields).status_code == 200
    passkey = uuid.uuid4()
    with world.owner() as owner:
        (kept,) = owner.execute("select id from accounts_keptform").fetchone()
        owner.execute(
            "insert into accounts_passkey (account, id, sealed, counter, made_at) "
            "select account, %s, 'x', 0, accord.now() from membership_membership where id = %s",
            [passkey, world.memberships["alma"]],
        )
    return {"kept": kept, "passkey": passkey}
