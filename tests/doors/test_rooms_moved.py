"""An update from a version in which agreements, memberships, systems and legal requests were one room: every row stays."""

from __future__ import annotations

from django.core.management import call_command

from accord.config import install, verify
from accord.legal_requests import served
from tests import region
from tests.region import World
from tests.steps.api import Caller, connect
from tests.steps.hub import SAYS, form
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to

ROOMS = {
    "membership": ("membership", "reset", "recoverykey", "recoverystart", "invitation"),
    "agreements": (*("agreement", "coalitionagreement", "agreementrequest", "permit", "signature", "keycheck", "pin"),),
    "systems": ("system",),
}
NAMED = {"system": "machineclient"}  # tables that had another name


def rows(world: World, tables: dict[str, str]) -> dict[str, int]:
    """Return how many rows these tables have. `tables` maps a name to the table's name now."""
    with world.owner() as owner:
        found = {name: owner.execute(f"select count(*) from {now}").fetchone() for name, now in tables.items()}
    return {name: int(row[0]) for name, row in found.items() if row}


def test_an_update_keeps_every_row_in_the_room_it_has_now(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known, "legal", ["needs"])
    token = connect(world, name="Kiosk")
    world.client("hal").post("/hub/letters/new/", form(world, "harbor", "legal"))
    with world.as_("emil") as emil:
        (card,) = served.received(actor=emil)
        served.take_on(actor=emil, legal_request=card.id)
    now = {name: f"{room}_{name}" for room, names in ROOMS.items() for name in names}
    counts = rows(world, now)
    assert all(counts[name] for name in ("membership", "agreement", "permit", "signature", "pin", "system"))
    with install.owner_alias(NAME=world.name):
        for room in ("legal_requests", "systems", "agreements", "membership"):
            call_command("migrate", room, "zero", database="owner", verbosity=0)
    before = {name: f"agencies_{NAMED.get(name, name)}" for name in now}
    assert rows(world, before) == counts  # as in the version before, also by the codes of a task and a notice
    named = {
        "task": "work_task where code = 'handle-paper'",
        "notice": "accounts_notice where code = 'paper-came'",
    }
    assert all(rows(world, named).values())
    with region.time_goes_on(world):
        install.migrate(NAME=world.name)
    assert rows(world, now) == counts
    world.sessions.clear()
    adele = world.client("adele")
    today = alert_words(adele.get("/"))
    assert "Open a legal request from the hub and decide who handles it." in today
    assert "A legal request is waiting for your agency" in today
    assert "Kiosk" in alert_words(adele.get("/agency/systems/"))
    assert "In effect" in alert_words(adele.get("/agreements/"))
    (request,) = adele.get("/agency/letters/").context["rows"]
    assert SAYS in alert_words(adele.get(request.url))
    with world.as_("hal") as hal:
        (told,) = served.forwarded(actor=hal)
    assert told.agencies == (("Harbor House", "opened"), ("Riverbend Legal Aid", "taken_on"))
    with world.owner() as owner:
        assert verify.exchange_breaks(owner) == []
    assert Caller(token).post("/people", {"name": {"used": "Mira Sandoval"}}).status_code == 201
