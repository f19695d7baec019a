"""A forgotten passphrase: an officer's one-time code, a new key that opens nothing, and restored access."""

from __future__ import annotations

import uuid

import pytest

from accord.access.acting import acting
from accord.access.trail import Trail
from accord.accounts import services as accounts
from accord.accounts.sessions import from_cookie, ticket_of
from accord.core.errors import Invalid
from accord.demo.riverbend import PASSPHRASE
from accord.membership import queries as membership_queries
from accord.membership import services as membership_services
from tests.region import World
from tests.steps.membership import OWN, invite
from tests.steps.pages import alert_words
from tests.steps.records import open_record


def make_code(world: World, officer: str, user: str, **more: str) -> str:
    page = world.client(officer).post(f"/agency/colleagues/{world.memberships[user]}/reset/", more)
    assert page.status_code == 200, alert_words(page)
    return page.context["code"]


def use_code(client, code: str, passphrase: str = OWN):
    shown = client.post("/reset/", {"code": code})
    assert shown.status_code == 200, alert_words(shown)
    fields = {"code": code, "words": " ".join(shown.context["words"]), "passphrase": passphrase, "again": passphrase}
    return client.post("/reset/passphrase/", fields)


def second_step(client):
    page = client.get("/second-factor/")
    return client.post("/second-factor/", {"code": page.context["shown"]})


