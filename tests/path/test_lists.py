"""The lists as people see them: narrowed by plain links, and as a file if they list no survivor."""

from __future__ import annotations

import re

from tests.region import World
from tests.steps.records import handle, open_record, release_to


def page(world: World, user: str, address: str) -> str:
    answer = world.client(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_lists_of_people_narrow_without_a_name_in_an_address(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    handle(world, "elena")
    open_record(world, "Beata Own", "elena")
    assert "Samira Quill" in page(world, "elena", "/people/?show=shared&sort=oldest")
    assert "Beata Own" not in page(world, "elena", "/people/?show=shared")
    assert "Samira Quill" not in page(world, "elena", "/people/?show=own")
    everyone, unassigned = (page(world, "adele", f"/people/all/?show={show}") for show in ("", "nobody"))
    assert "Samira Quill" in everyone and "Samira Quill" not in unassigned
    assert 'method="post" action="/people/find/"' in everyone and "as=csv" not in everyone
    assert "Last change" in page(world, "alma", f"/people/{known.ref}/") and ", by Alma." in page(
        world, "alma", f"/people/{known.ref}/"
    )


def test_lists_of_an_agency_are_files_too(world: World) -> None:
    for address, words in (
        ("/agreements/?q=legal&as=csv", "Harbor House and Riverbend Legal Aid"),
        ("/agency/?as=csv", "Alma"),
        ("/agency/log/?as=csv", "signed in"),
    ):
        answer = world.client("adele").get(address)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert words in answer.content.decode(), address
    log = page(world, "adele", "/agency/log/")
    assert log.count("Adele downloaded one of the agency&#x27;s lists as a file.") == 3
    assert re.search(r"agreements · \d rows? · from", log) and "Harbor House and Riverbend Legal Aid" not in log
    assert "Riverbend Police" not in world.client("adele").get("/agreements/?q=legal&as=csv").content.decode()
