"""Finding by name if many share some of its sounds: no one who shares the most stays closed, and omissions are
reported."""

from __future__ import annotations

import pytest

from accord.people import finding, queries, rules
from tests.region import World
from tests.steps.records import open_record

ENGLISH, SPANISH = "Not all matches are shown", "No se muestran todas las coincidencias"
CROWD = [f"Maria {last}" for last in ("Ober", "Tull", "Wexler", "Zinn", "Hark")]


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "OPENED_AT_ONCE", 2)
    monkeypatch.setattr(finding, "OPEN_ALL", 0)
    monkeypatch.setattr(rules, "bits_for", lambda people: 13)  # hardly any two sounds share a bucket


def look(world: World, name: str) -> tuple[list[str], bool]:
    with world.as_("adele") as adele:
        found = queries.search_by_name(actor=adele, text=name)
    return [row.name for row in found.rows], found.more


def test_all_who_share_the_most_are_opened(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second name is one that no one has: five share the first, and all are opened although the limit is two."""
    monkeypatch.setattr(finding, "OPENED_BESIDE", 0)
    for name in CROWD:
        open_record(fresh_world, name, "adele")
    assert look(fresh_world, "Maria Blix") == (sorted(CROWD), False)
    open_record(fresh_world, "Maria Blix", "adele")
    (best, *others), more = look(fresh_world, "Maria Blix")
    assert best == "Maria Blix" and len(others) == 1 and more  # the best match is there; of those who share less, a few


def test_names_that_share_buckets_by_chance_hide_no_one(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three who share both buckets but no sound come first; the one who shares one sound is opened after them."""
    beside = {rules.sound("ober"): rules.sound("maria"), rules.sound("tull"): rules.sound("blix")}
    buckets = finding.bucket
    monkeypatch.setattr(finding, "bucket", lambda actor, sound, *how: buckets(actor, beside.get(sound, sound), *how))
    for name in ("Ober Tull", "Tull Ober", "Ober Tull Ober", "Maria Hark"):
        open_record(fresh_world, name, "adele")
    assert look(fresh_world, "Maria Blix") == (["Maria Hark"], False)
    for name in (*CROWD, "Maria Tull"):  # two of these share both buckets by chance; all share one sound
        open_record(fresh_world, name, "adele")
    assert look(fresh_world, "Maria Blix") == (sorted([*CROWD, "Maria Tull", "Maria Hark"]), False)


def test_the_page_and_the_api_say_what_is_cut(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SHOWN", 2)
    for name in CROWD[:3]:
        open_record(fresh_world, name, "adele")
    adele, known = fresh_world.client("adele"), open_record(fresh_world, "Petra Quince", "adele")
    for name, cut in (("Maria", True), ("Ober", False), ("Nobody", False)):
        assert (ENGLISH in adele.post("/people/find/", {"name": name}).content.decode()) == cut, name
        same = adele.post(f"/people/{known.ref}/same/", {"name": name})
        assert (ENGLISH in same.content.decode()) == cut, name
        answer = adele.post("/api/v1/people/search", {"name": name}, content_type="application/json").json()
        assert answer["more"] == cut and len(answer["people"]) == {"Maria": 2, "Ober": 1, "Nobody": 0}[name]
    page = adele.post("/people/find/", {"name": "Maria"}, headers={"Accept-Language": "es"}).content.decode()
    assert SPANISH in page
