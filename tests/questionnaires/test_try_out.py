"""Trying out a form: every type of question is drawn and read, pages lead to the end, and nothing is saved."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.region import World
from tests.steps.forms import EVERYTHING, TOWNS, published, workbook

FIELD = re.compile(r"<(input|select|textarea)\b([^>]*)>(.*?)(?=<(?:input|select|textarea|button|/form)\b|$)", re.DOTALL)


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def data_of(page: Any) -> dict[str, list[str]]:
    """Return what a browser would post from the page's form, without a button."""
    form = page.content.decode().rpartition("data-ask")[2].partition("</form>")[0]
    data: dict[str, list[str]] = {}
    for tag, attributes, inside in FIELD.findall(form):
        name, kind = attribute(attributes, "name"), attribute(attributes, "type")
        value = attribute(attributes, "value")
        if kind in ("radio", "checkbox") and not re.search(r"\bchecked\b", attributes):
            continue
        if tag == "textarea":
            value = html.unescape(inside.partition("</textarea>")[0])
        if tag == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inside)
            value = html.unescape(chosen[1]) if chosen else ""
        if name and kind != "file":
            data.setdefault(name, []).append(value)
    return data


def press(client: Client, address: str, page: Any, go: str, **more: Any) -> Any:
    """Press a button of the page, after filling in what is given by the last part of the name."""
    data = data_of(page)
    for ending, value in more.items():
        names = [name for name in (*data, *offered(page)) if name.endswith(ending)]
        assert names, f"{ending} is not on the page: {sorted(data)}"
        data[names[0]] = value if isinstance(value, list) else [value]
    return client.post(address, {**data, "go": go})


def offered(page: Any) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'name="([^"]+)"', page.content.decode())]


def words(page: Any) -> str:
    text = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture(scope="module")
def address(world: World) -> str:
    card = published(world, workbook(EVERYTHING, title="Everything", choices=TOWNS))
    return f"/forms/versions/{card.id}/try/"


def test_every_type_is_answered_and_shown_at_the_end(world: World, address: str) -> None:
    adele = world.client("adele")
    first = adele.get(address)
    assert "Page 1 of 4" in words(first)
    assert "Name here (required)" in words(first)  # without the markup that authors write for other programs
    assert "As you like" in words(first)
    assert "For the person asking the questions Ask gently" in words(first)
    refused = press(adele, address, first, "next", age="many", height="1.7", nickname="Sam")
    assert refused.status_code == 422
    assert "Age: Enter a whole number, such as 12." in words(refused)
    assert data_of(refused)["q:/data/one/age"] == ["many"]
    assert data_of(refused)["q:/data/one/height"] == ["1.7"]
    refused = press(adele, address, refused, "next", age="130")
    assert "Too old" in words(refused)
    grown = press(adele, address, refused, "next", age="30", safe="no", **{"m:/data/one/story": "mark:declined"})
    assert "this page now has 1 more question" in words(grown)
    assert "Worry?" in words(grown)
    second = press(adele, address, grown, "next", worry="Rent")
    assert "Page 2 of 4" in words(second)
    assert "Hello Sam" in words(second)
    assert "as it is" in words(second)
    third = press(
        adele,
        address,
        second,
        "next",
        **{
            "born:day_0": "3",
            "born:day_1": "4",
            "born:day_2": "1999",
            "since:day_1": "6",
            "since:day_2": "2020",
            "/at": "14:30",
            "seen:day_0": "1",
            "seen:day_1": "2",
            "seen:day_2": "2024",
            "seen:time": "09:15",
            "been": ["a", "c"],
            "town": "b",
            "order:a": "2",
            "order:b": "3",
            "order:c": "1",
            "pain": "4",
            "agree": "OK",
            "/place": "30.26, -97.74",
            "/code": "0123",
        },
    )
    assert "Page 3 of 4" in words(third)
    last = press(adele, address, third, "next", warm="yes", quiet="mark:not_asked")
    assert "Page 4 of 4" in words(last)
    button = re.search(r'value="(add:[^"]+)"', last.content.decode())
    assert button
    copies = press(adele, address, last, button[1], called="Ana")
    assert "Child 2" in words(copies)
    remove = re.search(r'value="(remove:[^"]+\[2\])"', copies.content.decode())
    assert remove
    less = press(adele, address, copies, remove[1])
    assert "Child 2" not in words(less)
    back = press(adele, address, less, "back")
    assert data_of(back)["q:/data/three/quiet"] == ["mark:not_asked"]
    end = words(press(adele, address, press(adele, address, back, "next"), "next"))
    for line in (
        *("Nothing was saved.", "Name here Sam", "Story Prefers not to say", "Age 30", "Safe? No", "Worry? Rent"),
        *("Born 1999-04-03", "Since 2020-06-01", "Been Alto, Centro", "Town Bajo", "Order Centro, Alto, Bajo"),
        *("Pain 4", "Place 30.26 -97.74 0 0", "Code 0123", "Warm Yes", "Quiet Not asked"),
        "Called Ana",
    ):
        assert line in end, line
    with world.owner() as owner:
        for table in ("questionnaires_version", "questionnaires_attachment", "drafts_draft"):
            rows = owner.execute(f"select t::text from {table} t").fetchall()
            assert not any("Rent" in row for (row,) in rows)


