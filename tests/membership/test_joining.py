"""A new user with a one-time code, and an account that accepts one more."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape

from accord.membership.services import NOT_OPEN
from tests.region import World
from tests.steps.membership import OWN, arrive, invite, join_page, later
from tests.steps.pages import alert_words


def test_a_new_user_makes_an_account_and_gets_keys_from_a_colleague(world: World) -> None:
    code = invite(world, "adele", "Nour Aziz")
    client = world.client()
    made = join_page(client, code, "nour")
    assert made.status_code == 302 and made.headers["Location"] == "/enrol/"
    # Line 92: before the second factor is set up, nothing else can be reached.
    assert client.get("/people/").headers["Location"] == "/second-factor/"
    arrive(client)
    assert "Nour Aziz" in alert_words(client.get("/"))
    adele = world.client("adele")
    assert adele.get("/agency/").context["keys"]["done"] < adele.get("/agency/").context["keys"]["total"]
    alma = world.client("alma")
    assert alma.post("/agency/keys/").status_code == 302
    keys = adele.get("/agency/").context["keys"]
    assert keys["done"] == keys["total"]
    # The live session has them with the next click: Emil's colleague can open a record and read it.
    opened = client.post("/people/new/", {"used": "Somebody New"})
    assert opened.status_code == 302 and client.get(opened.headers["Location"]).status_code == 200


def test_the_page_of_recovery_codes_sends_the_token_of_the_new_session(world: World) -> None:
    client = world.client()
    join_page(client, invite(world, "adele", "Noor"), "noor")
    client.handler.enforce_csrf_checks = True
    page = client.get("/enrol/")
    sent = {"code": page.context["shown"], "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    saved = client.post("/enrol/", sent)
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', saved.content.decode()))
    assert client.post("/acting/", {"csrfmiddlewaretoken": token}).headers["Location"] == "/"


@pytest.mark.parametrize("typed", ["", "not-a-code", "aaaaaa-bbbbbb-cccccc-dddddd"])
def test_an_unknown_code_gets_one_sentence(world: World, typed: str) -> None:
    page = world.client().post("/join/", {"code": typed})
    assert page.status_code == 422
    if typed:
        assert escape(NOT_OPEN) in alert_words(page) and typed in alert_words(page)


def test_a_code_opens_once_and_not_after_seven_days(fresh_world: World) -> None:
    world = fresh_world
    used, old = invite(world, "adele", "One"), invite(world, "adele", "Two")
    typed_otherwise = used.replace("-", " ").upper()
    assert join_page(world.client(), typed_otherwise, "first.user").status_code == 302
    again = world.client().post("/join/", {"code": used})
    assert again.status_code == 422 and escape(NOT_OPEN) in alert_words(again)
    later(world, hours=7 * 24, minutes=1)
    late = world.client().post("/join/", {"code": old})
    assert late.status_code == 422 and escape(NOT_OPEN) in alert_words(late)


def test_a_canceled_code_opens_nothing(world: World) -> None:
    code = invite(world, "adele", "Wrong Hands")
    client = world.client("adele")
    waiting = next(row for row in client.get("/agency/").context["invitations"] if row["name"] == "Wrong Hands")
    assert client.get(waiting["take_back"]).status_code == 200
    assert client.post(waiting["take_back"]).status_code == 302
    assert world.client().post("/join/", {"code": code}).status_code == 422
    assert client.post(waiting["take_back"]).status_code == 404


@pytest.mark.line(95)
@pytest.mark.parametrize(
    ("passphrase", "again", "says"),
    [
        ("too short", "", "at least 15 characters"),
        ("my accord with the river", "my accord with the river", "name or words related to it"),
        ("polniypizdec0211", "polniypizdec0211", "too easy to guess"),
        ("somebody.new likes tea", "somebody.new likes tea", "use your user name"),
        (OWN, OWN + "s", "The two passphrases don"),
        (OWN, "", "The two passphrases don"),
    ],
)
def test_a_weak_passphrase_is_refused_with_its_reason_and_nothing_is_lost(
    world: World, passphrase: str, again: str, says: str
) -> None:
    code = invite(world, "adele")
    page = join_page(world.client(), code, "somebody.new", passphrase, again)
    assert page.status_code == 422 and says in alert_words(page)
    assert code in alert_words(page) and "somebody.new" in alert_words(page)
    assert world.client().post("/join/", {"code": code}).status_code == 200  # still open


@pytest.mark.line(95)
def test_a_long_passphrase_of_ones_own_is_accepted(world: World) -> None:
    own = "a phrase with spaces of sixty-four characters, no symbol rule ok"
    assert len(own) == 64
    assert join_page(world.client(), invite(world, "adele"), "long.phrase", own, own).status_code == 302


def test_a_taken_user_name_is_reported_next_to_its_field(world: World) -> None:
    page = join_page(world.client(), invite(world, "adele"), "Alma")
    assert page.status_code == 422 and "This user name is taken" in str(page.context["form"].errors["user_name"])


def test_an_account_takes_up_one_more_invitation(world: World) -> None:
    code, client = invite(world, "emil", "Alma Reyes", ("intake",)), world.client("alma")
    offered = client.post("/join/", {"code": code})
    assert "Join Riverbend Legal Aid" in alert_words(offered)
    assert client.post("/join/with/", {"code": code}).status_code == 302
    agencies = {card[0].agency for card in client.get("/acting/").context["cards"]}
    assert agencies == {"Harbor House", "Riverbend Legal Aid"}
    assert client.post("/join/with/", {"code": code}).status_code == 422
