"""One agreement for many agencies: drafted once, signed once by each, in effect pair by pair; keys checked by phone."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from accord.accounts.queries import notices_for
from accord.agencies import queries as agencies
from accord.agreements import checks, coalitions
from accord.agreements import queries as agreements
from accord.agreements import services as signing
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.demo.riverbend import PERSONAS
from tests.region import World
from tests.steps.agreements import KINDS, drafted, sign
from tests.steps.pages import alert_words

OFFICERS = {"hospital": "farah", "survivors": "jo", "cps": "dana"}


def in_force(world: World, giver: str, taker: str) -> bool:
    """Return whether both kinds may pass this way now, as the floor tells one of the two."""
    with world.as_(next(persona.user for persona in PERSONAS if persona.agency == giver)):
        ways = {(world.agencies[giver], world.agencies[taker], kind) for kind in KINDS}
        return agreements.agreements_in_force(ways) == ways


def as_ticket(web: psycopg.Connection, world: World, user: str) -> None:
    """Use this persona's live ticket for the following statements."""
    web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])


def codes(world: World, user: str) -> list[str]:
    with world.as_(user) as actor:
        return [row.code for row in notices_for(owner=actor.agency, membership=actor.membership)]


def test_each_signs_once_and_each_pair_takes_effect_when_both_have(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, *OFFICERS)
    assert codes(world, "jo") == ["agreement-drafted"]
    assert "Sign the agreement “Night team”" in alert_words(world.client("jo").get("/"))
    assert sign(world.client("farah"), address).status_code == 302
    assert not in_force(world, "hospital", "survivors")
    assert sign(world.client("jo"), address).status_code == 302
    assert in_force(world, "hospital", "survivors") and in_force(world, "survivors", "hospital")
    assert not in_force(world, "hospital", "cps")
    page = world.client("farah").get(address)
    assert "Waiting for Child Protection to sign" in alert_words(page) and "Sign for our agency" not in alert_words(
        page
    )
    said = alert_words(world.client("dana").get(address))
    assert "Your turn to sign" in said and "Your turn to sign with" not in said  # with every member: no list of names
    assert sign(world.client("dana"), address).status_code == 302
    assert all(in_force(world, a, b) for a in OFFICERS for b in OFFICERS if a != b)
    # One line in the list of each member and of the office, and none for anyone else.
    for user in ("farah", "grace"):
        shown = world.client(user).get("/agreements/").context["rows"]
        assert [row.tag.words for row in shown if row.title == "Night team"] == ["In effect"], user
    for user in ("adele", "kim", "hal"):
        assert "Night team" not in alert_words(world.client(user).get("/agreements/"))
        assert world.client(user).get(address).status_code == 404, user


def test_a_signature_waits_until_the_keys_were_checked_by_phone(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, *OFFICERS)
    farah = world.client("farah")
    for user in ("jo", "dana"):
        sign(world.client(user), address)
    assert sign(farah, address, call=False).status_code == 302
    assert not in_force(world, "hospital", "survivors") and not in_force(world, "hospital", "cps")
    page = alert_words(farah.get(address))
    assert "Your turn to check the keys for Child Protection, Survivors&#x27; Circle" in page
    assert "Check keys by phone: “Night team”" in alert_words(farah.get("/"))
    listed = {row.title: row for row in farah.get("/agreements/keys/").context["rows"]}
    assert listed["Child Protection"].tag.words == "Not checked by phone yet"
    url = listed["Child Protection"].url
    tick = farah.get(url).context["one"]["value"]
    assert farah.post(url, {"checked": tick}).status_code == 302
    assert in_force(world, "hospital", "cps") and in_force(world, "cps", "hospital")
    assert not in_force(world, "hospital", "survivors")
    row = next(row for row in farah.get("/agreements/keys/").context["rows"] if row.title == "Child Protection")
    assert row.tag.words == "Checked by phone" and "by Farah" in row.detail


