"""The floor: the database matches what `sharing/floor.py` writes, and shows each agency its own rows."""

from __future__ import annotations

import subprocess
import sys
import uuid

import psycopg
import pytest
from django.apps import apps

from accord.config import guard, verify
from accord.core.floors import Floor
from accord.sharing import floor
from tests import region
from tests.region import World
from tests.steps.records import handle, open_record, release_to

TABLES = floor.tables()
CLOCK = region.CLOCK_FOUND


@pytest.fixture(scope="module")
def shared(world: World) -> World:
    """Return a world with a person of Harbor House, shared with Legal Aid."""
    known = open_record(world)
    release_to(world, known)
    handle(world, "elena")
    return world


def ticketed(world: World, user: str) -> psycopg.Connection:
    connection = world.web()
    connection.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
    return connection


def test_every_table_of_the_database_has_a_floor(world: World) -> None:
    with world.owner() as owner:
        there = {name for (name,) in owner.execute("select tablename from pg_tables where schemaname = 'public'")}
    assert there == set(TABLES)


def test_a_model_without_a_floor_fails_the_build() -> None:
    with pytest.raises(LookupError):
        floor._floor_of(type("Bare", (), {}))


def test_the_database_matches_what_the_file_writes(world: World) -> None:
    with world.owner() as owner:
        assert verify.floor_differences(owner) == CLOCK


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("alter policy reads on sharing_entry using (true)", "policy reads of sharing_entry"),
        ("grant update on audit_event to accord_web", "table audit_event"),
        ("alter table sharing_person disable row level security", "table sharing_person"),
        ("grant select (sealed) on sharing_entry to accord_worker", "column sealed of sharing_entry"),
        ("create function accord.peek() returns int language sql as 'select 1'", "function accord.peek()"),
        ("create view everything as select * from sharing_entry", "table everything"),
        ("grant execute on function accord.live_session() to accord_web", "function accord.live_session()"),
    ],
)
def test_verify_names_every_change(world: World, change: str, named: str) -> None:
    with world.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute(change)
        assert set(verify.floor_differences(owner)) == {named, *CLOCK}


def test_the_clock_in_force_is_the_one_that_is_written(world: World) -> None:
    """Its body is parsed at creation, so it is compared as PostgreSQL reads it back."""
    with world.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute(floor.CLOCK)
        assert verify.floor_differences(owner) == CLOCK[1:]
        owner.execute(floor.CLOCK.replace("pg_catalog.now()", "pg_catalog.now() - interval '1 day'"))
        assert verify.floor_differences(owner) == CLOCK


def test_the_floor_shows_what_the_table_below_says(shared: World) -> None:
    """Rows per table: of Harbor House by its own staff, of Harbor House by police, anything by someone without a
    ticket."""
    harbor = shared.agencies["harbor"]
    with (
        ticketed(shared, "alma") as own,
        ticketed(shared, "ben") as other,
        shared.web() as no_one,
        shared.owner() as all_,
    ):
        for table, kept in TABLES.items():
            count = f"select count(*) from {table}"
            if kept is Floor.SYSTEM:
                for connection in (own, other, no_one):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(count)
                continue
            assert no_one.execute(count).fetchone()[0] == 0 or kept is Floor.PUBLIC, table
            if kept is Floor.COALITION:
                assert (
                    other.execute(count).fetchone() == own.execute(count).fetchone() == all_.execute(count).fetchone()
                )
                continue
            mine = f"{count} where owner = %s"
            hidden = " and at <= accord.now()" if table == "accounts_notice" else ""
            expected = all_.execute(mine + hidden, [harbor]).fetchone()
            assert own.execute(mine, [harbor]).fetchone() == expected, table
            assert other.execute(mine, [harbor]).fetchone()[0] == 0, table


def test_a_recipient_sees_what_is_in_force_and_not_a_row_more(shared: World) -> None:
    harbor = shared.agencies["harbor"]
    with ticketed(shared, "elena") as elena:
        kinds = elena.execute("select distinct kind from sharing_entry where owner = %s", [harbor]).fetchall()
        assert {kind for (kind,) in kinds} == {"identity.name", "contact.safe", "needs"}
        for table in ("sharing_person", "sharing_datakey", "sharing_assignment", "sharing_searchtoken", "audit_event"):
            assert elena.execute(f"select count(*) from {table} where owner = %s", [harbor]).fetchone()[0] == 0


