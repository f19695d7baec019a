"""A body of the coalition: created, its seats given, named and ended, its decisions recorded and corrected."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accord.access.codes import SEATS
from accord.bodies import services
from accord.bodies.codes import BODY_KINDS
from accord.bodies.room import ROOM
from accord.core.errors import Hidden, Refused
from accord.ui.fields import typed_date
from tests.region import World
from tests.steps import bodies as steps
from tests.steps.pages import alert_words, said
from tests.steps.records import log_of
from tests.steps.traces import tells

BODY = {"name": "Steering committee", "kind": "steering", "charge": "Keep the coalition going.", "readers": "closed"}


def follow(client: Client, answer: Any) -> tuple[str, list[str]]:
    """Return where a form led, and what the page there says was saved."""
    assert answer.status_code == 302, alert_words(answer)
    return answer.headers["Location"], said(client.get(answer.headers["Location"]))


def seat_form(world: World, agency: str, role: str, **more: str) -> dict[str, str]:
    """Return the form of a seat from today on, filled in."""
    day = typed_date("since", world.today().isoformat())
    return {"agency": str(world.agencies[agency]), "role": role, "holder": "one", **day, **more}


def decision_form(world: World, words: str, **more: str) -> dict[str, str]:
    return {"words": words, **typed_date("day", world.today().isoformat()), **more}


def notices(world: World, user: str) -> str:
    """Return the notices of this persona that are not read yet, as text."""
    page = world.client(user).get("/notices/").content.decode()
    return html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def answers(world: World, user: str, address: str) -> dict[str, tuple[str, str]]:
    """Return what the page that explains a body says about each action: allowed or not, and why."""
    page = world.client(user).get(f"{address}why/")
    return {what: (tag.words, why) for what, tag, why, _remedy in page.context["reasons"].rows}


def test_from_its_creation_to_its_end(fresh_world: World) -> None:
    world = fresh_world
    grace, adele, alma, elena = (world.client(user) for user in ("grace", "adele", "alma", "elena"))
    address, told = follow(grace, grace.post("/coalition/new/", BODY))
    assert told == [
        "Committee created. Your office can see it now. Each agency with a seat can see it starting on the first day of its seat."
    ]
    assert "No agency has a seat yet." in alert_words(grace.get(address))

    # Two seats: one for a person the agency names, one for anyone there.
    _, told = follow(grace, grace.post(f"{address}seats/new/", seat_form(world, "harbor", "chair")))
    assert told[0].startswith("Seat added.")
    observers = seat_form(world, "legal", "observer", holder="anyone")
    follow(grace, grace.post(f"{address}seats/new/", observers))
    for user in ("adele", "elena", "emil"):
        assert "Your agency has a seat on a coalition committee." in notices(world, user)
    assert "Steering" not in notices(world, "adele") and "committee" not in notices(world, "ben")

    # The privacy officer names who sits. Before, no one of Harbor House reads or records.
    assert alma.get(f"{address}decisions/new/").status_code == 403
    asked = {"adele": adele, "alma": alma, "elena": elena}
    turns = {user: "Your turn to choose" in alert_words(client.get("/coalition/")) for user, client in asked.items()}
    assert turns == {"adele": True, "alma": False, "elena": False}
    naming = adele.get(address).context["seats"].rows[0][-1].url
    _, told = follow(adele, adele.post(naming, {"membership": str(world.memberships["alma"])}))
    assert told == ["Saved. Other people with a seat, and the coalition's office, can see who represents your agency."]
    assert "You have a seat on a coalition committee." in notices(world, "alma")

    # The chair records, an observer reads, the office and a colleague without the seat do not.
    _, told = follow(alma, alma.post(f"{address}decisions/new/", decision_form(world, "Meet on Tuesdays")))
    assert told == ["Decision saved. Everyone with a seat on this committee can read it."]
    assert "Alma, Harbor House" in alert_words(elena.get(address)) and "Meet on Tuesdays" in alert_words(
        elena.get(address)
    )
    assert elena.get(f"{address}decisions/new/").status_code == 403
    for client in (adele, grace):
        page = alert_words(client.get(address))
        assert "Meet on Tuesdays" not in page and "you can't see its decisions" in page

    # Both sides have it in their logs, without the name of the committee.
    lines = {action: [line.by for line in log_of(world, "grace", action)] for action in ("seat-added", "seat-filled")}
    assert lines == {"seat-added": ["Grace", "Grace"], "seat-filled": ["Adele"]}
    (given,) = log_of(world, "adele", "seat-given")
    assert (given.by, given.partner) == ("Grace", "Riverbend Coalition Office")
    log = alert_words(adele.get("/agency/log/"))
    assert "Riverbend Coalition Office gave this agency a seat on a committee." in log and "Steering" not in log

    # A seat that ends, ends at once.
    ending = next(row[-1].url for row in grace.get(address).context["seats"].rows if row[0] == "Riverbend Legal Aid")
    follow(grace, grace.post(ending))
    assert elena.get(address).status_code == 404
    assert "One of your agency's seats on a coalition committee has ended." in notices(world, "elena")
    assert [line.partner for line in log_of(world, "emil", "seat-taken")] == ["Riverbend Coalition Office"]

    # After its end its members read, and nothing changes.
    follow(grace, grace.post(f"{address}end/"))
    assert "Meet on Tuesdays" in alert_words(alma.get(address))
    assert alma.get(f"{address}decisions/new/").status_code == 403
    assert grace.get(f"{address}seats/new/").status_code == 404 and adele.get(naming).status_code == 404
    assert answers(world, "alma", address)["Record and correct its decisions"] == (
        "No",
        "This committee has ended. Nothing about it can change.",
    )


def test_a_decision_is_corrected_by_a_revision_and_no_one_overwrites_another(fresh_world: World) -> None:
    world = fresh_world
    made = steps.made(world)
    secretary = steps.seat(world, made.body, "legal", "secretary")
    steps.name(world, "emil", made.body, secretary, "elena")
    page, alma, elena = (
        f"/coalition/{made.body}/decisions/{made.decision}/",
        world.client("alma"),
        world.client("elena"),
    )
    form = decision_form(world, "Adopt it in March", revision="1")
    follow(elena, elena.post(f"{page}correct/", form))
    lost = alma.post(f"{page}correct/", decision_form(world, "Adopt it in May", revision="1"))
    assert lost.status_code == 409 and "Adopt it in March" in alert_words(lost) and "in May" in alert_words(lost)
    history = [(one["words"], one["recorded"].split(" ")[0]) for one in alma.get(page).context["revisions"]]
    assert history == [("Adopt it in March", "Corrected"), (steps.DECIDED, "Recorded")]
    shown = alert_words(elena.get(f"/coalition/{made.body}/"))
    assert "Adopt it in March" in shown and steps.DECIDED not in shown
    assert elena.get(f"/coalition/{made.body}/decisions/{uuid.uuid4()}/").status_code == 404


def test_an_open_body_is_read_by_all_and_names_no_one_to_those_without_a_seat(fresh_world: World) -> None:
    world = fresh_world
    made = steps.made(world, is_open=True)
    for user in ("ben", "hal", "kim", "adele"):
        client = world.client(user)
        listed, page = (alert_words(client.get(at)) for at in ("/coalition/", f"/coalition/{made.body}/"))
        assert steps.NAME in listed and "1 agency" in listed and steps.DECIDED in page
        assert "Alma" not in page.split("<main")[1] or user == "adele", "their own colleague"
        assert client.get(f"/coalition/{made.body}/decisions/new/").status_code == 403
        assert client.get(f"/coalition/{made.body}/decisions/{made.decision}/").status_code == 200
    assert "Every other agency in the coalition" in alert_words(world.client("ben").get(f"/coalition/{made.body}/why/"))


def test_the_page_says_why_and_who_else(world: World) -> None:
    made = steps.made(world)
    steps.seat(world, made.body, "legal", "observer", anyone=True)
    address = f"/coalition/{made.body}/"
    see, read, keep = "See this committee and its seats", "Read its decisions", "Add and end seats"
    write, named = "Record and correct its decisions", "Choose who represents your agency"
    by_seat, no_seat = ("Yes", "Your seat allows this."), ("No", "You don't have a seat that allows this.")
    has_one, office_only = (
        ("Yes", "Your agency has a seat on this committee."),
        ("No", "Only the coalition's office can do this."),
    )
    role, no_role = ("Yes", "Your role allows this."), ("No", "Your role doesn't include this.")
    expected = {
        "alma": {see: has_one, read: by_seat, write: by_seat, named: no_role, keep: office_only},
        "adele": {see: has_one, read: no_seat, write: no_seat, named: role, keep: office_only},
        "elena": {see: has_one, read: by_seat, write: no_seat, named: role, keep: office_only},
        "grace": {
            see: ("Yes", "Your agency keeps the list of seats on this committee for the coalition."),
            read: no_seat,
            write: no_seat,
            named: ("No", "Only an agency with a seat on this committee can do this."),
            keep: role,
        },
    }
    assert {user: answers(world, user, address) for user in expected} == expected
    readers = world.client("alma").get(f"{address}why/").context["readers"].rows
    assert readers == [
        ["Harbor House", "Has a seat"],
        ["Riverbend Legal Aid", "Has a seat"],
        ["Riverbend Coalition Office", "The coalition's office keeps the list of seats"],
    ]
    assert f'href="{address}why/"' in world.client("alma").get(address).content.decode()


def test_without_a_body_the_list_says_what_to_do(fresh_world: World) -> None:
    for user, sentence, button in (
        ("grace", "Create a committee, then give agencies a seat on it.", True),
        ("ben", "A committee is listed here if", False),
    ):
        words = alert_words(fresh_world.client(user).get("/coalition/"))
        assert "No committees to show" in words and sentence in words
        assert ('href="/coalition/new/"' in words) is button


def test_days_that_cannot_be_are_refused(world: World) -> None:
    made, grace, alma = steps.made(world), world.client("grace"), world.client("alma")
    address, tomorrow = f"/coalition/{made.body}/", (world.today() + timedelta(days=1)).isoformat()
    until = typed_date("until", world.today().isoformat())
    late = seat_form(world, "legal", "member", **typed_date("since", tomorrow)) | until
    page = grace.post(f"{address}seats/new/", late)
    assert page.status_code == 422 and "on or after the first day" in alert_words(page)
    page = alma.post(f"{address}decisions/new/", decision_form(world, "x") | typed_date("day", tomorrow))
    assert page.status_code == 422 and "Choose today or an earlier date." in alert_words(page)


def test_page_and_database_know_the_same_codes(world: World) -> None:
    with world.as_("grace") as grace:
        made = {
            kind: services.create(actor=grace, name="X", kind=kind, charge="Y", is_open=False) for kind in BODY_KINDS
        }
        with pytest.raises(Refused):
            services.create(actor=grace, name="X", kind="parade", charge="Y", is_open=False)
    for role in SEATS:
        steps.seat(world, made["team"], "harbor", role)
    with pytest.raises(Hidden):
        steps.seat(world, made["team"], "harbor", "conductor")


def test_a_seat_that_is_to_come_is_told_on_its_first_day(fresh_world: World) -> None:
    world = fresh_world
    body = steps.create(world)
    steps.seat(world, body, "police", anyone=True, since=world.today() + timedelta(days=1))
    assert "From " in alert_words(world.client("grace").get(f"/coalition/{body}/"))
    assert (
        "committee" not in notices(world, "ben") and world.client("ben").get(f"/coalition/{body}/").status_code == 404
    )
    world.move(days=1)
    world.sessions.clear()
    assert "Your agency has a seat on a coalition committee" in notices(world, "ben")
    assert world.client("ben").get(f"/coalition/{body}/").status_code == 200


def test_ending_one_coming_seat_leaves_the_notice_of_another(fresh_world: World) -> None:
    world = fresh_world
    body = steps.create(world)
    one, _other = (
        steps.seat(world, body, "police", anyone=True, since=world.today() + timedelta(days=1)) for _ in range(2)
    )
    with world.as_("grace") as grace:
        services.end_seat(actor=grace, body=body, seat=one)
    world.move(days=1)
    world.sessions.clear()
    with world.owner() as owner:
        asks = (
            "select count(*), count(distinct membership) from accounts_notice where code = 'seat-added' and owner = %s"
        )
        left, officers = owner.execute(asks, [world.agencies["police"]]).fetchone()
    assert left == officers > 0
    assert "Your agency has a seat on a coalition committee" in notices(world, "ben")


def test_titles_notices_and_the_log_hold_no_case_word(world: World) -> None:
    """A title stays in the browser's history, a notice is read over a shoulder, a log is printed."""
    made = steps.made(world)
    client = world.client("alma")
    for place in ("", "why/", "decisions/new/", f"decisions/{made.decision}/"):
        page = client.get(f"/coalition/{made.body}/{place}").content.decode()
        (title,) = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
        assert not tells(title) and steps.NAME not in title
    said_elsewhere = [*ROOM.notices.values(), *ROOM.log.values()]
    assert [line.words for line in said_elsewhere if tells(line.words)] == []
