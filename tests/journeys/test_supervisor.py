"""A supervisor answers "who saw what", reviews who read, and makes sure that no one is left without a colleague."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accord.demo import people as invented
from tests.journeys import steps
from tests.journeys.conftest import Walk, seats
from tests.region import World

pytestmark = pytest.mark.journey


@seats(daily="phone")
def test_supervision(walk: Walk, fresh_world: World) -> None:
    """Disclosure history, on the screen and on paper; who read; and a colleague's people assigned to another."""
    invented.build(fresh_world)
    adele = walk.page()
    walk.arrive(adele, "adele")
    walk.look(adele, "today")
    _who_saw_what(walk, adele)
    _who_read(walk, adele)
    _nobody_left_alone(walk, adele)


def _who_saw_what(walk: Walk, adele: Page) -> None:
    adele.goto("/people/")
    walk.look(adele, "my-people")
    adele.get_by_role("link", name="Sam").click()
    adele.get_by_role("link", name="Disclosure history").click()
    expect(adele.get_by_text("viewed it (Elena)").first).to_be_visible()
    walk.look(adele, "accounting")
    for language, title in (("English", "Disclosure history"), ("Spanish", "Historial de divulgación")):
        link = adele.get_by_role("link", name=f"Print in {language}")
        paper = adele.context.request.get(link.get_attribute("href") or "")
        assert paper.headers["content-type"] == "application/pdf"
        words = PdfReader(io.BytesIO(paper.body())).pages[0].extract_text()
        assert title in words and "Elena" in words and "Riverbend Legal Aid" in words


def _who_read(walk: Walk, adele: Page) -> None:
    adele.goto("/agency/log/")
    walk.look(adele, "log")
    adele.get_by_role("link", name="Views and searches").click()
    expect(adele.get_by_text("read a record").first).to_be_visible()
    expect(adele.get_by_text("Sam", exact=True)).to_have_count(0)


def _nobody_left_alone(walk: Walk, adele: Page) -> None:
    steps.leaves(adele, "Aisha")
    walk.look(adele, "colleagues-after-one-left")
    adele.goto("/")
    walk.look(adele, "a-colleague-has-left")
    adele.get_by_role("link", name="Assign someone").click()
    walk.look(adele, "reassign")
    for who in ("(from Aisha)", "(from Form on our website)"):
        adele.get_by_text(who).first.click()
    adele.get_by_label("Colleague").select_option(label="Alma")
    adele.get_by_role("button", name="Assign to this colleague").click()
    expect(adele.get_by_text("Everyone is assigned")).to_be_visible()
    walk.look(adele, "everyone-is-assigned")
