"""What the pages about a person say first, who reads it, and what they leave out."""

from __future__ import annotations

import html
import re

import pytest

from accord.releases import services as releases
from accord.ui.lists import Listed
from tests.region import World
from tests.steps.records import handle, open_record, release_to

RETENTION = "whether this record must be kept"


def words(answer) -> str:
    """The text of a page, as people read it."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def title(answer) -> str:
    return html.unescape(re.search(r"<title>(.*?)</title>", answer.content.decode())[1])


@pytest.mark.parametrize(
    ("user", "offered", "sentence"),
    [
        ("alma", ["Note", "Service", "Need", "Share"], ""),
        ("ben", ["Note", "Need", "Share", "Screening"], "Your role can't share with a signed release"),
        ("cora", ["Note", "Service", "Need"], "These roles at your agency can: supervisor."),
    ],
)
def test_each_role_is_offered_what_it_may_do_and_told_who_shares(
    fresh_world: World, user: str, offered: list[str], sentence: str
) -> None:
    known = open_record(fresh_world, user=user)
    page = fresh_world.client(user).get(f"/people/{known.ref}/")
    row = re.search(r'<nav class="quick".*?</nav>', page.content.decode(), re.S)[0]
    assert re.findall(r">(\w+)</a>", row) == offered
    assert sentence in words(page)
    assert ("Your role can't share" in words(page)) == bool(sentence)


def test_empty_parts_take_one_line_with_their_first_action(fresh_world: World) -> None:
    page = fresh_world.client("alma").get(f"/people/{open_record(fresh_world).ref}/").content.decode()
    short = re.findall(r'<section class="card card--line".*?</section>', page, re.S)
    assert [re.search(r"<h2>(.*?)</h2>", part)[1] for part in short] == [
        "Services",
        "Case notes",
        "Immigration",
        "Forms",
        "Releases",
        "Screening",
        "Type of trafficking",
        "Subpoenas and legal requests",
        "Viewed by",
    ]
    assert all('class="does"' in part for part in short[:-1])


def test_a_partner_gets_no_menu_of_what_is_done(fresh_world: World) -> None:
    known = open_record(fresh_world)
    release_to(fresh_world, known)
    elena = fresh_world.client("elena")
    ref = f"/people/{handle(fresh_world, 'elena')}/"
    page = elena.get(ref)
    assert 'class="quick"' not in page.content.decode()
    why = elena.get(f"{ref}why/").content.decode()
    table = why.partition("<tbody")[2]
    assert table.index("You can see this") < table.index("You can&#x27;t see this")
    assert table.count("This was not shared with you.") == 1  # one row for all that was not
    assert "Release from Harbor House, until" in table


@pytest.mark.parametrize(("user", "warned"), [("bea", True), ("deb", True), ("adele", False)])
def test_systems_agencies_read_about_retention_before_they_erase(fresh_world: World, user: str, warned: bool) -> None:
    known = open_record(fresh_world, user=user)
    page = fresh_world.client(user).get(f"/people/{known.ref}/remove/")
    assert page.status_code == 200
    assert (RETENTION in words(page)) == warned


def test_a_refused_form_says_error_first_and_each_edit_has_its_title(fresh_world: World) -> None:
    known = open_record(fresh_world)
    alma = fresh_world.client("alma")
    place = f"/people/{known.ref}"
    names = [title(alma.get(f"{place}/{page}/")) for page in ("name", "age", "contact")]
    assert names == ["Edit name · Accord", "Edit age · Accord", "Edit contact · Accord"]
    assert title(alma.post(f"{place}/name/", {"used": ""})) == "Error: Edit name · Accord"
    assert title(fresh_world.client().post("/sign-in/", {"user_name": ""})).startswith("Error: ")


def test_a_search_box_has_a_label_or_is_not_there(fresh_world: World) -> None:
    open_record(fresh_world)
    page = fresh_world.client("alma").get("/people/").content.decode()
    assert 'role="search"' not in page
    with pytest.raises(ValueError, match="needs a label"):
        Listed(total=1, search_url="/people/find/")


def test_only_who_signs_agreements_reads_the_agencys_six_words(fresh_world: World) -> None:
    said = "Our six verification words"
    assert said in words(fresh_world.client("adele").get("/agency/"))
    assert said not in words(fresh_world.client("alma").get("/agency/"))


def test_who_lost_a_share_keeps_their_own_work(fresh_world: World) -> None:
    known = open_record(fresh_world)
    series = release_to(fresh_world, known)
    ref = f"/people/{handle(fresh_world, 'elena')}/"
    with fresh_world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    page = words(fresh_world.client("elena").get(ref))
    assert "Don't share what you saw or copied here." in page and "Your agency keeps its own records" in page
    assert "Don't use" not in page
