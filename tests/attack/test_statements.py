"""An attacker who can run one SQL statement as `web`: without a ticket, with a guessed, expired, own or stolen one.

The attacker is Ben, a detective. The target is a record of Harbor House that is shared with Legal Aid.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from accord.accounts import services as accounts
from accord.accounts import sessions
from accord.agencies import services as agencies
from accord.audit import queries as audit
from accord.config import verify
from accord.core.errors import Refused
from accord.core.floors import Floor
from accord.demo import riverbend
from accord.sharing import floor
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from accord.vault import queries as vault
from accord.vault import ring as rings
from accord.vault import sealing
from tests.path.test_services import handle, open_record, release_to
from tests.region import World

NAME = "Zephyrine Quartermain"


@dataclass
class Target:
    """What the attacker wants."""

    world: World
    known: PersonRef
    share: uuid.UUID
    handle: uuid.UUID


@pytest.fixture(scope="module")
def target(world: World) -> Target:
    known = open_record(world, NAME)
    release_to(world, known)
    seen_as = handle(world, "elena")
    with world.as_("alma") as alma:
        share = sharing.shares_of(actor=alma, known=known)[0].id
    return Target(world, known, share, seen_as)


@pytest.fixture
def attacker(target: Target) -> Iterator[psycopg.Connection]:
    """Yield a connection as `web`, with Ben's own live ticket."""
    with target.world.web() as connection:
        connection.execute("select set_config('accord.ticket', %s, false)", [target.world.session("ben").ticket])
        yield connection


def nothing_is_read(connection: psycopg.Connection, target: Target, *, coalition: bool = False) -> None:
    """Check that no row of Harbor House can be read in any table."""
    for table, kept in floor.tables().items():
        if kept is Floor.SYSTEM:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from {table}")
        elif kept is Floor.COALITION and coalition:
            continue
        else:
            rows = connection.execute(f"select * from {table} where owner = %s", [target.known.owner]).fetchall()
            assert rows == [], table


def test_without_a_ticket(target: Target) -> None:
    with target.world.web() as connection:
        nothing_is_read(connection, target)


def test_with_a_guessed_ticket(target: Target) -> None:
    with target.world.web() as connection:
        for guess in (secrets.token_hex(32), "00" * 32, target.world.session("alma").account.hex, ""):
            connection.execute("select set_config('accord.ticket', %s, false)", [guess])
            nothing_is_read(connection, target)


def test_with_the_attackers_own_ticket(target: Target, attacker: psycopg.Connection) -> None:
    nothing_is_read(attacker, target, coalition=True)


def test_with_a_stolen_live_ticket_there_is_ciphertext_only(target: Target) -> None:
    with target.world.web() as connection:
        connection.execute("select set_config('accord.ticket', %s, false)", [target.world.session("alma").ticket])
        seen = []
        for table, kept in floor.tables().items():
            if kept is not Floor.SYSTEM:
                seen += connection.execute(f"select t::text from {table} t").fetchall()
        sealed = connection.execute("select sealed from sharing_entry").fetchall()
    text = "\n".join(row for (row,) in seen)
    assert sealed
    for word in (NAME, "Zephyrine", "555-0142", "papers"):
        assert word not in text and word.encode().hex() not in text


@pytest.mark.parametrize(
    "statement",
    [
        "set role accord_owner",
        "set role postgres",
        "set role accord_backup",
        "set role accord_worker",
        "set session authorization accord_owner",
        "alter role accord_web superuser",
        "select * from accord.live_session()",
        "select * from accounts_session",
        "select * from accounts_account",
        "alter table sharing_entry disable row level security",
        "create table public.mine (a int)",
        "create function pg_temp.f() returns int language sql as 'select 1'",
        "create temporary table accounts_session (a int)",
        "create or replace function accord.now() returns timestamptz language sql as 'select null::timestamptz'",
        "select pg_read_file('secrets.json')",
        "select lo_import('/etc/passwd')",
        "copy sharing_entry to program 'cat'",
        "copy (select 1) to '/tmp/accord-attack'",
        "load 'plpgsql.so'",
        "select pg_terminate_backend(pg_backend_pid())",
        "select pg_cancel_backend(pg_backend_pid())",
        "select lo_create(0)",
        "select * from pg_stat_user_tables",
        "select pg_total_relation_size('sharing_entry')",
        "truncate audit_event",
        "delete from audit_event",
        "update audit_event set line = ''",
        "insert into audit_event default values",
        "delete from sharing_entry",
        "update sharing_entry set epoch = 1",
        "update agencies_membership set roles = '{operator,officer,supervisor}'",
        "insert into agencies_membership (owner, id) values (accord.actor_agency(), gen_random_uuid())",
        "insert into agencies_invitation (owner, id) values (accord.actor_agency(), gen_random_uuid())",
        "update agencies_agency set kind = 'community'",
        "insert into agencies_agreement (owner, id) values (accord.actor_agency(), gen_random_uuid())",
        "insert into agencies_permit (owner, agreement) values (accord.actor_agency(), gen_random_uuid())",
        "insert into agencies_signature (owner, agreement) values (accord.actor_agency(), gen_random_uuid())",
        "update vault_ringkey set public = ''",
        "delete from agencies_pin",
    ],
)
def test_refused_outright(attacker: psycopg.Connection, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFile)):
        attacker.execute(statement)


