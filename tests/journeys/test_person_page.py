"""Pages about a person on a phone: what the first screen holds, that no name is too long, that no button is covered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.work import services as work
from tests.journeys.conftest import Walk, seats
from tests.region import World
from tests.steps.records import release_to

pytestmark = pytest.mark.journey

LONGEST = "Wolfeschlegelsteinhausenbergerdorff" * 2 + "Abcdefghij"  # 80 letters without a space
FIRST_SCREEN = (".quick", ".never", ".fact__big", ".nexts li:nth-child(2)", ".strip")
BAR = ".nav"
# Everything that is wider than the window, once the page is open.
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)
    .map(e => e.outerHTML.slice(0, 90))"""
LOW = """() => [...document.querySelectorAll('.quick a, .does a, .jumps a, a.row__title, .plain li > a')]
  .filter(e => e.checkVisibility() && Math.round(e.getBoundingClientRect().height) < 44).map(e => e.outerHTML)"""
# Buttons of a form that the bar at the bottom covers when the page opens.
COVERED = """() => { const bar = document.querySelector('.nav').getBoundingClientRect();
  return [...document.querySelectorAll('.actions > *')].map(e => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => box.bottom > bar.top && box.top < bar.bottom).map(([e]) => e.outerHTML.slice(0, 90)) }"""
PAGES = (
    *("/", "/people/", "/people/{ref}/", "/people/{ref}/why/", "/people/{ref}/name/", "/people/{ref}/contact/"),
    *("/people/{ref}/items/new/", "/people/{ref}/notes/new/", "/people/{ref}/entries/new/", "/people/{ref}/status/"),
    *("/people/{ref}/forms/new/", "/people/{ref}/forms/{series}/", "/people/{ref}/forms/{series}/stop/"),
    *("/people/{ref}/others/", "/people/{ref}/letters/new/"),
)
OFFICE = (
    *("/people/all/", "/people/{ref}/team/", "/people/{ref}/remove/", "/people/{ref}/keep/"),
    *("/people/reassign/", "/people/removals/"),
)


@seats(daily="phone", without=("no-script",))
def test_person_page(walk: Walk, fresh_world: World) -> None:
    """The first phone screen holds what is needed at 2 a.m.; a name of eighty letters makes no page wider, and
    the bar covers no button of a form."""
    someone, ids = _someone(fresh_world, "Sam"), _someone(fresh_world, LONGEST)
    alma = walk.page()
    walk.arrive(alma, "alma")
    alma.goto("/people/{ref}/".format(**someone))
    walk.look(alma, "person")
    if walk.seat.name == "phone":
        _first_screen(alma)
        assert alma.evaluate(LOW) == []
        _three_taps_to_stop(alma)
        _little_height(alma)
    _on_paper(alma, someone)
    _nothing_is_wide(alma, PAGES, ids)
    adele = walk.page()
    walk.arrive(adele, "adele")
    _nothing_is_wide(adele, OFFICE, ids)


def _someone(world: World, name: str) -> dict[str, object]:
    day = world.today().isoformat()
    with world.as_("alma") as alma:
        known = people.open_record(
            actor=alma,
            name=PersonName(used=name, pronouns="they"),
            birth=Birth(years="24"),
            contact=SafeContact(
                method="text", address="555-0142", when="10 to 12", never="Do not call.", language="es", checked_on=day
            ),
        )
        for code in ("tell_person", "check_who_spoke"):
            work.add_task(actor=alma, about=known.person, code=code, days=3)
    return {"ref": known.ref, "series": release_to(world, known)}


def _first_screen(page: Page) -> None:
    _above_the_bar(page)
    expect(page.locator(".head__sub")).to_contain_text("they · 24 years old · language: Spanish")
    assert page.locator(".quick a").all_inner_texts() == ["Note", "Service", "Need", "Share"]
    _switch(page, "Español", "English")
    _above_the_bar(page)
    _switch(page, "English", "Español")


def _above_the_bar(page: Page) -> None:
    edge = page.locator(BAR).bounding_box()
    assert edge is not None
    assert edge["height"] + page.locator("#leave").bounding_box()["height"] <= 0.15 * 780
    for part in FIRST_SCREEN:
        box = page.locator(part).first.bounding_box()
        assert box is not None and box["y"] + box["height"] <= edge["y"], (part, box)


def _switch(page: Page, language: str, back: str) -> None:
    """Change the language, then open the page again without the message that it was changed."""
    page.get_by_role("button", name=language).click()
    page.get_by_role("button", name=back).wait_for()
    page.goto(page.url)


def _three_taps_to_stop(page: Page) -> None:
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Releases").click()
    page.locator("#releases").get_by_role("link", name="Riverbend Legal Aid", exact=True).click()
    page.locator("main a[href$='/stop/']").click()
    expect(page.locator("h1")).to_contain_text("Stop sharing with Riverbend Legal Aid")


def _little_height(page: Page) -> None:
    """At 400 % only the way out stays fixed."""
    page.set_viewport_size({"width": 320, "height": 256})
    fixed = "e => getComputedStyle(e).position"
    assert page.locator(BAR).evaluate(fixed) == "static"
    assert page.locator("#leave").evaluate(fixed) == "sticky"
    page.set_viewport_size({"width": 360, "height": 780})


def _on_paper(page: Page, ids: dict[str, object]) -> None:
    """It says that it is confidential, who printed it and when; no agency on top, nothing to press."""
    page.goto("/people/{ref}/".format(**ids))
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_contain_text("Confidential. Printed by Alma on ")
    seen = page.locator("header.top, .exit, footer, .quick, .does, .jumps, .usa-button")
    assert [part for part in seen.all() if part.is_visible()] == []
    page.emulate_media(media="screen")


def _nothing_is_wide(page: Page, paths: tuple[str, ...], ids: dict[str, object]) -> None:
    for path in paths:
        answer = page.goto(path.format(**ids))
        assert answer is not None and answer.ok, path
        assert page.evaluate(WIDE) == [], path
        assert page.evaluate(COVERED) == [], path