def test_a_change_redraws_the_page_and_the_language_changes_in_the_middle(world: World, address: str) -> None:
    adele = world.client("adele")
    first = adele.get(address)
    drawn = adele.post(address, {**data_of(first), "redraw": "1", "q:/data/one/safe": "no"})
    text = drawn.content.decode()
    assert drawn.status_code == 200
    assert text.startswith("<div") and "<main" not in text
    assert "Worry?" in text
    spanish = press(adele, address, first, "language:Español (es)", safe="no")
    assert "¿Preocupación?" in words(spanish)
    assert "(obligatoria)" in words(spanish)  # our own words too, as the form is read aloud
    assert '<div class="ask" data-ask lang="es"' in spanish.content.decode()


def test_a_state_of_another_session_or_version_begins_again(world: World, address: str) -> None:
    adele = world.client("adele")
    first = press(adele, address, adele.get(address), "stay", nickname="Sam")
    data = data_of(first)
    assert data["q:/data/one/nickname"] == ["Sam"]
    hana = world.client("elena")
    assert hana.post(address, {**data, "go": "next"}).status_code == 404
    for broken in ("", "x", data["state"][0][:-8] + "AAAAAAAA"):
        again = adele.post(address, {**data, "state": [broken], "go": "next"})
        assert "Page 1 of 4" in words(again)
        assert data_of(again)["q:/data/one/nickname"] == [""]


@pytest.mark.parametrize(
    "sent",
    [
        {"go": "add:/data/child@/data/nowhere"},
        {"go": "add:/data/one@/data"},
        {"go": "remove:/data/child[99]"},
        {"go": "remove:/data/one/nickname"},
        {"go": "language:Klingon (kl)"},
        {"seen": ["/data/one/nickname", "/data/../etc", "/data/child[1000000]/called", "x" * 5000]},
        {"q:/data/one/safe": "maybe", "m:/data/one/nickname": "mark:declined"},
        {"q:/data/one/age": "9" * 400},
        {"q:/data/one/nickname": "\x00<script>\x1b", "go": "next"},
    ],
)
def test_what_no_page_would_send_changes_nothing_else(world: World, address: str, sent: dict[str, Any]) -> None:
    adele = world.client("adele")
    page = adele.post(address, {**data_of(adele.get(address)), "q:/data/one/nickname": "Sam", "go": "stay", **sent})
    assert page.status_code in (200, 422)
    assert "Page 1 of 4" in words(page) or sent.get("go") == "next"
    assert "<script>" not in page.content.decode()
    assert "Child 2" not in words(page)
    assert "Klingon" not in words(page)