def test_another_agency_cannot_be_claimed(target: Target, attacker: psycopg.Connection) -> None:
    harbor = target.known.owner
    for setting in ("accord.agency", "accord.actor_agency", "accord.account"):
        attacker.execute("select set_config(%s, %s, false)", [setting, str(harbor)])
    attacker.execute("set role accord_reader")
    attacker.execute("set row_security = on")
    nothing_is_read(attacker, target, coalition=True)
    attacker.execute("reset role")
    attacker.execute("set row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute("select * from sharing_entry")


def test_rows_cannot_be_written_into_another_agency(target: Target, attacker: psycopg.Connection) -> None:
    person = target.known
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(
            "insert into sharing_assignment (owner, id, about, membership, basis, by, at) "
            "values (%s, gen_random_uuid(), %s, %s, 'assigned', %s, accord.now())",
            [person.owner, person.person, target.world.memberships["ben"], target.world.memberships["ben"]],
        )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(
            "insert into sharing_share (owner, id, person, handle, kind, recipient, purposes, starts_at, ends_at, "
            "additions, basis, basis_id, made_at) values (%s, gen_random_uuid(), %s, gen_random_uuid(), 'needs', %s, "
            "'{investigation}', accord.now(), accord.now() + interval '1 day', true, 'release', gen_random_uuid(), accord.now())",
            [person.owner, person.person, target.world.agencies["police"]],
        )
    for table in floor.REMOVES:
        assert attacker.execute(f"delete from {table} where owner = %s", [person.owner]).rowcount == 0
    for table, (columns, _while) in floor.CHANGES.items():
        same = f"update {table} set {columns[0]} = {columns[0]} where owner = %s"
        assert attacker.execute(same, [person.owner]).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        *(f"delete from {table}" for table in sorted(floor.tables().keys() - floor.REMOVES)),
        "update sharing_person set state = 'gone'",
        "update sharing_share set ends_at = ends_at + interval '1 year'",
        "update sharing_share set purposes = '{legal_help,investigation}'",
        "update sharing_share set additions = true",
        "update sharing_datakey set epoch = 1",
        "update sharing_datakey set closed = false",
        "update sharing_datakey set sealed = ''",
        "update sharing_datakey set ring_version = ring_version + 1, sealed = ''",
        "update sharing_datakey set ring_version = 0, sealed = ''",
        *(
            "insert into vault_ringkey (owner, code, version, public, since) "
            f"values (accord.actor_agency(), '{code}', {version}, '', accord.now())"
            for code, version in (("needs", 2), ("needs", 9), ("log", 2), ("submissions", 2), ("signing", 0))
        ),
        "update sharing_assignment set membership = accord.actor_membership()",
        "update sharing_assignment set basis = 'assigned'",
        "update sharing_sharekey set sealed = ''",
        "update vault_ringseal set sealed = ''",
        "update people_task set person = gen_random_uuid()",
        "update accounts_notice set code = 'share-ended'",
        "insert into accounts_notice (owner, id, origin, code, at) "
        "values (accord.actor_agency(), gen_random_uuid(), accord.actor_agency(), 'share-ended', accord.now())",
        "insert into agencies_pin (owner, partner, code, version, public_hash, at) "
        "values (accord.actor_agency(), gen_random_uuid(), 'needs', 9, '', accord.now())",
        "insert into numbers_submission select accord.actor_agency(), gen_random_uuid(), 'people_served', 1, '2026-1', 1, "
        "'submitted', 1, '', 1, '', accord.now(), accord.actor_membership()",
        "select accord.seals_taken(accord.actor_membership(), '{}')",
    ],
)
def test_a_statement_in_ones_own_session_destroys_nothing(target: Target, statement: str) -> None:
    """Alma's own live ticket: services can add, but nothing that was written can be removed or changed."""
    with target.world.web() as alma:
        alma.execute("select set_config('accord.ticket', %s, false)", [target.world.session("alma").ticket])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            alma.execute(statement)