def test_one_check_counts_for_later_agreements_until_the_keys_change(fresh_world: World) -> None:
    world = fresh_world
    sign(world.client("farah"), drafted(world, "hospital", "cps"))
    again = drafted(world, "hospital", "cps")
    (shown,) = world.client("farah").get(again + "sign/").context["partners"]
    assert shown["good"]
    with world.owner() as owner:
        sql = "update vault_ringkey set public = overlay(public placing '\\xabcd' from 5) where owner = %s and code = 'needs'"
        owner.execute(sql, [world.agencies["cps"]])
    (shown,) = world.client("farah").get(again + "sign/").context["partners"]
    assert not shown["good"] and shown["new"]
    sign(world.client("dana"), again)
    assert sign(world.client("farah"), again, call=False).status_code == 302
    with world.as_("farah") as farah:
        (pair,) = coalitions.own_pairs(actor=farah, coalition=uuid.UUID(again.split("/")[-2]))
    assert pair.signed_at and not pair.checked_at


def test_a_member_that_comes_later_asks_nothing_of_the_others_pairs(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, "hospital", "survivors")
    for user in ("farah", "jo"):
        sign(world.client(user), address)
    grace = world.client("grace")
    offered = alert_words(grace.get(address + "add/"))
    assert "Child Protection" in offered and "State Statistics Unit" not in offered
    there = grace.post(address + "add/", {"members": [str(world.agencies["hospital"])]})
    assert there.status_code == 422
    assert grace.post(address + "add/", {"members": [str(world.agencies["cps"])]}).status_code == 302
    assert in_force(world, "hospital", "survivors") and not in_force(world, "hospital", "cps")
    (shown,) = world.client("farah").get(address + "sign/").context["partners"]
    assert shown["name"] == "Child Protection"
    sign(world.client("dana"), address)
    assert not in_force(world, "cps", "hospital")  # no earlier signature covers a member that came later
    sign(world.client("farah"), address)
    assert in_force(world, "cps", "hospital") and not in_force(world, "cps", "survivors")


def test_a_page_that_is_older_than_a_member_signs_nothing_with_it(fresh_world: World) -> None:
    """The keys of the later member were checked for another agreement, so that a signature would take effect at once."""
    world = fresh_world
    before = drafted(world, "hospital", "cps")
    for user in ("farah", "dana"):
        sign(world.client(user), before)
    address = drafted(world, "hospital", "survivors")
    farah, grace = world.client("farah"), world.client("grace")
    old = farah.get(address + "sign/").context["members"]
    assert grace.post(address + "add/", {"members": [str(world.agencies["cps"])]}).status_code == 302
    for sent in ({"members": old}, {}):
        page = farah.post(address + "sign/", sent)
        assert page.status_code == 422 and "Read it again before you sign" in alert_words(page)
        assert "Child Protection" in alert_words(page) and page.context["members"] != old
    with world.as_("farah") as actor:
        signing.sign_coalition(
            actor=actor, coalition=uuid.UUID(address.split("/")[-2]), members={world.agencies["survivors"]}
        )
        pairs = coalitions.own_pairs(actor=actor, coalition=uuid.UUID(address.split("/")[-2]))
    assert {pair.name for pair in pairs if pair.signed_at} == {"Survivors' Circle"}


def test_leaving_ends_ones_own_pairs_and_no_others(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, *OFFICERS)
    for user in ("farah", "jo"):
        sign(world.client(user), address)
    dana = world.client("dana")
    assert "Decline this agreement" in dana.get(address).content.decode()
    assert "Decline to sign" in dana.get(address + "leave/").content.decode()
    assert dana.post(address + "leave/").status_code == 302  # before signing: no one waits for them
    assert "Waiting for Child Protection" not in alert_words(world.client("farah").get(address))
    assert in_force(world, "hospital", "survivors")
    assert world.client("farah").post(address + "leave/").status_code == 302
    assert not in_force(world, "hospital", "survivors")
    assert codes(world, "jo")[0] == "agreement-ended"
    assert dana.post(address + "leave/").status_code == 404
    assert sign(world.client("farah"), address).status_code == 403
    # Back again: new pairs, new signatures.
    grace = world.client("grace")
    assert grace.post(address + "add/", {"members": [str(world.agencies["hospital"])]}).status_code == 302
    assert not in_force(world, "hospital", "survivors")
    for user in ("farah", "jo"):
        assert sign(world.client(user), address).status_code == 302
    assert in_force(world, "hospital", "survivors")


