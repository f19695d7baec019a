"""What a systems agency shares of its own records: only if both the right and the need to know are confirmed (line
47)."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accord.access.actors import StepUpNeeded
from accord.access.codes import ROLES, SHARE_OFFICIAL, SYSTEMS
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.people import queries as people
from accord.releases import official, presenters
from accord.releases import queries as releases
from accord.sharing import queries as sharing
from accord.sharing import services as records
from tests.region import World
from tests.steps.official import BOTH, KINDS, share, terms
from tests.steps.records import handle, open_record, release_to


def shares(world: World) -> int:
    with world.owner() as owner:
        return owner.execute("select count(*) from sharing_share").fetchone()[0]


# What differs from valid terms, and the answer.
REFUSED: tuple[tuple[dict[str, object], list[str]], ...] = (
    ({"ticks": ()}, ["ticks_missing"]),
    ({"ticks": ("right_to_know",)}, ["ticks_missing"]),
    ({"ticks": ("need_to_know",)}, ["ticks_missing"]),
    ({"ticks": ("right_to_know", "other")}, ["ticks_missing"]),
    ({"reason": "  "}, ["no_reason"]),
    ({"last_day": ""}, ["no_last_day"]),
    ({"last_day": "2026-01-01"}, ["ends_before_start"]),
    ({"last_day": "2099-01-01"}, ["too_long"]),
    ({"kinds": ()}, ["no_kind"]),
    ({"kinds": ("*",)}, ["blanket_kinds"]),
    ({"kinds": ("releases",)}, ["outside_agreement", "never_shared"]),
    ({"purposes": ()}, ["no_purpose"]),
    ({"purposes": ("whatever",)}, ["no_purpose"]),
    ({"recipient": ""}, ["no_recipient"]),
    ({"to": "legal"}, ["no_agreement"]),
    ({"ticks": (), "reason": ""}, ["ticks_missing", "no_reason"]),
)


@pytest.mark.line(47)
def test_nothing_is_shared_unless_both_are_confirmed(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="ben")
    for other, codes in REFUSED:
        with pytest.raises(Invalid) as error:
            share(world, known, **other)
        assert [one.code for one in error.value.data["problems"]] == codes, other
    assert shares(world) == 0
    share(world, known)
    assert shares(world) == len(KINDS)


@pytest.mark.line(47, 50, 105)
def test_on_screen_it_begins_is_explained_and_ends(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="ben")
    ben, chidi = world.client("ben"), world.client("chidi")
    new = f"/people/{known.ref}/own/new/"
    assert f'href="{new}"' in ben.get(f"/people/{known.ref}/").content.decode()
    assert b"The recipient has a right to know" in ben.get(new).content
    last = clock.today("America/Chicago") + timedelta(days=20)
    form = {
        "recipient": str(world.agencies["da"]),
        "kinds": KINDS,
        "purposes": ["prosecution"],
        "reason": "They charge",
    }
    form |= {f"last_day_{i}": part for i, part in enumerate((last.day, last.month, last.year))}
    for ticks in ({}, {"right_to_know": "on"}, {"need_to_know": "on"}):
        assert ben.post(new, form | ticks).status_code == 422
    assert shares(world) == 0
    begun = ben.post(new, form | dict.fromkeys(BOTH, "on"))
    assert begun.status_code == 302, begun.content.decode()
    page = ben.get(begun.headers["Location"]).content.decode()
    assert "They charge" in page and "house.right-and-need-to-know" in page and "District Attorney" in page
    with world.as_("cora") as cora:
        (row,) = people.intake_list(actor=cora)
        records.assign(actor=cora, ref=row.handle, membership=world.memberships["chidi"])
    ref = row.handle
    seen = chidi.get(f"/people/{ref}/").content.decode()
    assert "Samira Quill" in seen and "They charge" not in seen and "555-0142" not in seen
    why = chidi.get(f"/people/{ref}/why/").content.decode()
    assert (
        "your agency has a right to know and needs to know" in why
        and "Right and need to know from Riverbend Police, until" in why
    )
    table = why.partition("<table")[2].partition("</table")[0]
    assert not re.search(r"\b[0-9a-f]{8}\b", table), "an id says nothing to people"
    assert "A signed release allows" not in why
    with world.as_("bea") as bea:
        records.grant(actor=bea, ref=known.ref, membership=bea.membership, reason="They asked for their history")
        lines, names, _let_in = releases.accounting(actor=bea, ref=known.ref)
        rows = presenters.accounting_rows(lines, names)
    assert [(line[1], line[4]) for line in rows] == [("District Attorney", "right and need to know")] * len(rows)
    assert any("viewed" in line[2] for line in rows)
    assert ben.post(begun.headers["Location"] + "end/").status_code == 302
    assert chidi.get(f"/people/{ref}/").status_code == 403
    assert "Ended" in ben.get(f"/people/{known.ref}/").content.decode()
    assert ben.post(begun.headers["Location"] + "end/").status_code == 409


@pytest.mark.line(47, 50)
def test_no_one_passes_on_what_was_shared_and_a_covered_agency_never_shares_like_this(fresh_world: World) -> None:
    world = fresh_world
    hers = open_record(world)
    release_to(world, hers, "police", kinds=KINDS)
    ref = handle(world, "ben")
    own = open_record(world, name="Robin Vale", user="ben")
    share(world, own)
    with world.as_("cora") as cora:
        records.assign(actor=cora, ref=people.intake_list(actor=cora)[0].handle, membership=world.memberships["chidi"])
    with world.as_("chidi") as chidi:
        (theirs,) = people.my_people(actor=chidi)
    for user, shared, to in (("ben", ref, "da"), ("chidi", theirs.ref, "cps")):
        with world.as_(user) as actor, pytest.raises(Refused) as error:
            official.share(actor=actor, ref=shared, terms=terms(world, to))
        assert error.value.code == "onward"
        with world.as_(user) as actor:
            one = sharing.find(actor=actor, ref=shared)
            verdict = sharing.decisions(actor=actor, known=one, action=SHARE_OFFICIAL, kinds=["needs"])["needs"]
        assert verdict.reason == "onward"
        assert world.client(user).get(f"/people/{shared}/own/new/").status_code == 403
    with world.as_("alma") as alma, pytest.raises(Refused) as error:
        official.share(actor=alma, ref=hers.ref, terms=terms(world, "legal"))
    assert error.value.code == "role"
    assert world.client("alma").get(f"/people/{hers.ref}/own/new/").status_code == 403
    assert all(role.within == {SYSTEMS} for role in ROLES.values() if SHARE_OFFICIAL in role.actions)


@pytest.mark.line(47)
def test_a_unit_bound_by_its_grant_needs_a_release(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="ben")
    with world.owner() as owner:
        owner.execute(
            "update agencies_agency set traits = array['police', 'grant_vawa'] where name = 'Riverbend Police'"
        )
    with pytest.raises(Invalid) as error:
        share(world, known)
    assert [one.code for one in error.value.data["problems"]] == ["unsigned"] and shares(world) == 0


@pytest.mark.line(47)
def test_the_database_knows_who_shares_like_this(fresh_world: World) -> None:
    """No matter what the code above it does, a row of this kind is refused from another agency or another role."""
    world = fresh_world
    insert = (
        "insert into sharing_share (owner, id, person, handle, kind, recipient, purposes, starts_at, ends_at, additions, "
        "basis, basis_id, made_at) values (%s, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'needs', %s, "
        "'{housing}', accord.now(), accord.now() + interval '1 day', false, %s, gen_random_uuid(), accord.now())"
    )
    taken = {}
    for user in ("alma", "bea", "cora", "hal", "ben", "chidi", "dana"):
        for basis in ("release", "official"):
            with world.as_(user) as actor, connection.cursor() as cursor:
                try:
                    with transaction.atomic():
                        cursor.execute(insert, [actor.agency, world.agencies["legal"], basis])
                    taken[user, basis] = True
                except DatabaseError:
                    taken[user, basis] = False
    assert all(taken[user, "release"] for user in ("alma", "bea", "ben"))
    assert [user for user, basis in taken if basis == "official" and taken[user, basis]] == ["ben", "chidi", "dana"]


def test_it_needs_a_fresh_second_factor_and_ends_without_one(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="ben")
    with world.as_("ben") as ben:
        ben.factor_at = clock.now() - timedelta(minutes=6)
        with pytest.raises(StepUpNeeded):
            official.share(actor=ben, ref=known.ref, terms=terms(world))
    series = share(world, known)
    with world.as_("ben") as ben:
        ben.factor_at = None
        official.end(actor=ben, ref=known.ref, series=series)
    with world.as_("ben") as ben:
        with pytest.raises(Conflict):
            official.end(actor=ben, ref=known.ref, series=series)
        for call in (official.end, official.find):
            with pytest.raises(Hidden):
                call(actor=ben, ref=known.ref, series=uuid.uuid4())
