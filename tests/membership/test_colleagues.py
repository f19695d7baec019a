"""Staff: who may do what, roles, leaving, new keys, people who need a new colleague."""

from __future__ import annotations

import re

import pytest

from accord.core.errors import Refused
from accord.membership import queries as membership_queries
from accord.membership import services as membership
from accord.people import queries as people
from tests.region import World
from tests.steps.membership import code_of, invite, later
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to


def test_everyone_sees_their_colleagues_and_only_officers_manage_them(world: World) -> None:
    alma, adele = world.client("alma"), world.client("adele")
    page = alma.get("/agency/")
    assert page.status_code == 200 and "Aisha" in alert_words(page) and "Invite a colleague" not in alert_words(page)
    assert "Elena" not in alert_words(page)
    member = world.memberships["aisha"]
    for address in ("/agency/invite/", f"/agency/colleagues/{member}/", f"/agency/colleagues/{member}/end/"):
        assert adele.get(address).status_code == 200, address
        assert alma.get(address).status_code == 403, address
        assert alma.post(address).status_code == 403, address
    assert adele.get(f"/agency/colleagues/{member}/sign-out/").status_code == 200
    assert "Only another privacy officer" in alert_words(adele.get(f"/agency/colleagues/{world.memberships['adele']}/"))


def test_a_colleague_of_another_agency_does_not_exist(world: World) -> None:
    ben = world.client("ben")
    for part in ("", "end/", "sign-out/"):
        for method in (ben.get, ben.post):
            assert method(f"/agency/colleagues/{world.memberships['alma']}/{part}").status_code == 404


def test_an_invitation_needs_a_name_and_a_role_that_exists_here(world: World) -> None:
    client = world.client("adele")
    empty = client.post("/agency/invite/", {"name": "Sol"})
    assert empty.status_code == 422 and "roles" in empty.context["form"].errors and "Sol" in alert_words(empty)
    wrong = client.post("/agency/invite/", {"name": "Sol", "roles": ["investigator"]})
    assert wrong.status_code == 422 and "roles" in wrong.context["form"].errors
    made = client.post("/agency/invite/", {"name": "Sol", "roles": ["advocate"]})
    assert made.status_code == 200 and len(made.context["parts"]) == 4


@pytest.mark.line(98)
def test_step_up_is_asked_when_the_factor_is_older_than_five_minutes(fresh_world: World) -> None:
    world = fresh_world
    client, member = world.client("adele"), world.memberships["alma"]
    world.move(minutes=6)
    asked = client.get(f"/agency/colleagues/{member}/")
    # A visitor of the demo has no authenticator: the page says what it would show.
    assert re.search(r"\d{6}$", str(asked.context["form"].fields["step_up_code"].help_text))
    for address, data in (
        ("/agency/invite/", {"name": "Sol", "roles": ["advocate"]}),
        (f"/agency/colleagues/{member}/", {"roles": ["intake"]}),
        (f"/agency/colleagues/{member}/end/", {}),
    ):
        for typed in ("", "000000"):
            page = client.post(address, {**data, "step_up_code": typed})
            assert page.status_code == 422 and "step_up_code" in page.context["form"].errors, (address, typed)
    with world.as_("adele") as adele:
        roles = {one.id: one.roles for one in membership_queries.colleagues(actor=adele)}
    assert roles[member] == ("advocate", "intake")
    done = client.post(f"/agency/colleagues/{member}/", {"roles": ["intake"], "step_up_code": code_of(world, "adele")})
    assert done.status_code == 302