def test_the_yearly_review_is_confirmed_once_for_all_members(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, *OFFICERS)
    for user in OFFICERS.values():
        sign(world.client(user), address)
    assert world.client("farah").post(address + "review/").status_code == 404  # too early
    with world.owner() as owner:
        owner.execute(
            "update agreements_agreement set review_due_at = accord.now() - interval '40 days' where coalition is not null"
        )
    assert not in_force(world, "hospital", "cps")
    assert "Sharing is paused" in alert_words(world.client("farah").get(address))
    for user in OFFICERS.values():
        assert world.client(user).post(address + "review/").status_code == 302
    assert all(in_force(world, a, b) for a in OFFICERS for b in OFFICERS if a != b)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"members": ()}, "at least two"),
        ({"kinds": ()}, "at least one"),
        ({"kinds": ("linkage",)}, "at least one"),
        ({"kinds": ("notes.advocate",)}, "at least one"),
        ({"members": ("hospital", "statistics")}, "work with clients"),
    ],
)
def test_a_coalition_agreement_that_cannot_be_is_refused(world: World, change: dict, says: str) -> None:
    asked = {"members": ("hospital", "cps"), "kinds": KINDS, **change}
    members = [world.agencies[key] for key in asked["members"]]
    with world.as_("grace") as grace, pytest.raises(Invalid, match=says):
        signing.draft_coalition(
            actor=grace, title="Never", kinds=asked["kinds"], starts_at=clock.now(), members=members
        )


def test_no_one_signs_for_another_or_forges_a_check(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, "hospital", "survivors")
    coalition = uuid.UUID(address.split("/")[-2])
    for user, status in (("adele", 404), ("grace", 404), ("hal", 404), ("alma", 403)):
        for part in ("sign/", "leave/", "review/"):
            assert world.client(user).post(address + part).status_code == status, (user, part)
    assert world.client("farah").post(address + "add/", {}).status_code == 403
    hospital, survivors = world.agencies["hospital"], world.agencies["survivors"]
    with world.as_("jo") as jo:
        words = agencies.words_of(agency=hospital)
        with pytest.raises(Hidden):  # a partner without an agreement is not checked in passing
            signing.sign_coalition(
                actor=jo, coalition=coalition, members={hospital}, checked={world.agencies["police"]: words}
            )
        with pytest.raises(Invalid, match="Compare the words again"):
            signing.sign_coalition(
                actor=jo, coalition=coalition, members={hospital}, checked={hospital: "six words of some other keys"}
            )
        assert checks.checked(actor=jo, partners={hospital}) == set()
    with world.as_("alma") as alma, pytest.raises(Refused):
        signing.check_keys(actor=alma, partner=world.agencies["legal"], words="")
    # As statements slipped into a session: no row written by hand, no function for anyone but a fresh officer.
    with world.web() as web:
        as_ticket(web, world, "alma")
        for statement in (
            "insert into agreements_keycheck (owner, partner, at, by, words) values (accord.actor_agency(), %s, now(), "
            "accord.actor_membership(), 'x')",
            "update agreements_signature set checked_at = now() where owner <> %s",
        ):
            with pytest.raises(Exception, match="permission denied"):
                web.execute(statement, [hospital])
        for call in ("keys_check(%s, 'x', '{}')", "agreement_sign(%s, true)", "agreement_decline(%s)"):
            assert web.execute(f"select accord.{call}", [hospital]).fetchone() == (False,)
        assert web.execute("select accord.coalition_add(%s, %s, now())", [coalition, [hospital]]).fetchone() == (0,)
    # An officer who claims a check that never happened: the database looks for it.
    with world.web() as web:
        as_ticket(web, world, "jo")
        pair = web.execute("select id from agreements_agreement where coalition = %s", [coalition]).fetchone()[0]
        web.execute("select accord.agreement_sign(%s, true)", [pair])
        (unchecked,) = web.execute(
            "select checked_at from agreements_signature where owner = %s and agreement = %s", [survivors, pair]
        ).fetchone()
        assert unchecked is None
    sign(world.client("farah"), address)
    assert not in_force(world, "hospital", "survivors")


