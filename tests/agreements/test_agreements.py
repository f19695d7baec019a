"""Agreements: drafting, signing, keys, the yearly review, the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accord.accounts.queries import notices_for
from accord.agreements import queries as partners
from accord.agreements import services as signing
from accord.core import clock
from accord.core.errors import Refused
from accord.membership import services as membership
from accord.people import queries as people
from accord.releases import queries as releases
from tests.region import World
from tests.steps.agreements import sign
from tests.steps.membership import code_of, later
from tests.steps.pages import alert_words
from tests.steps.records import handle, open_record, release_to


def between(world: World, user: str, title: str) -> partners.AgreementCard:
    """Return the agreement with this title, as this persona sees it."""
    with world.as_(user) as actor:
        return next(card for card in partners.agreements(actor=actor) if card.title == title)


def draft(world: World, one: str = "hospital", other: str = "survivors", kinds: tuple[str, ...] = ("needs",)) -> str:
    """Draft an agreement through the coordinator's page. Returns its address."""
    day = clock.today("America/Chicago")
    fields = {"one": str(world.agencies[one]), "other": str(world.agencies[other]), "one_gives": list(kinds)}
    start = {"start_0": day.day, "start_1": day.month, "start_2": day.year}
    page = world.client("grace").post("/agreements/new/", {**fields, **start})
    assert page.status_code == 302, alert_words(page)
    return page.headers["Location"]


def test_only_parties_see_their_agreements(world: World) -> None:
    card = between(world, "adele", "Harbor House and Riverbend Legal Aid")
    for user, status in (("alma", 200), ("elena", 200), ("grace", 200), ("ben", 404), ("kim", 404), ("hal", 404)):
        client = world.client(user)
        assert client.get(f"/agreements/{card.id}/").status_code == status, user
        shown = card.title in alert_words(client.get("/agreements/"))
        assert shown == (status == 200), user
    for part in ("sign/", "review/", "leave/"):
        assert world.client("alma").get(f"/agreements/{card.id}/{part}").status_code == 403
        assert world.client("bea").post(f"/agreements/{card.id}/{part}").status_code == 404
        assert world.client("gus").post(f"/agreements/{card.id}/{part}").status_code == 404


