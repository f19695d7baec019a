"""How many steps a new agency takes from its invitation to its first shared person, counted as hands make them.

A link pressed, a control set and a button pressed are one each. What the page has filled in or checked already, and goes
along by itself, counts nothing; the pages say so themselves, because the form is read from their HTML. Typing an address,
reading, phone calls and waiting are not counted, and neither is signing in again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from accord.people import queries as people
from tests.region import World
from tests.steps.agreements import drafted

MOST = 60


@dataclass
class Sent:
    """A form of a page: where it goes, the names of its controls, and what a browser sends of it without a hand."""

    action: str
    names: set[str] = field(default_factory=set)
    kept: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Every form of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Sent] = []
        self.inside = False
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Sent(at.get("action", "")))
            self.inside = True
        elif self.inside and tag == "option":
            if "selected" in at:
                self.found[-1].kept[self.select] = [at.get("value", "")]
        elif self.inside and at.get("name") and "disabled" not in at:
            self._control(tag, at, self.found[-1])

    def _control(self, tag: str, at: dict[str, str], form: Sent) -> None:
        name, kind = at["name"], at.get("type", "text")
        form.names.add(name)
        if tag == "select":
            self.select = name
        elif kind in ("checkbox", "radio"):
            if "checked" in at:
                form.kept.setdefault(name, []).append(at.get("value", "on"))
        elif tag != "button":
            form.kept.setdefault(name, []).append(at.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


class Hand:
    """Someone at a device, and how often their hand did something."""

    steps = 0

    def __init__(self, client: Client, start: str = "/") -> None:
        self.client = client
        self.page = client.get(start)
        self.at = start

    @property
    def words(self) -> str:
        """What the page says."""
        return self.page.content.decode()

    def press(self, pattern: str) -> None:
        """Follow a link that is on the page."""
        address = re.search(f'href="({pattern})"', self.words)
        assert address, (pattern, re.sub(r"<[^>]+>|\s+", " ", self.words)[:2000])
        Hand.steps += 1
        self._open(address[1].replace("&amp;", "&"))

    def send(self, which: str, *, button: str = "", **chosen: Any) -> None:
        """Set controls of the form that has this control or this address, and press its button."""
        form = next(one for one in Forms(self.words).found if which in one.names or which == one.action)
        assert set(chosen) <= form.names, (set(chosen) - form.names, form)
        for name, values in chosen.items():
            given = values if isinstance(values, list) else [values]
            Hand.steps += len(given)
            form.kept[name] = [*form.kept.get(name, []), *given] if isinstance(values, list) else given
        Hand.steps += 1
        if button:
            form.kept[which] = [button]
        self.at = form.action or self.at
        self._arrive(self.client.post(self.at, form.kept))

    def _open(self, address: str) -> None:
        self.at = address.split("?")[0]
        self.page = self.client.get(address)
        assert self.page.status_code == 200, (address, self.page.status_code, self.words[:3000])

    def _arrive(self, answer: Any) -> None:
        if answer.status_code == 302:
            self._open(answer.headers["Location"])
            return
        self.page = answer
        assert answer.status_code == 200, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:3000]


def joins(world: World, code: str, user_name: str) -> Hand:
    """Someone takes up an invitation: account, second step, recovery codes, today."""
    hand = Hand(world.client(), "/join/")
    hand.send("code", code=code)
    hand.send("user_name", user_name=user_name, passphrase=" ".join(hand.page.context["words"]))
    hand.send("code", code=hand.page.context["shown"])
    hand.send("/acting/")  # the recovery codes are saved
    assert hand.at == "/"
    return hand


def test_a_new_agency_shares_its_first_person_in_sixty_steps(fresh_world: World) -> None:
    world, Hand.steps = fresh_world, 0
    agreed = drafted(world, "legal", "hospital")  # the coalition's agreement, from before

    hal = Hand(world.client("hal"))
    hal.press("/hub/")
    hal.press("/hub/invite/")
    new = {"name": "Open Door", "type": "services", "zone": "America/Chicago", "officer": "Nora"}
    hal.send("officer", **new)

    nora = joins(world, hal.page.context["code"], "nora")
    nora.press("/agency/invite/")
    nora.send("name", name="Olu", roles=["officer", "advocate"])
    olu = joins(world, nora.page.context["code"], "olu")
    nora.press("/agency/")
    nora.send("/agency/keys/")

    grace = Hand(world.client("grace"))
    grace.press("/agreements/")
    grace.press(agreed)
    grace.press(f"{agreed}add/")
    tick = re.search(r'value="([^"]*)"[^>]*><label[^>]*>Open Door', grace.words)
    grace.send("members", members=[tick[1]])

    for officer, partner in ((Hand(nora.client), "Riverbend Legal Aid"), (Hand(world.client("elena")), "Open Door")):
        officer.press(f"{agreed}sign/")
        (words,) = (one for one in officer.page.context["partners"] if one["name"] == partner)
        officer.send("checked", checked=[words["value"]])

    olu = Hand(olu.client)
    olu.press("/people/find/")
    olu.send("name", name="Sam Quill")
    olu.send("prefill")
    olu.send("used")
    assert "Sam Quill" in olu.words

    olu.press(r"/people/[\w-]+/forms/new/")
    olu.press(r"/people/[\w-]+/forms/new/\d+/")
    kinds = ["identity.name", "needs"]
    olu.send("recipient", kinds=kinds, adult="yes", text_language="en", reads=["en"])
    olu.send("all_true", all_true="on", signature_typed="Sam", signature_i_sign="yes")
    world.move(minutes=1)  # a code works once: the app shows the next one
    app = olu.client.get(f"{olu.at}back/").context["shown"]
    olu.send("then", button="share", code=app)
    with world.as_("elena") as elena:
        assert people.intake_list(actor=elena)
    assert Hand.steps <= MOST
