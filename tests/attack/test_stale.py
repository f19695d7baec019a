"""Two colleagues at once: a page that was open for a while must not undo what a colleague has written since."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accord.casework import services as casework
from accord.casework.codes import Application, Need
from accord.core.errors import Conflict
from accord.people import views
from accord.releases import suspension
from accord.releases.codes import SignerFlag
from accord.releases.entries import CircleMember
from accord.sharing import services as records
from tests.region import World
from tests.steps.records import open_record
from tests.steps.releases import MOTHER, SELF, now, sign, young


def shown(client: Client, address: str) -> dict[str, object]:
    """Return the fields of a page's form as the browser would send them back."""
    form = client.get(address).context["form"]
    return {bound.html_name: value for bound in form if (value := bound.value()) not in (None, "", [])}


def supervised(world: World, ref: uuid.UUID) -> tuple[Client, Client]:
    """Return browsers of an advocate and the advocate's supervisor, both working with one person."""
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=ref, membership=adele.membership, reason="A second pair of eyes")
    return world.client("alma"), world.client("adele")


@pytest.fixture
def two(world: World) -> tuple[Client, Client, str]:
    known = open_record(world)
    return *supervised(world, known.ref), f"/people/{known.ref}/"


@pytest.mark.parametrize(
    ("page", "theirs", "mine"),
    [
        ("contact/", {"method": "text", "address": "555-0142", "never": "never write"}, {"when": "evenings"}),
        ("name/", {"used": "Sam"}, {"pronouns": "she"}),
        ("age/", {"years": "16"}, {"years": "24"}),
    ],
)
def test_an_old_page_undoes_nothing(two: tuple, page: str, theirs: dict, mine: dict) -> None:
    alma, adele, person = two
    old = shown(alma, person + page)
    newer = shown(adele, person + page)
    assert adele.post(person + page, {**newer, **theirs}).status_code == 302
    answer = alma.post(person + page, {**old, **mine})
    assert answer.status_code == 409
    name, value = next(iter(theirs.items()))
    assert shown(alma, person + page)[name] == value


def test_an_old_page_does_not_clear_who_has_harmed_the_person(world: World) -> None:
    """A colleague corrects a spelling on a page opened before the supervisor recorded what the mother did."""
    known, _born = young(world, 15)
    series = sign(world, known, SELF, MOTHER, age=15)
    alma, adele = supervised(world, known.ref)
    with world.as_("alma") as actor:
        (mother,) = suspension.circle(actor=actor, ref=known.ref)[1]
    page = f"/people/{known.ref}/others/{mother.series}/"
    old, newer = shown(alma, page), shown(adele, page)
    harmed = SignerFlag.ABUSER_OF_PERSON.value
    assert adele.post(page, {**newer, "flags": [harmed]}).status_code == 302
    assert now(world, known, series)[0].status == "suspended"
    assert alma.post(page, {**old, "name": "Martha Quill"}).status_code == 409
    assert now(world, known, series)[0].status == "suspended"


def _need(world: World, ref: uuid.UUID) -> str:
    with world.as_("alma") as alma:
        series = casework.add_need(actor=alma, ref=ref, need=Need("housing", "now", "Her own door"))
    return f"items/{series}/"


def _application(world: World, ref: uuid.UUID) -> str:
    with world.as_("alma") as alma:
        series = casework.add_application(actor=alma, ref=ref, application=Application("t", "thinking"))
    return f"status/{series}/"


def _mother(world: World, ref: uuid.UUID) -> str:
    with world.as_("alma") as alma:
        series = suspension.record_member(actor=alma, ref=ref, member=CircleMember("Martha Quil"))
    return f"others/{series}/"


