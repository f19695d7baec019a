"""Signing in: five tries, one message, each code once, half an hour, twelve hours."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accord.accounts import services as accounts
from accord.accounts import sessions
from accord.core import clock
from accord.core.errors import Invalid
from accord.demo.riverbend import PASSPHRASE
from accord.vault import sealing
from tests.region import World
from tests.steps.membership import arrive, invite, join_page


def said(user: str, passphrase: str) -> str:
    with pytest.raises(Invalid) as refusal:
        accounts.open_session(user_name=user, passphrase=passphrase)
    return refusal.value.sentence


@pytest.mark.line(93)
def test_after_five_wrong_tries_a_right_one_is_refused_in_the_same_words(fresh_world: World) -> None:
    words = {said("alma", "wrong horse battery staple") for _ in range(5)}
    words |= {said("nobody-at-all", "wrong horse battery staple") for _ in range(5)}
    words |= {said("alma", PASSPHRASE), said("ALMA ", PASSPHRASE), said("nobody-at-all", PASSPHRASE)}
    assert len(words) == 1
    assert accounts.open_session(user_name="ben", passphrase=PASSPHRASE)  # no one else is locked
    fresh_world.move(minutes=16)
    assert accounts.open_session(user_name="alma", passphrase=PASSPHRASE)


@pytest.mark.line(93)
def test_trying_during_the_lock_does_not_extend_it(fresh_world: World) -> None:
    """Otherwise a stranger who knows a user name and never stops would lock its owner out for good."""
    for _ in range(5):
        said("alma", "wrong horse battery staple")
    fresh_world.move(minutes=10)
    for _ in range(6):
        said("alma", "wrong horse battery staple")
    said("alma", PASSPHRASE)
    fresh_world.move(minutes=6)
    assert accounts.open_session(user_name="alma", passphrase=PASSPHRASE)


@pytest.mark.line(94)
def test_half_an_hour_idle_or_twelve_hours_end_a_session(fresh_world: World) -> None:
    def alive(user: str) -> bool:
        return sessions.load(fresh_world.session(user).secret) is not None

    assert alive("alma") and alive("ben")
    for _ in range(28):  # someone at work, every 25 minutes, for eleven hours and forty minutes
        fresh_world.move(minutes=25)
        assert alive("alma")
    assert not alive("ben")
    fresh_world.move(minutes=25)
    assert not alive("alma")  # twelve hours end the session, at work or not


def test_without_the_second_factor_there_is_no_ticket(world: World) -> None:
    state = accounts.open_session(user_name="dana", passphrase=PASSPHRASE)
    assert state.pending and state.ticket == ""
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [sessions.ticket_of(state.secret).hex()])
        assert web.execute("select accord.actor_account()").fetchone() == (None,)


def test_a_code_and_a_recovery_code_work_once(world: World) -> None:
    user = accounts.create_account(user_name="two-steps", passphrase="words that no one would try")
    factor = sealing.new_secret()[:20]
    codes = accounts.enrol_factor(account=user.id, secret=user.secret, factor=factor)
    state = accounts.open_session(user_name="two-steps", passphrase="words that no one would try")
    code = sealing.totp(factor).generate(int(clock.now().timestamp())).decode()
    accounts.check_factor(state=state, code=code)
    for used in (code, codes[0], codes[0]):
        state = accounts.open_session(user_name="two-steps", passphrase="words that no one would try")
        if used == codes[0] and not hasattr(world, "once"):
            accounts.check_factor(state=state, code=used.upper().replace("-", " "))
            world.once = True  # type: ignore[attr-defined]
            continue
        with pytest.raises(Invalid):
            accounts.check_factor(state=state, code=used)


def test_wrong_codes_lock_too(world: World) -> None:
    user = accounts.create_account(user_name="guesser", passphrase="words that no one would try")
    factor = sealing.new_secret()[:20]
    accounts.enrol_factor(account=user.id, secret=user.secret, factor=factor)
    state = accounts.open_session(user_name="guesser", passphrase="words that no one would try")
    for _ in range(5):
        with pytest.raises(Invalid):
            accounts.check_factor(state=state, code="000000")
    right = sealing.totp(factor).generate(int(clock.now().timestamp())).decode()
    with pytest.raises(Invalid):
        accounts.check_factor(state=state, code=right)


@pytest.mark.line(93)
def test_parallel_tries_are_counted_before_they_are_checked(fresh_world: World) -> None:
    def attempt(passphrase: str) -> bool:
        try:
            accounts.open_session(user_name="alma", passphrase=passphrase)
        except Invalid:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(attempt, [f"wrong words {number}" for number in range(8)]))
    assert not attempt(PASSPHRASE)
    fresh_world.move(minutes=16)
    assert attempt(PASSPHRASE)


@pytest.mark.line(93)
def test_parallel_tries_at_one_name_never_pass_the_count(fresh_world: World) -> None:
    """Twenty connections try at the same moment: exactly five are admitted."""
    barrier = threading.Barrier(20)

    def ask(_number: int) -> bool:
        with fresh_world.web() as web:
            barrier.wait()
            return web.execute("select accord.sign_in_try('\\x01')").fetchone()[0]

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(ask, range(20))) == 5


@pytest.mark.line(90)
def test_after_ninety_days_without_signing_in_an_account_is_closed(fresh_world: World) -> None:
    """Also while no worker runs: every sign-in attempt first closes accounts that are due, its own included."""
    fresh_world.session("alma")
    fresh_world.move(days=89)
    assert accounts.open_session(user_name="ben", passphrase=PASSPHRASE)
    fresh_world.move(days=2)
    with fresh_world.owner() as owner:
        owner.execute("update accounts_account set seen_at = accord.now() where user_name in ('adele', 'ben')")
    assert said("alma", PASSPHRASE)  # nothing else ran before
    fresh_world.sessions.clear()
    assert fresh_world.client("adele").get("/agency/").status_code == 200
    page = fresh_world.client("adele").get("/agency/")
    assert "Closed after 90 days without a sign-in" in page.content.decode()
    address = f"/agency/colleagues/{fresh_world.memberships['alma']}/open-again/"
    assert fresh_world.client("adele").post(address).status_code == 302
    fresh_world.move(minutes=16)
    assert accounts.open_session(user_name="alma", passphrase=PASSPHRASE)
    assert said("emil", PASSPHRASE)


@pytest.mark.line(88, 89)
def test_leaving_ends_every_session_at_once_and_takes_nothing_along(fresh_world: World) -> None:
    from accord.membership import services as membership

    session = fresh_world.session("alma")
    with fresh_world.as_("adele") as adele:
        membership.end_membership(actor=adele, membership=fresh_world.memberships["alma"])
    assert sessions.load(session.secret) is None
    with fresh_world.owner() as owner:
        seals = "select count(*) from vault_ringseal where membership = %s"
        assert owner.execute(seals, [fresh_world.memberships["alma"]]).fetchone() == (0,)
    with fresh_world.as_("bea") as bea:  # Alma moves to police, with the same account
        code = membership.invite_member(actor=bea, name="Alma", roles=["investigator"])
    state = accounts.open_session(user_name="alma", passphrase=PASSPHRASE)
    account = accounts.NewAccount(state.account, state.account_secret, "alma")
    joined = membership.accept_invitation(account=account, code=code)
    accounts.give_ticket(state=state)
    fresh_world.sessions["alma"], fresh_world.memberships["alma"] = state, joined.membership
    from accord.access.acting import acting
    from accord.access.trail import Trail

    with acting(state.ticket, trail=Trail(source="test")) as trail:
        actor = membership.act_for(session=state, membership=joined.membership, trail=trail)
    assert actor.agency == fresh_world.agencies["police"]
    with fresh_world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [state.ticket])
        seen = "select count(*) from membership_membership where owner = %s and ended_at is null"
        assert web.execute(seen, [fresh_world.agencies["harbor"]]).fetchone() == (0,)


@pytest.mark.line(92)
def test_without_a_second_factor_only_enrolment_is_reachable(fresh_world: World) -> None:
    from django.urls import get_resolver

    from tests.steps.addresses import _walk

    world = fresh_world
    client = world.client()
    code = invite(world, "adele")
    assert join_page(client, code, "nour").headers["Location"] == "/enrol/"
    reached = set()
    for route in _walk(get_resolver(), "", ""):
        if route.arguments or route.name.startswith("ui:") or route.name == "signin:sign_out":
            continue
        if client.get(f"/{route.pattern}").status_code == 200:
            reached.add(route.name)
    public = {"signin:sign_in", "membership:join", "membership:reset", "numbers:statistics"}
    public |= {"api:openapi", "api:read_me"}  # the description of the API, the same for everyone
    assert reached - public == {"signin:enrol"}
    assert client.get("/people/").headers["Location"] == "/second-factor/"
    assert client.get("/second-factor/").headers["Location"] == "/enrol/"


@pytest.mark.line(97)
def test_no_code_by_mail_or_text_message_is_offered(world: World) -> None:
    client = world.client()
    join_page(client, invite(world, "adele", name="Sol"), "sol")
    pages = [client.get("/enrol/"), world.client("alma").get("/account/"), world.client("alma").get("/kept/")]
    arrive(client)
    client.post("/sign-out/")
    for page in pages:
        text = page.content.decode().lower()
        assert page.status_code == 200
        # as a word: a random token can hold "sms"
        assert not re.search(r"""type="(email|tel)"|sms|text message|by e-?mail""", text)


# What a thief of the passphrase, or of the first step's cookie, gets ------------------------------------------------


def by_pages(world: World, user: str = "alma"):
    client = world.client()
    client.post("/sign-in/", {"user_name": user, "passphrase": PASSPHRASE})
    return client


def test_the_cookie_of_the_first_step_is_worth_nothing_after_the_second(fresh_world: World) -> None:
    client = by_pages(fresh_world)
    noted = client.cookies[sessions.COOKIE].value
    client.post("/second-factor/", {"code": client.get("/second-factor/").context["shown"]})
    assert client.cookies[sessions.COOKIE].value != noted
    assert client.get("/acting/").status_code == 200
    thief = fresh_world.client()
    thief.cookies[sessions.COOKIE] = noted
    assert thief.get("/acting/").headers["Location"] == "/sign-in/"
    assert sessions.load(sessions.from_cookie(noted) or b"") is None


def test_form_tokens_are_new_after_each_step(fresh_world: World) -> None:
    client = fresh_world.client()
    client.get("/sign-in/")
    tokens = [client.cookies["csrftoken"].value]
    client.post("/sign-in/", {"user_name": "alma", "passphrase": PASSPHRASE})
    tokens.append(client.cookies["csrftoken"].value)
    client.post("/second-factor/", {"code": client.get("/second-factor/").context["shown"]})
    tokens.append(client.cookies["csrftoken"].value)
    assert len(set(tokens)) == 3


def wrong_codes(world: World, state: sessions.SessionState, count: int) -> str:
    sentence = ""
    for _ in range(count):
        with pytest.raises(Invalid) as refusal:
            accounts.check_factor(state=state, code="000000")
        sentence = refusal.value.sentence
        with world.owner() as owner:  # fifteen minutes pass: the short lock is not what this tests
            owner.execute("delete from accounts_failedsignin")
    return sentence


def test_after_a_hundred_wrong_codes_in_a_row_no_code_fits_any_more(fresh_world: World) -> None:
    """NIST SP 800-63B-4, 3.2.2. Over any time, in any number of sessions; a correct code in between starts the count
    again."""
    states = [accounts.open_session(user_name="alma", passphrase=PASSPHRASE) for _ in range(3)]
    wrong_codes(fresh_world, states[0], 60)
    accounts.check_factor(state=states[1], code=accounts.current_code(state=states[1]))
    assert "That code is incorrect" in wrong_codes(fresh_world, states[0], 60)
    fresh_world.move(minutes=14)
    assert "After 100 incorrect codes in a row" in wrong_codes(fresh_world, states[2], 40)
    with pytest.raises(Invalid, match="After 100 incorrect codes in a row"):
        accounts.check_factor(state=states[2], code=accounts.current_code(state=states[2]))
    assert accounts.open_session(user_name="ben", passphrase=PASSPHRASE)


def test_a_reset_opens_the_second_step_again(fresh_world: World) -> None:
    state = accounts.open_session(user_name="alma", passphrase=PASSPHRASE)
    wrong_codes(fresh_world, state, 100)
    address = f"/agency/colleagues/{fresh_world.memberships['alma']}/reset/"
    code = fresh_world.client("adele").post(address, {"factor": ""}).context["code"]
    fields = {"code": code, "words": "x", "passphrase": "seven quiet herons over the weir"}
    client = fresh_world.client()
    client.post("/reset/passphrase/", {**fields, "again": fields["passphrase"]})
    shown = client.get("/second-factor/").context["shown"]
    assert client.post("/second-factor/", {"code": shown}).headers["Location"] == "/acting/"


def test_wrong_tries_notify_the_account_and_are_in_the_log(fresh_world: World) -> None:
    for _ in range(5):
        said("alma", "wrong horse battery staple")
    assert notices(fresh_world, "alma") == ["failed-tries"] and notices(fresh_world, "adele") == []
    fresh_world.move(minutes=16)
    state = accounts.open_session(user_name="alma", passphrase=PASSPHRASE)
    wrong_codes(fresh_world, state, 5)
    assert notices(fresh_world, "alma") == ["failed-tries"]  # at most one an hour
    fresh_world.move(minutes=61)
    wrong_codes(fresh_world, state, 5)
    assert notices(fresh_world, "alma") == ["failed-tries"] * 2
    page = fresh_world.client("alma").get("/notices/").content.decode()
    assert "several failed attempts to sign in to your account" in page
    text = fresh_world.client("adele").get("/agency/log/").content.decode()
    assert "There were failed attempts to sign in to this account before Alma signed in." in text
    fresh_world.sessions.pop("alma")
    fresh_world.session("alma")
    lines = fresh_world.client("adele").get("/agency/log/").content.decode()
    assert lines.count("failed attempts to sign in to this account") == 1


def notices(world: World, user: str) -> list[str]:
    with world.owner() as owner:
        rows = owner.execute(
            "select code from accounts_notice where membership = %s and code = 'failed-tries'",
            [world.memberships[user]],
        )
        return [code for (code,) in rows.fetchall()]


def test_a_wrong_passphrase_does_not_promise_that_it_is_kept(world: World) -> None:
    promise = "What you wrote is still here"
    client = world.client()
    assert promise not in client.post("/sign-in/", {"user_name": "alma", "passphrase": "no"}).content.decode()
    by_hand = world.client()
    by_hand.post("/sign-in/", {"user_name": "dana", "passphrase": PASSPHRASE})
    assert promise not in by_hand.post("/second-factor/", {"code": "000000"}).content.decode()
    assert promise in world.client("alma").post("/people/new/", {"used": ""}).content.decode()
