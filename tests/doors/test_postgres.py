"""The embedded PostgreSQL: closed to everyone else, and hard to break. Runs as root and as an ordinary user."""

from __future__ import annotations

import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from accord.core import postgres
from accord.core.postgres import Cluster, DatabaseUnavailable

Make = Callable[..., Cluster]
ENSURE = """import sys, pathlib
from accord.core.postgres import Cluster
print(Cluster(pathlib.Path(sys.argv[1]), fast=True).ensure())
"""


@pytest.fixture
def make() -> Iterator[Make]:
    """Return a function that makes clusters, which are stopped at the end."""
    made: list[Cluster] = []

    def one(folder: Path, version: int = 18) -> Cluster:
        made.append(Cluster(folder, version, fast=True))
        return made[-1]

    yield one
    for cluster in made:
        cluster.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running cluster that no test stops or breaks. pytest's folders are closed to other users (0700)."""
    cluster = Cluster(tmp_path_factory.mktemp("shared"), fast=True)
    cluster.ensure()
    yield cluster
    cluster.stop()


def connect(cluster: Cluster) -> psycopg.Connection[tuple[str, ...]]:
    return psycopg.connect(cluster.dsn(*cluster.superuser, "postgres"), autocommit=True)


def ask(cluster: Cluster, statement: str) -> str:
    with connect(cluster) as connection:
        row = connection.execute(statement).fetchone()
    assert row
    return row[0]


def server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def kill(pid: int) -> None:
    """Kill, and return when the kernel says that it is dead."""
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    assert select.select([handle], [], [], 30)[0]
    os.close(handle)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("permissions", [0o700, 0o755])
