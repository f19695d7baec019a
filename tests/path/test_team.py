"""Who works with a person: assigned, given access with a reason, blocked. Nothing is open to everyone in an agency."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accord.access.codes import KINDS
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.people import queries as people
from accord.sharing import services as records
from accord.sharing.assignments import assignments_of
from accord.sharing.codes import AssignmentBasis
from tests.region import World
from tests.steps.records import handle, open_record, release_to
from tests.steps.releases import later


@pytest.mark.line(78)
def test_a_supervisor_gives_a_colleague_access_with_a_reason(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    adele, aisha, alma = (world.client(user) for user in ("adele", "aisha", "alma"))
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
    page, team = f"/people/{known.ref}/", f"/people/{known.ref}/team/"
    assert aisha.get(page).status_code == 403
    assert aisha.get(team).status_code == 403
    listed = adele.get("/people/all/")
    assert b"Samira Quill" in listed.content and team.encode() in listed.content
    assert team.encode() in adele.post("/people/find/", {"name": "Samira"}).content
    assert adele.get(team).status_code == 200
    posted = {"membership": str(world.memberships["aisha"]), "reason": "Covers Alma's nights"}
    assert adele.post(team, {**posted, "reason": " "}).status_code == 422
    assert aisha.get(page).status_code == 403
    last = today + timedelta(days=2)
    until = {f"until_{i}": part for i, part in enumerate((last.day, last.month, last.year))}
    assert adele.post(team, {**posted, **until}).status_code == 302
    assert aisha.get(page).status_code == 200
    assert b"Covers Alma" in alma.get(page).content  # the person may ask, and Alma can tell them
    later(world, days=3)
    assert world.client("aisha").get(page).status_code == 403
    assert b"Aisha" not in world.client("adele").get(team).content.split(b"Give a colleague access")[0]
    assert b"Covers Alma" in world.client("alma").get(page).content


@pytest.mark.line(78)
def test_the_disclosure_history_says_who_was_given_access(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    adele = world.client("adele")
    team = f"/people/{known.ref}/team/"
    adele.post(team, {"membership": str(world.memberships["adele"]), "reason": "They asked for their history"})
    shown = adele.get(f"/people/{known.ref}/history/").content
    assert b"They asked for their history" in shown and b"access given by Adele" in shown
    adele.post(team, {"membership": str(world.memberships["aisha"]), "reason": "王 😀 \U00012000 asked"})
    assert adele.get(f"/people/{known.ref}/history.pdf").content.startswith(b"%PDF")
    with world.as_("adele") as actor:
        mine = world.memberships["adele"]
        assignments = assignments_of(actor=actor, ref=known.ref)
        (assignment,) = [
            one.id for one in assignments if one.basis == AssignmentBasis.GRANTED and one.membership == mine
        ]
    assert adele.post(f"{team}{assignment}/end/").status_code == 302
    assert adele.get(f"/people/{known.ref}/").status_code == 403
    assert adele.post(f"{team}{assignment}/end/").status_code == 404


def test_a_reason_never_leaves_with_the_notes(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="Her brother works nights here")
    release_to(world, known, kinds=("identity.name", "notes.case"))
    ref = handle(world, "elena")
    with world.as_("elena") as elena:
        assert set(people.page(actor=elena, ref=ref, kinds=KINDS).items) == {"identity.name"}


@pytest.mark.line(79)
def test_for_a_barred_colleague_the_person_does_not_exist(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    adele, aisha = world.client("adele"), world.client("aisha")
    page, team = f"/people/{known.ref}/", f"/people/{known.ref}/team/"
    with world.as_("adele") as actor:
        records.assign(actor=actor, ref=known.ref, membership=world.memberships["aisha"])
    assert aisha.get(page).status_code == 200
    assert adele.post(team + "bar/", {"barred": str(world.memberships["aisha"])}).status_code == 302
    assert aisha.get(page).status_code == 404
    assert b"Samira" not in aisha.get("/people/").content
    assert b"No one with a similar name" in aisha.post("/people/find/", {"name": "Samira Quill"}).content
    with world.as_("adele") as actor:
        (assignment,) = [
            one.id for one in assignments_of(actor=actor, ref=known.ref) if one.basis == AssignmentBasis.BARRED
        ]
    assert b"Unblock" in adele.get(team).content
    adele.post(f"{team}{assignment}/end/")
    assert aisha.get(page).status_code == 200


@pytest.mark.line(79)
def test_after_recusal_no_one_returns_alone(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    adele = world.client("adele")
    team, back = f"/people/{known.ref}/team/", f"/people/{known.ref}/step-back/"
    adele.post(team, {"membership": str(world.memberships["adele"]), "reason": "To look"})
    assert adele.get(back).status_code == 200
    assert adele.post(back).status_code == 302
    for address in (team, back, f"/people/{known.ref}/", f"/people/{known.ref}/assign/"):
        assert adele.get(address).status_code == 404, address
    assert b"Samira" not in adele.get("/people/all/").content
    with world.as_("adele") as actor, pytest.raises(Hidden):
        records.grant(actor=actor, ref=known.ref, membership=actor.membership, reason="I changed my mind")


@pytest.mark.line(78)
def test_no_one_assigns_themselves_to_a_colleagues_person(fresh_world: World) -> None:
    """Intake assigns unassigned people to others; a supervisor gets access to one of the agency's own people with a
    reason."""
    world, known = fresh_world, open_record(fresh_world)
    with world.as_("aisha") as aisha:
        second = people_of(aisha)
    with world.as_("alma") as alma, pytest.raises(Refused):
        records.assign(actor=alma, ref=second, membership=alma.membership)
    with world.as_("adele") as adele, pytest.raises(Invalid):
        records.assign(actor=adele, ref=known.ref, membership=adele.membership)
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    release_to(world, known)
    seen = handle(world, "elena")  # on the intake list: no one is assigned yet
    with world.as_("elena") as elena, pytest.raises(Refused):
        records.assign(actor=elena, ref=seen, membership=world.memberships["emil"])
    with world.as_("emil") as emil:
        records.assign(actor=emil, ref=seen, membership=emil.membership)


def people_of(actor) -> object:
    from accord.people import services
    from accord.people.codes import PersonName

    return services.open_record(actor=actor, name=PersonName(used="Noor Ashdown")).ref


def test_the_intake_list_is_for_who_assigns(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    release_to(world, known)
    with world.as_("elena") as elena:
        assert len(people.intake_list(actor=elena)) == 1
    with world.as_("kim") as kim, pytest.raises(Refused):
        people.intake_list(actor=kim)
