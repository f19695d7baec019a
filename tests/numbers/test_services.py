"""Totals from the agencies' sessions to a public page: who may do what, and who learns what."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from accord.access.codes import SUBMISSIONS_KEY
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.demo import totals
from accord.exchange import queries as exchanges
from accord.exchange import services as steps
from accord.exchange.models import Step
from accord.numbers import due, queries, rules, services, sums
from accord.numbers.models import Draft, Sum
from accord.numbers.rules import Period
from accord.numbers.workflows import SubmissionState, SubmissionStep, SumState
from accord.vault import sealing
from tests.numbers.past import live
from tests.region import World
from tests.steps.totals import forget

OFFICERS = [place.user for place in totals.AGENCIES]


@pytest.fixture(scope="module")
def region(world: World) -> World:
    """Return Riverbend with the demo's people served and one half-year published."""
    live(world)
    return world


@pytest.fixture
def half(region: World) -> Period:
    """Return the published half-year."""
    with region.as_("ines") as ines:
        return queries.current_periods(today=clock.today(ines.zone))[1]


@pytest.fixture
def earlier(region: World, half: Period) -> Iterator[Period]:
    """Yield the half-year before it, which every test starts without submissions."""
    yield half.before()
    forget(region, half.before())


def submit_all(world: World, period: Period, users: list[str] = OFFICERS) -> None:
    for user in users:
        totals.submit(world, user, period)


def sum_up(world: World, period: Period) -> uuid.UUID:
    with world.as_("ines") as ines:
        return services.sum_up(actor=ines, period=period, limit_seconds=0.5)


def test_the_published_sum_is_the_sum_of_what_agencies_counted(region: World, half: Period) -> None:
    helped = {place.user: place.people for place in totals.AGENCIES}
    for user, people in helped.items():
        with region.as_(user) as officer:
            look = queries.own_totals(actor=officer, period=half)
            assert sum(look.counts.values()) == people
            assert (look.state, look.over, look.frozen) == (SubmissionState.SUBMITTED, True, True)
    with region.as_("kim"):
        table = queries.published_table(period=half)
    assert table.total == sum(helped.values())
    assert (table.agencies, table.expected, table.missing) == (6, 7, 1)
    # A figure is right or hidden. Which others are hidden may depend on how long the program could search.
    assert table.cells["*", "sex", "*"] in (55, None) and table.cells["*", "labour", "*"] in (48, None)
    assert table.cells["*", "both", "*"] is None and table.cells["*", "other", "*"] is None  # 8 and 3 people


@pytest.mark.parametrize("user", ["adele", "grace", "kim", None])
def test_who_owes_totals_is_told_to_the_statistics_unit_alone(region: World, half: Period, user: str | None) -> None:
    asks = "select count(*) from accord.totals_expected('people_served', 1, %s)"
    with region.web() as web:
        if user is not None:
            web.execute("select set_config('accord.ticket', %s, false)", [region.session(user).ticket])
        assert web.execute(asks, [half.code]).fetchone() == (0,)
    with region.as_("ines") as ines:
        assert len(due.expected(actor=ines, period=half)) == 7


@pytest.mark.line(74)
def test_a_funder_reads_the_published_table_and_nothing_else(region: World, half: Period) -> None:
    with region.as_("kim") as kim:
        assert [table.period for table in queries.published()] == [half]
        assert not Step.objects.exists() and not Sum.objects.exists() and not Draft.objects.exists()
        assert sums.board(actor=kim, period=half).submitted == 0
        with pytest.raises(Refused, match="doesn't serve people directly"):
            services.count(actor=kim, period=half)
        with pytest.raises(Refused):
            services.sum_up(actor=kim, period=half)
        with pytest.raises(Refused):
            services.publish(actor=kim, sum_id=uuid.uuid4())


