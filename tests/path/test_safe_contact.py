"""Safe contact: what was written is never lost, and everyone who may see a warning sees it first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accord.access.codes import KINDS
from accord.core import clock
from accord.people import queries, services
from accord.people.codes import CONTACT_METHODS, SafeContact
from tests.region import World
from tests.steps.records import handle, open_record, release_to

NEVER = "NEVER CALL - he answers"
TYPED = {"address": "555-0199", "when": "after school", "never": NEVER, "language": "ht"}


def opened(world: World, **sent: str) -> str:
    """Return the address of a record that Alma opened with the form."""
    page = world.client("alma").post("/people/new/", {"used": "Wren", **sent})
    assert page.status_code == 302, page.content.decode()
    return page.headers["Location"]


def read(world: World, url: str, user: str = "alma") -> str:
    page = world.client(user).get(url)
    assert page.status_code == 200
    return page.content.decode()


def head(page: str) -> str:
    """Return the card about safe contact."""
    return page.split('fact__label">Safe contact', 1)[1].split("</section>")[0]


def test_no_method_is_chosen_for_anyone(world: World) -> None:
    for url in ("/people/new/", opened(world) + "contact/"):
        form = read(world, url)
        assert form.count('name="method"') == len(CONTACT_METHODS) and "Not asked yet" not in form
        assert "checked" not in form.split('name="method"', 1)[1].split("</fieldset>")[0]


@pytest.mark.parametrize("name", TYPED)
def test_everything_typed_about_safe_contact_is_kept_without_a_method(world: World, name: str) -> None:
    url = opened(world, **{name: TYPED[name]})
    shown = "Haitian Creole" if name == "language" else TYPED[name]
    page = read(world, url)  # the language is next to the name
    assert shown in (page if name == "language" else head(page))
    assert TYPED[name] in read(world, url + "contact/")


def test_a_record_without_safe_contact_has_none(world: World) -> None:
    url = opened(world)
    assert "Not asked yet" in head(read(world, url))


@pytest.mark.parametrize("method", ["", *CONTACT_METHODS])
def test_the_warning_comes_first_with_every_method(world: World, method: str) -> None:
    url = opened(world, method=method, **TYPED)
    card = head(read(world, url))
    assert card.index("Never do this") < card.index(NEVER) < card.index("555-0199")
    assert 'class="never"' in card and "<svg" in card.split(NEVER)[0]
    for list_url in ("/", "/people/"):
        assert read(world, list_url).count(NEVER) >= 1


def test_a_warning_stays_when_the_contact_is_asked_again(world: World) -> None:
    url = opened(world, method="text", **TYPED)
    form = world.client("alma").get(url + "contact/").context["form"]
    again = {name: form[name].value() or "" for name in form.fields} | {"when": "mornings"}
    assert world.client("alma").post(url + "contact/", again).status_code == 302
    assert NEVER in head(read(world, url)) and "mornings" in head(read(world, url))
    revised = world.client("alma").get(url + "contact/").context["form"]["revision"].value()
    assert world.client("alma").post(url + "contact/", {**again, "never": "", "revision": revised}).status_code == 302
    assert NEVER not in read(world, url)


def test_a_partner_and_a_program_read_the_warning_and_the_language(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        contact = SafeContact(never=NEVER, language="ht", checked_on=clock.today(alma.zone).isoformat())
        services.add_entry(actor=alma, ref=known.ref, payload=contact)
    release_to(world, known)
    shared = handle(world, "elena")
    page = read(world, f"/people/{shared}/", "elena")
    card = head(page)
    assert card.index("Never do this") < card.index(NEVER)
    assert "Haitian Creole" in page
    assert "call" in card.split(NEVER)[1]  # the older warning too: no one cleared it
    assert NEVER in read(world, "/people/", "elena")
    elena = world.client("elena")
    assert elena.get(f"/api/v1/people/{shared}").json()["never"] == [NEVER, "call"]
    assert elena.get("/api/v1/people").json()["people"][0]["never"] == [NEVER, "call"]


def test_a_warning_of_another_entry_stays_until_someone_clears_it(fresh_world: World) -> None:
    """An entry that a program adds is separate from the older one; the form shows all warnings, and clears all of
    them."""
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        services.add_entry(actor=alma, ref=known.ref, payload=SafeContact(method="email", address="w@example.org"))
        page = queries.page(actor=alma, ref=known.ref, kinds=KINDS)
        assert (page.contact.method, page.never) == ("email", ("call",))
    url = f"/people/{known.ref}/"
    assert "w@example.org" in head(read(world, url)) and "call" in head(read(world, url))
    form = world.client("alma").get(url + "contact/").context["form"]
    assert form["never"].value() == "call"
    sent = {name: form[name].value() or "" for name in form.fields}
    assert world.client("alma").post(url + "contact/", {**sent, "never": "knock"}).status_code == 302
    with world.as_("alma") as alma:
        assert queries.page(actor=alma, ref=known.ref, kinds=KINDS).never == ("knock",)


def test_a_program_cannot_drop_a_warning_by_leaving_it_out(fresh_world: World) -> None:
    world = fresh_world
    known, alma = open_record(world), world.client("alma")
    [entry] = [e for e in alma.get(f"/api/v1/people/{known.ref}").json()["entries"] if e["type"] == "safe_contact"]
    url = f"/api/v1/people/{known.ref}/entries/{entry['series']}"
    body = {"type": "safe_contact", "revision": 1, "fields": {"method": "call", "address": "555-0100"}}
    refused = alma.post(url, body, content_type="application/json")
    assert refused.status_code == 422 and set(refused.json()["fields"]) == {"when", "never", "language", "checked_on"}
    whole = {"when": "", "never": "", "language": "", "checked_on": "", **body["fields"]}
    assert alma.post(url, {**body, "fields": whole}, content_type="application/json").status_code == 200
    assert alma.get(f"/api/v1/people/{known.ref}").json()["never"] == []


NOT_YET = "Not confirmed by this person yet"


def save(world: World, url: str, **change: str) -> str:
    """Save the form as it is shown, with these changes; the card afterward."""
    client = world.client("alma")
    form = client.get(url + "contact/").context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    assert not shown["confirmed"], "no one is asked by default"
    assert client.post(url + "contact/", shown | change).status_code == 302
    return head(read(world, url))


def test_a_contact_counts_as_confirmed_only_when_the_person_was_asked(fresh_world: World) -> None:
    world = fresh_world
    url = opened(world, method="text", **TYPED)
    assert NOT_YET in head(read(world, url))
    assert "(today)" in save(world, url, confirmed="on")
    world.move(days=61)
    world.sessions.clear()
    # A changed warning confirms nothing: it keeps the old day, which is late by now.
    card = save(world, url, never="do not write either")
    assert "9 weeks ago" in card and "Ask again (confirmed more than 60 days ago)" in card
    # A new number was never confirmed, whatever was confirmed before.
    assert NOT_YET in save(world, url, address="555-0100")
    assert "(today)" in save(world, url, confirmed="on")
    empty = world.client("alma").post("/people/new/", {"used": "Wren", "confirmed": "on"})
    assert empty.status_code == 422 and "Enter how to reach them" in empty.content.decode()


def test_a_program_says_when_they_were_asked(world: World) -> None:
    known, alma = open_record(world), world.client("alma")

    def add(**fields: str) -> int:
        body = {"type": "safe_contact", "fields": {"method": "call", "address": "555-0100", **fields}}
        token = alma.get(f"/people/{known.ref}/").context["csrf_token"]
        post = {"content_type": "application/json", "headers": {"X-CSRFToken": str(token)}}
        return alma.post(f"/api/v1/people/{known.ref}/entries", body, **post).status_code

    tomorrow = (world.today() + timedelta(days=1)).isoformat()
    assert [add(), add(checked_on=world.today().isoformat()), add(checked_on=tomorrow)] == [201, 201, 422]
    entries = alma.get(f"/api/v1/people/{known.ref}").json()["entries"]
    said = [entry["fields"]["checked_on"] for entry in entries if entry["type"] == "safe_contact"]
    assert said[1:] == ["", world.today().isoformat()]


def test_nothing_older_is_shown_after_its_warning_was_cleared(fresh_world: World) -> None:
    """Clearing a warning writes an older entry again, at the same moment as the new one: each must say what is new."""
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        services.add_entry(actor=alma, ref=known.ref, payload=SafeContact(method="email", address="w@example.org"))
    release_to(world, known)
    url = f"/people/{known.ref}/"
    card = save(world, url, address="new@example.org", confirmed="on")
    assert "new@example.org" in card and "(today)" in card
    card = save(world, url, never="knock")  # saved again, not asked again
    assert "new@example.org" in card and "(today)" in card and "knock" in card
    for user, ref in (("alma", known.ref), ("elena", handle(world, "elena"))):
        with world.as_(user) as actor:
            said = {
                item.payload.address for item in queries.page(actor=actor, ref=ref, kinds=KINDS).items["contact.safe"]
            }
        assert said == {"new@example.org"}, user
