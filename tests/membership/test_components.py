"""A victim services component of a larger organization is its own agency (acceptance line 53; 28 CFR 90.4(b)(2)).
Anyone who works for both, or leads both, finds nothing of it while working for the other."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.region import World
from tests.steps.addresses import NEVER_EXISTED, ask
from tests.steps.membership import code_of
from tests.steps.pages import alert_words

COMPONENT = {
    "name": "District Attorney, victim services",
    "type": "services",
    "traits": ["grant_vawa"],
    "jurisdictions": ["us", "us-calder"],
    "zone": "America/Chicago",
    "officer": "Cora",
    "roles": ["advocate", "intake"],
}
HER = "Wren Ashby"


def act_for(client: Client, name: str) -> None:
    """Choose one of the user's agencies on the page."""
    cards = {card.agency: card.id for card, _roles in client.get("/acting/").context["cards"]}
    assert client.post("/acting/", {"membership": str(cards[name])}).status_code == 302


def join_with(client: Client, code: str) -> None:
    """Accept one more invitation with the signed-in account."""
    assert client.post("/join/", {"code": code}).status_code == 200
    assert client.post("/join/with/", {"code": code}).headers["Location"] == "/acting/"


@pytest.fixture(scope="module")
def component(world: World) -> str:
    """Return the address of a record in the component. Cora works and Chidi leads in the component and in the District
    Attorney's office; Cora has opened the record."""
    lead = {"roles": ["prosecutor", "supervisor", "officer"], "step_up_code": code_of(world, "cora")}
    assert world.client("cora").post(f"/agency/colleagues/{world.memberships['chidi']}/", lead).status_code == 302
    cora, chidi = world.client("cora"), world.client("chidi")
    join_with(cora, world.client("hal").post("/hub/invite/", COMPONENT).context["code"])
    act_for(cora, COMPONENT["name"])
    second = cora.post("/agency/invite/", {"name": "Chidi", "roles": ["supervisor", "officer"]})
    join_with(chidi, second.context["code"])
    act_for(chidi, COMPONENT["name"])
    made = cora.post("/people/new/", {"used": HER})
    assert made.status_code == 302, made.content.decode()
    return made.headers["Location"]


@pytest.mark.line(53)
def test_in_the_component_the_person_exists(world: World, component: str) -> None:
    cora, chidi = world.client("cora"), world.client("chidi")
    for client in (cora, chidi):
        act_for(client, COMPONENT["name"])
    assert HER in alert_words(cora.get(component))
    assert HER in alert_words(cora.post("/people/find/", {"name": HER}))
    assert HER in alert_words(chidi.get("/people/all/"))


@pytest.mark.line(53)
@pytest.mark.parametrize("user", ["cora", "chidi"])
def test_working_or_leading_in_both_finds_nothing_while_working_for_the_other(
    world: World, component: str, user: str
) -> None:
    client = world.client(user)
    act_for(client, COMPONENT["name"])
    act_for(client, "District Attorney")  # the keys held a moment ago are gone from the session
    ref = re.search(r"/people/([0-9a-f-]{36})/", component).group(1)
    for address in (component, f"{component}why/", f"{component}team/", f"{component}history/"):
        nowhere = address.replace(ref, str(NEVER_EXISTED))
        found, missing = (ask(world, user, "get", path, ref, NEVER_EXISTED) for path in (address, nowhere))
        assert found == missing and found.status in (403, 404), address
    assert HER not in alert_words(client.post("/people/find/", {"name": HER})).replace(f'value="{HER}"', "")
    for address in ("/", "/people/", "/people/all/", "/people/find/", "/agency/log/", "/numbers/", "/notices/"):
        page = client.get(address)
        assert page.status_code in (200, 403) and HER not in alert_words(page), address


@pytest.mark.line(53)
def test_nothing_may_pass_between_them_without_an_agreement_and_a_release(world: World, component: str) -> None:
    """The component is not a partner of the other agency: no release could name it as recipient yet (line 86)."""
    cora = world.client("cora")
    act_for(cora, COMPONENT["name"])
    page = cora.get(f"{component}forms/new/")
    assert "District Attorney" not in {row.title for row in page.context["rows"]}
