"""Steps with drafts: saved from the form of a case note, and looked for."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from tests.region import World

TITLE = "Unfinished note"


def place(ref: uuid.UUID) -> str:
    """Return the address of the form for a case note."""
    return f"/people/{ref}/notes/new/"


def save_draft(client: Client, ref: uuid.UUID, text: str, seen: int = 0) -> Any:
    """Press *Save as a draft* on a page that showed this revision."""
    return client.post(place(ref), {"text": text, "draft_revision": str(seen), "save_draft": "1"})


def is_on_today(client: Client, ref: uuid.UUID) -> bool:
    """Return whether Today lists an unfinished note about this person."""
    return f'href="{place(ref)}"' in client.get("/").content.decode()


def is_on_page(client: Client, ref: uuid.UUID) -> bool:
    """Return whether the person's page lists an unfinished note."""
    return TITLE in client.get(f"/people/{ref}/").content.decode()


def revisions(world: World, ref: uuid.UUID) -> list[int]:
    """Return the revisions of the drafts about a person, with the database in hand."""
    with world.owner() as owner:
        found = owner.execute("select revision from drafts_draft where person = %s", [ref]).fetchall()
    return [revision for (revision,) in found]