@pytest.mark.line(40, 75)
def test_a_submission_holds_counts_in_known_cells_and_nothing_of_a_person(region: World, half: Period) -> None:
    with region.as_("ines") as ines:
        for row in queries.newest_submissions(actor=ines, period=half):
            pair = ines.ring.inbound(SUBMISSIONS_KEY, row.ring_version)
            payload = json.loads(pair.open(bytes(row.sealed), exchanges.bound(row)))
            assert set(payload) == {"cells"}
            counts = queries.counts_from(payload["cells"])
            assert counts and rules.problem(counts) == ""
            assert all(len(cell) == 4 and isinstance(cell[3], int) for cell in payload["cells"])
    with region.owner() as owner:
        readable = owner.execute("select row_to_json(t)::text from exchange_step t").fetchall()
        people = [str(row[0]) for row in owner.execute("select id from sharing_person").fetchall()]
    assert readable and not any(person in row[0] for person in people for row in readable)


def test_another_agency_does_not_see_that_harbor_has_submitted(region: World, half: Period) -> None:
    harbor = region.agencies["harbor"]
    session = region.session("ben")
    with region.web() as attacker, attacker.transaction():
        attacker.execute("select set_config('accord.ticket', %s, true)", [session.ticket])
        seen = attacker.execute("select owner from exchange_step").fetchall()
        assert seen == [(region.agencies["police"],)]
        for table in ("draft", "sum"):
            assert not attacker.execute(f"select 1 from numbers_{table} where owner = %s", [harbor]).fetchall()
    with region.web() as anonymous:
        assert not anonymous.execute("select 1 from exchange_step").fetchall()
        assert anonymous.execute("select count(*) from numbers_table").fetchone() == (1,)


FORGED = "(select owner, measure, version, '1999-1', 1, at, agencies, expected, cells from numbers_table limit 1)"


@pytest.mark.parametrize("user", ["ben", "ines", "ivan"])
@pytest.mark.parametrize(
    "statement",
    [
        f"insert into numbers_table (owner, measure, version, period, revision, at, agencies, expected, cells) {FORGED}",
        "update numbers_table set cells = '[]'",
        "delete from numbers_table",
        "update exchange_step set step = 9",
        "delete from exchange_step",
    ],
)
def test_no_statement_as_web_publishes_or_rewrites(region: World, user: str, statement: str) -> None:
    session = region.session(user)
    with region.web() as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
        attacker.execute("select set_config('accord.ticket', %s, true)", [session.ticket])
        attacker.execute(statement)


@pytest.mark.parametrize("user", ["ben", "ines", "kim", "hal"])
def test_only_a_second_reviewers_ticket_publishes(region: World, earlier: Period, user: str) -> None:
    submit_all(region, earlier, OFFICERS[:3])
    made, session = sum_up(region, earlier), region.session(user)
    with region.web() as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
        attacker.execute("select set_config('accord.ticket', %s, true)", [session.ticket])
        attacker.execute("select accord.totals_publish(%s, '', '[]')", [made])


