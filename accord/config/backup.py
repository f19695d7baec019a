"""Back up Accord into two files, one for data and one for keys.

The data file holds every table that has no keys, and it can't be read without the key file. The key file holds
everything that decrypts data or gives access: accounts, memberships, the ring, data keys, shares with their keys,
agreements, assignments, and the host's own key for second factors.

Keep only the newest key file. Otherwise, something that was revoked, erased, or ended later could come back. `restore`
takes a data file of any age with the newest key file. With an older key file, every share is suspended until its owner
confirms it. A number shows which key file is newest. The number is stored in `var/` and printed.

A file is one line of JSON (`Head`), then a dump in PostgreSQL's custom format. Sessions, forms saved for a day, sign-in
counters, and the job queue are in neither file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from psycopg import sql

from accord.config import install
from accord.config.database import Databases
from accord.config.pair import BackupRefused, alone, checked, pair, sentences
from accord.core.files import create, write_whole
from accord.core.floors import Backup, Floor
from accord.core.postgres import programs_for
from accord.sharing import floor

DATA, KEYS = "data", "keys"
FORMAT = 1


def tables_in(part: Backup) -> list[str]:
    """Return the tables whose rows go into this part of a backup."""
    ours = {table for table, model in floor.models().items() if floor.declared(model, "backup") is part}
    queue = {table for table, kept in floor.ASSIGNED.items() if kept is Floor.QUEUE}
    return sorted(ours | queue if part is Backup.LEFT_OUT else ours)


@dataclass(frozen=True)
class Head:
    """The first line of a backup file."""

    part: str
    number: int
    made_at: str
    counts: dict[str, int]
    host: str = ""  # only in a key file
    demo: bool = False
    format: int = field(default=FORMAT)


@dataclass(frozen=True)
class Restored:
    """The result of a restore."""

    counts: dict[str, int]
    newest: bool
    suspended: int


def number_file(database: str = "") -> Path:
    """Return the path of the file that stores the number of this database's newest key file."""
    databases = Databases(install.var_folder())
    return databases.var / f"backup-{database or databases.name}.json"


def last_number(database: str = "") -> int:
    """Return the number of this database's newest key file, or 0 if `var/` has none.

    Raises BackupRefused if the number can't be read. If 0 were assumed, an older key file could be treated as the
    newest.
    """
    file = number_file(database)
    try:
        return int(json.loads(file.read_text())["number"]) if file.exists() else 0
    except (ValueError, TypeError, KeyError):
        raise BackupRefused(
            f'{file} is damaged. Write {{"number": N}} into it, with the number that the last backup printed.'
        ) from None


def _keep_number(number: int, database: str) -> None:
    write_whole(number_file(database), json.dumps({"number": number}))


def back_up(data: Path, keys: Path, database: str = "") -> Head:
    """Write both files from one snapshot, count their rows, and only then put both in place.

    If this raises BackupRefused, the earlier files are unchanged.
    """
    databases = Databases(install.var_folder())
    places = checked(data, keys)
    with alone(number_file(database).with_suffix(".lock")):
        number = last_number(database) + 1
        with _answering("Nothing was changed."), pair(*places) as beside:
            with _moment(database) as (snapshot, made_at, counts):
                key_tables = tables_in(Backup.KEYS)
                of_data = {table: count for table, count in counts.items() if table not in key_tables}
                of_keys = {table: count for table, count in counts.items() if table in key_tables}
                heads = (
                    Head(DATA, number, made_at, of_data, demo=databases.is_demo),
                    Head(KEYS, number, made_at, of_keys, databases.secret("host"), databases.is_demo),
                )
                hidden = [f"--exclude-table-data=public.{table}" for table in key_tables + tables_in(Backup.LEFT_OUT)]
                only = [f"--table=public.{table}" for table in key_tables]
                _dump(beside[0], heads[0], ["--schema=public", *hidden], snapshot, database)
                _dump(beside[1], heads[1], ["--data-only", *only], snapshot, database)
            for name, path, head in zip((data, keys), beside, heads, strict=True):
                if rows_in(path, database) != {table: count for table, count in head.counts.items() if count}:
                    raise BackupRefused(f"{name} would not match the database. Nothing was changed.")
        written = f"Both files were written, but their number could not be saved. Write it down: {number}."
        with sentences(written):
            _keep_number(number, database)
    return heads[1]


