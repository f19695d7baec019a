"""Steps for agreements between agencies."""

from __future__ import annotations

from django.test import Client

from accord.core import clock
from tests.region import World
from tests.steps.pages import alert_words

KINDS = ("identity.name", "needs")


def drafted(world: World, *members: str) -> str:
    """Draft a coalition agreement between these agencies on the coordinator's page. Returns its address."""
    day = clock.today("America/Chicago")
    fields = {
        "title": "Night team",
        "members": [str(world.agencies[key]) for key in members],
        "kinds": list(KINDS),
        **{"start_0": day.day, "start_1": day.month, "start_2": day.year},
    }
    page = world.client("grace").post("/agreements/coalition/new/", fields)
    assert page.status_code == 302, alert_words(page)
    return page.headers["Location"]


def sign(client: Client, address: str, *, call: bool = True, **more: str):
    """Sign an agreement, with or without first confirming a call to every partner whose keys are not checked yet."""
    page = client.get(address + "sign/").context
    ticks = [one["value"] for one in page["partners"] if one["words"] and not one["good"]] if call else []
    return client.post(address + "sign/", {"checked": ticks, "members": page["members"], **more})
