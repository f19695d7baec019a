"""Notices: told apart by agency and record number, read one by one, and never with a person's name."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from accord.access.acting import acting
from accord.access.codes import AGENCY_KINDS
from accord.agreements import services as signing
from accord.core import clock
from accord.people import queries as people
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.codes import record_number
from tests.region import World
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to

NEVER = (
    "Samira",
    "Quill",
    "Maren",
    "Holt",
    "trafficking",
    "shelter",
    *(words.split(":")[0] for words in AGENCY_KINDS.values()),
)


def rows(world: World, user: str) -> list[str]:
    """The new notices of a page, as text."""
    page = world.client(user).get("/notices/").content.decode()
    found = re.findall(r'<div class="task">(.*?)<form', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in found]


def test_notices_of_one_day_can_be_told_apart(fresh_world: World) -> None:
    world = fresh_world
    first, second = open_record(world), open_record(world, "Maren Holt")
    for known in (first, second):
        release_to(world, known)
    for other in ("cps", "da"):
        with world.as_("grace") as grace:
            lines = [(world.agencies["legal"], world.agencies[other], "needs")]
            signing.draft_agreement(actor=grace, title="New", starts_at=clock.now() + timedelta(days=1), permits=lines)
    told = rows(world, "elena")
    assert len(told) == len(set(told)) == 4
    with world.as_("elena") as elena:
        handles = {UUID(str(card.handle)) for card in people.intake_list(actor=elena)}
    numbers = {f"Harbor House · record {record_number(handle)}" for handle in handles}
    assert len(numbers) == 2 and all(any(number in text for text in told) for number in numbers)
    for name in ("Child Protection", "District Attorney"):
        assert any(f"Agreement with {name}" in text for text in told)
    page = alert_words(world.client("elena").get("/")) + " ".join(told)
    assert "Agreement with Child Protection" in page
    assert [word for word in NEVER if word.lower() in " ".join(told).lower()] == []
    assert (
        record_number(first.person) not in page
    )  # the number under which Harbor House knows the person is not Legal Aid's


def test_one_notice_is_read_and_the_others_stay_new(fresh_world: World) -> None:
    world = fresh_world
    for name in ("Samira Quill", "Maren Holt"):
        release_to(world, open_record(world, name))
    client = world.client("elena")
    before = rows(world, "elena")
    page = client.get("/notices/").content.decode()
    one = re.search(r'name="notice" value="([0-9a-f-]+)"', page).group(1)
    assert client.post("/notices/", {"notice": one}).status_code == 302
    assert rows(world, "elena") == before[1:] and len(before) == 2
    assert client.post("/notices/", {"notice": "moon"}).status_code == 302 and len(rows(world, "elena")) == 1
    client.post("/notices/")
    assert rows(world, "elena") == [] and "Already read" in client.get("/notices/").content.decode()
    assert len(rows(world, "emil")) == 2  # one colleague's reading is not another's


def test_a_share_that_ends_names_the_same_number(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    with world.as_("alma") as alma:
        shares = [share.id for share in sharing.shares_of(actor=alma, known=known)]
        records.end_shares(actor=alma, known=known, shares=shares)
    ended, begun = rows(world, "elena")
    number = re.search(r"record (\d{4}-\d{4})", begun).group(1)
    assert "no longer shared" in ended and f"Harbor House · record {number}" in ended


def test_a_barred_colleague_reads_no_number_and_no_agency(fresh_world: World) -> None:
    """For them the person does not exist: not in a notice for the whole agency, and not in one for who is assigned."""
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    with world.as_("elena") as elena:
        ((handle, *_rest),) = people.intake_list(actor=elena)
        number = record_number(handle)
    assert all(number in " ".join(rows(world, user)) for user in ("elena", "emil"))
    with world.owner() as owner:
        bar = (
            "insert into sharing_assignment (owner, id, about, membership, basis, by, at) "
            "values (%s, %s, %s, %s, 'barred', %s, accord.now())"
        )
        for agency, about, user in (("legal", handle, "emil"), ("harbor", known.person, "alma")):
            who = world.memberships[user]
            owner.execute(bar, [world.agencies[agency], uuid4(), about, who, who])
    page = " ".join(rows(world, "emil")) + alert_words(world.client("emil").get("/"))
    assert number not in page and "Harbor House" not in " ".join(rows(world, "emil"))
    assert number in " ".join(rows(world, "elena"))
    with world.as_("elena") as elena:
        records.decline(actor=elena, ref=handle, reason="full")
    told = alert_words(world.client("alma").get("/notices/"))
    assert record_number(known.person) not in told and "Riverbend Legal Aid" not in told


def test_no_statement_reads_a_notice_for_a_colleague(fresh_world: World) -> None:
    """A warning about tries at an account must not disappear by a statement slipped into another session."""
    world = fresh_world
    release_to(world, open_record(world))
    read = (
        "insert into accounts_noticeseen (owner, membership, notice, at) "
        "select owner, %s, id, accord.now() from accounts_notice where code = 'share-begun'"
    )
    with acting(world.session("emil").ticket), connection.cursor() as cursor, pytest.raises(Exception) as refused:
        cursor.execute(read, [world.memberships["elena"]])
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert len(rows(world, "elena")) == 1
    with acting(world.session("emil").ticket), connection.cursor() as cursor:
        cursor.execute(read, [world.memberships["emil"]])
    assert rows(world, "emil") == [] and len(rows(world, "elena")) == 1
