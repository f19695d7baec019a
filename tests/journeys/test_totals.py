"""From an agency's own count to a table that everyone may read, and never one agency's figures in between."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accord.demo import totals
from accord.numbers.rules import Period
from tests.journeys.conftest import Walk, seats
from tests.region import World
from tests.steps import totals as steps

pytestmark = pytest.mark.journey


@seats(daily="phone")
def test_counted_summed_published(walk: Walk, fresh_world: World) -> None:
    """The officer reviews and submits, the analyst sums, the reviewer sends back and then publishes, everyone can read
    it."""
    period = steps.last_half_year(fresh_world)
    steps.joined_long_ago(fresh_world)
    steps.help_people(fresh_world, period)
    for place in totals.AGENCIES[1:]:
        totals.submit(fresh_world, place.user, period)
    _the_officer_submits(walk, walk.page(), period)
    ines, ivan = walk.page(), walk.page()
    walk.arrive(ines, "ines")
    walk.arrive(ivan, "ivan")
    _the_analyst_sums(walk, ines, period)
    _the_reviewer_sends_back(walk, ivan, period)
    _the_analyst_sums_again(walk, ines, period)
    _the_reviewer_publishes(walk, ivan, period)
    _anybody_reads(walk, walk.page())


def _the_officer_submits(walk: Walk, adele: Page, period: Period) -> None:
    walk.arrive(adele, "adele")
    adele.get_by_role("link", name="Reports").first.click()
    expect(adele.get_by_role("heading", name="Reports")).to_be_visible()
    walk.look(adele, "numbers")
    adele.goto(f"/numbers/{period.code}/")
    walk.look(adele, "before-counting")
    adele.get_by_role("button", name="Count now").click()
    expect(adele.get_by_text("32 people served")).to_be_visible()
    walk.look(adele, "counted")
    adele.locator("label[for=id_compared]").click()
    adele.get_by_role("button", name="Submit to State Statistics Unit").click()
    expect(adele.get_by_text("Submitted").first).to_be_visible()
    walk.look(adele, "submitted")


def _the_analyst_sums(walk: Walk, ines: Page, period: Period) -> None:
    ines.goto(f"/numbers/{period.code}/sum/")
    expect(ines.get_by_text("6 of 7 agencies have submitted")).to_be_visible()
    walk.look(ines, "board")
    ines.get_by_role("button", name="Combine totals and apply suppression").click()
    expect(ines.get_by_text("Waiting for second review").first).to_be_visible()
    walk.look(ines, "sum")


def _the_reviewer_sends_back(walk: Walk, ivan: Page, period: Period) -> None:
    ivan.goto(f"/numbers/{period.code}/review/")
    ivan.get_by_text("All counts before suppression").first.click()
    expect(ivan.get_by_text("Suppressed: fewer than 11").first).to_be_visible()
    walk.look(ivan, "review")
    _decide(ivan, "Send back to the analyst")
    expect(ivan.get_by_text("Sent back to the analyst").first).to_be_visible()


def _the_analyst_sums_again(walk: Walk, ines: Page, period: Period) -> None:
    ines.goto(f"/numbers/{period.code}/sum/")
    walk.look(ines, "sent-back")
    ines.get_by_role("button", name="Combine totals again").click()
    expect(ines.get_by_text("Waiting for second review").first).to_be_visible()


def _the_reviewer_publishes(walk: Walk, ivan: Page, period: Period) -> None:
    ivan.goto(f"/numbers/{period.code}/review/")
    _decide(ivan, "Publish")
    expect(ivan.get_by_text("Published", exact=True).first).to_be_visible()
    walk.look(ivan, "published")


def _decide(ivan: Page, words: str) -> None:
    ivan.get_by_text(words, exact=True).click()
    ivan.get_by_role("button", name="Confirm decision").click()
    ivan.wait_for_load_state()


def _anybody_reads(walk: Walk, anybody: Page) -> None:
    anybody.goto("/statistics/")
    walk.look(anybody, "statistics")
    anybody.get_by_role("link", name="People served").first.click()
    expect(anybody.locator("svg").first).to_be_visible()
    anybody.get_by_text("View as a table").first.click()
    expect(anybody.get_by_text("suppressed", exact=True).first).to_be_visible()
    walk.look(anybody, "table")
    figures = anybody.context.request.get(
        anybody.get_by_role("link", name="Download all published counts").get_attribute("href") or ""
    )
    assert figures.ok and "Harbor House" not in figures.text()