def test_the_reader_cannot_write_anywhere(shared: World) -> None:
    with ticketed(shared, "alma") as alma:
        alma.execute("set role accord_reader")
        for table in TABLES:
            for privilege in ("insert", "update", "delete", "truncate", "references", "trigger"):
                found = alma.execute("select has_table_privilege(current_user, %s, %s)", [table, privilege])
                assert found.fetchone() == (False,), (table, privilege)


def test_only_the_owner_changes_or_removes_the_log(world: World) -> None:
    with world.owner() as owner:
        for role in ("accord_web", "accord_reader", "accord_worker", "accord_backup"):
            for table in ("audit_event", "audit_about", "audit_chainhead", "audit_signedhead"):
                for privilege in ("update", "delete", "truncate"):
                    found = owner.execute("select has_table_privilege(%s, %s, %s)", [role, table, privilege])
                    assert found.fetchone() == (False,)


def test_the_worker_reads_no_sealed_column(world: World) -> None:
    with world.owner() as owner:
        for table in TABLES:
            found = owner.execute("select has_table_privilege('accord_worker', %s, 'select')", [table])
            assert found.fetchone() == (False,)


def test_unique_indexes_of_protected_tables_begin_with_the_owner(world: World) -> None:
    """An error about a hidden row's value would reveal that it exists."""
    with world.owner() as owner:
        rows = owner.execute(
            "select i.indrelid::regclass::text, a.attname from pg_index i join pg_attribute a "
            "on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indisunique "
            "and i.indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)"
        ).fetchall()
    protected = {table for table, kept in TABLES.items() if kept in (Floor.OWNED, Floor.SHARED, Floor.SUBMITTED)}
    assert protected
    assert {first for table, first in rows if table in protected} == {"owner"}


def test_no_reference_crosses_agencies_but_a_shares_recipient(world: World) -> None:
    with world.owner() as owner:
        rows = owner.execute(
            "select c.conname, a.attname, array_length(c.conkey, 1) from pg_constraint c join pg_attribute a "
            "on a.attrelid = c.conrelid and a.attnum = c.conkey[1] where c.contype = 'f'"
        ).fetchall()
    assert {name for name, first, _ in rows if first != "owner"} == {
        "share_to_agency",
        "membership_of_account",  # an account belongs to no agency
        "recoverycode_of_account",
    }
    assert {"entry_of_person", "token_of_person", "key_of_share", "seal_of_membership"} <= {name for name, *_ in rows}


def test_sessions_are_unlogged(world: World) -> None:
    with world.owner() as owner:
        found = owner.execute("select relpersistence from pg_class where relname = 'accounts_session'").fetchone()
    assert found == ("u",)


def test_start_up_refuses_a_role_that_the_floor_does_not_bind(world: World) -> None:
    guard.check()  # as web
    found = region.databases()
    user, password = found.cluster().superuser
    dsns = {
        "owner": found.cluster().dsn("accord_owner", found.connection("owner")["PASSWORD"], world.name),
        "superuser": found.cluster().dsn(user, password, world.name),
        "web": found.cluster().dsn("accord_web", found.connection("web")["PASSWORD"], world.name),
    }
    answers = {}
    for who, dsn in dsns.items():
        with psycopg.connect(dsn) as connection:
            answers[who] = bool(guard.faults(connection.cursor()))
    assert answers == {"owner": True, "superuser": True, "web": False}


