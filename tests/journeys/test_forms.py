"""A supervisor brings a form, tries it out to its end, and publishes it: with script, without it, and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Visits
from tests.journeys.conftest import Server, Walk, arrive, seats
from tests.journeys.keys import Keys
from tests.steps.forms import EVERYTHING, TOWNS, published, workbook

pytestmark = pytest.mark.journey

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(page: Page, content: bytes) -> None:
    """Choose a spreadsheet and upload it."""
    field = page.get_by_label("Spreadsheet with your form")
    field.set_input_files([{"name": "form.xlsx", "mimeType": SHEET, "buffer": content}])
    page.get_by_role("button", name="Upload").click()


def fill(page: Page, ending: str, text: str) -> None:
    """Type into the question whose name ends like this."""
    page.locator(f'[data-ask] [name$="{ending}"]').first.fill(text)


def choose(page: Page, ending: str, value: str) -> None:
    """Choose one of the answers to a question, by its label."""
    box = page.locator(f'[data-ask] [name$="{ending}"][value="{value}"]')
    page.locator(f'label[for="{box.get_attribute("id")}"]').click()


@seats(daily="desktop")
def test_a_form_is_brought_tried_and_published(walk: Walk) -> None:
    """Upload a form with a problem, correct it, try every page, and publish it."""
    page = walk.page()
    walk.arrive(page, "adele")
    page.goto("/forms/new/")
    walk.look(page, "upload")
    upload(page, workbook(EVERYTHING + "text | late | Late | Tarde | | | ${never} = 1\n", choices=TOWNS))
    expect(page.get_by_text("This form can't be used yet")).to_be_visible()
    walk.look(page, "problems")
    page.get_by_role("link", name="Upload the corrected spreadsheet").click()
    upload(page, workbook(EVERYTHING, title="Everything", choices=TOWNS))
    walk.look(page, "draft")
    page.get_by_role("link", name="Try out this version").click()
    _try_it_out(walk, page)
    page.get_by_role("link", name="Leave the preview").first.click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_text("Needs: needs and personal goals").click()
    walk.look(page, "publish")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Form published.")).to_be_visible()
    walk.look(page, "form")
    page.get_by_role("link", name="Forms").last.click()
    walk.look(page, "forms")


def _try_it_out(walk: Walk, page: Page) -> None:
    fill(page, "/nickname", "Sam")
    fill(page, "/age", "130")
    choose(page, "/safe", "no")
    if not walk.seat.script:
        page.get_by_role("button", name="Next").last.click()
    expect(page.get_by_label("Worry?")).to_be_visible()
    expect(page.get_by_text("Too old").first).to_be_visible()
    walk.look(page, "first-page")
    fill(page, "/age", "30")
    fill(page, "/worry", "Rent")
    page.get_by_role("button", name="Next").last.click()
    expect(page.get_by_text("Page 2 of 4")).to_be_visible()
    walk.look(page, "every-type")
    page.get_by_role("group", name="Language of the form").get_by_role("button", name="Español").click()
    expect(page.get_by_text("Página 2 de 4")).to_be_visible()
    page.get_by_role("button", name="Siguiente").last.click()
    expect(page.get_by_text("Cálido")).to_be_visible()
    walk.look(page, "table-of-questions")
    page.locator('input[name$="/warm"][value="yes"]').check()
    page.get_by_role("button", name="Siguiente").last.click()
    page.get_by_role("button", name="Agregar: Hijo").click()
    expect(page.get_by_role("heading", name="Hijo 2")).to_be_visible()
    walk.look(page, "repeat")
    page.get_by_role("button", name="Ir al final").last.click()
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    walk.look(page, "end")


def test_a_page_is_filled_out_by_keyboard_alone(visit: Visits, server: Server) -> None:
    """A new question appears below, the focus stays, and a mark takes the place of an answer."""
    card = published(server.world, workbook(EVERYTHING, title="Everything", choices=TOWNS))
    page = visit(server.url)
    arrive(page, server, "adele")
    page.goto(f"/forms/versions/{card.id}/try/")
    keys = Keys(page)
    keys.type(page.locator('[name$="/nickname"]'), "Sam")
    keys.type(page.locator('textarea[name$="/story"]'), "It began")
    keys.tick(page.locator('[name$="/story"][value="mark:declined"]'))
    expect(page.locator('textarea[name$="/story"]')).to_have_value("")
    expect(page.locator('[name$="/story"][value="mark:declined"]')).to_be_focused()
    keys.type(page.locator('[name$="/age"]'), "30")
    keys.to(page.locator('[name$="/safe"][value="yes"]'))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Worry?")).to_be_visible()
    expect(page.locator('[name$="/safe"][value="no"]')).to_be_focused()
    expect(page.locator(".ask__new")).to_contain_text("1 more question")
    keys.type(page.get_by_label("Worry?"), "Rent")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Page 2 of 4")).to_be_visible()
    page.get_by_role("button", name="Back").press("Enter")  # a field for a time takes several tabs by itself
    expect(page.locator('[name$="/age"]')).to_have_value(re.compile("^30$"))
