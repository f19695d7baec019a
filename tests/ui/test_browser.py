"""The pages in a real browser: for axe, for the policy, for touch, without script, and for leaving at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
EXIT = "https://www.weather.gov/"
PAGES = ["/gallery/", "/gallery/person/", "/gallery/refused/404/", "/gallery/refused/409/", "/gallery/refused/500/"]
LOOKS = [(1280, "light", "en"), (360, "dark", "es")]
LISTEN = "window.blocked = []; document.addEventListener('securitypolicyviolation', e => blocked.push(e.blockedURI));"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_every_page_passes_axe_and_the_policy(site, open_context, look):
    page = open_context(*look).new_page()
    page.add_init_script(LISTEN)
    foreign, errors = [], []
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(site) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in PAGES:
        page.goto(site + path)
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], path
        assert page.evaluate("blocked") == [], path
    assert foreign == []
    assert errors == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/gallery/", "/gallery/person/"])
def test_nothing_is_too_small_or_too_wide(site, open_context, width, path):
    page = open_context(width, language="es", has_touch=width < 1000).new_page()
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL_WORDS) == []
    assert page.evaluate(SMALL_TARGETS, 24) == []
    if width < 1000:
        assert page.evaluate(SMALL_TARGETS.replace(ANY_TARGET, THUMB_TARGET), 44) == []


SMALL_WORDS = """() => [...document.querySelectorAll('body *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility()
  && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 120))"""
ANY_TARGET = "a, button, summary, select, textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])"
THUMB_TARGET = ".exit__link, .nav a, .nav summary, .tool, .usa-button, .usa-input, .usa-select, .sections a"
SMALL_TARGETS = f"""(least) => [...document.querySelectorAll('{ANY_TARGET}')].filter(e => {{
  const inline = e.matches('p a, li a') && getComputedStyle(e).display === 'inline';
  const box = e.getBoundingClientRect();
  return e.checkVisibility() && !inline && box.width > 1 && Math.round(box.height) < least;
}}).map(e => e.outerHTML.slice(0, 120))"""


def test_a_long_name_breaks_no_word_of_the_header(site, open_context):
    page = open_context().new_page()
    page.goto(site + "/gallery/person/")
    page.locator(".menu > summary .tool__word").evaluate("node => node.textContent = 'Wolfeschleg'.repeat(8)")
    heights = page.locator(".tools .tool").evaluate_all("nodes => nodes.map(node => node.offsetHeight)")
    assert heights and max(heights) <= 48


def _exit_stub(page: Page) -> None:
    page.route(f"{EXIT}**", lambda route: route.fulfill(body="<p>Sunny</p>", content_type="text/html"))


def _stays_away(page: Page, site: str) -> None:
    page.wait_for_url(EXIT)
    page.go_back()
    assert page.url == "about:blank"


def test_leaving_is_first_and_replaces_the_page_in_the_history(site, open_context):
    page = open_context().new_page()
    _exit_stub(page)
    page.goto(site + "/gallery/person/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "leave"
    assert "history" in page.locator("#" + page.get_attribute("#leave", "aria-describedby")).inner_text()
    page.keyboard.press("Enter")
    _stays_away(page, site)


def test_escape_three_times_leaves_and_twice_does_not(site, open_context):
    page = open_context().new_page()
    _exit_stub(page)
    page.goto(site + "/gallery/person/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("h1").inner_text() == "Sam"
    page.keyboard.press("Escape")
    _stays_away(page, site)


def test_leaving_stays_in_sight_on_a_phone(site, open_context):
    page = open_context(360).new_page()
    page.goto(site + "/gallery/person/")
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    assert page.locator("#leave").bounding_box()["y"] == 0


def test_without_script_a_phone_can_leave_and_reach_every_part(site, open_context):
    page = open_context(360, java_script_enabled=False).new_page()
    _exit_stub(page)
    page.goto(site + "/gallery/person/")
    page.get_by_text("More", exact=True).click()
    assert page.get_by_role("link", name="Our agency").is_visible()
    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url(EXIT)


def test_signing_on_glass_fills_the_form_and_clears(site, open_context):
    page = open_context().new_page()
    page.goto(site + "/gallery/")
    pad = page.locator(".signature__pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=4)
    page.mouse.up()
    kept = page.locator("input[name=signed]")
    assert kept.input_value().startswith("data:image/png;base64,")
    page.get_by_role("button", name="Clear and sign again").click()
    assert kept.input_value() == ""
    assert page.get_by_label("I sign this").count() == 1


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_fields(site, open_context):
    page = open_context().new_page()
    page.goto(site + "/gallery/")
    assert "There are 10 problems" in page.evaluate("document.activeElement.innerText")
    ids = page.evaluate("[...document.querySelectorAll('.errors a')].map(a => a.getAttribute('href').slice(1))")
    assert len(ids) == 10
    assert all(page.evaluate("id => document.getElementById(id).matches('input, select, textarea')", i) for i in ids)


def test_a_passphrase_can_be_shown(site, open_context):
    page = open_context().new_page()
    page.goto(site + "/gallery/")
    button = page.locator("[data-reveal=id_new-passphrase]")
    button.click()
    assert page.get_attribute("#id_new-passphrase", "type") == "text"
    assert button.get_attribute("aria-pressed") == "true"


def test_a_page_left_alone_says_so_and_then_locks(site, open_context):
    page = open_context().new_page()
    page.clock.install()
    page.goto(site + "/gallery/person/")
    page.clock.run_for(28 * 60_000)
    assert not page.locator("#idle").is_visible()
    page.clock.run_for(61_000)
    assert page.locator("#idle").is_visible()
    page.get_by_text("I'm still here").click()
    page.locator("#idle").wait_for(state="hidden")
    page.clock.run_for(30 * 60_000 + 1000)
    page.wait_for_url("**/gallery/refused/403/**")


def test_htmx_swaps_a_part_under_the_policy_and_keeps_nothing_in_the_browser(site, open_context):
    page = open_context().new_page()
    page.add_init_script(LISTEN)
    page.goto(site + "/gallery/person/")
    page.evaluate(
        """() => {
          const box = document.querySelector('main');
          box.innerHTML = '<button hx-get="/gallery/refused/403/" hx-target="main" hx-select="h1">Go</button>';
          htmx.process(box);
        }"""
    )
    page.get_by_role("button", name="Go").click()
    page.get_by_role("heading", name="You don't have access to this").wait_for()
    assert page.evaluate("blocked") == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
