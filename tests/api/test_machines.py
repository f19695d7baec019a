"""Connected systems: created by an officer, sealing inward, reading only what was named, and gone at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from accord.access.codes import KINDS, MACHINES_WRITE
from accord.accounts import sessions
from accord.agreements import queries as partners
from accord.agreements import services as signing
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.membership import services as membership_services
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.api import WRITABLE
from accord.sharing import services as records
from accord.sharing.codes import ENTRY_TYPES
from accord.systems import queries as systems
from accord.systems import services as systems_services
from accord.vault import sealing
from tests.region import World
from tests.steps.api import ADDS, Caller, connect, id_of
from tests.steps.membership import code_of, later
from tests.steps.pages import alert_words
from tests.steps.records import handle, open_record, release_to

HOUSING = {"type": "need", "fields": {"category": "housing", "urgency": "now", "words": "somewhere warm"}}


def bring(caller: Caller, name: str = "Mira Sandoval") -> str:
    opened = caller.post("/people", {"name": {"used": name}})
    assert opened.status_code == 201, opened.content
    return str(opened.json()["ref"])


def test_an_officer_connects_a_system_and_sees_its_token_once(world: World) -> None:
    adele = world.client("adele")
    empty = adele.post("/agency/systems/new/", {"roles": ["machine_writer"]})
    assert empty.status_code == 422 and {"name", "last_day"} <= set(empty.context["form"].errors)
    day = empty.context["form"]["last_day"].html_name
    year = {f"{day}_0": "1", f"{day}_1": "1", f"{day}_2": "2099"}
    data = {"name": "Kiosk", "roles": ["machine_writer"], "writes": ["identity.name"]}
    too_long = adele.post("/agency/systems/new/", {**data, **year})
    assert too_long.status_code == 422 and "last_day" in too_long.context["form"].errors
    token = connect(world, name="Kiosk")
    page = alert_words(adele.get("/agency/systems/"))
    assert "Kiosk" in page and "last used: never" in page and token not in page
    bring(Caller(token))
    assert "last used: never" not in alert_words(adele.get("/agency/systems/"))
    for user in ("alma", "ben"):  # not officers of this agency
        assert "Kiosk" not in alert_words(world.client(user).get("/agency/systems/"))
    with world.owner() as owner:
        kept = b"".join(bytes(h) for (h,) in owner.execute("select ticket_hash from systems_system").fetchall())
        secret = sessions.from_header(f"Bearer {token}")
        assert secret not in kept and sessions.ticket_of(secret) not in kept


@pytest.mark.line(98)
def test_connecting_and_disconnecting_want_the_second_factor(fresh_world: World) -> None:
    connect(fresh_world)
    client = fresh_world.client("adele")
    with fresh_world.as_("adele") as adele:
        [card] = systems.systems(actor=adele)
    fresh_world.move(minutes=6)
    asked = client.get("/agency/systems/new/")
    assert "step_up_code" in asked.context["form"].fields
    address = f"/agency/systems/{card.id}/end/"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"step_up_code": code_of(fresh_world, "adele")}).status_code == 302
    assert "Disconnected on" in alert_words(client.get("/agency/systems/"))


def test_by_default_it_only_seals_inward(world: World) -> None:
    """It opens a record and adds to it. It holds no key and reads nothing back; a colleague opens what it wrote."""
    token = connect(world)
    caller = Caller(token)
    ref = bring(caller)
    assert caller.post(f"/people/{ref}/entries", HOUSING).status_code == 201
    for path in ("/people", f"/people/{ref}", f"/people/{ref}/why", f"/people/{ref}/releases"):
        refused = caller.get(path)
        assert refused.status_code == 403 and refused.json()["code"] == "role"
        assert b"Mira" not in refused.content
    with world.owner() as owner:
        count = "select count(*) from vault_ringseal where membership = %s"
        seals = owner.execute(count, [id_of(world, token)])
        assert seals.fetchone() == (0,)
        keys = owner.execute("select sealed from sharing_datakey where person = %s", [ref]).fetchall()
    assert keys and all(sealing.sealed_to_a_pair(bytes(key)) for (key,) in keys)
    with world.as_("adele") as adele:
        assert (uuid.UUID(ref), "Mira Sandoval", "Website form") in people_queries.left_behind(actor=adele)
        found = {row.ref: row.keepers for row in people_queries.search_by_name(actor=adele, text="mira").rows}
        assert found[uuid.UUID(ref)] == ("Website form",)  # before anyone is assigned to the record
        people.take_up(actor=adele, refs=[uuid.UUID(ref)], membership=world.memberships["alma"])
    with world.as_("alma") as alma:
        page = people_queries.page(actor=alma, ref=uuid.UUID(ref), kinds=KINDS)
        assert page.name == "Mira Sandoval" and page.items["needs"][0].payload.words == "somewhere warm"
        assert uuid.UUID(ref) in {
            row.ref for row in people_queries.search_by_name(actor=alma, text="mira").rows if row.mine
        }
    assert caller.post(f"/people/{ref}/entries", HOUSING).status_code == 201  # it keeps adding, alongside a colleague
    with world.as_("alma") as alma:
        assert len(people_queries.page(actor=alma, ref=uuid.UUID(ref), kinds=KINDS).items["needs"]) == 2


def test_what_the_api_takes_is_what_an_officer_can_give() -> None:
    assert {ENTRY_TYPES[code].kind for code in WRITABLE} <= MACHINES_WRITE


def test_it_adds_only_the_kinds_it_was_given_to_the_records_it_brought(world: World) -> None:
    caller = Caller(connect(world, writes=("identity.name",)))
    ref = bring(caller)
    refused = caller.post(f"/people/{ref}/entries", HOUSING)
    assert refused.status_code == 403 and refused.json()["code"] == "kind"
    known = open_record(world, name="Not Brought")
    name = {"type": "name", "fields": {"used": "Someone"}}
    stranger = caller.post(f"/people/{known.ref}/entries", name)
    assert stranger.status_code == 403 and stranger.json()["code"] == "not_assigned"
    assert Caller(connect(world, writes=("needs",))).post("/people", {"name": {"used": "X"}}).status_code == 403
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=known.ref, membership=id_of(world, caller.token))
    assert caller.post(f"/people/{known.ref}/entries", name).status_code == 201


def test_a_share_with_additions_continues_when_a_system_adds(fresh_world: World) -> None:
    """A system's new epoch is sealed to the active shares too: an outdated number can kill."""
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    ref = handle(world, "elena")
    caller = Caller(connect(world))
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=known.ref, membership=id_of(world, caller.token))
    contact = {"type": "safe_contact", "fields": {"method": "call", "address": "555-0177"}}
    assert caller.post(f"/people/{known.ref}/entries", contact).status_code == 201
    assert caller.post(f"/people/{known.ref}/entries", HOUSING).status_code == 201
    with world.as_("elena") as elena:
        page = people_queries.page(actor=elena, ref=ref, kinds=KINDS)
        assert page.contact.address == "555-0177"
        assert len(page.items["needs"]) == 1  # no additions to the needs were released