def test_what_ended_does_not_run_again(target: Target) -> None:
    world, known = target.world, open_record(target.world, "Perpetua Vance")
    release_to(world, known)
    with world.as_("alma") as alma:
        shares = [share.id for share in sharing.shares_of(actor=alma, known=known)]
        records.end_shares(actor=alma, known=known, shares=shares)
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        for again in (
            "update sharing_share set withdrawn_at = null where withdrawn_at is not null",
            "update sharing_assignment set ended_at = null where ended_at is not null",
            "update people_task set done_at = null where done_at is not null",
        ):
            assert web.execute(again).rowcount == 0


def test_errors_and_operators_reveal_nothing_about_hidden_rows(target: Target, attacker: psycopg.Connection) -> None:
    """An operator that could fail on a hidden row runs after the floor."""
    boom = (
        "select count(*) from sharing_entry where owner = %s and 1 / (case when kind = 'needs' then 0 else 1 end) = 1"
    )
    assert attacker.execute(boom, [target.known.owner]).fetchone() == (0,)
    cast = "select count(*) from sharing_share where cast(kind as integer) = 1 and owner = %s"
    assert attacker.execute(cast, [target.known.owner]).fetchone() == (0,)


def test_a_hidden_id_and_a_free_one_answer_alike(target: Target, attacker: psycopg.Connection) -> None:
    """The same id may be used by another agency: no unique index reveals that it is taken."""
    police = target.world.agencies["police"]
    for person in (target.known.person, uuid.uuid4()):
        attacker.execute(
            "insert into sharing_person (owner, id, opened_on, state) values (%s, %s, '2026-01-01', 'open')",
            [police, person],
        )
    with pytest.raises(psycopg.errors.ForeignKeyViolation):  # that person is not one of the attacker's
        attacker.execute(
            "insert into sharing_searchtoken (owner, bucket, person) values (%s, 1, %s)", [police, uuid.uuid4()]
        )
    with target.world.owner() as owner:
        owner.execute("delete from sharing_person where owner = %s", [police])


def test_running_statements_show_no_ticket(target: Target, attacker: psycopg.Connection) -> None:
    with target.world.as_("alma") as alma:
        sharing.read(actor=alma, known=target.known)
        seen = attacker.execute("select query from pg_stat_activity").fetchall()
    text = "\n".join(query or "" for (query,) in seen)
    assert target.world.session("alma").ticket not in text and str(target.known.person) not in text


# Named functions --------------------------------------------------------------------------------------------------


def test_no_one_acts_in_someone_elses_membership(target: Target, attacker: psycopg.Connection) -> None:
    for user in ("alma", "adele", "hal"):
        found = attacker.execute("select accord.session_act_for(%s)", [target.world.memberships[user]]).fetchone()
        assert found == (False,)
    assert attacker.execute("select accord.actor_agency()").fetchone() == (target.world.agencies["police"],)


def test_roles_that_write_what_binds_are_asked_for_in_the_database(target: Target) -> None:
    world = target.world
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        invite = (
            "select accord.agency_invite(gen_random_uuid(), 'X', 'police', 'UTC', '{}', '{}', 'X', '{officer}', '')"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(invite)
        for statement in (
            "select accord.agreement_sign(gen_random_uuid(), true)",
            "select accord.member_invite(gen_random_uuid(), 'X', '{officer}', 'hash')",
            "select accord.agreement_draft(gen_random_uuid(), 'X', accord.now(), accord.now(), '{}', '{}', '{}')",
        ):
            assert web.execute(statement).fetchone() == (False,)
        for function, argument in (
            ("membership_end", world.memberships["aisha"]),
            ("membership_end", world.memberships["ben"]),
            ("agreement_decline", uuid.uuid4()),
            ("agreement_leave", web.execute("select id from agencies_agreement limit 1").fetchone()[0]),
        ):
            assert web.execute(f"select accord.{function}(%s)", [argument]).fetchone() == (False,)


def test_an_agreements_id_cannot_be_taken_a_second_time(target: Target) -> None:
    """Otherwise a signature under the real one would count under the forged one."""
    world = target.world
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("grace").ticket])
        taken = web.execute("select id from agencies_agreement limit 1").fetchone()[0]
        draft = (
            "select accord.agreement_draft(%s, 'X', accord.now(), accord.now() + interval '1 year', %s, %s, '{needs}')"
        )
        pair = [[world.agencies["harbor"]], [world.agencies["police"]]]
        assert web.execute(draft, [taken, *pair]).fetchone() == (False,)
        assert web.execute(draft, [uuid.uuid4(), *pair]).fetchone() == (True,)


