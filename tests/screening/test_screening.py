"""A determination is a person's own and apart from what answers indicate; a child's opens steps with clocks; police and
prosecutors get the hand-off page."""

from __future__ import annotations

import pytest

from accord.access.codes import KINDS, SCREEN_PERSON, holders
from accord.core.errors import Hidden, Refused
from accord.people import tasks
from accord.screening import services
from accord.screening.codes import OUTCOMES, Determination
from tests.region import World
from tests.steps.membership import later
from tests.steps.screening import aged, steps_of
from tests.steps.worker import run

DETERMINED = {"outcome": "sex", "basis": "talk", "under_18": "unknown", "note": ""}


def sent(world: World, name: str, **fields: str) -> dict[str, str]:
    today = world.today()
    return {**fields, f"{name}_0": str(today.day), f"{name}_1": str(today.month), f"{name}_2": str(today.year)}


def todo(world: World, user: str = "alma") -> list[tuple[str, int]]:
    """Return the open tasks of someone, as code and days until the due date."""
    with world.as_(user) as actor:
        return [(row.code, (row.due_on - world.today()).days) for row in tasks.my_tasks(actor=actor)]


def test_the_roles_that_hold_the_kind_screen() -> None:
    assert set(holders(SCREEN_PERSON)) == KINDS["screening"].opened_by


def test_a_determination_is_a_persons_own_and_may_differ_from_the_answers(fresh_world: World) -> None:
    world = fresh_world
    ref = aged(world, "24")
    alma = world.client("alma")
    screen = sent(world, "day", tool="tvit", result="positive", act="yes", means="no", sex="no", labor="yes")
    assert alma.post(f"/people/{ref}/checks/new/", {**screen, "under18": "no", "crossed": "yes"}).status_code == 302
    place = f"/people/{ref}/checks/own/"
    assert alma.get(place).context["form"]["under_18"].value() == "no"
    made = sent(world, "day", **{**DETERMINED, "outcome": "labor", "note": "Pay stubs", "under_18": "no"})
    assert alma.post(place, made).status_code == 302
    page = alma.get(f"/people/{ref}/checks/").content.decode()
    for words in (
        "Labor trafficking",
        "determined by Alma",
        "Pay stubs",
        "Not indicated",
        "22 USC 7102",
        "doesn&#x27;t require crossing a border",
    ):
        assert words in page, words
    assert "It isn&#x27;t a finding, and help doesn&#x27;t depend on it." in page
    assert todo(world) == []
    panel = alma.get(f"/people/{ref}/").content.decode()
    assert "Labor trafficking" in panel and "Trafficking Victim Identification Tool" in panel


def test_no_determination_says_that_someone_is_refused_help(fresh_world: World) -> None:
    """Also example 66: nothing was answered, and help is offered just the same."""
    world = fresh_world
    refusing = ("refus", "denied", "ineligible", "eligible", "not qualif", "turned away", "no help")
    assert not [words for words in OUTCOMES.values() if any(word in words.lower() for word in refusing)]
    ref = aged(world, "")
    alma = world.client("alma")
    declined = sent(world, "day", tool="ahtst", result="declined")
    assert alma.post(f"/people/{ref}/checks/new/", declined).status_code == 302
    unsure = sent(world, "day", **{**DETERMINED, "outcome": "cannot_tell"})
    assert alma.post(f"/people/{ref}/checks/own/", unsure).status_code == 302
    assert alma.post(f"/people/{ref}/items/new/", {"daily": "housing", "urgency": "now"}).status_code == 302
    assert "Help doesn&#x27;t depend on it" in alma.get(f"/people/{ref}/checks/own/").content.decode()


@pytest.mark.parametrize(
    ("years", "said", "opens"),
    [
        ("15", "unknown", True),
        ("15", "no", True),
        ("24", "unknown", False),
        ("24", "yes", True),
        ("", "yes", True),
        ("", "no", False),
        ("", "unknown", False),
    ],
)
def test_a_childs_positive_determination_opens_the_packs_steps(
    fresh_world: World, years: str, said: str, opens: bool
) -> None:
    world = fresh_world
    ref = aged(world, years)
    made = sent(world, "day", **{**DETERMINED, "under_18": said})
    place = f"/people/{ref}/checks/own/"
    assert world.client("alma").post(place, made).status_code == 302
    assert todo(world) == ([("do_step", 1), ("do_step", 3)] if opens else [])
    assert world.client("alma").post(place, made).status_code == 302  # a second one opens nothing twice
    assert len(todo(world)) == (2 if opens else 0)


