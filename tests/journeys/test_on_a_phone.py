"""How much a phone is asked of: from a new record to a release and its end, counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE, Visits
from tests.journeys.conftest import Server, arrive
from tests.journeys.steps import shown_code

pytestmark = pytest.mark.journey

SCREEN = 780
TAPS, LOADS, SCREENS = 26, 12, 12


class Counted:
    """A phone whose use is counted.

    A tap is any press on a control; a list counts twice, once to open it and once to choose. Typing is not counted,
    neither the letters nor the press that puts the cursor into the field. A load is a page that comes from the server
    after the first one. Scrolling is the distance by which the window has to move so that each used control is in
    sight, added up over all pages, in screens of 780 px; a new page starts at its top, or where the browser puts it.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.loads, self.pixels = page, 0, 0, 0.0
        page.on("load", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def _reach(self, control: Locator) -> None:
        control.wait_for(state="visible")
        before = self.page.evaluate("scrollY")
        control.evaluate("node => node.scrollIntoView({block: 'nearest', behavior: 'instant'})")
        self.pixels += abs(self.page.evaluate("scrollY") - before)

    def tap(self, control: Locator) -> None:
        """Press a control."""
        self._reach(control)
        self.taps += 1
        control.click()

    def type(self, control: Locator, text: str) -> None:
        """Press a field and type."""
        self._reach(control)
        control.fill(text)

    def pick(self, control: Locator, value: str) -> None:
        """Open a list and press one of its choices."""
        self._reach(control)
        self.taps += 2
        control.select_option(value)

    @property
    def spent(self) -> tuple[int, int, float]:
        """Return taps, page loads and screens of scrolling."""
        return self.taps, self.loads, round(self.pixels / SCREEN, 1)


def test_a_release_on_a_phone_costs_few_taps(visit: Visits, server: Server) -> None:
    """Open a record with the age not known, add a safe contact and three needs, release to Legal Aid in Spanish,
    signed on the screen, and revoke."""
    page = visit(server.url, width=PHONE)
    arrive(page, server, "alma")
    phone = Counted(page)
    _record(phone)
    opened = phone.spent
    _needs(phone)
    needs = phone.spent
    _release(phone)
    released = phone.spent
    _revoke(phone)
    steps = {"record": opened, "needs": needs, "release": released, "all": phone.spent}
    assert phone.taps <= TAPS and phone.loads <= LOADS and phone.pixels / SCREEN <= SCREENS, steps


def _record(phone: Counted) -> None:
    page = phone.page
    phone.type(page.get_by_label("Find or add a person by name"), "Sam")
    phone.tap(page.get_by_role("button", name="Search"))
    phone.tap(page.get_by_role("button", name="Add a new person"))
    phone.tap(page.get_by_text("Text message"))
    phone.type(page.locator("input[name=address]"), "555-0142")
    phone.pick(page.locator("select[name=language]"), "es")
    phone.tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("status").first).to_contain_text("Record opened.")


def _needs(phone: Counted) -> None:
    page = phone.page
    phone.tap(page.get_by_role("link", name="Need", exact=True).first)
    for need in ("Housing and shelter", "Food, clothing, personal items", "Legal help: documents and status"):
        phone.tap(page.get_by_text(need))
    phone.tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("status").first).to_contain_text("3 needs added.")


def _release(phone: Counted) -> None:
    page = phone.page
    phone.tap(page.get_by_role("link", name="Share", exact=True).first)
    phone.tap(page.get_by_role("link", name="Riverbend Legal Aid", exact=True))
    for kind in ("Name:", "Safe contact:", "Needs:"):
        phone.tap(page.get_by_text(kind))
    phone.tap(page.get_by_role("group", name="Are they 18 or older?").get_by_text("Yes"))
    phone.tap(page.get_by_role("button", name="Hand over the device to sign"))
    statements = page.locator("input[name=statements]")
    expect(statements).to_have_count(7)
    phone.tap(page.get_by_text("Todo esto es cierto"))
    for box in statements.all():
        expect(box).to_be_checked()
    for every in ("unchecked", "checked"):  # one statement can still be unchecked; pressed by script: nothing moves
        statements.first.evaluate("node => node.click()")
        expect(page.locator("input[name=all_true]")).to_be_checked(checked=every == "checked")
    phone.type(page.locator("input[name=signature_typed]"), "Sam")
    phone.tap(page.locator("label[for=signature-sign]"))
    phone.tap(page.get_by_role("button", name="Estoy de acuerdo y firmo"))
    phone.type(page.locator("input[name=code]"), shown_code(page))
    phone.tap(page.get_by_role("button", name="Take the device back and share what was signed"))
    expect(page.get_by_role("status").first).to_contain_text("Release signed.")


def _revoke(phone: Counted) -> None:
    page = phone.page
    phone.tap(page.get_by_role("link", name="Revoke"))
    phone.tap(page.get_by_role("button", name="They told us to stop sharing now"))
    expect(page.get_by_text("keeps what it already read or printed")).to_be_visible()
