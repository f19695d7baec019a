"""Pages of totals, through Django's client: who reaches which, and what they say."""

from __future__ import annotations

import csv
import io
import re

import pytest

from accord.core import clock
from accord.demo import totals
from accord.numbers import queries
from accord.numbers.rules import Period
from tests.numbers.past import live
from tests.region import World


@pytest.fixture(scope="module")
def region(world: World) -> World:
    """Return Riverbend with one half-year published."""
    live(world)
    return world


@pytest.fixture
def half(region: World) -> Period:
    """Return the published half-year."""
    with region.as_("ines") as ines:
        return queries.current_periods(today=clock.today(ines.zone))[1]


# 200: reads it, 302: is sent to sign in, 403: is told why not. The half-year is published.
ACCESS = """
address                          | adele | alma | ben | grace | ines | ivan | kim | hal | nobody
/numbers/                        | 200   | 200  | 200 | 200   | 200  | 200  | 200 | 200 | 302
/numbers/{half}/                 | 200   | 403  | 200 | 403   | 403  | 403  | 403 | 403 | 302
/numbers/{half}/people/0-1-0/    | 200   | 403  | 200 | 403   | 403  | 403  | 403 | 403 | 302
/numbers/{half}/sum/             | 403   | 403  | 403 | 403   | 200  | 403  | 403 | 403 | 302
/numbers/{half}/review/          | 403   | 403  | 403 | 403   | 403  | 200  | 403 | 403 | 302
/statistics/                     | 200   | 200  | 200 | 200   | 200  | 200  | 200 | 200 | 200
/statistics/{half}/              | 200   | 200  | 200 | 200   | 200  | 200  | 200 | 200 | 200
/statistics/{half}/people-served.csv | 200 | 200 | 200 | 200  | 200  | 200  | 200 | 200 | 200
/statistics/2019-1/              | 404   | 404  | 404 | 404   | 404  | 404  | 404 | 404 | 404
/numbers/2999-1/                 | 404   | 403  | 404 | 404   | 404  | 404  | 404 | 404 | 302
"""
_HEAD, *_LINES = [[cell.strip() for cell in line.split("|")] for line in ACCESS.strip().splitlines()]


@pytest.mark.line(74)
@pytest.mark.parametrize("line", _LINES, ids=lambda line: line[0])
def test_who_reaches_what(region: World, half: Period, line: list[str]) -> None:
    found = {}
    for user in _HEAD[1:]:
        client = region.client(None if user == "nobody" else user)
        found[user] = str(client.get(line[0].format(half=half.code)).status_code)
    assert found == dict(zip(_HEAD[1:], line[1:], strict=True))


@pytest.mark.parametrize("step", ["count", "submit", "reopen"])
def test_a_step_is_posted_by_an_officer_who_holds_the_keys(region: World, half: Period, step: str) -> None:
    address = f"/numbers/{half.code}/{step}/"
    assert region.client("adele").get(address).status_code == 405
    assert region.client("alma").post(address).status_code == 403
    assert region.client("kim").post(address, {"stamp": half.code, "reason": "x"}).status_code == 403


def test_an_officer_counts_looks_and_submits(region: World, half: Period) -> None:
    adele, address = region.client("adele"), f"/numbers/{half.before().code}/"
    assert b"Nothing has been counted yet" in adele.get(address).content
    assert adele.post(f"{address}count/").status_code == 302
    page = adele.get(address)
    stamp = page.context["submit_form"].initial["stamp"]
    assert b"11 people served" in page.content and b"<svg" in page.content
    assert adele.post(f"{address}submit/", {"stamp": "no"}).status_code == 422
    assert adele.post(f"{address}submit/", {"stamp": stamp}).status_code == 302
    assert adele.post(f"{address}count/").status_code == 409
    assert b"Reopen these totals" in adele.get(address).content
    assert adele.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert adele.post(f"{address}reopen/", {"reason": "A wrong date"}).status_code == 302
    assert b"A wrong date" not in region.client("ines").get(f"{address}sum/").content


