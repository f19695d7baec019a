"""The queue before the passphrase check: bounded, also for one network, and left again by everyone."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.db import connection, transaction

from accord.access import turnstile
from accord.accounts import services as accounts
from accord.core.errors import Busy, Crowded
from accord.demo.riverbend import PASSPHRASE
from tests.region import World

SENT = {"user_name": "alma", "passphrase": PASSPHRASE}


def full(line: ExitStack, count: int, source: str) -> None:
    for number in range(count):
        line.enter_context(turnstile.place(source.format(number)))


def test_a_full_line_is_refused_with_a_sentence_and_counts_nothing(world: World) -> None:
    with ExitStack() as line:
        full(line, turnstile.PLACES, "192.0.2.{}")
        for _ in range(6):
            page = world.client().post("/sign-in/", SENT)
            assert page.status_code == 503
            text = page.content.decode()
            assert "Many people are signing in right now" in text and "wait a few seconds" in text
            assert "15 minutes" not in text and page.headers["Retry-After"] == "10"
    assert world.client().post("/sign-in/", SENT).headers["Location"] == "/second-factor/"


def test_one_network_leaves_room_for_the_others(world: World) -> None:
    with ExitStack() as line:
        full(line, turnstile.PLACES_FOR_ONE_SOURCE, "127.0.0.1")
        page = world.client().post("/sign-in/", SENT)
        assert page.status_code == 429 and "on your network" in page.content.decode()
        assert world.client().get("/sign-in/").status_code == 200
        elsewhere = world.client().post("/sign-in/", SENT, REMOTE_ADDR="192.0.2.9")
        assert elsewhere.headers["Location"] == "/second-factor/"


def test_a_whole_ipv6_network_counts_as_one_source() -> None:
    with ExitStack() as line:
        full(line, turnstile.PLACES_FOR_ONE_SOURCE, "2001:db8::{:x}")
        with pytest.raises(Crowded), turnstile.place("2001:db8::ffff"):
            pass
        with pytest.raises(Crowded), turnstile.place("2001:db8:0:ff::1"):  # the customer's next /64
            pass
        with turnstile.place("2001:db8:1::1"):
            pass


def test_an_ipv4_address_inside_an_ipv6_one_is_that_address() -> None:
    """As a server that listens on both kinds sees them: not all of IPv4 is one network."""
    with ExitStack() as line:
        full(line, turnstile.PLACES_FOR_ONE_SOURCE, "::ffff:192.0.2.1")
        with pytest.raises(Crowded), turnstile.place("192.0.2.1"):
            pass
        with turnstile.place("::ffff:198.51.100.7"), turnstile.place("fe80::1%eth0"):
            pass


def test_a_place_is_always_free_again_afterward(world: World) -> None:
    for _ in range(turnstile.PLACES * 2):
        with pytest.raises(ZeroDivisionError), turnstile.place("192.0.2.1"):
            raise ZeroDivisionError
    with ExitStack() as line:
        full(line, turnstile.PLACES, "192.0.2.{}")
        with pytest.raises(Busy), turnstile.place("198.51.100.1"):
            pass


def test_every_page_that_checks_a_passphrase_takes_a_place(world: World) -> None:
    pages = ("/sign-in/", "/join/account/", "/reset/passphrase/", "/account/passphrase/")
    with ExitStack() as line:
        full(line, turnstile.PLACES, "192.0.2.{}")
        assert {world.client("alma").post(page, {}).status_code for page in pages} == {503}


def test_no_passphrase_is_worked_through_inside_a_transaction(world: World) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        accounts.create_account(user_name="inside", passphrase="words that no one would try")
    assert not connection.in_atomic_block