@contextmanager
def _answering(then: str) -> Iterator[None]:
    """Turn the loss of a database connection into a one-sentence error. `then` says what the failure means for the
    user."""
    try:
        yield
    except psycopg.Error as error:
        # The error's text can quote a value, but its class can't.
        raise BackupRefused(
            f"The database stopped responding or refused the request ({type(error).__name__}). {then}"
        ) from None


@contextmanager
def _moment(database: str) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Yield three things: one snapshot for both files, its time, and each table's row count in the snapshot."""
    with install.connect_as("owner", database) as owner:
        owner.execute("set transaction isolation level repeatable read, read only")
        snapshot = owner.execute("select pg_export_snapshot()").fetchone()
        tables = owner.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        counts, left_out = {}, tables_in(Backup.LEFT_OUT)
        for (table,) in tables:
            row = owner.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
            counts[table] = 0 if table in left_out or row is None else int(row[0])
        now = owner.execute("select to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')").fetchone()
        assert snapshot is not None and now is not None
        yield snapshot[0], now[0], counts


def _run(program: str, role: str, database: str, options: Sequence[str], **streams: BinaryIO | int) -> bytes:
    """Run one of PostgreSQL's programs as one of our roles. The password is passed in the environment, so that the
    process list does not show it."""
    command, environment = _command(program, role, database, options)
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False, **streams)  # type: ignore[call-overload] # noqa: S603
    if done.returncode:
        raise _failed(program, done.returncode)
    return done.stdout or b""


def _failed(program: str, code: int) -> BackupRefused:
    # The program's own output can quote a row.
    return BackupRefused(f"PostgreSQL's {program} ended with {code}. Nothing was changed.")


def _command(program: str, role: str, database: str, options: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    databases = Databases(install.var_folder())
    place = databases.connection(role)
    environment = {
        "PGHOST": place["HOST"],
        "PGPORT": place["PORT"],
        "PGUSER": place["USER"],
        "PGPASSWORD": place["PASSWORD"],
        "PGDATABASE": database or databases.name,
        "PATH": os.defpath,
        "LC_ALL": "C",
    }
    return [str(programs_for(_version(database)) / program), *options], environment


def _version(database: str) -> int:
    """Return the server's major version, because a dump needs programs that are at least as new."""
    with install.connect_as("owner", database) as owner:
        return owner.info.server_version // 10000


def _dump(path: Path, head: Head, options: Sequence[str], snapshot: str, database: str) -> None:
    with os.fdopen(create(path), "wb") as out:
        out.write(json.dumps(asdict(head)).encode() + b"\n")
        # The dump runs as `backup`, whose own policy shows it every row. Without --enable-row-security, pg_dump would
        # refuse.
        always = [
            "--format=custom",
            "--enable-row-security",
            "--no-owner",
            "--no-acl",
            "--no-policies",
            "--no-comments",
        ]
        command, environment = _command("pg_dump", "backup", database, [*always, f"--snapshot={snapshot}", *options])
        # The dump goes through a pipe. In a file, pg_dump would seek back to where it thinks the file starts.
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as dump:  # noqa: S603
            assert dump.stdout is not None
            shutil.copyfileobj(dump.stdout, out)
        if dump.returncode:
            raise _failed("pg_dump", dump.returncode)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Head, BinaryIO]]:
    """Yield two things: the head, and the file positioned at the dump's first byte (unbuffered, so that a program can
    read on from there)."""
    try:
        with path.open("rb") as file:
            line = file.readline(1_000_000)
        head = Head(**json.loads(line))
    except OSError as error:
        raise BackupRefused(f"Cannot read {path}: {error.strerror}.") from None
    except (ValueError, TypeError):
        raise BackupRefused(f"{path} is not a backup of Accord.") from None
    if head.format != FORMAT:
        raise BackupRefused(f"{path} was made by another version of Accord.")
    with path.open("rb", buffering=0) as file:
        file.seek(len(line))
        yield head, file