PAGES: dict[str, tuple[Any, dict[str, Any], dict[str, Any], tuple[str, str]]] = {
    "name": ("name/", {"used": "Sam"}, {"pronouns": "she/they"}, ("Name they go by: Sam", "Pronouns: she/they")),
    "age": ("age/", {"years": "16"}, {"years": "24"}, ("Age in years: 16", "Age in years: 24")),
    "born": (
        "age/",
        {"years": "", "date_0": "3", "date_1": "3", "date_2": "2001"},
        {"years": "", "date_0": "4", "date_1": "3", "date_2": "2001"},
        ("Date of birth: March 3, 2001", "Date of birth: March 4, 2001"),
    ),
    "contact": (
        "contact/",
        {"method": "text", "never": "never write <b>"},
        {"method": "call", "when": "evenings"},
        ("Never do this: never write &lt;b&gt;", "How can we reach them safely? Phone call"),
    ),
    "need": (
        _need,
        {"status": "met"},
        {"status": "under_way"},
        ("Status: Met", "Status: In progress"),
    ),
    "exploitation": (
        "type/",
        {"type": "labour"},
        {"type": "both"},
        ("Type of trafficking: Labor trafficking", "Type of trafficking: Both"),
    ),
    "documents": (
        "status/",
        {"status": "waiting", "document_passport": "taken"},
        {"status": "none", "note": "asks for a lawyer"},
        ("Passport: Taken by someone else", "Note: asks for a lawyer"),
    ),
    "application": (
        _application,
        {"state": "filed", "receipt": "EAC-7"},
        {"state": "preparing"},
        ("Receipt number, if there is one: EAC-7", "Status: Preparing"),
    ),
    "people around": (
        _mother,
        {"flags": [SignerFlag.ABUSER_OF_PERSON.value], "languages": ["en", "es"]},
        {"name": "Martha Quill"},
        ("Which languages do they read or understand well? English, Spanish (español)", "Name: Martha Quill"),
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_who_was_slower_sees_both_texts_and_sends_again(two: tuple, world: World, case: str) -> None:
    alma, adele, person = two
    page, theirs, mine, (their_words, my_words) = PAGES[case]
    page = person + (page if isinstance(page, str) else page(world, uuid.UUID(person.split("/")[2])))
    old, newer = shown(alma, page), shown(adele, page)
    assert adele.post(page, {**newer, **theirs}).status_code == 302
    answer = alma.post(page, {**old, **mine})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Another change was saved first" in text
    assert their_words in text and my_words in text and "by Adele" in text.partition("What is saved now")[2]
    assert ": False" not in text and "?:" not in text
    again = {bound.html_name: bound.value() for bound in answer.context["form"] if bound.value() is not None}
    parts = {name: mine[name] for name in mine if "_" in name and name[-1].isdigit()}
    assert alma.post(page, {**again, **parts}).status_code == 302
    # the old page is older than the colleague's own text now
    last = alma.post(page, {**old, **theirs}).content.decode()
    assert my_words in last.partition("What is saved now")[2]
    assert "You saved this in another tab or window first" in last and "Another change was saved first" not in last


def test_only_the_lines_that_differ_are_marked(two: tuple) -> None:
    alma, adele, person = two
    page = person + "name/"
    old = shown(alma, page)
    assert adele.post(page, {**old, "used": "Sam", "others": "Quill"}).status_code == 302
    text = alma.post(page, {**old, "used": "Samira", "others": "Quill"}).content.decode()
    marked = re.findall(r"<mark>.*?<span class=\"sr\">Different: </span>(.*?)</mark>", text)
    assert marked == ["Name they go by: Samira", "Name they go by: Sam"]


def test_both_texts_in_spanish(two: tuple) -> None:
    alma, adele, person = two
    page = person + "name/"
    old = shown(alma, page)
    assert adele.post(page, {**old, "used": "Sam"}).status_code == 302
    text = alma.post(page, {**old, "used": "Samira"}, headers={"accept-language": "es"}).content.decode()
    assert (
        "Antes se guardó otro cambio" in text
        and "Nombre que usa esta persona: Sam<" in text
        and "Nombre que usa esta persona: Samira<" in text
    )


def test_the_log_keeps_that_both_were_read(two: tuple, world: World) -> None:
    alma, adele, person = two
    page = person + "name/"
    old = shown(alma, page)
    assert adele.post(page, {**old, "used": "Sam"}).status_code == 302
    with world.owner() as owner:
        count = "select count(*) from audit_event where action = 'read'"
        before = owner.execute(count).fetchone()[0]
        assert alma.post(page, {**old, "used": "Samira"}).status_code == 409
        assert owner.execute(count).fetchone()[0] > before


def test_a_race_that_the_database_decides_shows_the_winner(two: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague saves between the check of the newest revision and the write."""
    alma, _adele, person = two
    page = person + "name/"
    old = shown(alma, page)

    def overtaken(**_given: Any) -> None:
        raise Conflict(code="lost_race")

    real = views.queries.page
    looks: list[str] = []

    def look(**given: Any) -> Any:
        looks.append("look")
        return real(**given)

    monkeypatch.setattr(views.services, "correct", overtaken)
    monkeypatch.setattr(views.queries, "page", look)
    assert alma.post(page, {**old, "used": "Samira"}).status_code == 409
    assert len(looks) == 2  # the current text is read after the race, not before


def test_what_was_written_on_the_way_to_a_lost_race_is_rolled_back(two: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log keeps its page, so the request is not rolled back as other refusals are."""
    alma, _adele, person = two
    old = shown(alma, person + "name/")
    real = views.services.correct

    def late(**given: Any) -> None:
        real(**given)
        raise Conflict(code="lost_race")

    monkeypatch.setattr(views.services, "correct", late)
    assert alma.post(person + "name/", {**old, "used": "Zephyrine"}).status_code == 409
    assert "Zephyrine" not in alma.get(person).content.decode()
