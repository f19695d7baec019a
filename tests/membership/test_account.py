"""The user's own account and notices."""

from __future__ import annotations

import pytest

from accord.accounts import services as accounts
from accord.core.errors import Invalid
from accord.demo.riverbend import PASSPHRASE
from tests.region import World
from tests.steps.membership import OWN, code_of
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to


@pytest.mark.line(96)
@pytest.mark.line(108)
def test_a_new_passphrase_ends_other_sessions_and_keeps_the_second_factor(fresh_world: World) -> None:
    world = fresh_world
    other = world.client("alma")
    world.sessions.pop("alma")
    here = world.client("alma")
    assert other.get("/").status_code == here.get("/").status_code == 200
    fields = {"words": "x", "old": PASSPHRASE, "passphrase": OWN, "again": OWN}
    assert here.post("/account/passphrase/", fields).status_code == 200
    assert here.get("/").status_code == 200
    assert other.get("/").headers["Location"] == "/sign-in/"
    with pytest.raises(Invalid):
        accounts.open_session(user_name="alma", passphrase=PASSPHRASE)
    state = accounts.open_session(user_name="alma", passphrase=OWN)
    assert state.pending and accounts.enrolled(state)


def test_wrong_tries_are_reported_next_to_the_field_and_lock_after_five(fresh_world: World) -> None:
    world = fresh_world
    client = world.client("alma")
    for new, field in (("too short", "passphrase"), (OWN, "old")):
        page = client.post(
            "/account/passphrase/", {"words": "x", "old": "wrong one here", "passphrase": new, "again": new}
        )
        assert page.status_code == 422 and field in page.context["form"].errors
    wrong = {"words": "x", "old": "wrong one here", "passphrase": OWN, "again": OWN}
    for _ in range(4):
        client.post("/account/passphrase/", wrong)
    right = client.post("/account/passphrase/", {**wrong, "old": PASSPHRASE})
    assert right.status_code == 422 and "old" in right.context["form"].errors
    world.move(minutes=16)
    assert client.post("/account/passphrase/", {**wrong, "old": PASSPHRASE}).status_code == 200


def test_new_recovery_codes_want_a_fresh_code_and_end_the_old_ones(fresh_world: World) -> None:
    world = fresh_world
    client = world.client("alma")
    first = client.post("/account/recovery-codes/").context["codes"]
    world.move(minutes=6)
    assert client.post("/account/recovery-codes/", {"step_up_code": ""}).status_code == 422
    made = client.post("/account/recovery-codes/", {"step_up_code": code_of(world, "alma")})
    second = made.context["codes"]
    assert made.status_code == 200 and len(second) == 10 and not set(first) & set(second)
    state = world.session("alma")
    with pytest.raises(Invalid):
        accounts.check_factor(state=state, code=first[0])
    accounts.check_factor(state=state, code=second[0])


@pytest.mark.line(108)
def test_signing_out_everywhere_else(fresh_world: World) -> None:
    world = fresh_world
    lost = world.client("alma")
    world.sessions.pop("alma")
    here = world.client("alma")
    assert lost.get("/").status_code == 200
    assert here.post("/account/sign-out-elsewhere/").status_code == 302
    assert lost.get("/").headers["Location"] == "/sign-in/"
    assert here.get("/account/").status_code == 200


def test_notices_are_counted_and_seen_separately_by_each_user(fresh_world: World) -> None:
    world = fresh_world
    release_to(world, open_record(world))
    elena, emil = world.client("elena"), world.client("emil")
    page = elena.get("/notices/")
    assert [row.title for row, _id in page.context["new"]] == ["A record was shared with you."]
    assert page.context["frame"].notices == 1
    assert elena.post("/notices/").status_code == 302
    page = elena.get("/notices/")
    assert page.context["new"] == [] and page.context["frame"].notices == 0
    assert page.context["seen"][0].title == "A record was shared with you."
    assert emil.get("/notices/").context["frame"].notices == 1
    assert "Samira" not in alert_words(page) and "Harbor House · record " in alert_words(page)


def test_everyone_with_a_session_has_these_pages_and_no_one_else(world: World) -> None:
    for address in ("/account/", "/account/passphrase/", "/account/recovery-codes/", "/notices/", "/agency/"):
        for user in ("alma", "kim", "hal"):
            assert world.client(user).get(address).status_code == 200, (user, address)
        assert world.client().get(address).headers["Location"] == "/sign-in/"


def test_a_page_of_an_error_does_not_ask_for_notices(world: World) -> None:
    page = world.client("alma").get("/people/7b1f9d5e-54b5-4d3c-9c55-0a8f0f3f6c11/")
    assert page.status_code == 404 and "Page not found" in alert_words(page)