@pytest.mark.parametrize(
    ("result", "opens"), [("positive", True), ("unclear", False), ("negative", False), ("declined", False)]
)
def test_a_childs_positive_screen_opens_them_too(fresh_world: World, result: str, opens: bool) -> None:
    world = fresh_world
    ref = aged(world, "15")
    screen = sent(world, "day", tool="cse-it", result=result)
    assert world.client("alma").post(f"/people/{ref}/checks/new/", screen).status_code == 302
    assert bool(todo(world)) is opens


def test_answers_about_a_child_in_commercial_sex_open_them_although_the_tool_said_unclear(fresh_world: World) -> None:
    world = fresh_world
    ref = aged(world, "")
    screen = sent(
        world, "day", tool="other", result="unclear", act="yes", means="", sex="yes", labor="no", under18="yes"
    )
    assert world.client("alma").post(f"/people/{ref}/checks/new/", screen).status_code == 302
    assert len(todo(world)) == 2
    assert "Indicated" in world.client("alma").get(f"/people/{ref}/checks/").content.decode()


def test_an_adult_who_was_a_child_then_opens_no_childs_steps(fresh_world: World) -> None:
    world = fresh_world
    ref = aged(world, "30")
    screen = sent(world, "day", tool="other", result="positive", act="yes", sex="yes", labor="no", under18="yes")
    assert world.client("alma").post(f"/people/{ref}/checks/new/", screen).status_code == 302
    assert todo(world) == []


def test_a_step_says_what_to_do_until_when_and_closes_its_task(fresh_world: World) -> None:
    world = fresh_world
    ref = aged(world, "15")
    alma = world.client("alma")
    alma.post(f"/people/{ref}/checks/own/", sent(world, "day", **DETERMINED))
    with world.as_("alma") as actor:
        report, program = steps_of(actor, ref)
    today = alma.get("/").content.decode()
    place = f"/people/{ref}/checks/steps/{report}/"
    assert place in today and "child protection" not in today.lower().split("<footer")[0]
    page = alma.get(place).content.decode()
    assert "Report to child protection" in page and "Calder Family Code 11-166" in page
    done = sent(world, "closed_on", closed="done", note="Report 7781", revision="1")
    assert alma.post(place, done).status_code == 302
    assert todo(world) == [("do_step", 3)]
    other = f"/people/{ref}/checks/steps/{program}/"
    reason = alma.post(other, sent(world, "closed_on", closed="not_needed", note="", revision="1"))
    assert reason.status_code == 422 and "Say why" in reason.content.decode()
    assert alma.post(place, done).status_code == 409  # closed already
    assert todo(world) == [("do_step", 3)]


def test_the_supervisor_is_told_on_the_day_before_the_hours_are_over(fresh_world: World) -> None:
    world = fresh_world
    ref = aged(world, "15")
    world.client("alma").post(f"/people/{ref}/checks/own/", sent(world, "day", **DETERMINED))
    run(world, "tasks_escalate")
    assert "is due today" not in world.client("adele").get("/notices/").content.decode()
    world.move(hours=23)
    later(world)
    run(world, "tasks_escalate")
    assert "A task at your agency is due today." in world.client("adele").get("/notices/").content.decode()


@pytest.mark.parametrize("user", ["ben", "bea", "chidi"])
def test_police_and_prosecutors_get_the_hand_off_instead_of_a_form(fresh_world: World, user: str) -> None:
    world = fresh_world
    ref = aged(world, "24", user=user)
    client = world.client(user)
    page = client.get(f"/people/{ref}/checks/call/").content.decode()
    for words in (
        "Harbor House",
        "What not to ask",
        "Don't ask screening questions",
        "may have to be given to the defense",
    ):
        assert words in page, words
    for path in ("new/", "own/"):
        answer = client.get(f"/people/{ref}/checks/{path}")
        assert answer.status_code == 403
    with world.as_(user) as actor, pytest.raises((Refused, Hidden)):
        made = Determination("sex", world.today().isoformat(), "talk", "", "unknown", actor.name)
        services.determine(actor=actor, ref=ref, determination=made)