def test_no_statement_renews_its_own_second_factor(target: Target) -> None:
    """Only one function writes when the factor was last shown, and it needs what is in no table."""
    world, shown = target.world, "select factor_at from accounts_session where id = %s"
    row = sessions.row_of(world.session("adele").secret)
    with world.owner() as owner, world.web() as web:
        writers = owner.execute(
            "select proname from pg_proc where pronamespace = 'accord'::regnamespace "
            "and concat(prosrc, pg_get_function_sqlbody(oid)) ~ 'factor_at *=' "
            "and has_function_privilege('accord_web', oid, 'execute')"
        ).fetchall()
        assert writers == [("session_ticket",)]
        before = owner.execute(shown, [row]).fetchone()
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        with pytest.raises(psycopg.errors.UndefinedFunction):
            web.execute("select accord.session_factor_checked()")
        for proof in (b"", secrets.token_bytes(32), sessions.ticket_of(world.session("adele").secret)):
            for which in (row, uuid.uuid4()):
                made = web.execute("select accord.session_ticket(%s, %s, sha256('x'))", [which, proof]).fetchone()
                assert made == (False,)
        assert owner.execute(shown, [row]).fetchone() == before


def test_an_account_of_ones_own_opens_nothing(target: Target) -> None:
    """Without any ticket anyone can create an account, a session and a ticket; it is a member of nothing and sees no
    table."""
    account, proof, row, ticket = uuid.uuid4(), secrets.token_bytes(32), uuid.uuid4(), secrets.token_bytes(32)
    with target.world.web() as web:
        web.execute(
            "select accord.account_create(%s, %s, 'en', '', '', 'argon2id:1024:1:1', '', %s)",
            [account, f"mallory-{account.hex}", proof],
        )
        assert web.execute("select accord.session_open(%s, %s, %s, '')", [row, account, proof]).fetchone() == (True,)
        made = web.execute("select accord.session_ticket(%s, %s, sha256(%s))", [row, proof, ticket]).fetchone()
        assert made == (True,)
        web.execute("select set_config('accord.ticket', %s, false)", [ticket.hex()])
        assert web.execute("select accord.actor_account()").fetchone() == (account,)
        nothing_is_read(web, target)
        assert web.execute("select accord.session_act_for(%s)", [target.world.memberships["ben"]]).fetchone() == (
            False,
        )


def test_invitation_and_account_functions_want_the_opened_key(target: Target, attacker: psycopg.Connection) -> None:
    alma, guess = target.world.session("alma").account, secrets.token_bytes(32)
    with target.world.as_("adele") as adele:
        code = agencies.invite_member(actor=adele, name="New colleague", roles=["advocate"])
    accept = "select accord.invitation_accept(%s, %s, %s, gen_random_uuid(), '', '')"
    assert attacker.execute(accept, [agencies.invitation_hash(code), alma, guess]).fetchone() == (None,)
    for function, arguments in (
        ("account_rewrap", (alma, guess, b"", "argon2id:1024:1:1", b"", None)),
        ("account_use_step", (alma, guess, 1)),
        ("account_use_recovery_code", (alma, guess, b"")),
        ("session_open", (uuid.uuid4(), alma, guess, b"")),
        ("session_ticket", (sessions.row_of(target.world.session("alma").secret), guess, b"")),
    ):
        marks = ", ".join(["%s"] * len(arguments))
        assert attacker.execute(f"select accord.{function}({marks})", arguments).fetchone() == (False,)
    assert attacker.execute("select accord.account_factor(%s, %s)", [alma, guess]).fetchone() == (None,)


def test_a_session_is_not_closed_by_guessing(target: Target, attacker: psycopg.Connection) -> None:
    attacker.execute("select accord.session_close(%s)", [target.world.session("alma").account])
    attacker.execute("select accord.session_close(gen_random_uuid())")
    assert sessions.load(target.world.session("alma").secret) is not None


def test_a_partner_is_told_only_of_ones_own_shares(target: Target, attacker: psycopg.Connection) -> None:
    with target.world.owner() as owner:
        before = owner.execute("select count(*) from accounts_notice").fetchone()
        attacker.execute("select accord.notify_partner(%s, 'share-ended')", [target.share])
        assert owner.execute("select count(*) from accounts_notice").fetchone() == before


# The log ----------------------------------------------------------------------------------------------------------