@pytest.mark.line(88)
def test_leaving_ends_sessions_and_keys_at_once_and_people_get_a_new_colleague(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    alma, adele = world.client("alma"), world.client("adele")
    assert alma.get("/people/").status_code == 200
    address = f"/agency/colleagues/{world.memberships['alma']}/end/"
    assert "signed out of this agency on every device right away" in alert_words(adele.get(address))
    assert adele.post(address).status_code == 302
    assert alma.get("/people/").headers["Location"] == "/sign-in/"
    with world.owner() as owner:
        left = "select count(*) from vault_ringseal where membership = %s"
        assert owner.execute(left, [world.memberships["alma"]]).fetchone() == (0,)
    assert adele.post(address).status_code == 404
    assert "Adele ended membership for Alma." in alert_words(adele.get("/agency/log/"))
    page = adele.get("/people/reassign/")
    assert "Samira Quill" in alert_words(page) and "Alma" in alert_words(page)
    assert "/people/reassign/" in alert_words(adele.get("/"))
    no_one = adele.post("/people/reassign/", {"membership": str(world.memberships["aisha"])})
    assert no_one.status_code == 422
    gone = {"refs": [str(known.ref)], "membership": str(world.memberships["alma"])}
    assert adele.post("/people/reassign/", gone).status_code == 422
    aisha_takes = {"refs": [str(known.ref)], "membership": str(world.memberships["aisha"])}
    assert adele.post("/people/reassign/", aisha_takes).status_code == 302
    assert "Samira" not in alert_words(adele.get("/people/reassign/"))
    # What was written under the old keys can still be read and found; new entries use the new keys.
    assert world.client("aisha").get(f"/people/{known.ref}/").status_code == 200
    with world.as_("aisha") as aisha:
        assert [row.name for row in people.search_by_name(actor=aisha, text="Samira").rows] == ["Samira Quill"]
    with world.owner() as owner:
        newest = (
            "select max(version), bool_or(retired_at is not null) from vault_ringkey where owner = %s and code = %s"
        )
        assert owner.execute(newest, [world.agencies["harbor"], "needs"]).fetchone() == (2, True)


def test_no_one_ends_or_changes_their_own_membership(world: World) -> None:
    with world.as_("adele") as adele:
        for act in (
            lambda: membership.end_membership(actor=adele, membership=adele.membership),
            lambda: membership.change_roles(actor=adele, membership=adele.membership, roles=["officer"]),
        ):
            with pytest.raises(Refused):
                act()


def test_what_is_written_after_someone_left_is_sealed_under_the_new_key(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="aisha")
    with world.as_("adele") as adele:
        membership.end_membership(actor=adele, membership=world.memberships["alma"])
    client = world.client("aisha")
    assert client.post(f"/people/{known.ref}/name/", {"used": "Samira Q", "revision": 1}).status_code == 302
    with world.owner() as owner:
        sql = "select epoch, ring_version from sharing_datakey where person = %s and kind = 'identity.name' order by epoch"
        assert owner.execute(sql, [known.ref]).fetchall() == [(1, 1), (2, 2)]
    assert "Samira Q" in alert_words(client.get(f"/people/{known.ref}/"))


def test_keys_that_the_officer_does_not_hold_are_left_to_a_colleague_who_does(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("finn") as finn:  # supervisor of the hospital: holds no key of health
        membership.change_roles(actor=finn, membership=world.memberships["farah"], roles=["clinician", "officer"])
    with world.as_("finn") as finn:
        code = membership.invite_member(actor=finn, name="Fatou", roles=["clinician"])
    from tests.steps.membership import arrive, join_page

    fatou = world.client()
    join_page(fatou, code, "fatou")
    arrive(fatou)
    world.sessions.pop("farah", None)
    world.session("farah")  # signing in gives Fatou the keys
    with world.as_("finn") as finn:
        membership.end_membership(actor=finn, membership=world.memberships["farah"])
        waiting, _total = membership_queries.keys_to_renew(actor=finn)
    assert waiting == ["health", "substance_use"]
    page = world.client("finn").get("/agency/")
    assert (
        "Health: clinician" in alert_words(page) and page.context["renewal"]["done"] < page.context["renewal"]["total"]
    )
    fatou.post("/acting/", {"membership": str(fatou.get("/acting/").context["cards"][0][0].id)})
    assert world.client("finn").get("/agency/").context["renewal"]["waiting"] == []


def test_the_last_holder_of_a_key_is_named_before_leaving(world: World) -> None:
    page = world.client("finn").get(f"/agency/colleagues/{world.memberships['farah']}/end/")
    assert "No one else here can open these kinds of information: Health, Substance use" in alert_words(page)


def test_a_removed_role_loses_its_keys_and_a_new_role_has_none_yet(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="aisha")
    aisha, adele = world.client("aisha"), world.client("adele")
    assert aisha.get(f"/people/{known.ref}/").status_code == 200
    address = f"/agency/colleagues/{world.memberships['aisha']}/"
    same = adele.post(address, {"roles": ["advocate", "officer"]})
    assert same.status_code == 422 and "already has these roles" in alert_words(same)
    assert adele.post(address, {"roles": ["officer"]}).status_code == 302
    assert aisha.get("/").headers["Location"] == "/sign-in/"
    world.sessions.pop("aisha")
    assert world.client("aisha").get(f"/people/{known.ref}/").status_code == 403
    with world.as_("aisha") as again:
        assert again.ring.codes() == {"log", "signing", "submissions"}
    assert adele.post(address, {"roles": ["officer", "advocate"]}).status_code == 302
    keys = adele.get("/agency/").context["keys"]
    assert keys["done"] < keys["total"]
    assert adele.post("/agency/keys/").status_code == 302
    world.sessions.pop("aisha")
    assert world.client("aisha").get(f"/people/{known.ref}/").status_code == 200


@pytest.mark.line(108)
def test_a_lost_device_is_signed_out_by_the_officer(fresh_world: World) -> None:
    world = fresh_world
    lost = world.client("alma")
    assert lost.get("/").status_code == 200
    assert world.client("adele").post(f"/agency/colleagues/{world.memberships['alma']}/sign-out/").status_code == 302
    assert lost.get("/").headers["Location"] == "/sign-in/"
    world.sessions.pop("alma")
    assert world.client("alma").get("/people/").status_code == 200


@pytest.mark.line(108)
def test_a_lost_device_that_works_for_another_agency_is_signed_out_too(fresh_world: World) -> None:
    """One click would switch it to this agency again."""
    world = fresh_world
    code, lost = invite(world, "emil", "Alma Reyes", ("intake",)), world.client("alma")
    assert lost.post("/join/with/", {"code": code}).status_code == 302
    (other,) = [card[0].id for card in lost.get("/acting/").context["cards"] if card[0].agency != "Harbor House"]
    assert lost.post("/acting/", {"membership": str(other)}).status_code == 302
    assert world.client("adele").post(f"/agency/colleagues/{world.memberships['alma']}/sign-out/").status_code == 302
    assert lost.get("/").headers["Location"] == "/sign-in/"


@pytest.mark.line(91)
def test_without_a_renewed_promise_no_content_opens(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    later(world, days=367)
    alma = world.client("alma")
    page = alma.get(f"/people/{known.ref}/")
    assert page.status_code == 302 and page.headers["Location"] == "/renew/"
    assert alma.get("/agency/").status_code == 200
    assert alma.post("/renew/").status_code == 302
    assert alma.get(f"/people/{known.ref}/").status_code == 200


def test_a_partner_can_still_read_after_keys_were_renewed(fresh_world: World) -> None:
    """Recipients are not affected: Elena leaves and Legal Aid's keys are renewed, but Emil still opens what was shared
    before."""
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    with world.as_("adele") as adele:
        membership.end_membership(actor=adele, membership=world.memberships["alma"])
    with world.as_("elena") as elena:
        (handle, owner, _last_day), *_ = people.intake_list(actor=elena)
        from accord.sharing import services as records

        records.assign(actor=elena, ref=handle, membership=elena.membership)
    assert owner == "Harbor House"
    assert "Samira Quill" in alert_words(world.client("elena").get(f"/people/{handle}/"))
