"""Exchanges between agencies: random steps by both sides and by others follow the table, in Python and in the database."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

import psycopg
import pytest

from accord.access.codes import SUBMISSIONS_KEY
from accord.config import verify
from accord.core.errors import Conflict, Refused
from accord.core.exchange import Side
from accord.exchange import queries, services
from accord.exchange.queries import Lane
from accord.exchange.services import Body
from accord.vault import queries as vault
from accord.vault import sealing
from tests.region import World
from tests.steps.exchanges import REFERRAL, REFERRAL_TURNS, Do, as_statement, declared

ACTORS = ("adele", "emil", "bea", "alma", "finn", "hal", "kim", None)
SECRET = "A mother with two children needs a room tonight"


@pytest.fixture(scope="module")
def referrals(world: World) -> Iterator[World]:
    """Yield a world with referrals: Harbor House asks, Legal Aid and the police answer."""
    with declared(world):
        yield world


def acting(world: World, user: str | None) -> psycopg.Connection:
    web = world.web()
    if user:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
    return web


def lines(world: World) -> Counter[tuple[uuid.UUID, str]]:
    with world.owner() as owner:
        found = owner.execute("select owner, action from audit_event where action like 'referral-%'").fetchall()
    return Counter(found)


@pytest.fixture
def connections(referrals: World) -> Iterator[dict[str | None, psycopg.Connection]]:
    """Yield a connection for each actor, with the ticket of their live session."""
    with ExitStack() as stack:
        yield {user: stack.enter_context(acting(referrals, user)) for user in ACTORS}


@pytest.mark.parametrize("seed", range(4))
def test_the_state_is_what_the_table_makes_of_the_steps(
    referrals: World, connections: dict[str | None, psycopg.Connection], seed: int
) -> None:
    """Both sides, colleagues without the role, other agencies and no one try every step at random. Only what the table
    allows to them happens, each step is in both logs, and no step is changed afterward."""
    world, random, workflow = referrals, Random(seed), REFERRAL.workflow
    harbor, exchange = world.agencies["harbor"], uuid.uuid4()
    officers = {"emil": world.agencies["legal"], "bea": world.agencies["police"]}
    states: dict[uuid.UUID, tuple[int, str | None]] = dict.fromkeys(officers.values(), (0, None))
    won: uuid.UUID | None = None  # the first agency that accepted
    due, tried = Counter(lines(world)), Counter()
    for _ in range(60):
        user, action = random.choice([*ACTORS, "adele", "emil", "bea"]), random.choice([*Do, Do.SEND, Do.ACCEPT])
        to = random.choice([[one] for one in states] + [list(states)])
        after = states[to[0]][0] if random.random() < 0.8 else random.randint(0, 5)
        side = REFERRAL_TURNS[action].by
        may = user == "adele" if side is Side.ASKER else to == [officers.get(user)]
        allowed = may and all(states[one][0] == after and workflow.allows(states[one][1], action) for one in to)
        allowed = allowed and not (action is Do.ACCEPT and won not in (None, to[0]))
        assert as_statement(connections[user], harbor, exchange, to, action, after) is allowed, (user, action, states)
        tried[allowed] += 1
        won = to[0] if allowed and action is Do.ACCEPT else won
        for one in to if allowed else ():
            states[one] = (after + 1, workflow.after(states[one][1], action))
            due[(harbor if side is Side.ASKER else one, f"referral-{action}")] += 1
            due[(one if side is Side.ASKER else harbor, REFERRAL_TURNS[action].tells)] += 1
    assert tried[True] and tried[False] and lines(world) == due
    with world.owner() as owner:
        for one, (step, state) in states.items():
            rows = owner.execute(
                "select step, action, state from exchange_step where exchange = %s and answerer = %s order by step",
                [exchange, one],
            ).fetchall()
            folded = None
            for number, (at, action, stored) in enumerate(rows, start=1):
                folded = workflow.after(folded, Do(action))
                assert (at, stored) == (number, folded)
            assert (len(rows), folded) == (step, state)
        assert verify.exchange_breaks(owner) == [] and all(chain.holds for chain in verify.chains(owner))
    reads = "select answerer from exchange_step where exchange = %s"
    seen = {user: {row[0] for row in web.execute(reads, [exchange])} for user, web in connections.items()}
    begun = {one for one, (step, _state) in states.items() if step}
    assert seen == {
        **{user: set() for user in ACTORS},
        **dict.fromkeys(("adele", "alma"), begun),
        **{user: {one} & begun for user, one in officers.items()},
    }


def send(world: World, *to: str, text: str = SECRET) -> uuid.UUID:
    """Send a referral from Harbor House, and return its id."""
    agencies, exchange = [world.agencies[key] for key in to], uuid.uuid4()
    with world.as_("adele") as adele:
        lanes = [
            Lane(code="referral", asker=adele.agency, exchange=exchange, answerer=one, topic="bed") for one in agencies
        ]
        keys = vault.newest_public(agencies=agencies, code=SUBMISSIONS_KEY)
        body = Body(told=sealing.pad(text.encode()), kept=sealing.pad(text.encode()), keys=keys)
        services.take(actor=adele, lanes=lanes, action=Do.SEND, body=body)
    return exchange


def lane(world: World, user: str, exchange: uuid.UUID) -> Lane:
    side = Side.ASKER if user in ("adele", "aisha") else Side.ANSWERER
    with world.as_(user) as actor:
        (found,) = queries.lanes(actor=actor, side=side, code="referral", exchange=exchange)
        return found


def test_both_sides_read_it_and_the_database_cannot(referrals: World) -> None:
    world = referrals
    exchange = send(world, "legal")
    for user in ("adele", "aisha", "emil", "elena"):
        step = lane(world, user, exchange).steps[0]
        with world.as_(user) as actor:
            assert queries.open_step(actor=actor, step=step).decode().strip() == SECRET
    with world.as_("finn") as finn, pytest.raises((sealing.CannotOpen, Refused)):
        queries.open_step(actor=finn, step=step)
    with world.owner() as owner:
        dump = "".join(
            text
            for table in ("exchange_step", "audit_event", "accounts_notice")
            for (text,) in owner.execute(f"select t::text from {table} t").fetchall()
        )
    assert exchange.hex in dump.replace("-", "") and not any(
        word in dump or word.encode().hex() in dump for word in SECRET.split() if len(word) > 4
    )


def test_the_other_side_gets_a_notice_and_no_one_else(referrals: World) -> None:
    world = referrals
    with world.owner() as owner:
        owner.execute("delete from accounts_notice")
        exchange = send(world, "legal", "police")
        told = owner.execute(
            "select m.name, n.code from accounts_notice n join membership_membership m on m.id = n.membership"
        ).fetchall()
        assert sorted(told) == [(name, "referral-came") for name in ("Bea", "Ben", "Elena", "Emil")]
        owner.execute("delete from accounts_notice")
        with world.as_("emil") as emil:
            services.take(actor=emil, lanes=[lane_of(emil, exchange)], action=Do.ACCEPT)
        told = owner.execute(
            "select m.name, n.code from accounts_notice n join membership_membership m on m.id = n.membership"
        ).fetchall()
    assert sorted(told) == [(name, "referral-answered") for name in ("Adele", "Aisha")]


def lane_of(actor, exchange: uuid.UUID) -> Lane:
    (found,) = queries.lanes(actor=actor, side=Side.ANSWERER, code="referral", exchange=exchange)
    return found


def test_of_two_answers_at_once_one_wins_and_the_other_is_told_so(referrals: World) -> None:
    """Emil's step waits for the end of Elena's, and then does not follow from what he saw."""
    world = referrals
    exchange, to = send(world, "legal"), [referrals.agencies["legal"]]
    seen, answers = lane(world, "emil", exchange), []
    with acting(world, "elena") as elena, acting(world, "emil") as emil:
        with elena.transaction():
            assert as_statement(elena, seen.asker, exchange, to, Do.ACCEPT, 1)
            late = threading.Thread(
                target=lambda: answers.append(as_statement(emil, seen.asker, exchange, to, Do.DECLINE, 1))
            )
            late.start()
            late.join(0.3)
            assert answers == [] and late.is_alive()
        late.join()
    assert answers == [False]
    with world.as_("emil") as actor, pytest.raises(Conflict, match=REFERRAL.workflow.refusal):
        services.take(actor=actor, lanes=[seen], action=Do.DECLINE)
    with world.as_("emil") as actor, pytest.raises(Conflict, match=REFERRAL.workflow.refusal):
        services.take(actor=actor, lanes=[lane_of(actor, exchange)], action=Do.DECLINE)
    assert lane(world, "emil", exchange).state == "accepted"


def test_the_first_of_several_agencies_wins(referrals: World) -> None:
    world = referrals
    exchange = send(world, "legal", "police")
    for user in ("bea", "emil"):
        with world.as_(user) as actor:
            if user == "bea":
                services.take(actor=actor, lanes=[lane_of(actor, exchange)], action=Do.ACCEPT)
                continue
            with pytest.raises(Conflict, match=REFERRAL.workflow.refusal):
                services.take(actor=actor, lanes=[lane_of(actor, exchange)], action=Do.ACCEPT)
    assert [lane(world, user, exchange).state for user in ("bea", "emil")] == ["accepted", "sent"]


def test_a_step_that_is_not_committed_leaves_nothing(referrals: World) -> None:
    """The connection is cut after the step and before its end: no row, no line in either log, no notice."""
    world, legal = referrals, [referrals.agencies["legal"]]
    tables = ("exchange_step", "audit_event", "accounts_notice", "audit_chainhead")

    def rows(owner: psycopg.Connection) -> list[tuple]:
        return [owner.execute(f"select t::text from {table} t order by 1").fetchall() for table in tables]

    with world.owner() as owner, acting(world, "adele") as adele:
        before, pid = rows(owner), adele.info.backend_pid
        with pytest.raises(psycopg.Error), adele.transaction():
            assert as_statement(adele, world.agencies["harbor"], uuid.uuid4(), legal, Do.SEND, 0)
            owner.execute("select pg_terminate_backend(%s)", [pid])
            adele.execute("select 1")
        assert rows(owner) == before


@pytest.mark.parametrize(
    "events",
    [
        "[]",
        '[{"chain": "%(harbor)s", "action": "referral-send", "outcome": "done", "about": []}]',
        '[{"chain": "%(harbor)s", "action": "read", "outcome": "done", "about": []}, '
        '{"chain": "%(legal)s", "action": "referral-came", "outcome": "done", "about": []}]',
        '[{"chain": "%(harbor)s", "action": "referral-send", "outcome": "done", "about": []}, '
        '{"chain": "%(legal)s", "action": "referral-came", "outcome": "done", "about": ["%(legal)s"]}]',
        '[{"chain": "%(harbor)s", "action": "referral-send", "outcome": "done", "about": []}, '
        '{"chain": "%(legal)s", "action": "referral-came", "outcome": "done", "about": []}, '
        '{"chain": "%(legal)s", "action": "referral-came", "outcome": "done", "about": []}]',
        '[{"chain": "%(harbor)s", "action": "referral-send", "outcome": "done", "about": []}, '
        '{"chain": "%(police)s", "action": "referral-came", "outcome": "done", "about": []}]',
    ],
)
def test_no_step_goes_past_a_log_or_writes_another_line(referrals: World, events: str) -> None:
    world = referrals
    take = (
        "select accord.exchange_take('referral', %s, gen_random_uuid(), %s::uuid[], 'send', 0, 'bed', null, '{0}', '{\"\"}',"
        " '{0}', '{\"\"}', %s)"
    )
    with acting(world, "adele") as adele, pytest.raises(psycopg.errors.InsufficientPrivilege, match="events"):
        said = events % {key: str(value) for key, value in world.agencies.items()}
        adele.execute(take, [world.agencies["harbor"], [world.agencies["legal"]], said])


@pytest.mark.parametrize(
    "change",
    [
        "update exchange_step set action = 'decline' where exchange = %s and step = 2",
        "update exchange_step set sealed = 'x' where exchange = %s and step = 1",
        "update exchange_step set former = 'x' where exchange = %s and step = 2",
        "delete from exchange_step where exchange = %s and step = 1",
        "delete from exchange_step where exchange = %s and step = 2",
    ],
)
def test_verify_names_a_step_that_was_changed(referrals: World, change: str) -> None:
    world = referrals
    exchange = send(world, "legal")
    for user, action in (("emil", Do.ASK), ("adele", Do.TELL)):
        with world.as_(user) as actor:
            side = REFERRAL_TURNS[action].by
            (found,) = queries.lanes(actor=actor, side=side, code="referral", exchange=exchange)
            services.take(actor=actor, lanes=[found], action=action)
    with world.owner() as owner, owner.transaction(force_rollback=True):
        assert verify.exchange_breaks(owner) == []
        owner.execute(change, [exchange])
        assert any(str(exchange) in line for line in verify.exchange_breaks(owner))
