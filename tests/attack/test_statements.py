"""An attacker who can run one SQL statement as `web`: without a ticket, with a guessed, expired, own or stolen one."""

from __future__ import annotations

import secrets
import uuid

import psycopg
import pytest

from accord.core.floors import Floor
from accord.sharing import floor
from accord.sharing import queries as sharing
from accord.sharing import services as records
from tests.attack.target import NAME, Target, nothing_is_read
from tests.steps.records import open_record, release_to

WRITTEN = {table: model.writing for table, model in floor.models().items() if getattr(model, "writing", None)}
REMOVED_FROM = {table for table, writing in WRITTEN.items() if writing.removes}


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
            if kept not in (Floor.SYSTEM, Floor.QUEUE):
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
        "update membership_membership set roles = '{operator,officer,supervisor}'",
        "insert into membership_membership (owner, id) values (accord.actor_agency(), gen_random_uuid())",
        "insert into membership_invitation (owner, id) values (accord.actor_agency(), gen_random_uuid())",
        "update agencies_agency set kind = 'community'",
        "insert into agreements_agreement (owner, id) values (accord.actor_agency(), gen_random_uuid())",
        "insert into agreements_permit (owner, agreement) values (accord.actor_agency(), gen_random_uuid())",
        "insert into agreements_signature (owner, agreement) values (accord.actor_agency(), gen_random_uuid())",
        "update vault_ringkey set public = ''",
        "delete from agreements_pin",
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
    for table in REMOVED_FROM:
        assert attacker.execute(f"delete from {table} where owner = %s", [person.owner]).rowcount == 0
    for table, writing in WRITTEN.items():
        for column in writing.changes[:1]:
            same = f"update {table} set {column} = {column} where owner = %s"
            assert attacker.execute(same, [person.owner]).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        *(f"delete from {table}" for table in sorted(floor.tables().keys() - REMOVED_FROM)),
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
        "update work_task set about = gen_random_uuid()",
        "update accounts_notice set code = 'share-ended'",
        "insert into accounts_notice (owner, id, origin, code, at) "
        "values (accord.actor_agency(), gen_random_uuid(), accord.actor_agency(), 'share-ended', accord.now())",
        "insert into agreements_pin (owner, partner, code, version, public_hash, at) "
        "values (accord.actor_agency(), gen_random_uuid(), 'needs', 9, '', accord.now())",
        "insert into exchange_step (owner, asker, exchange, answerer, step, code, action, state, topic, readers, former, "
        "ring_version, sealed, own_ring_version, sealed_own, at, by) select owner, owner, gen_random_uuid(), owner, 1, "
        "'totals', 'submit', 'submitted', 'people_served 1 2026-1', '{}', '', 1, '', 1, '', accord.now(), "
        "accord.actor_membership() from agencies_agency limit 1",
        "update exchange_step set state = 'reopened'",
        "delete from exchange_step",
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
            "update work_task set done_at = null where done_at is not null",
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