@pytest.mark.line(96)
def test_after_a_reset_no_content_until_an_officer_restores_access(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    other, client = world.client("alma"), world.client()
    assert "Ask your privacy officer for a reset code" in alert_words(client.get("/sign-in/"))
    for _ in range(5):  # after many tries
        client.post("/sign-in/", {"user_name": "alma", "passphrase": "was it this one, or another one"})
    done = use_code(client, make_code(world, "adele", "alma"))
    assert done.headers["Location"] == "/second-factor/"
    assert other.get("/").headers["Location"] == "/sign-in/"  # every session ended
    assert (
        client.get(f"/people/{known.ref}/").headers["Location"] == "/second-factor/"
    )  # the second step is still required
    assert second_step(client).status_code == 302
    chosen = client.post("/acting/", {"membership": str(world.memberships["alma"])})
    assert chosen.headers["Location"] == "/agency/waiting/"
    assert "Adele" in alert_words(client.get("/agency/waiting/"))
    for address in (f"/people/{known.ref}/", "/people/", "/people/find/", "/people/new/"):
        assert client.get(address).headers["Location"] == "/agency/waiting/", address
    for user in ("adele", "aisha"):  # colleagues sign in: no one hands over keys in passing
        world.sessions.pop(user, None)
        world.session(user)
    with world.owner() as owner:
        seals = "select count(*) from vault_ringseal where membership = %s"
        assert owner.execute(seals, [world.memberships["alma"]]).fetchone() == (0,)
    card = world.client("adele").get(f"/agency/colleagues/{world.memberships['alma']}/")
    assert "waiting for access to be restored" in alert_words(world.client("adele").get("/agency/"))
    assert "let-back" in alert_words(card)
    assert world.client("aisha").post(f"/agency/colleagues/{world.memberships['alma']}/let-back/").status_code == 302
    assert "Samira Quill" in alert_words(client.get(f"/people/{known.ref}/"))
    with pytest.raises(Invalid):
        accounts.open_session(user_name="alma", passphrase=PASSPHRASE)


def test_a_code_opens_once_for_a_day_and_says_nothing_else(fresh_world: World) -> None:
    world = fresh_world
    client = world.client()
    first = make_code(world, "adele", "alma")
    second = make_code(world, "adele", "alma")  # a new one ends the one before
    weak = use_code(client, second, "too short")
    assert weak.status_code == 422 and "passphrase" in weak.context["form"].errors
    words = set()
    for code in (first, "000000-000000-000000-000000", ""):
        page = client.post("/reset/", {"code": code})
        assert page.status_code == 422
        words |= set(page.context["form"].errors["code"]) if code else set()
    assert len(words) == 1
    assert use_code(client, second).status_code == 302
    assert client.post("/reset/", {"code": second}).status_code == 422
    late = make_code(world, "adele", "aisha")
    world.move(hours=25)
    assert client.post("/reset/", {"code": late}).status_code == 422


def test_a_lost_second_step_is_replaced_only_if_the_officer_said_so(fresh_world: World) -> None:
    world = fresh_world
    client = world.client()
    (old, *_rest) = world.client("alma").post("/account/recovery-codes/").context["codes"]
    use_code(client, make_code(world, "adele", "alma", factor="on"))
    assert client.get("/second-factor/").headers["Location"] == "/enrol/"
    page = client.get("/enrol/")
    assert len(client.post("/enrol/", {"code": page.context["shown"]}).context["codes"]) == 10
    state = accounts.open_session(user_name="alma", passphrase=OWN)
    with pytest.raises(Invalid):
        accounts.check_factor(state=state, code=old)


def test_every_agency_restores_access_for_itself(fresh_world: World) -> None:
    world = fresh_world
    code = invite(world, "elena", name="Alma", roles=("attorney",))
    state = world.session("alma")
    joined = membership_services.join_with(session=state, code=code)
    client = world.client()
    use_code(client, make_code(world, "adele", "alma"))
    second_step(client)
    client.post("/acting/", {"membership": str(world.memberships["alma"])})
    world.client("aisha").post(f"/agency/colleagues/{world.memberships['alma']}/let-back/")
    chosen = client.post("/acting/", {"membership": str(joined.membership)})
    assert chosen.headers["Location"] == "/agency/waiting/"
    assert world.client("adele").post(f"/agency/colleagues/{joined.membership}/let-back/").status_code == 404
    assert world.client("elena").post(f"/agency/colleagues/{joined.membership}/let-back/").status_code == 302
    assert client.get("/people/").status_code == 200


def test_access_is_restored_only_after_sign_in_and_by_someone_else(fresh_world: World) -> None:
    world = fresh_world
    client = world.client()
    member = world.memberships["aisha"]
    assert world.client("aisha").post(f"/agency/colleagues/{member}/reset/").status_code == 404
    use_code(client, make_code(world, "adele", "aisha"))
    assert world.client("adele").post(f"/agency/colleagues/{member}/let-back/").status_code == 403
    second_step(client)
    client.post("/acting/", {"membership": str(member)})
    for address in (f"/agency/colleagues/{member}/let-back/", "/agency/invite/", "/agency/recovery/print/"):
        # an officer's role is not active yet either
        assert client.post(address).headers["Location"] == "/agency/waiting/"
    with world.web() as web:  # and the database agrees
        ticket = ticket_of(from_cookie(client.cookies["accord_session"].value)).hex()
        web.execute("select set_config('accord.ticket', %s, false)", [ticket])
        assert web.execute("select accord.actor_is('officer')").fetchone() == (False,)
        assert web.execute("select accord.membership_readmit(%s)", [member]).fetchone() == (None,)


def test_keys_made_meanwhile_are_not_sealed_to_the_reset_account(fresh_world: World) -> None:
    world = fresh_world
    client = world.client()
    use_code(client, make_code(world, "adele", "alma"))
    second_step(client)
    client.post("/acting/", {"membership": str(world.memberships["alma"])})
    with world.as_("adele") as adele:
        membership_services.end_membership(actor=adele, membership=world.memberships["aisha"])
        assert membership_queries.keys_to_renew(actor=adele)[0] == []
    with world.owner() as owner:
        seals = "select count(*) from vault_ringseal where membership = %s"
        assert owner.execute(seals, [world.memberships["alma"]]).fetchone() == (0,)


def waits_again(world: World, officer: str, user: str) -> str:
    """Sign in with the code that this officer made. Returns the address that restores access."""
    client = world.client()
    use_code(client, make_code(world, officer, user))
    second_step(client)
    client.post("/acting/", {"membership": str(world.memberships[user])})
    return f"/agency/colleagues/{world.memberships[user]}/let-back/"


def as_statement(world: World, user: str, call: str, membership: uuid.UUID) -> object:
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
        return web.execute(f"select accord.{call}(%s)", [membership]).fetchone()[0]


def told(world: World, user: str) -> bool:
    """Return whether the notice of an officer who acted alone is shown to this user."""
    with world.owner() as owner:
        waits = "select count(*) from accounts_notice where membership = %s and code = 'readmitted-alone'"
        return owner.execute(waits, [world.memberships[user]]).fetchone() == (1,)


def test_the_officer_who_made_the_code_does_not_restore_access(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.memberships["alma"]
    address = waits_again(world, "adele", "alma")
    adele = world.client("adele")
    for page in (adele.get(address), adele.post(address)):
        assert page.status_code == 403 and "another privacy officer has to restore their access" in alert_words(page)
    assert as_statement(world, "adele", "membership_readmit", alma) is None  # nor by a statement
    assert world.client("aisha").post(address).status_code == 302
    assert b"restored access for Alma after a reset." in adele.get("/agency/log/").content
    assert not told(world, "aisha") and not told(world, "alma")


def test_a_second_code_belongs_to_the_officer_who_made_it(fresh_world: World) -> None:
    """Only the newest used reset counts, not an older one, nor a code that no one used."""
    world = fresh_world
    waits_again(world, "adele", "alma")
    world.move(minutes=1)  # the authenticator shows another code
    address = waits_again(world, "aisha", "alma")
    make_code(world, "adele", "alma")
    assert world.client("aisha").post(address).status_code == 403
    assert world.client("adele").post(address).status_code == 302


@pytest.mark.parametrize("how", ["access not restored yet", "account closed"])
def test_an_only_officer_does_both_and_everyone_is_notified(fresh_world: World, how: str) -> None:
    world, user = fresh_world, "aisha" if how == "access not restored yet" else "alma"
    address = waits_again(world, "adele", user)
    if user == "alma":
        with world.owner() as owner:
            closed = "update accounts_account set disabled_at = accord.now() where user_name = 'aisha'"
            owner.execute(closed)
    assert world.client("adele").post(address).status_code == 302
    assert told(world, "aisha") and told(world, user) and not told(world, "adele")
    log = world.client("adele").get("/agency/log/").content
    assert b"No other privacy officer could do it. That colleague and any other privacy officers were notified." in log


def test_an_officer_of_another_agency_counts_separately(fresh_world: World) -> None:
    """An officer who did the reset at another agency did not do it here; the same officer in both agencies did."""
    world = fresh_world
    joined = membership_services.join_with(
        session=world.session("alma"), code=invite(world, "elena", "Alma", ("attorney",))
    )
    both = membership_services.join_with(
        session=world.session("adele"), code=invite(world, "elena", "Adele", ("officer",))
    )
    waits_again(world, "adele", "alma")
    world.move(minutes=1)  # the authenticator shows another code
    client = world.client()
    client.post("/sign-in/", {"user_name": "alma", "passphrase": OWN})
    second_step(client)
    client.post("/acting/", {"membership": str(joined.membership)})
    address = f"/agency/colleagues/{joined.membership}/let-back/"
    with acting(world.session("adele").ticket, trail=Trail()) as trail:
        membership_services.act_for(session=world.session("adele"), membership=both.membership, trail=trail)
    assert world.client("adele").post(address).status_code == 403
    assert world.client("elena").post(address).status_code == 302
