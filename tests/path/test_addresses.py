"""Anyone can write anything into an address or a hidden field: an invalid number is never a server error."""

from __future__ import annotations

import pytest

from accord.access.codes import KINDS
from accord.people import queries as people
from tests.region import World
from tests.steps.addresses import routes
from tests.steps.records import open_record

NAMES = ("page", "before", "show", "sort", "q", "only", "who", "when", "kept", "on")
# Superscript two is a digit to str.isdigit but not to int(); five thousand digits are too many for int() and for a
# database.
WRITTEN = ("²", "-1", "9" * 12, "9" * 5000, "\x00")


@pytest.mark.parametrize(("user", "below"), [("adele", ("people/", "agency/", "agreements/")), ("hal", ("hub/",))])
def test_no_address_causes_an_error(world: World, user: str, below: tuple[str, ...]) -> None:
    """Every list, with everything that an address can ask of it."""
    client = world.client(user)
    found = {"/" + route.pattern for route in routes() if not route.arguments and route.pattern.startswith(below)}
    lists = {address for address in found if client.get(address).status_code == 200}
    assert lists >= ({"/people/", "/people/all/", "/agency/log/"} if user == "adele" else {"/hub/log/"})
    for address in sorted(lists):
        for text in WRITTEN:
            assert client.get(address, dict.fromkeys(NAMES, text)).status_code == 200, (address, text)


def test_past_the_last_page_is_the_first(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = fresh_world  # others here open records, and a worker that takes tests from another runs them in any order
    monkeypatch.setattr(people, "PAGE", 2)
    for name in ("Ada", "Bea", "Cleo"):
        open_record(world, name, "adele")
    adele = world.client("adele")

    def page(address: str, number: str) -> str:
        answer = adele.get(address, {"page": number})
        assert answer.status_code == 200, (address, number, answer.status_code)
        return answer.content.decode()

    for address in ("/people/", "/people/all/"):
        first = page(address, "")
        assert "Page 1 of 2" in first
        for text in ("²", "-1", "3", "9" * 12, "9" * 30):
            answer = page(address, text)
            assert "Page 1 of 2" in answer and ("Cleo" in answer) == ("Cleo" in first), (address, text)
        assert "Page 2 of 2" in page(address, "2")


@pytest.mark.parametrize("revision", ["²", "-1", "0", "9" * 10, "9" * 5000, "x"])
def test_an_invalid_revision_changes_nothing(world: World, revision: str) -> None:
    known, alma = open_record(world), world.client("alma")
    with world.as_("alma") as actor:
        [need] = people.page(actor=actor, ref=known.ref, kinds=KINDS).items["needs"]
    address = f"/people/{known.ref}/items/{need.series}/"
    answer = alma.post(address, {"category": "housing", "status": "met", "revision": revision})
    assert answer.status_code == (409 if revision == "0" else 422), answer.status_code
