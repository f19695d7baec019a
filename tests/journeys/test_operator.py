"""The operator runs the hub and sees nothing about anyone. Those the operator invites start with keys of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accord import cli
from accord.config import install
from accord.demo import people as invented
from tests.journeys import steps
from tests.journeys.conftest import Walk, seats
from tests.journeys.steps import sign_in
from tests.region import World, role_connection

pytestmark = pytest.mark.journey
NAMES = [each.name.used for each in invented.PEOPLE]


@seats(daily="no-script")
def test_running_the_hub(
    walk: Walk, fresh_world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The agencies, an invitation, the hub's log, `accord verify`; and no way to any person's page."""
    invented.build(fresh_world)
    hal = walk.page()
    sign_in(hal, "hal")
    walk.look(hal, "today")
    _sees_nobody(walk, hal, fresh_world)
    code = _invites(walk, hal)
    _reads_the_log(walk, hal)
    _verifies(fresh_world, monkeypatch, capsys)
    newcomer = walk.page()
    _starts(walk, newcomer, code)


def _sees_nobody(walk: Walk, hal: Page, world: World) -> None:
    expect(hal.get_by_role("link", name="People")).to_have_count(0)
    expect(hal.get_by_role("link", name="Search")).to_have_count(0)
    with world.owner() as owner:
        (sam,) = owner.execute("select id from sharing_person order by id limit 1").fetchone()
    for address, status in (("/people/", 403), ("/people/find/", 403), (f"/people/{sam}/", 403)):
        answer = hal.goto(address)
        assert answer is not None and answer.status == status, address
    walk.look(hal, "nobodys-page")


def _invites(walk: Walk, hal: Page) -> str:
    hal.goto("/hub/")
    walk.look(hal, "agencies")
    hal.get_by_role("link", name="Invite an agency").click()
    walk.look(hal, "invite-an-agency")
    hal.get_by_label("Agency name", exact=True).fill("Open Door")
    hal.get_by_text("Shelter or victim services program").click()
    hal.get_by_label("Time zone").select_option(label="Central Time (Chicago)")
    hal.get_by_label("First privacy officer's name").fill("Olga")
    hal.get_by_text("Grants, other legal facts, and the officer's other roles").click()
    hal.get_by_text("supervisor (").click()
    hal.get_by_role("button", name="Create a one-time code").click()
    expect(hal.get_by_role("heading", name="One-time code for Olga")).to_be_visible()
    walk.look(hal, "code")
    code = "-".join(hal.locator(".secret__words li").all_inner_texts())
    hal.get_by_role("link", name="I saved it").click()
    expect(hal.get_by_text("Open Door")).to_be_visible()
    return code


def _reads_the_log(walk: Walk, hal: Page) -> None:
    hal.goto("/hub/log/")
    expect(hal.get_by_text("Open Door").first).to_be_visible()
    walk.look(hal, "log")
    said = hal.locator("main").inner_text()
    assert not [name for name in NAMES if name in said]


def _verifies(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(install, "connect_as", lambda role, _database="": role_connection(world.name, role))
    cli.main(["verify"])  # its code is 1 here: the tests' own clock differs from the floor that is written
    said = capsys.readouterr().out
    assert " logs are intact" in said and "broken" not in said and "is wrong" not in said
    assert not [name for name in NAMES if name in said]


def _starts(walk: Walk, olga: Page, code: str) -> None:
    olga.goto("/join/")
    walk.look(olga, "join")
    olga.get_by_label("code").fill(code)
    olga.get_by_role("button", name="Continue").click()
    walk.look(olga, "make-an-account")
    words = " ".join(olga.locator(".secret__words li").all_inner_texts())
    olga.get_by_label("User name").fill("olga")
    olga.locator("input[name=passphrase]").fill(words)
    olga.get_by_role("button", name="Create my account").click()
    walk.look(olga, "second-step")
    assert "%23fff" in str(olga.locator("main img").get_attribute("src")), "a camera needs its white in the dark"
    olga.get_by_label("Code").fill(steps.shown_code(olga))
    olga.get_by_role("button", name="Confirm").click()
    walk.look(olga, "recovery-codes")
    olga.get_by_role("button", name="I saved them").click()  # one agency: no question which
    expect(olga.get_by_text("Your first day")).to_be_visible()
    walk.look(olga, "first-day")