def test_reading_is_switched_on_for_named_kinds(fresh_world: World) -> None:
    world = fresh_world
    token = connect(world, "aisha", roles=("machine_writer", "machine_reader"), reads=("identity.name", "needs"))
    caller = Caller(token)
    ref = bring(caller)
    assert caller.post(f"/people/{ref}/entries", HOUSING).status_code == 201
    contact = {"type": "safe_contact", "fields": {"method": "call", "address": "555-0177"}}
    assert caller.post(f"/people/{ref}/entries", contact).status_code == 201
    read = caller.get(f"/people/{ref}").json()
    assert {entry["kind"] for entry in read["entries"]} == {"identity.name", "needs"}
    assert [line["name"] for line in caller.get("/people").json()["people"]] == ["Mira Sandoval"]
    for never in ("notes.advocate", "legal.privileged", "linkage", "health"):
        with pytest.raises(Invalid):  # the shelter has no clinician: no one opens health there
            connect(world, "aisha", reads=(never,))


def test_what_an_officer_cannot_open_is_left_to_a_colleague(fresh_world: World) -> None:
    world = fresh_world
    token = connect(
        world,
        "finn",
        roles=("machine_writer", "machine_reader"),
        reads=("health", "needs"),
        writes=("identity.name", "needs"),
    )
    with world.as_("finn") as finn:
        assert systems.systems(actor=finn)[0].waiting == ("health",)  # Finn is a supervisor; the nurse holds that key
    later(world, hours=13)
    world.session("farah")
    with world.as_("finn") as finn:
        assert systems.systems(actor=finn)[0].waiting == ()
    with world.owner() as owner:
        seals = owner.execute("select code from vault_ringseal where membership = %s", [id_of(world, token)]).fetchall()
    assert {code for (code,) in seals} == {"health", "needs"}


@pytest.mark.line(82)
def test_a_token_is_worth_nothing_outside_its_agency(world: World) -> None:
    known = open_record(world, name="Of Harbor")
    caller = Caller(
        connect(world, "bea", roles=("machine_writer", "machine_reader", "machine_releases"), reads=("identity.name",))
    )
    nowhere = uuid.uuid4()
    for path in ("", "/why", "/releases"):
        there, missing = caller.get(f"/people/{known.ref}{path}"), caller.get(f"/people/{nowhere}{path}")
        assert there.status_code == missing.status_code == 404 and there.content == missing.content
    there, missing = (caller.post(f"/people/{ref}/entries", HOUSING) for ref in (known.ref, nowhere))
    assert there.status_code == 404 and there.content == missing.content