def test_analyst_and_reviewer_publish_on_their_pages(region: World, half: Period) -> None:
    period = half.before().before()
    for user in ("adele", "emil", "finn"):
        totals.submit(region, user, period)
    ines, ivan = region.client("ines"), region.client("ivan")
    address = f"/numbers/{period.code}/"
    assert b"no totals to review" in ivan.get(f"{address}review/").content
    assert ines.post(f"{address}sum/").status_code == 302
    page = ivan.get(f"{address}review/")
    sum_id = page.context["form"].initial["sum_id"]
    assert ivan.post(f"{address}review/", {"sum_id": sum_id}).status_code == 422
    assert ivan.post(f"{address}review/", {"sum_id": sum_id, "decision": "publish"}).status_code == 302
    public = region.client().get(f"/statistics/{period.code}/")
    assert (
        b"Agencies reported serving 0 people" in public.content and b"two agencies is counted twice" in public.content
    )
    assert b"4 agencies haven&#x27;t submitted" in public.content


def test_summing_again_is_a_new_sum_but_two_clicks_are_one(region: World, half: Period) -> None:
    period = half.before().before().before()
    for user in ("adele", "emil", "finn"):
        totals.submit(region, user, period)
    ines, address = region.client("ines"), f"/numbers/{period.code}/sum/"

    def form() -> dict[str, str]:
        body = ines.get(address).content.decode().partition("<main")[2]
        return dict(re.findall(r'<input type="hidden" name="(once|after)" value="([^"]*)">', body))

    for number in (1, 2):
        first = form()
        assert ines.post(address, first).headers["Location"] == address
        assert ines.post(address, first).headers["Location"] == f"{address}?saved=1"
        with region.owner() as owner:
            made = owner.execute("select count(*) from numbers_sum where period = %s", [period.code]).fetchone()
        assert made == (number,)


@pytest.mark.line(70, 75)
def test_the_public_page_shows_suppressed_as_suppressed(region: World, half: Period) -> None:
    page = region.client().get(f"/statistics/{half.code}/").content.decode()
    assert "duplicated count" in page and "1 agency hasn&#x27;t submitted" in page
    assert "Child Protection" not in page and "Harbor House" not in page and "District Attorney" not in page
    assert page.count("suppressed") > 3
    text = region.client().get(f"/statistics/{half.code}/people-served.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["measure", "version", "half_year", "age", "type", "first", "people"]
    assert len(rows) == 6 * 6 * 3
    figures = [row["people"] for row in rows]
    assert "suppressed" in figures and "0" in figures
    assert all(figure in ("suppressed", "0") or int(figure) >= 11 for figure in figures)
    shown = {(row["age"], row["type"], row["first"]): row["people"] for row in rows}
    # A figure is right or hidden; which others are hidden may depend on how long the program could search.
    assert shown["all", "other", "all"] == "suppressed" and shown["all", "sex", "all"] in ("55", "suppressed")


def test_the_public_page_does_not_say_why_a_figure_is_hidden(region: World, half: Period) -> None:
    page = region.client().get(f"/statistics/{half.code}/").content.decode()
    assert not re.search("primary|secondary", page)
    reviewed = region.client("ivan").get(f"/numbers/{half.code}/review/").content.decode()
    assert (
        "Suppressed: fewer than 11" in reviewed
        and "Suppressed so that another count can&#x27;t be worked out" in reviewed
    )


@pytest.mark.line(100)
def test_addresses_of_figures_name_no_case(region: World, half: Period) -> None:
    """The page names people: its address stays in the browser's history."""
    page = region.client("adele").get(f"/numbers/{half.code}/").content.decode()
    addresses = set(re.findall(r'href="(/numbers/[^"]*/people/[^"]*)"', page))
    assert addresses and all(re.fullmatch(r"/numbers/[0-9-]+/people/[0-9-]+/", address) for address in addresses)
    assert {region.client("adele").get(address).status_code for address in addresses} == {200}


def test_names_behind_a_figure(region: World, half: Period) -> None:
    address = f"/numbers/{half.code}/people/2-0-0/"
    hers, others = region.client("adele").get(address), region.client("aisha").get(address)
    assert b"Amara" in hers.content
    assert b"Amara" not in others.content
    log = b"The audit log records that you viewed these names."
    assert log in hers.content and log not in others.content  # where no name was shown, nothing of it is in the log
    assert b"more people are in this count. You may not have access to their records" in others.content
    assert region.client("adele").get(f"/numbers/{half.code}/people/2-0-Amara/").status_code == 404