def test_the_served_application_makes_that_check(world: World) -> None:
    """A process that imports the application as owner does not start."""
    code = (
        "from accord.config import database\n"
        "real = database.Databases.connection\n"
        f"database.Databases.connection = lambda self, role: {{**real(self, 'owner'), 'NAME': '{world.name}'}}\n"
        "import accord.config.wsgi"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode and "Unbound" in done.stderr


def test_time_comes_from_one_function(world: World) -> None:
    """No policy and no function except the clock itself asks PostgreSQL for the time."""
    text = "\n".join(floor.functions()) + "\n".join(line for t, f in TABLES.items() for line in floor.policies(t, f))
    clean = text.replace("accord.now()", "")
    for other in ("now()", "current_timestamp", "clock_timestamp", "current_date", "statement_timestamp"):
        assert other not in clean


def test_every_named_function_fixes_its_search_path(world: World) -> None:
    """Or was parsed at creation, so that there is nothing left to look up."""
    with world.owner() as owner:
        loose = owner.execute(
            "select proname from pg_proc where pronamespace = 'accord'::regnamespace and "
            "not exists (select 1 from unnest(proconfig) c where c like 'search_path=%') and prosqlbody is null"
        ).fetchall()
    assert loose == []


# Readable columns ------------------------------------------------------------------------------------------------------

# Everything about a person is sealed. What may be readable, and why. A column that is not here fails the build.
IDS = {
    "owner",
    "id",
    "person",
    "handle",
    "share",
    "series",
    "revision",
    "epoch",
    "kind",
    "by",
    "membership",
    "recipient",
}
READABLE: dict[str, dict[str, str]] = {
    "sharing_person": {"opened_on": "day of change", "state": "workflow state"},
    "sharing_assignment": {
        "about": "id of a person or a handle",
        "basis": "workflow: assigned, given access, barred",
        "at": "time of change",
        "ended_at": "time of change",
    },
    "sharing_joining": {
        "first": "id of a person",
        "second": "id of a person of the same agency",
        "at": "time of change",
        "parted_at": "workflow state",
    },
    "sharing_datakey": {"ring_version": "which key opens it", "closed": "workflow state"},
    "sharing_share": {
        "purposes": "terms: the floor and the recipient read them",
        "starts_at": "terms",
        "ends_at": "terms",
        "additions": "terms",
        "basis": "terms",
        "basis_id": "id of the release",
        "made_at": "time of change",
        "withdrawn_at": "workflow state: the floor reads it",
        "suspended_at": "workflow state: the floor reads it",
    },
    "sharing_sharekey": {"ring_version": "which key opens it"},
    "sharing_entry": {
        "type": "which form the sealed bytes have",
        "schema": "its version",
        "at": "time of change",
        "replaced_at": "time of change: the floor reads it",
    },
    "sharing_erasure": {
        "reason": "one of four codes, no words",
        "at": "time",
        "confirmed_by": "membership",
        "confirmed_at": "workflow state",
    },
    "sharing_hold": {"at": "time", "ended_at": "workflow state"},
    "sharing_searchtoken": {
        "bucket": "one of 8 to 1,024, about a hundred people to each, under the agency's search key"
    },
    "people_task": {
        "code": "workflow: what kind of task",
        "assignee": "assignee",
        "due_on": "due date",
        "done_at": "workflow state",
        "done_by": "membership",
        "matter": "id of an entry",
    },
    "accounts_notice": {
        "code": "a code without content",
        "at": "time",
        "origin": "the agency it comes from",
        "matter": "id of an agreement, or of a record as the reader's agency knows it",
    },
    "agencies_contactline": {
        "role": "who partners ask for, no survivor",
        "phone": "an agency's number, for agencies with an agreement",
        "hours": "an agency's hours",
        "at": "time",
    },
    "accounts_noticeseen": {"notice": "id", "at": "time"},
    "agencies_membership": {
        "account": "id",
        "name": "the name of a colleague, never of a survivor",
        "roles": "decides what the colleague may do",
        "public": "public key",
        "since": "time",
        "trained_until": "due date",
        "ended_at": "workflow state",
        "reset_at": "workflow state",
    },
    "agencies_reset": {
        "factor": "what the code resets",
        "code_hash": "keyed hash of 96 random bits",
        "at": "time",
        "used_at": "workflow state",
    },
    "agencies_recoverykey": {"public": "public key", "at": "time", "ended_at": "workflow state"},
    "agencies_recoverystart": {"recovery": "id", "at": "time"},
    "vault_recoveryseal": {"recovery": "id", "code": "which key", "version": "which key"},
    "agencies_servedpaper": {
        "process": "the kind of legal request, a code: the hub shows it",
        "came_on": "day it reached the hub",
        "sent_at": "time of change",
        "key_version": "which key opens it",
        "opened_at": "workflow state: the hub shows whether",
        "taken_at": "workflow state: the hub shows whether",
        "taken_by": "id",
    },
    "agencies_machineclient": {
        "ticket_hash": "hash",
        "made_by": "id",
        "made_at": "time",
        "expires_at": "due date",
        "used_at": "time",
        "writes": "decides what it may do",
        "reads": "decides what it may do",
        "purpose": "decides what it may do",
    },
    "agencies_invitation": {
        "name": "the name of a colleague, never of a survivor",
        "roles": "the roles of the new colleague",
        "code_hash": "keyed hash of 96 random bits",
        "at": "time",
        "used_at": "workflow state",
    },
    "agencies_keycheck": {
        "partner": "agency",
        "words": "six words of public keys",
        "at": "time",
    },
    "agencies_agreementrequest": {
        "submitted_to": "the coalition's office: the floor reads it",
        "partner": "agency",
        "at": "time",
        "closed_at": "workflow state",
    },
    "agencies_pin": {
        "partner": "agency",
        "code": "which key",
        "version": "which key",
        "public_hash": "hash of a public key",
        "at": "time",
    },
    "vault_ringseal": {"code": "which key", "version": "which key"},
    "numbers_draft": {
        "measure": "which measure",
        "version": "of the measure",
        "period": "half-year",
        "stamp": "random, new with every slice",
        "ring_version": "which key opens it",
        "at": "time",
    },
    "numbers_submission": {
        "submitted_to": "the statistics unit: the floor reads it",
        "measure": "which measure",
        "version": "of the measure",
        "period": "half-year",
        "state": "workflow state",
        "ring_version": "which key opens it",
        "own_ring_version": "which key opens it in the agency",
        "at": "time",
    },
    "numbers_sum": {
        "measure": "which measure",
        "version": "of the measure",
        "period": "half-year",
        "state": "workflow state",
        "ring_version": "which key opens it",
        "at": "time",
        "decided_at": "time",
        "decided_by": "membership",
        "agencies": "whose submissions: those rows say the same",
        "revisions": "of these submissions",
        "expected": "how many agencies meet people",
        "shown_hash": "salted hash of what may be shown",
    },
    "audit_event": {
        "position": "place in the chain",
        "at": "time",
        "actor_account": "id",
        "actor_membership": "id",
        "actor_agency": "id",
        "source": "network address of the member of staff",
        "action": "what was done, a code",
        "outcome": "how it ended, a code",
        "line": "the same as JSON, as hashed, with its details sealed (tests/attack/test_dump.py)",
        "hash": "link of the chain",
    },
    "audit_about": {"position": "place in the chain"},
    "audit_signedhead": {
        "position": "place in the chain",
        "hash": "link of the chain",
        "signature": "signature",
        "key_version": "which key",
    },
}


def test_readable_columns_are_on_the_list() -> None:
    protected = (Floor.OWNED, Floor.SHARED, Floor.SUBMITTED)
    found = {}
    for model in apps.get_models():
        if model.floor in protected:
            columns = {field.attname for field in model._meta.concrete_fields if field.attname != "pk"}
            found[model._meta.db_table] = columns - {"sealed", "sealed_own"} - IDS
    assert found == {table: set(columns) for table, columns in READABLE.items()}


def test_lookups_that_start_from_a_strangers_id_find_nothing(shared: World) -> None:
    with ticketed(shared, "ben") as ben:
        for table in ("sharing_person", "sharing_share", "sharing_entry"):
            assert ben.execute(f"select * from {table} where owner = %s", [uuid.uuid4()]).fetchall() == []


# Ids that are not of persons. A column with another name has to be declared as `persons` on its model, or listed here.
NO_PERSON = {
    *("owner", "id", "by", "membership", "assignee", "recipient", "handle", "share", "series", "basis_id", "recovery"),
    *(
        "account",
        "agency",
        "agreement",
        "coalition",
        "giver",
        "taker",
        "partner",
        "submitted_to",
        "origin",
        "notice",
        "made_by",
    ),
    *(
        "actor_account",
        "actor_membership",
        "actor_agency",
        "stamp",
        "decided_by",
        "confirmed_by",
        "taken_by",
        "done_by",
    ),
    "matter",
}


def test_every_id_that_may_name_a_person_says_so(world: World) -> None:
    """Erasing is generated from the models: a column that names a person and is not declared would stay."""
    with world.owner() as owner:
        ids = owner.execute(
            "select table_name, column_name from information_schema.columns "
            "where table_schema = 'public' and data_type = 'uuid' order by 1, 2"
        ).fetchall()
    declared = {(table, column) for table, columns in floor.persons().items() for column in columns}
    unknown = [
        (t, c) for t, c in ids if (t, c) not in declared and (c not in NO_PERSON and (t, c) != ("sharing_person", "id"))
    ]
    assert not unknown, f"declare `persons` on the model, or list the column here as naming no person: {unknown}"
    assert declared <= set(ids)