def rows_in(path: Path, database: str = "") -> dict[str, int]:
    """Count each table's rows in the backup file itself. Empty tables are left out."""
    found: dict[str, int] = {}
    with _opened(path) as (_, file):
        text = _run("pg_restore", "backup", database, ["--data-only", "--file=-"], stdin=file, stdout=subprocess.PIPE)
    table = ""
    for line in text.split(b"\n"):
        if line.startswith(b"COPY public.") and not table:
            table = line.split(b" ")[1].removeprefix(b"public.").decode()
        elif line == b"\\.":
            table = ""
        elif table:
            found[table] = found.get(table, 0) + 1
    return found


def restore(data: Path, keys: Path, *, number: int | None = None, database: str = "", admin_url: str = "") -> Restored:
    """Create the database from the two files. If `var/` is lost, `number` is the number of the newest key file.

    Raises BackupRefused if there is already a database, or if one of the files is the wrong kind of file.
    """
    with _answering("The restore is incomplete. Remove that database, then restore again."):
        return _restored(data, keys, number, database, admin_url)


def _restored(data: Path, keys: Path, number: int | None, database: str, admin_url: str) -> Restored:
    databases = Databases(install.var_folder())
    with _opened(data) as (head, data_dump), _opened(keys) as (key_head, key_dump):
        if (head.part, key_head.part) != (DATA, KEYS):
            raise BackupRefused("Give the data file first, then the key file.")
        databases.make_secrets(demo=key_head.demo, host=key_head.host)
        if databases.secret("host") != key_head.host:
            raise BackupRefused("This folder belongs to a different installation than the key file.")
        known = number if number is not None else last_number(database)
        newest = bool(known) and key_head.number >= known
        install.prepare_server(databases, admin_url, database)
        with install.connect_as("owner", database) as owner:
            if owner.execute("select 1 from pg_tables where schemaname = 'public'").fetchone():
                raise BackupRefused("There is already a database. Restore to an empty place.")
        _fill(data_dump, ["--schema=public"], database)
        install.setup_django()
        install.migrate(**({"NAME": database} if database else {}))
        _fill(key_dump, ["--data-only"], database)
    expected = head.counts | key_head.counts
    with install.connect_as("owner", database) as owner:
        counts = _counted(owner, expected)
        suspended = 0 if newest else owner.execute(SUSPEND).rowcount
        owner.execute("select accord.sweep_lapsed()")
        owner.execute("select accord.sweep_erased()")
        owner.execute("select accord.exchanges_sweep()")
    _keep_number(max(key_head.number, known), database)
    return Restored(counts, newest, suspended)


def _fill(dump: BinaryIO, options: Sequence[str], database: str) -> None:
    """Load a dump into the database completely or not at all.

    The dump goes through a script, because pg_restore sets a time limit that PostgreSQL versions before 17 do not
    support.
    """
    script, environment = _command("pg_restore", "owner", database, ["--file=-", "--no-owner", "--no-acl", *options])
    reading = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    into, _same = _command("psql", "owner", database, reading)
    quiet: dict[str, Any] = {"env": environment, "stderr": subprocess.DEVNULL}
    with (
        subprocess.Popen(script, stdin=dump, stdout=subprocess.PIPE, **quiet) as source,  # noqa: S603
        subprocess.Popen(into, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **quiet) as target,  # noqa: S603
    ):
        assert source.stdout is not None and target.stdin is not None
        with suppress(BrokenPipeError), target.stdin:
            for line in source.stdout:
                if line != b"SET transaction_timeout = 0;\n":
                    target.stdin.write(line)
            if source.wait():
                target.kill()  # keep nothing from an incomplete dump
    for program, process in (("pg_restore", source), ("psql", target)):
        if process.returncode:
            raise _failed(program, process.returncode)


SUSPEND = (
    "update sharing_share set suspended_at = accord.now() "
    "where (suspended_at is null or suspended_at > accord.now()) and withdrawn_at is null"
)


def _counted(owner: psycopg.Connection, expected: dict[str, int]) -> dict[str, int]:
    counts = {}
    for table, count in expected.items():
        row = owner.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
        counts[table] = int(row[0]) if row else 0
        # Migrations may have added rows about themselves.
        if counts[table] != count and table != "django_migrations":
            raise BackupRefused(f"Rows are missing in {table}: {counts[table]} of {count} were restored.")
    return counts