def test_what_is_published_is_what_was_summed_from_unchanged_submissions(region: World, earlier: Period) -> None:
    """Neither person's statement alone publishes a figure: not the second reviewer's, not the analyst's."""
    submit_all(region, earlier, OFFICERS[:3])
    made = sum_up(region, earlier)
    with region.as_("ivan") as ivan:
        card = sums.waiting_sum(actor=ivan, sum_id=made)
    publish = "select accord.totals_publish(%s, %s, %s)"
    forged = card.shown_text().replace("null", "99", 1)
    with region.web() as reviewer:
        reviewer.execute("select set_config('accord.ticket', %s, false)", [region.session("ivan").ticket])
        for salt, text in ((card.salt, forged), (b"", card.shown_text()), (card.salt, "[]")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reviewer.execute(publish, [made, salt, text])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reviewer.execute("select accord.totals_decide(%s, 'published')", [made])
    harbor, police, unit = (region.agencies[key] for key in ("harbor", "police", "legal"))
    total = "select accord.totals_sum(gen_random_uuid(), 'people_served', 1, %s, 1, '', %s, %s, '')"
    with region.web() as analyst:
        analyst.execute("select set_config('accord.ticket', %s, false)", [region.session("ines").ticket])
        for agencies, revisions in (([harbor] * 3, [1] * 3), ([harbor, police, unit], [9, 9, 9]), ([harbor], [1])):
            assert analyst.execute(total, [earlier.code, agencies, revisions]).fetchone() == (False,)
    with region.as_("adele") as adele:
        services.reopen(actor=adele, period=earlier, reason="a mistake")
    with region.web() as reviewer, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reviewer.execute("select set_config('accord.ticket', %s, false)", [region.session("ivan").ticket])
        reviewer.execute(publish, [made, card.salt, card.shown_text()])


def test_the_database_asks_for_another_account_too(region: World, earlier: Period) -> None:
    submit_all(region, earlier, OFFICERS[:3])
    made, session = sum_up(region, earlier), region.session("ivan")
    with region.owner() as owner:
        owner.execute("update numbers_sum set by = %s where id = %s", [session.membership, made])
    with region.web() as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
        attacker.execute("select set_config('accord.ticket', %s, true)", [session.ticket])
        attacker.execute("select accord.totals_publish(%s, '', '[]')", [made])


def test_a_submission_that_was_edited_or_moved_does_not_open(region: World, half: Period) -> None:
    with region.as_("ines") as ines:
        one, other, *_ = queries.newest_submissions(actor=ines, period=half)
        one.sealed, other.topic = other.sealed, due.topic_of(half.before())
        for row in (one, other):
            with pytest.raises(sealing.CannotOpen):
                queries.open_submission(actor=ines, step=row)


def test_nothing_is_submitted_before_the_half_year_is_over(region: World, half: Period) -> None:
    with region.as_("adele") as adele:
        running = rules.period_of(clock.today(adele.zone))
        found = services.count(actor=adele, period=running)
        with pytest.raises(Refused, match="isn't over yet"):
            services.submit(actor=adele, period=running, stamp=found.stamp)


def test_counting_in_slices_gives_the_same_and_can_be_left(region: World, earlier: Period) -> None:
    with region.as_("adele") as adele:
        whole = services.count(actor=adele, period=earlier)
        again = services.count(actor=adele, period=earlier, size=10)
        assert whole.finished and not again.finished and (again.done, again.total) == (10, whole.total)
    with region.as_("adele") as adele, pytest.raises(Conflict):
        services.submit(actor=adele, period=earlier, stamp=again.stamp)
    steps = 1
    while not again.finished:
        with region.as_("adele") as adele:
            again, steps = services.count(actor=adele, period=earlier, size=10), steps + 1
    assert steps == 4 and again.counts == whole.counts and sum(whole.counts.values()) > 0


def test_what_was_reviewed_is_what_is_submitted(region: World, earlier: Period) -> None:
    with region.as_("adele") as adele:
        seen = services.count(actor=adele, period=earlier)
    with region.as_("adele") as adele:
        services.count(actor=adele, period=earlier)
    with region.as_("adele") as adele, pytest.raises(Conflict, match="changed since"):
        services.submit(actor=adele, period=earlier, stamp=seen.stamp)


def test_a_submission_freezes_and_can_be_reopened_with_a_reason(region: World, earlier: Period) -> None:
    totals.submit(region, "adele", earlier)
    with region.as_("adele") as adele, pytest.raises(Conflict):
        services.count(actor=adele, period=earlier)
    with region.as_("adele") as adele, pytest.raises(Invalid):
        services.reopen(actor=adele, period=earlier, reason=" ")
    with region.as_("adele") as adele:
        services.reopen(actor=adele, period=earlier, reason="Two people were entered twice")
    with region.as_("ines") as ines:
        board = sums.board(actor=ines, period=earlier)
        assert [line.state for line in board.lines if line.agency == region.agencies["harbor"]] == [
            SubmissionState.REOPENED
        ]
        assert bytes(queries.newest_submissions(actor=ines, period=earlier)[0].sealed) == b""
    with region.as_("adele") as adele, pytest.raises(Conflict):
        services.reopen(actor=adele, period=earlier, reason="Again")
    totals.submit(region, "adele", earlier)
    with region.as_("adele") as adele:
        assert queries.own_totals(actor=adele, period=earlier).revision == 3


def test_what_is_published_cannot_be_reopened(region: World, half: Period) -> None:
    with region.as_("adele") as adele, pytest.raises(Conflict, match="published"):
        services.reopen(actor=adele, period=half, reason="Too late")


def test_an_agency_that_reopened_is_not_published_behind_its_back(region: World, earlier: Period) -> None:
    submit_all(region, earlier, OFFICERS[:4])
    made = sum_up(region, earlier)
    with region.as_("adele") as adele:
        services.reopen(actor=adele, period=earlier, reason="A wrong date")
    with region.as_("ivan") as ivan, pytest.raises(Conflict, match="has reopened its totals"):
        services.publish(actor=ivan, sum_id=made)
    with region.as_("ivan"), pytest.raises(Hidden):
        queries.published_table(period=earlier)


def test_keys_of_the_unit_are_compared_before_the_first_seal(region: World, earlier: Period) -> None:
    with region.owner() as owner:
        owner.execute("delete from agreements_pin where owner = %s", [region.agencies["harbor"]])
    with region.as_("adele") as adele:
        found = services.count(actor=adele, period=earlier)
        assert not queries.own_totals(actor=adele, period=earlier).pinned
    with region.as_("adele") as adele, pytest.raises(Invalid, match="six words"):
        services.submit(actor=adele, period=earlier, stamp=found.stamp)
    with region.as_("adele") as adele:
        services.submit(actor=adele, period=earlier, stamp=found.stamp, compared=True)
        assert queries.own_totals(actor=adele, period=earlier).pinned


def test_an_exchanged_key_of_the_unit_gets_nothing(region: World, earlier: Period) -> None:
    totals.submit(region, "adele", earlier)
    unit, forged = region.agencies["statistics"], sealing.KeyPair(sealing.new_secret()).public
    with region.owner() as owner:
        where = "owner = %s and code = 'submissions'"
        (true,) = owner.execute(f"select public from vault_ringkey where {where}", [unit]).fetchone()
        owner.execute(f"update vault_ringkey set public = %s where {where}", [forged, unit])
    try:
        with region.as_("adele") as adele:
            services.reopen(actor=adele, period=earlier, reason="A wrong date")
            found = services.count(actor=adele, period=earlier)
            assert not queries.own_totals(actor=adele, period=earlier).pinned
        with region.as_("adele") as adele, pytest.raises(Refused, match="was changed"):
            services.submit(actor=adele, period=earlier, stamp=found.stamp, compared=True)
    finally:
        with region.owner() as owner:
            owner.execute(f"update vault_ringkey set public = %s where {where}", [true, unit])


def test_an_officer_whose_roles_do_not_open_it_learns_who_can(region: World, half: Period) -> None:
    with region.as_("ben") as ben:
        look = queries.own_totals(actor=ben, period=half)
        assert look.missing == ("services",) and look.who_can == ("Bea",) and "supervisor" in look.roles
        with pytest.raises(Refused, match="roles don't give you access"):
            services.count(actor=ben, period=half.before())
    with region.as_("cora") as cora:
        assert queries.own_totals(actor=cora, period=half).who_can == ()


@pytest.mark.parametrize("user", ["alma", "grace", "hal", "ivan", "ines"])
def test_only_officers_of_agencies_that_meet_people_count(region: World, half: Period, user: str) -> None:
    with region.as_(user) as actor, pytest.raises(Refused):
        services.count(actor=actor, period=half.before())


@pytest.mark.parametrize("user", ["adele", "alma", "ben", "grace", "hal", "ivan", "kim"])
def test_only_the_analyst_sums(region: World, half: Period, user: str) -> None:
    with region.as_(user) as actor, pytest.raises(Refused):
        services.sum_up(actor=actor, period=half.before())


@pytest.mark.parametrize("user", ["adele", "alma", "ben", "grace", "hal", "ines", "kim"])
def test_only_the_second_reviewer_publishes(region: World, half: Period, user: str) -> None:
    with region.as_(user) as actor, pytest.raises(Refused):
        services.publish(actor=actor, sum_id=uuid.uuid4())


def test_the_second_reviewer_is_someone_else(region: World, earlier: Period) -> None:
    submit_all(region, earlier, OFFICERS[:3])
    with region.as_("ines") as ines:
        ines.roles = frozenset({"analyst", "reviewer"})
        made = services.sum_up(actor=ines, period=earlier, limit_seconds=0.5)
        for decide in (services.publish, services.send_back):
            with pytest.raises(Refused, match="You combined these totals"):
                decide(actor=ines, sum_id=made)
    with region.as_("ivan") as ivan:
        services.send_back(actor=ivan, sum_id=made)
        assert sums.newest_sum(actor=ivan, period=earlier).state == SumState.SENT_BACK
    with region.as_("ivan") as ivan, pytest.raises(Hidden):
        services.publish(actor=ivan, sum_id=made)


def test_an_agency_submits_a_half_year_once_whatever_id_it_makes_up(region: World, earlier: Period) -> None:
    totals.submit(region, "adele", earlier)
    with region.as_("adele") as adele:
        lane = replace(queries.new_submission(actor=adele, period=earlier), exchange=uuid.uuid4())
        with pytest.raises(Conflict):
            steps.take(actor=adele, lanes=[lane], action=SubmissionStep.SUBMIT)


def test_two_agencies_are_too_few_for_a_sum(region: World, earlier: Period) -> None:
    submit_all(region, earlier, OFFICERS[:2])
    with region.as_("ines") as ines, pytest.raises(Refused, match="three agencies"):
        services.sum_up(actor=ines, period=earlier)


def test_a_new_sum_replaces_a_pending_one(region: World, earlier: Period) -> None:
    submit_all(region, earlier, OFFICERS[:3])
    first, second = sum_up(region, earlier), sum_up(region, earlier)
    with region.as_("ivan") as ivan:
        with pytest.raises(Hidden):
            services.publish(actor=ivan, sum_id=first)
        states = dict(Sum.objects.filter(owner=ivan.agency).values_list("id", "state"))
        assert states[first] == SumState.REPLACED and sums.waiting_sum(actor=ivan, sum_id=second)


def test_names_behind_a_figure_are_shown_only_to_those_who_may_read_them(region: World, half: Period) -> None:
    total = ("*", "*", "*")
    with region.as_("adele") as adele:
        mine = queries.behind(actor=adele, period=half, keys=total)
        few = queries.behind(actor=adele, period=half, keys=("18_24", "*", "*"))
    assert len(mine.people) == 32 and mine.others == 0
    assert 0 < len(few.people) < 32
    with region.as_("aisha") as aisha:
        hers = queries.behind(actor=aisha, period=half, keys=total)
    assert hers.people == () and hers.others == 32


def test_every_step_is_in_the_log_of_both_sides_without_a_figure(region: World, half: Period) -> None:
    with region.owner() as owner:
        lines = owner.execute("select owner, action, line from audit_event where action like 'totals-%'").fetchall()
    unit, harbor = region.agencies["statistics"], region.agencies["harbor"]
    assert {action for owner_, action, _ in lines if owner_ == harbor} >= {"totals-counted", "totals-submitted"}
    assert {action for owner_, action, _ in lines if owner_ == unit} >= {
        "totals-submitted-by-agency",
        "totals-summed",
        "totals-published",
    }
    known = {
        "action",
        "outcome",
        "source",
        "about",
        "at",
        "account",
        "membership",
        "agency",
        "key",
        "sealed",
        "sealed_in",
    }
    assert all(set(json.loads(line)) <= known | {"period"} for *_, line in lines)
