"""Colleagues and what they type: tricks with characters, a list that still shows someone, an age that changes by
another route."""

from __future__ import annotations

import pytest

from accord.accounts import sessions
from accord.membership import queries as membership
from accord.people import tasks
from accord.sharing import assignments
from accord.sharing import services as records
from accord.work import services as work
from tests.region import World
from tests.steps.api import staff
from tests.steps.records import handle, open_record
from tests.steps.releases import MOTHER, SELF, later, sees, sign, young
from tests.steps.signing import BEFORE, SIGNED, drafted

TURNED = "Elena\u202e ecnarF\u2066\u200b\nHarbor House\u0007"


def test_a_name_cannot_reverse_or_break_a_line(world: World) -> None:
    """Directions, invisible characters and line breaks would make one name look like another, in a log or on a form."""
    adele = world.client("adele")
    adele.post("/agency/invite/", {"name": TURNED, "roles": ["advocate"]})
    with world.as_("adele") as actor:
        assert [one.name for one in membership.open_invitations(actor=actor)] == ["Elena ecnarF Harbor House"]
    alma = world.client("alma")
    page = alma.post("/people/new/", {"used": TURNED, "others": TURNED}).headers["Location"]
    shown = alma.get(page).context["page"].name_item.payload
    assert (shown.used, shown.others) == ("Elena ecnarF Harbor House",) * 2


@pytest.mark.line(79)
def test_a_barred_colleagues_today_page_does_not_show_the_person(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    with world.as_("aisha") as aisha:
        work.add_task(actor=aisha, about=known.person, code="tell_person", days=1)
        assert len(tasks.my_tasks(actor=aisha)) == 1
    with world.as_("adele") as adele:
        records.bar(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    with world.as_("aisha") as aisha:
        assert tasks.my_tasks(actor=aisha) == []
    assert str(known.ref).encode() not in world.client("aisha").get("/").content


@pytest.mark.line(79)
def test_a_barred_colleague_does_not_reassign_the_person(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world, user="aisha")
    with world.as_("adele") as adele:
        records.bar(actor=adele, ref=known.ref, membership=adele.membership)
    with world.owner() as owner:
        owner.execute(
            "update membership_membership set ended_at = accord.now() where id = %s", [world.memberships["aisha"]]
        )
    with world.as_("adele") as adele:
        assert assignments.left_behind(actor=adele) == []


@pytest.mark.parametrize("door", ["add", "correct"])
def test_a_birthday_from_any_source_ends_what_a_parent_signed(fresh_world: World, door: str) -> None:
    """What a parent signed with a minor is paused from their eighteenth birthday on, even if the API brought the date."""
    world = fresh_world
    known, born = young(world, 18, days=-10)
    alma = staff(world, "alma")
    place = f"/people/{known.ref}/entries"
    [birth] = [one for one in alma.get(f"/people/{known.ref}").json()["entries"] if one["type"] == "birth"]
    nothing = {"years": "", "year": "", "date": ""}
    said, learned = (
        {"type": "birth", "fields": nothing | fields} for fields in ({"years": "17"}, {"date": born.isoformat()})
    )
    assert alma.post(f"{place}/{birth['series']}", {**said, "revision": 1}).status_code == 200
    sign(world, known, SELF, MOTHER, age=17, days=30)
    ref = handle(world, "elena")
    if door == "add":
        assert alma.post(place, learned).status_code == 201
    else:
        assert alma.post(f"{place}/{birth['series']}", {**learned, "revision": 2}).status_code == 200
    later(world, days=9)
    assert sees(world, ref)
    later(world, days=2)
    assert not sees(world, ref)


@pytest.mark.parametrize(
    "mark",
    [
        "present",
        "https://elsewhere.example/x.png",
        "data:image/svg+xml,<svg onload=x>",
        "data:image/png;base64,iVBORw0KGgo" + "A" * 300_000,
    ],
)
def test_a_signature_is_a_drawn_line_of_reasonable_size(world: World, mark: str) -> None:
    known = open_record(world)
    alma = world.client("alma")
    theirs = alma.post(drafted(world, alma, known.ref), BEFORE).headers["Location"]
    answer = alma.post(theirs, {**SIGNED, "signature_typed": "", "signature_i_sign": "", "signature": mark})
    sessions.take_back(world.session("alma"))
    assert answer.status_code == 422
