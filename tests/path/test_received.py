"""A record that a partner shares: who to call, what comes next, and declining it in words that tell nothing more."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.db import connection

from accord.access.acting import acting
from accord.agencies import queries as agency_queries
from accord.agencies import services as agencies
from accord.agreements import queries as agreements
from accord.agreements import services as signing
from accord.core.errors import Conflict, Hidden, Refused
from accord.people import queries as people
from accord.sharing import services as records
from accord.sharing.codes import record_number
from tests.region import World
from tests.steps.membership import later
from tests.steps.pages import alert_words
from tests.steps.records import handle, open_record, release_to

LINE = {"role": "Advocate on call", "phone": "555-0142", "hours": "Weekdays, 9 to 5"}


def waiting(world: World, user: str = "elena"):
    with world.as_(user) as actor:
        return people.intake_list(actor=actor)


def test_a_recipient_reads_who_to_call_and_what_comes_next(fresh_world: World) -> None:
    world = fresh_world
    release_to(world, open_record(world))
    ref = handle(world, "elena")
    elena, adele = world.client("elena"), world.client("adele")
    page = alert_words(elena.get(f"/people/{ref}/"))
    assert f"Harbor House shared this as record {record_number(ref)}" in page
    assert "doesn't have a contact line yet" in page and 'href="/people/find/">Start our own record' in page
    empty = adele.post("/agency/contact-line/", {"role": " ", "phone": ""})
    assert empty.status_code == 422
    assert adele.post("/agency/contact-line/", LINE).status_code == 302
    page = alert_words(elena.get(f"/people/{ref}/"))
    assert all(words in page for words in LINE.values()) and "doesn't have a contact line yet" not in page
    assert "555-0142" in alert_words(adele.get("/agency/"))
    changed = {**LINE, "phone": "555-0143"}
    assert adele.post("/agency/contact-line/", changed).status_code == 302
    assert "555-0143" in alert_words(elena.get(f"/people/{ref}/"))
    own = open_record(world, "Nour")
    assert "Shared with us" not in alert_words(world.client("alma").get(f"/people/{own.ref}/"))


def test_the_contact_line_is_for_partners_with_an_agreement(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("adele") as adele:
        agencies.write_contact_line(actor=adele, **LINE)
        card = next(one for one in agreements.agreements(actor=adele) if one.party(world.agencies["legal"]))

    def read(user: str) -> bool:
        with world.as_(user):
            return agency_queries.contact_line(agency=world.agencies["harbor"]) is not None

    assert {user for user in ("alma", "elena", "farah", "jo", "ben") if read(user)} == {
        "alma",
        "elena",
        "farah",
        "jo",
        "ben",
    }
    assert not any(read(user) for user in ("dana", "chidi", "grace", "hal", "ines", "kim"))
    with world.as_("adele") as adele:
        signing.end_agreement(actor=adele, agreement=card.id)
    assert not read("elena") and read("farah")
    for user in ("alma", "dana"):
        assert world.client(user).get("/agency/contact-line/").status_code == (403 if user == "alma" else 200)


def test_only_an_officer_writes_it_also_in_the_database(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("alma") as alma, pytest.raises(Refused):
        agencies.write_contact_line(actor=alma, **LINE)
    with world.as_("adele") as adele:
        agencies.write_contact_line(actor=adele, **LINE)
    change = "update agencies_contactline set phone = '555-0666'"
    for user in ("alma", "elena"):
        with acting(world.session(user).ticket), connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount == 0, user
    row = (world.agencies["legal"], "x", "y", "z", world.memberships["adele"])
    with acting(world.session("alma").ticket), connection.cursor() as cursor, pytest.raises(Exception) as refused:
        cursor.execute("insert into agencies_contactline values (%s, %s, %s, %s, now(), %s)", row)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_declining_tells_the_sender_in_words_and_takes_it_from_the_list(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    elena = world.client("elena")
    ((ref, *_rest),) = waiting(world)
    assert f'href="/people/{ref}/decline/"' in elena.get("/").content.decode()
    assert elena.post(f"/people/{ref}/decline/", {}).status_code == 422
    assert elena.post(f"/people/{ref}/decline/", {"reason": "full"}).status_code == 302
    assert waiting(world) == [] and "A record shared by" not in alert_words(elena.get("/"))
    told = alert_words(world.client("alma").get("/notices/"))
    assert "A partner agency declined a record you shared because it doesn&#x27;t have capacity right now." in told
    assert f"Riverbend Legal Aid · record {record_number(known.person)}" in told and "Samira" not in told
    for other in ("aisha", "adele"):  # who don't work with this person
        assert "declined" not in alert_words(world.client(other).get("/notices/"))
    log = alert_words(world.client("emil").get("/agency/log/"))
    assert "Elena declined a record that Harbor House shared." in log
    with world.as_("elena") as actor, pytest.raises(Conflict):
        records.decline(actor=actor, ref=ref, reason="full")
    assert elena.get(f"/people/{ref}/decline/").status_code == 404
    later(world, hours=1)
    release_to(world, known)
    assert [row.handle for row in waiting(world)] == [ref]  # a later share is offered again


def test_declining_is_for_who_assigns_what_is_shared(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    ((ref, *_rest),) = waiting(world)
    assert world.client("ben").post(f"/people/{ref}/decline/", {"reason": "full"}).status_code == 404
    assert world.client("hal").post(f"/people/{ref}/decline/", {"reason": "full"}).status_code == 403
    with world.as_("alma") as alma, pytest.raises(Hidden):
        records.decline(actor=alma, ref=known.ref, reason="full")
    asked = "select accord.share_declined(%s, %s)"
    for user, reason in (("ben", "full"), ("elena", "they are Samira")):
        with acting(world.session(user).ticket), connection.cursor() as cursor:
            cursor.execute(asked, [ref, reason])
    assert not re.search("declined", alert_words(world.client("alma").get("/notices/")))
    assert len(waiting(world)) == 1


def test_declining_again_by_statement_sends_no_second_notice(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    ((ref, *_rest),) = waiting(world)
    for _time in range(3):
        with acting(world.session("elena").ticket), connection.cursor() as cursor:
            cursor.execute("select accord.share_declined(%s, 'full')", [ref])
    with world.owner() as owner:
        (sent,) = owner.execute("select count(*) from accounts_notice where code = 'declined-full'").fetchone()
    assert sent == 1