def test_it_is_made_in_closed_and_open_folders_and_found_running_again(make: Make, permissions: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(permissions)
        cluster = make(folder / "var")
        assert cluster.ensure() is True
        assert cluster.ensure() is False
        assert make(folder / "var").running()
        assert ask(cluster, "show server_version").startswith("18.")
        assert mode(folder) == permissions, "no folder of the user's is opened for the server"
        cluster.stop()
        assert not cluster.running()


def test_its_programs_may_be_in_a_closed_folder_too(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone in /root has its environment there as well."""
    cluster = make(tmp_path / "var")
    package = cluster.program("initdb").parents[2]
    copy = tmp_path / "closed" / package.name
    copy.parent.mkdir(mode=0o700)
    shutil.copytree(package / "pginstall18", copy / "pginstall18")
    shutil.copytree(package.with_name(f"{package.name}.libs"), copy.with_name(f"{package.name}.libs"))
    monkeypatch.setattr(cluster, "program", lambda name: copy / "pginstall18/bin" / name)
    assert cluster.ensure() is True


def test_the_second_version_serves_too(make: Make, tmp_path: Path) -> None:
    cluster = make(tmp_path, 16)
    cluster.ensure()
    assert ask(cluster, "show server_version").startswith("16.")
    assert ask(cluster, "select lower('ÉÑ')") == "éñ"


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_is_refused_to_everyone(shared: Cluster, password: str) -> None:
    for database in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(shared.dsn("postgres", password, database))


def test_no_one_else_on_the_machine_gets_near_it(shared: Cluster) -> None:
    assert ask(shared, "show listen_addresses") == ""
    closed = [shared.home, shared.data, shared.socket_folder, shared.socket_folder / ".s.PGSQL.5432"]
    assert [mode(path) for path in closed] == [0o700] * 4
    assert {mode(path) for path in shared.home.iterdir() if path.is_file()} == {0o600}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("fsync", "off"),
        ("log_min_messages", "log"),
        ("log_statement", "none"),
    ],
)
def test_it_runs_with_our_settings(shared: Cluster, name: str, value: str) -> None:
    assert ask(shared, f"show {name}") == value


def test_the_product_does_not_trade_safety_for_speed(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        cluster.ensure()
        assert [ask(cluster, f"show {name}") for name in {**postgres.FAST, **postgres.QUICK_PASSWORDS}] == [
            "on",
            "on",
            "4096",
        ]
    finally:
        cluster.stop()


def test_a_failing_statement_leaves_no_value_in_the_log(shared: Cluster) -> None:
    secret = f"Maribel{uuid.uuid4().hex}"
    with connect(shared) as connection:
        connection.execute("create table person (name text primary key)")
        connection.execute("insert into person values (%s)", [secret])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into person values (%s)", [secret])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("select %s::text::uuid", [secret])
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute(f'select "{secret}"')
    assert "ready to accept connections" in shared.log.read_text()
    assert secret not in shared.log.read_text()


def test_it_comes_back_after_a_kill_with_what_was_committed(make: Make, tmp_path: Path) -> None:
    cluster = make(tmp_path)
    cluster.ensure()
    with connect(cluster) as connection:
        connection.execute("create table kept as select 7 as number")
        kill(server_pid(cluster))
        assert not cluster.running()
        assert cluster.ensure() is True
    assert ask(cluster, "select number from kept") == 7


def test_it_outlives_the_command_that_started_it(make: Make, tmp_path: Path) -> None:
    waiting = ENSURE + "sys.stdout.flush(); sys.stdin.read()"
    command = [sys.executable, "-c", waiting, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, start_new_session=True) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"True\n"
        os.killpg(starter.pid, signal.SIGKILL)
    assert make(tmp_path).ensure() is False


def test_many_at_once_start_one(make: Make, tmp_path: Path) -> None:
    make(tmp_path)
    command = [sys.executable, "-c", ENSURE, str(tmp_path)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sorted(starter.communicate()[0] for starter in starters) == ["False\n"] * 3 + ["True\n"]


def test_a_half_made_one_is_made_again(make: Make, tmp_path: Path) -> None:
    cluster = make(tmp_path)
    (cluster.home / "data.new/base").mkdir(parents=True, mode=0o700)
    cluster.home.chmod(0o700)
    (cluster.home / "data.new/PG_VERSION").write_text("18\n")
    cluster.ensure()
    assert not (cluster.home / "data.new").exists()
    assert cluster.running()


def test_a_folder_may_move_while_its_server_runs(make: Make) -> None:
    with tempfile.TemporaryDirectory() as name:  # short, so that the socket moves along
        make(Path(name, "here")).ensure()
        Path(name, "here").rename(Path(name, "there"))
        moved = make(Path(name, "there"))
        assert moved.ensure() is False
        moved.stop()
        assert moved.ensure() is True
        moved.stop()


def test_a_copied_folder_leaves_the_original_alone(make: Make, tmp_path: Path) -> None:
    """The copy's pid file names the original's running server: not ours to stop, and no reason not to start."""
    original = make(tmp_path / "here")
    original.ensure()
    with connect(original) as connection:
        connection.execute("checkpoint")
    pid = server_pid(original)
    subprocess.run(["cp", "-a", tmp_path / "here", tmp_path / "there"], check=True)
    copy = make(tmp_path / "there")
    assert copy.ensure() is True
    assert server_pid(original) == pid != server_pid(copy)
    copy.stop()
    assert original.running()


def test_a_path_too_long_for_a_socket_gets_a_folder_of_its_own(make: Make, tmp_path: Path) -> None:
    cluster = make(tmp_path / ("long" * 25) / "it's, here")
    assert cluster.socket_folder.parent == Path("/tmp")
    cluster.ensure()
    assert mode(cluster.socket_folder) == 0o700
    assert cluster.socket_folder.stat().st_uid == os.geteuid()
    assert ask(cluster, "select 1::text") == "1"
    cluster.stop()
    assert not cluster.socket_folder.exists()


@pytest.mark.parametrize("trap", ["open to others", "a link"])
def test_a_socket_folder_that_someone_else_could_have_prepared_is_refused(tmp_path: Path, trap: str) -> None:
    cluster = Cluster(tmp_path / ("long" * 25), fast=True)
    if trap == "a link":
        (tmp_path / "mine").mkdir(mode=0o700)
        cluster.socket_folder.symlink_to(tmp_path / "mine")
    else:
        cluster.socket_folder.mkdir()
        cluster.socket_folder.chmod(0o777)
    try:
        with pytest.raises(DatabaseUnavailable, match="Remove it"):
            cluster.ensure()
    finally:
        cluster.socket_folder.unlink() if trap == "a link" else cluster.socket_folder.rmdir()


def test_a_folder_of_another_user_is_refused_in_one_sentence(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    cluster.home.mkdir(mode=0)
    if os.geteuid() == 0:  # root, which no mode stops
        os.chown(cluster.home, 1, 1)
    with pytest.raises(DatabaseUnavailable, match=r"belongs to another user|Cannot open"):
        cluster.ensure()


def test_a_lost_password_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"superuser\.password"):
        Cluster(tmp_path).superuser  # noqa: B018


def test_a_missing_wheel_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        Cluster(tmp_path).ensure()


def test_root_without_setpriv_learns_what_to_do_and_others_do_not_need_it(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = make(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "which", lambda _: None)
        if os.geteuid() == 0:
            with pytest.raises(DatabaseUnavailable, match="setpriv"):
                cluster.ensure()
        else:
            assert cluster.ensure() is True


def test_an_initdb_that_fails_says_why_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(tmp_path)
    monkeypatch.setattr(postgres, "SUPERUSER", "pg_reserved")
    with pytest.raises(DatabaseUnavailable, match=r"initdb failed \(.*pg_"):
        cluster.ensure()
    assert not cluster.data.exists()


def test_a_connection_string_carries_any_password(shared: Cluster) -> None:
    password = "a b'c\\d\"e=f&ü"
    found = conninfo_to_dict(shared.dsn("web", password, "accord"))
    assert found["password"] == password
    assert (found["host"], found["port"]) == tuple(map(str, shared.connection_params().values()))
