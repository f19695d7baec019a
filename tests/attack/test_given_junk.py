"""A partner seals so that nothing opens: the entry, its key, or to a key that no one holds.

Every page of the reader opens and says what is not readable; their agency's log says it by a code.
"""

from __future__ import annotations

import json
import logging
import os
import uuid
from typing import Any

import pytest
from django.test import Client

from accord.audit import queries as audit
from accord.core.errors import Refused
from accord.demo import totals
from accord.numbers import services as numbers
from accord.sharing.queries import PersonRef
from accord.vault import sealing
from tests.region import World
from tests.steps import totals as steps
from tests.steps.records import SAID, handle, open_record
from tests.steps.releases import OTHER_KINDS, release_to_police

JUNK = (b"", sealing.SUITE + os.urandom(2000))


@pytest.fixture
def given(world: World) -> tuple[World, PersonRef, uuid.UUID, Client]:
    """Return someone shared with the police and assigned to the sergeant there."""
    known = open_record(world)
    release_to_police(world, known, (*OTHER_KINDS, "immigration"), (*SAID, "immigration_named_apart"))
    ref = handle(world, "bea")
    bea = world.client("bea")
    bea.post(f"/people/{ref}/assign/", {"membership": str(world.memberships["bea"])})
    return world, known, ref, bea


def change(world: World, statement: str, *values: Any) -> None:
    with world.owner() as owner:
        assert owner.execute(statement, values).rowcount


def opened(client: Client, ref: uuid.UUID) -> tuple[str, list[dict[str, Any]]]:
    """Return the person page and the entries from the API; every list with this person must open too."""
    for address in ("/", "/people/", "/api/v1/people", f"/people/{ref}/why/", "/agency/log/", "/agency/log/?as=csv"):
        assert client.get(address).status_code == 200, address
    assert client.post("/people/find/", {"name": "Samira"}).status_code == 200
    page, answer = client.get(f"/people/{ref}/"), client.get(f"/api/v1/people/{ref}")
    assert (page.status_code, answer.status_code) == (200, 200)
    return page.content.decode(), json.loads(answer.content)["entries"]


def logged(world: World, ref: uuid.UUID) -> list[list[str]]:
    """Return which kinds the police log says do not open, one line for each look."""
    with world.as_("bea") as bea:
        lines = audit.events(owner=bea.agency, opens=bea.opens, only="", before=None, limit=100)
    with world.owner() as owner:
        theirs = {at for (at,) in owner.execute("select position from audit_about where person = %s", [ref])}
    return [line.details["kinds"] for line in lines if line.action == "given-unreadable" and line.position in theirs]


@pytest.mark.parametrize("junk", JUNK, ids=["nothing", "noise"])
def test_an_entry_that_does_not_open(given: tuple, junk: bytes, caplog: pytest.LogCaptureFixture) -> None:
    world, known, ref, bea = given
    change(world, "update sharing_entry set sealed = %s where person = %s and kind = 'needs'", junk, known.person)
    with caplog.at_level(logging.CRITICAL, "accord.alarm"):
        page, entries = opened(bea, ref)
    assert "Can't be read" in page and "can't be opened here: needs." in page and "Samira Quill" in page
    assert {one["kind"]: one["readable"] for one in entries}["needs"] is False
    assert all(one["readable"] for one in entries if one["kind"] != "needs")
    assert logged(world, ref) == [["needs"]] * 2  # the person page and the API: no other page opens needs
    assert caplog.messages and all(
        word not in text for text in caplog.messages for word in (str(ref), "needs", "Harbor")
    )
    spanish = bea.get(f"/people/{ref}/", headers={"accept-language": "es"}).content.decode()
    assert "No se puede leer" in spanish


@pytest.mark.parametrize("junk", JUNK, ids=["nothing", "noise"])
def test_a_key_that_does_not_open(given: tuple, junk: bytes) -> None:
    world, known, ref, bea = given
    where = "where person = %s and kind in ('identity.name', 'contact.safe')"
    change(world, f"update sharing_sharekey set sealed = %s {where}", junk, known.person)
    page, _entries = opened(bea, ref)
    assert "Samira Quill" not in page and "555-0142" not in page
    assert "can't be opened here: name, safe contact." in page
    looks = logged(world, ref)  # each page names only what it tried to open
    assert ["contact.safe", "identity.name"] in looks and {kind for look in looks for kind in look} == {
        *("contact.safe", "identity.name")
    }


def test_a_seal_to_a_key_that_no_one_holds(given: tuple) -> None:
    world, known, ref, bea = given
    change(world, "update sharing_sharekey set ring_version = 7 where person = %s and kind = 'needs'", known.person)
    page, _entries = opened(bea, ref)
    assert "can't be opened here: needs." in page
    assert logged(world, ref) == []  # the key may still be on its way


def test_an_own_entry_that_does_not_open_is_an_error(given: tuple) -> None:
    world, known, _ref, _bea = given
    change(world, "update sharing_entry set sealed = '' where person = %s and kind = 'needs'", known.person)
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 500


@pytest.mark.parametrize(
    "cells", [None, b"", b"{}", b'{"cells": [["all", "all", "all", Infinity]]}', b'{"cells": [7]}']
)
def test_a_submission_that_holds_anything_is_not_summed(fresh_world: World, cells: bytes | None) -> None:
    world, period = fresh_world, steps.last_half_year(fresh_world)
    for user in ("adele", "emil", "finn"):
        totals.submit(world, user, period)
    if cells is None:
        change(world, "update exchange_step set sealed = 'x'")
    with world.as_("ines") as ines, pytest.MonkeyPatch.context() as patch, pytest.raises(Refused) as refused:
        if cells is not None:
            patch.setattr(sealing.KeyPair, "open", lambda *_more: cells)
        numbers.sum_up(actor=ines, period=period)
    assert refused.value.code == "broken"