@pytest.mark.line(82)
def test_a_token_loses_its_rights_at_once(fresh_world: World) -> None:
    """Ended or expired: 401 in the same words as for a token that never existed."""
    world = fresh_world
    ended, expiring = Caller(connect(world)), Caller(connect(world, days=2))
    ref, other = bring(ended), bring(expiring)
    with world.as_("adele") as adele:
        systems_services.disconnect(actor=adele, system=id_of(world, ended.token))
    never = Caller("accord_" + "A" * 43)
    gone = ended.post(f"/people/{ref}/entries", HOUSING)
    assert (
        gone.status_code == 401 and gone.content == never.get("/people").content == Caller("x").get("/people").content
    )
    assert expiring.post(f"/people/{other}/entries", HOUSING).status_code == 201
    world.move(days=3)
    assert expiring.post(f"/people/{other}/entries", HOUSING).content == gone.content
    with world.as_("aisha") as aisha, pytest.raises(Hidden):
        systems_services.disconnect(actor=aisha, system=world.memberships["alma"])  # a colleague is not a system


@pytest.mark.line(82)
def test_a_renewed_key_takes_its_kind_from_the_token(fresh_world: World) -> None:
    """Alma leaves, so Alma's keys are renewed and the system loses these kinds, to read and to add. Its maker's
    leaving alone would change nothing: rights come from the agency."""
    world = fresh_world
    caller = Caller(connect(world, "aisha", roles=("machine_writer", "machine_reader"), reads=("needs",)))
    ref = bring(caller)
    assert caller.post(f"/people/{ref}/entries", HOUSING).status_code == 201
    assert caller.get(f"/people/{ref}").json()["entries"]
    with world.as_("adele") as adele:
        membership_services.end_membership(actor=adele, membership=world.memberships["alma"])
    refused = caller.post(f"/people/{ref}/entries", HOUSING)
    assert refused.status_code == 403 and refused.json()["code"] == "kind"
    assert caller.get(f"/people/{ref}").json()["entries"] == []
    with world.as_("adele") as adele:
        assert set(systems.systems(actor=adele)[0].lapsed) == {*ADDS}


def test_its_makers_leaving_changes_nothing(fresh_world: World) -> None:
    """Leaving renews keys, which is a separate matter. The maker's absence alone takes nothing away."""
    world = fresh_world
    caller = Caller(connect(world, "adele"))
    ref = bring(caller)
    with world.owner() as owner:
        owner.execute("update systems_system set made_by = gen_random_uuid()")
    assert caller.post(f"/people/{ref}/entries", HOUSING).status_code == 201


@pytest.mark.line(82)
def test_what_a_partner_shares_ends_for_the_token_as_for_everyone(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    ref = handle(world, "elena")
    roles, kinds = ("machine_reader",), ("identity.name", "needs", "contact.safe")
    right, wrong = (
        Caller(connect(world, "elena", roles=roles, writes=(), reads=kinds, purpose=purpose))
        for purpose in ("legal_help", "housing")
    )
    with world.as_("emil") as emil:
        for caller in (right, wrong):
            records.assign(actor=emil, ref=ref, membership=id_of(world, caller.token))
    entries = right.get(f"/people/{ref}").json()["entries"]
    assert {entry["kind"] for entry in entries} == {*kinds}
    assert wrong.get(f"/people/{ref}").json()["code"] == "purpose"
    with world.as_("adele") as adele:
        [agreement] = [card for card in partners.agreements(actor=adele) if "Legal Aid" in card.title]
        signing.end_agreement(actor=adele, agreement=agreement.id)
    ended = right.get(f"/people/{ref}")
    assert ended.status_code == 403 and ended.json()["code"] == "no_longer" and b"Samira" not in ended.content


def test_a_system_is_not_a_colleague(world: World) -> None:
    token = connect(world, name="Night kiosk")
    membership = id_of(world, token)
    adele = world.client("adele")
    assert adele.get(f"/agency/colleagues/{membership}/").status_code == 404
    assert "Night kiosk" not in alert_words(adele.get("/agency/"))
    for address in ("/", "/people/", "/agency/", "/agency/systems/"):  # its token opens the API and nothing else
        assert Caller(token).client.get(address, headers={"Authorization": f"Bearer {token}"}).status_code == 302
    with world.as_("adele") as actor, pytest.raises(Hidden):
        membership_services.change_roles(actor=actor, membership=membership, roles=["advocate"])
    with world.as_("adele") as actor, pytest.raises(Invalid):
        membership_services.invite_member(actor=actor, name="No", roles=["machine_reader"])
    with world.as_("kofi") as kofi, pytest.raises(Refused):
        systems_services.connect(
            actor=kofi,
            name="No",
            roles=["machine_writer"],
            writes=[],
            reads=[],
            purpose="",
            last_day=clock.today(kofi.zone) + timedelta(days=3),
        )


def test_the_log_names_the_system(world: World) -> None:
    caller = Caller(connect(world, name="Shelter program"))
    bring(caller)
    lines = alert_words(world.client("adele").get("/agency/log/"))
    assert "Shelter program opened a new record." in lines
    assert "Adele connected the system Shelter program." in lines


@pytest.mark.line(80)
def test_a_system_is_slowed_down_like_everyone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ACCORD_PEOPLE_PER_HOUR", 2)
    caller = Caller(connect(world, "aisha", roles=("machine_writer", "machine_reader"), reads=("identity.name",)))
    refs = [bring(caller, f"Person {n}") for n in range(3)]
    answers = [caller.get(f"/people/{ref}").status_code for ref in refs]
    assert answers == [200, 200, 429]
