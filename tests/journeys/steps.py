"""What people do, in their words: used by every journey, at every width, with and without script."""

from __future__ import annotations

from playwright.sync_api import Page

from accord.demo.riverbend import PASSPHRASE


def sign_in(page: Page, user: str) -> None:
    """Sign in: passphrase, code, agency."""
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(user)
    page.locator("input[name=passphrase]").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(shown_code(page))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Work for").first.click()
    page.wait_for_url("**/")


def shown_code(page: Page) -> str:
    """Return what the authenticator shows: the demo and the tests show it on the page."""
    return page.locator("[class*=alert] b").first.inner_text()


def open_record(page: Page, name: str) -> None:
    """Search first, then open a record."""
    page.goto("/people/find/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Add a new person").click()
    assert page.locator("input[name=used]").input_value() == name  # it is not typed twice
    page.locator("input[name=years]").fill("24")
    page.get_by_text("Text message").click()
    page.locator("input[name=address]").fill("555-0142")
    page.locator("input[name=when]").fill("weekdays, 10 a.m. to noon")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name=name).wait_for()


def add_need(page: Page, words: str) -> None:
    """Add a need in the person's own words."""
    page.get_by_role("link", name="Add needs").first.click()
    page.get_by_text("Legal help: documents and status").click()
    page.get_by_text("This month").click()
    page.locator("textarea[name=words]").fill(words)
    page.get_by_role("button", name="Save").click()


def fill_terms(page: Page, partner: str) -> None:
    """Fill in name, safe contact and needs, for legal help, in Spanish; the days as the form proposes them."""
    page.get_by_role("link", name="Share with a partner agency").first.click()
    page.get_by_role("link", name=partner, exact=True).click()
    for kind in ("identity.name", "contact.safe", "needs"):
        page.locator(f"label[for=id_kinds_{_index(page, kind)}]").click()
    page.get_by_role("group", name="Which language should the form be in?").get_by_text("español").click()
    page.locator("select[name=reads]").select_option("es")


def _index(page: Page, value: str) -> int:
    values = page.locator("input[name=kinds]").evaluate_all("nodes => nodes.map(node => node.value)")
    return list(values).index(value)


def sign(page: Page) -> None:
    """Sign in the person's hands: every statement is checked; they write their name and sign."""
    for box in page.locator("input[name=statements]").all():
        page.locator(f"label[for={box.get_attribute('id')}]").click()
    page.locator("input[name=signature_typed]").fill("Sam")
    page.locator("label[for=signature-sign]").click()
    page.get_by_role("button", name="Estoy de acuerdo y firmo").click()
    page.get_by_text("Por favor, devuelva el dispositivo.").wait_for()


def take_back(page: Page) -> None:
    """Return the device to staff, with the code that the demo shows."""
    page.get_by_label("Code").fill(shown_code(page))
    page.get_by_role("button", name="Take the device back", exact=True).click()


def leaves(page: Page, name: str) -> None:
    """End a colleague's membership as an officer."""
    page.goto("/agency/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="End access").click()
    page.get_by_role("button", name="End access").click()
    page.wait_for_url(lambda address: "/end/" not in address)