def test_an_agency_asks_for_an_agreement_and_the_office_answers(fresh_world: World) -> None:
    world = fresh_world
    farah, grace = world.client("farah"), world.client("grace")
    assert "Ask for an agreement" in alert_words(farah.get("/agreements/"))
    cps = str(world.agencies["cps"])
    assert farah.post("/agreements/ask/", {"partner": cps}).status_code == 302
    assert farah.post("/agreements/ask/", {"partner": cps}).status_code == 422  # already asked
    assert codes(world, "grace") == ["agreement-asked"]
    asked = "County Hospital has asked for an agreement with Child Protection"
    assert asked in alert_words(grace.get("/agreements/")) and asked in alert_words(farah.get("/agreements/"))
    assert asked not in alert_words(world.client("dana").get("/agreements/"))
    drafted(world, "hospital", "cps")
    assert asked not in alert_words(grace.get("/agreements/"))
    assert farah.post("/agreements/ask/", {}).status_code == 422
    jo = world.client("jo")
    assert jo.post("/agreements/ask/", {"partner": "join"}).status_code == 302
    (row,) = grace.get("/agreements/").context["requests"]
    assert row["title"] == "Survivors' Circle has asked to join the coalition agreement"
    assert world.client("dana").post(row["close"]).status_code == 404
    assert grace.post(row["close"]).status_code == 302
    assert grace.get("/agreements/").context["requests"] == []
    address = drafted(world, "hospital", "cps", "survivors")
    assert "To join the coalition agreement" not in alert_words(farah.get("/agreements/ask/"))
    assert farah.post("/agreements/ask/", {"partner": "join"}).status_code == 422  # a member already
    for page in (address, f"{address}sign/", "/agreements/keys/"):
        assert b'href="/agreements/" aria-current="page"' in farah.get(page).content
    assert world.client("alma").get("/agreements/ask/").status_code == 403
    assert world.client("ines").get("/agreements/ask/").status_code == 404


def test_a_check_of_one_partner_does_not_count_for_another_whose_key_was_exchanged(fresh_world: World) -> None:
    """An agreement of three: it takes effect for an agency once it compared what both others have now."""
    world = fresh_world
    parties = [world.agencies[key] for key in ("hospital", "cps", "survivors")]
    ways = [(one, other, "needs") for one in parties for other in parties if one != other]
    with world.as_("grace") as grace:
        agreement = signing.draft_agreement(actor=grace, title="Three", starts_at=clock.now(), permits=ways)
    farah, address = world.client("farah"), f"/agreements/{agreement}/"
    assert sign(farah, address, call=False).status_code == 302

    def compare(key: str) -> bool:
        """Compare this partner's words. Returns whether the signature of the hospital took effect."""
        url = f"/agreements/keys/{world.agencies[key]}/"
        assert farah.post(url, {"checked": farah.get(url).context["one"]["value"]}).status_code == 302
        with world.as_("farah") as actor:
            return agreements.agreement(actor=actor, agreement=agreement).party(actor.agency).checked_at is not None

    assert not compare("cps")
    with world.owner() as owner:
        flip = "overlay(public placing set_byte(public, 4, get_byte(public, 4) # 255) from 1)"
        change = f"update vault_ringkey set public = {flip} where owner = %s and code = 'needs'"
        owner.execute(change, [world.agencies["cps"]])
    assert not compare("survivors")
    with world.owner() as owner:
        owner.execute(change, [world.agencies["cps"]])  # the same twice is what it was
    assert compare("survivors")


def test_no_step_and_no_statement_writes_a_second_notice_that_reads_the_same(fresh_world: World) -> None:
    world = fresh_world
    address = drafted(world, *OFFICERS)
    for user in ("farah", "dana"):
        sign(world.client(user), address)
    assert codes(world, "jo") == ["agreement-signed", "agreement-drafted"]  # for the agreement, not for each pair
    assert "Agreement “Night team”" in alert_words(world.client("jo").get("/notices/"))
    cps = world.agencies["cps"]
    for _again in range(3):
        with world.as_("farah") as actor:
            signing.ask_for_agreement(actor=actor, partner=cps)
            (asked,) = coalitions.requests(actor=actor)
            signing.close_request(actor=actor, request=asked.id)
    assert codes(world, "grace") == ["agreement-asked"]
    with world.web() as web:
        as_ticket(web, world, "farah")
        ask = "select accord.agreement_ask(gen_random_uuid(), %s)"
        for partner in (uuid.uuid4(), world.agencies["statistics"]):
            assert web.execute(ask, [partner]).fetchone() == (False,)
        pair = web.execute("select id from agreements_agreement where coalition is not null limit 1").fetchone()[0]
        with pytest.raises(Exception, match="permission denied"):
            web.execute("select accord.notify_parties(%s, 'agreement-ended')", [pair])
    assert world.client("jo").post("/notices/").status_code == 302
    assert world.client("farah").post(address + "leave/").status_code == 302
    assert codes(world, "jo") == ["agreement-ended"]