def test_a_draft_is_signed_by_both_and_then_in_force(world: World) -> None:
    address = draft(world)
    assert world.client("adele").get("/agreements/new/").status_code == 403
    farah, jo = world.client("farah"), world.client("jo")
    assert "Waiting for County Hospital" in alert_words(farah.get("/agreements/"))
    assert "Sign for our agency" in alert_words(farah.get(address))
    assert farah.get(address + "sign/").status_code == 200
    assert sign(farah, address).status_code == 302
    assert "Sign for our agency" not in alert_words(farah.get(address))
    with world.as_("jo") as actor:
        codes = [row.code for row in notices_for(owner=actor.agency, membership=actor.membership)]
    assert {"agreement-drafted", "agreement-signed"} <= set(codes)
    assert sign(jo, address).status_code == 302
    page = alert_words(jo.get(address))
    assert "In effect" in page and "From County Hospital to Survivors&#x27; Circle" in page
    # The words that one side shows for its partner are those that the partner reads out.
    assert jo.get(address).context["keys"][0]["words"] == farah.get("/agency/").context["fingerprint"]
    assert farah.post(address + "sign/").status_code == 403


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"other": "hospital"}, "Choose two agencies"),
        ({"kinds": ("linkage",)}, "is allowed to receive"),
        ({"kinds": ()}, "at least one kind"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(world: World, change: dict, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        draft(world, **change)


@pytest.mark.line(98)
def test_signing_asks_for_a_fresh_code(fresh_world: World) -> None:
    world = fresh_world
    address = draft(world)
    client = world.client("farah")
    world.move(minutes=6)
    refused = client.post(address + "sign/", {"step_up_code": ""})
    assert refused.status_code == 422 and "step_up_code" in refused.context["form"].errors
    assert sign(client, address, step_up_code=code_of(world, "farah")).status_code == 302


@pytest.mark.line(86)
def test_an_agency_without_a_countersigned_agreement_cannot_be_chosen(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        names = {name for _id, name in partners.partners(actor=alma)}
    assert "Child Protection" not in names and "Riverbend Legal Aid" in names
    address = draft(world, "harbor", "cps")
    sign(world.client("adele"), address)
    with world.as_("alma") as alma:  # signed by one side only
        assert "Child Protection" not in {name for _id, name in partners.partners(actor=alma)}
        assert releases.kinds_offered(actor=alma)
    page = world.client("alma").get(f"/people/{known.ref}/forms/new/")
    assert "Child Protection" not in {row.title for row in page.context["rows"]}
    (closed,) = (row for row in page.context["closed"] if row.title == "Child Protection")
    assert (
        "Not everyone has signed the agreement yet. Still waiting for Child Protection." in closed.detail
        and not closed.url
    )
    assert "privacy officers: Adele, Aisha." in alert_words(page)
    sign(world.client("dana"), address)
    page = world.client("alma").get(f"/people/{known.ref}/forms/new/")
    assert "Child Protection" in {row.title for row in page.context["rows"]}


@pytest.mark.line(85)
def test_ending_it_stops_open_sessions_and_drops_what_was_announced(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    seen_as = handle(world, "elena")
    elena, emil, adele = world.client("elena"), world.client("emil"), world.client("adele")
    assert elena.get(f"/people/{seen_as}/").status_code == 200
    with world.as_("emil") as actor:
        before = [row.code for row in notices_for(owner=actor.agency, membership=actor.membership)]
    assert "share-begun" in before
    address = f"/agreements/{between(world, 'adele', 'Harbor House and Riverbend Legal Aid').id}/"
    assert "Sharing stops right away" in alert_words(adele.get(address + "leave/"))
    assert adele.post(address + "leave/").status_code == 302
    gone = elena.get(f"/people/{seen_as}/")
    assert gone.status_code == 403 and "Samira" not in alert_words(gone)
    with world.as_("emil") as actor:
        after = [row.code for row in notices_for(owner=actor.agency, membership=actor.membership)]
        assert people.intake_list(actor=actor) == []
    assert after == ["agreement-ended"]
    assert "Ended" in alert_words(emil.get("/agreements/"))
    assert adele.post(address + "leave/").status_code == 404
    assert adele.post(address + "sign/").status_code == 403


@pytest.mark.line(87)
def test_a_review_too_late_stops_sharing_until_both_have_confirmed(fresh_world: World) -> None:
    world = fresh_world
    card = between(world, "adele", "Harbor House and Riverbend Legal Aid")
    assert world.client("adele").post(f"/agreements/{card.id}/review/").status_code == 404  # too early
    with world.as_("adele") as adele:
        days = (card.review_due_at - clock.now()) / timedelta(days=1)
    later(world, days=days + 1)
    assert between(world, "adele", card.title).state == "review_due"
    with world.as_("adele") as adele:
        assert world.agencies["legal"] in {agency for agency, _name in partners.partners(actor=adele)}
    later(world, days=30)
    page = world.client("adele").get(f"/agreements/{card.id}/")
    assert "Sharing is paused" in alert_words(page) and "Confirm the yearly review" in alert_words(page)
    assert "Paused" in alert_words(world.client("grace").get("/agreements/"))
    with world.as_("adele") as adele:
        assert not partners.agreements_in_force({(adele.agency, world.agencies["legal"], "needs")})
    assert world.client("adele").post(f"/agreements/{card.id}/review/").status_code == 302
    assert between(world, "adele", card.title).state == "lapsed"
    assert "Confirm the yearly review" not in alert_words(world.client("adele").get(f"/agreements/{card.id}/"))
    assert world.client("emil").post(f"/agreements/{card.id}/review/").status_code == 302
    again = between(world, "adele", card.title)
    assert again.state == "in_force"
    with world.as_("adele") as adele:
        assert again.review_due_at - clock.now() > timedelta(days=360)
        assert partners.agreements_in_force({(adele.agency, world.agencies["legal"], "needs")})


def sealed_under(world: World, known) -> list[tuple[int]]:
    with world.owner() as owner:
        sql = "select distinct ring_version from sharing_sharekey where person = %s and kind = 'needs'"
        return owner.execute(sql, [known.ref]).fetchall()


def test_new_keys_that_the_old_ones_signed_are_accepted_by_themselves(fresh_world: World) -> None:
    world = fresh_world
    card = between(world, "adele", "Harbor House and Riverbend Legal Aid")
    with world.as_("emil") as emil:
        membership.end_membership(actor=emil, membership=world.memberships["elena"])
    (keys,) = world.client("adele").get(f"/agreements/{card.id}/").context["keys"]
    assert keys["check_url"] == "" and "signed with the keys" in keys["tag"].words
    known = open_record(world)
    release_to(world, known)
    assert sealed_under(world, known) == [(2,)]


def unsigned(world: World, agency: str) -> None:
    """Set an agency's keys as if no one had held the version before: no one could sign the new one."""
    with world.owner() as owner:
        sql = "update vault_ringkey set signature = null where owner = %s and version = 2"
        assert owner.execute(sql, [world.agencies[agency]]).rowcount


def test_unsigned_new_keys_are_compared_and_accepted(fresh_world: World) -> None:
    world = fresh_world
    card = between(world, "adele", "Harbor House and Riverbend Legal Aid")
    adele = world.client("adele")
    assert adele.get(f"/agreements/{card.id}/").context["keys"][0]["check_url"] == ""
    with world.as_("emil") as emil:
        membership.end_membership(actor=emil, membership=world.memberships["elena"])
    unsigned(world, "legal")
    (keys,) = adele.get(f"/agreements/{card.id}/").context["keys"]
    assert "New keys" in keys["tag"].words
    known = open_record(world)
    release_to(world, known)
    assert sealed_under(world, known) == [(1,)]  # what was accepted, and nothing else
    asked = adele.get(keys["check_url"]).context["one"]
    assert asked["words"] == world.client("emil").get("/agency/").context["fingerprint"]
    unticked = adele.post(keys["check_url"])
    assert unticked.status_code == 422 and "Check the box once" in alert_words(unticked)
    stale = adele.post(keys["check_url"], {"checked": f"{world.agencies['legal']} words from before they changed"})
    assert stale.status_code == 422 and "Compare the words again" in alert_words(stale)
    assert adele.post(keys["check_url"], {"checked": asked["value"]}).status_code == 302
    (keys,) = adele.get(f"/agreements/{card.id}/").context["keys"]
    assert keys["check_url"] == "" and keys["tag"].words == "Checked by phone"
    known = open_record(world)
    release_to(world, known)
    assert sealed_under(world, known) == [(2,)]
    stranger = world.agencies["statistics"]
    assert adele.post(f"/agreements/keys/{stranger}/").status_code == 404


def test_a_forged_signature_under_new_keys_convinces_no_one(fresh_world: World) -> None:
    world = fresh_world
    card = between(world, "adele", "Harbor House and Riverbend Legal Aid")
    with world.as_("emil") as emil:
        membership.end_membership(actor=emil, membership=world.memberships["elena"])
    with world.owner() as owner:
        sql = "update vault_ringkey set signature = decode(repeat('ab', 64), 'hex') where owner = %s and version = 2"
        assert owner.execute(sql, [world.agencies["legal"]]).rowcount
    (keys,) = world.client("adele").get(f"/agreements/{card.id}/").context["keys"]
    assert "New keys" in keys["tag"].words and keys["check_url"]
    known = open_record(world)
    release_to(world, known)
    assert sealed_under(world, known) == [(1,)]


def test_another_agreement_does_not_silently_accept_changed_keys(fresh_world: World) -> None:
    """Emil's agency has unsigned new keys. A second agreement with it is signed without comparing the words."""
    world = fresh_world
    with world.as_("emil") as emil:
        membership.end_membership(actor=emil, membership=world.memberships["elena"])
    unsigned(world, "legal")
    address = draft(world, "harbor", "legal", ("needs",))
    assert world.client("adele").post(address + "sign/").status_code == 302
    (keys,) = world.client("adele").get(address).context["keys"]
    assert "New keys" in keys["tag"].words and keys["check_url"]
    known = open_record(world)
    release_to(world, known)
    assert sealed_under(world, known) == [(1,)]


def test_the_operator_signs_nothing(world: World) -> None:
    card = between(world, "adele", "Harbor House and Riverbend Legal Aid")
    with world.as_("alma") as alma, pytest.raises(Refused):
        signing.end_agreement(actor=alma, agreement=card.id)