def event(chain: uuid.UUID, action: str, *about: uuid.UUID) -> str:
    told = {"by": "Alma", "partner": "Riverbend Legal Aid", "account": str(uuid.uuid4()), "at": "2020-01-01T00:00:00Z"}
    return json.dumps(
        [{"chain": str(chain), "action": action, "outcome": "done", "about": [str(a) for a in about], **told}]
    )


def test_no_one_writes_another_agencys_history(target: Target, attacker: psycopg.Connection) -> None:
    harbor, person = target.known.owner, target.known.person
    with target.world.web() as anonymous:
        for connection in (attacker, anonymous):
            for forged in (
                event(harbor, "read", person),
                event(harbor, "read-by-partner", person),
                event(uuid.uuid4(), "x"),
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("select accord.audit_append(%s::jsonb)", [forged])


def test_a_partner_writes_that_it_read_and_nothing_else(target: Target) -> None:
    harbor, person = target.known.owner, target.known.person
    append = "select accord.audit_append(%s::jsonb)"
    with target.world.web() as elena:
        elena.execute("select set_config('accord.ticket', %s, false)", [target.world.session("elena").ticket])
        for forged in (
            event(harbor, "read", person),
            event(harbor, "share-ended", person),
            event(harbor, "read-by-partner", person, uuid.uuid4()),
            event(harbor, "read-by-partner"),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                elena.execute(append, [forged])
        elena.execute(append, [event(harbor, "read-by-partner", person)])
    with target.world.owner() as owner:
        row = owner.execute(
            "select line::jsonb, at > accord.now() - interval '1 hour' from audit_event where owner = %s "
            "order by position desc limit 1",
            [harbor],
        ).fetchone()
    assert row[1]  # the writer can't set the time or their name
    assert not {"by", "partner"} & set(row[0])  # names are looked up when the log is read
    assert row[0]["account"] == str(target.world.session("elena").account)


def test_no_one_writes_a_log_that_belongs_to_no_agency(target: Target, attacker: psycopg.Connection) -> None:
    with target.world.web() as anonymous:
        for connection in (attacker, anonymous):
            for chain in (uuid.UUID(int=0), target.world.agencies["hub"]):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("select accord.audit_append(%s::jsonb)", [event(chain, "sign-in-refused")])


@pytest.mark.line(105)
def test_a_disclosure_history_names_who_really_read_despite_a_forged_line(target: Target) -> None:
    """Elena writes, with a statement of Elena's own, that Alma read; and details in no known form."""
    harbor, person = target.known.owner, target.known.person
    told = json.loads(event(harbor, "read-by-partner", person))[0]
    bound = rings.details_bound(str(harbor), told)
    with target.world.as_("elena"):
        version, public = vault.newest_public(agencies=[harbor], code=rings.LOG_KEY)[harbor]
    forged = [
        {
            **told,
            **rings.seal_details_towards({"by": "Alma", "kinds": 5, "basis": [1], "to": {}}, bound, version, public),
        },
        {**told, **rings.seal_details_towards({"kinds": ["needs"]}, bound + b"x", version, public)},
        {**told, "key": 99, "sealed": "###", "source": {"not": "text"}, "outcome": {"not": "text"}},
    ]
    with target.world.web() as elena:
        elena.execute("select set_config('accord.ticket', %s, false)", [target.world.session("elena").ticket])
        elena.execute("select accord.audit_append(%s::jsonb)", [json.dumps(forged)])
    with target.world.as_("aisha") as aisha:
        lines = audit.disclosures(owner=harbor, person=person, opens=aisha.opens)[-3:]
    assert [(line.by, line.partner, line.kinds) for line in lines] == [("Elena", "Riverbend Legal Aid", ())] * 3
    assert target.world.client("adele").get("/agency/log/").status_code == 200
    with target.world.owner() as owner:
        assert all(chain.holds for chain in verify.chains(owner))


def test_names_are_given_for_ones_own_log_only(target: Target, attacker: psycopg.Connection) -> None:
    ask = "select name from accord.audit_names(array(select generate_series(1, 500)))"
    assert {name for (name,) in attacker.execute(ask).fetchall()} == {"Ben", "Bea"}
    with target.world.web() as anonymous:
        assert anonymous.execute(ask).fetchall() == []


# Earlier holes ------------------------------------------------------------------------------------------------------


def test_a_second_factor_is_not_replaced_with_the_passphrase_alone(target: Target) -> None:
    state = accounts.open_session(user_name="chidi", passphrase=riverbend.PASSPHRASE)
    with pytest.raises(Refused):
        accounts.enrol_factor(account=state.account, secret=state.account_secret, factor=sealing.new_secret()[:20])
