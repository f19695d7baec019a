"""The same on every PostgreSQL that Accord supports: floor, path, two agencies, attacks, and a server run by the user.

16 and 18 come with Accord. 15 is Debian's: found, or installed if this runs as root. If neither works, the end of the
run says in a separate line what was not proved, and why.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from accord.core import postgres
from tests.doors import own_server
from tests.region import ROOT
from tests.steps.commands import accord
from tools import debian_postgres

WHAT = ("tests/floor", "tests/path", "tests/two_agencies", "tests/attack", "tests/faults/test_backup.py")
VERSIONS = (15, 16, 18)
OTHERS = sorted(set(VERSIONS) - {int(os.environ.get("ACCORD_POSTGRES", "18"))})


@pytest.fixture
def installed(version: int, record_property: Callable[[str, object], None]) -> int:
    """Return the version, with its programs on this machine."""
    if version not in postgres.BUNDLED:
        try:
            debian_postgres.ensure(version)
        except debian_postgres.NoPostgres as missing:
            record_property(f"not proved: PostgreSQL {version}: {missing}", 1)
            pytest.skip(str(missing))
    return version


@pytest.mark.prove
@pytest.mark.parametrize("version", OTHERS)
def test_on_another_postgresql(installed: int, proved: Callable[[str, int], None]) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "PYTEST_"))}
    environment["ACCORD_POSTGRES"] = str(installed)
    command = [sys.executable, "-m", "pytest", "-m", "not prove", "--durations=0", *WHAT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None and not re.search("skipped", done.stdout.splitlines()[-1])
    proved(f"tests of floor, path, two agencies and attacks pass on PostgreSQL {installed}", int(passed[1]))


class Site:
    """An installation on a server run by the user, used only through its commands and pages."""

    def __init__(self, admin: str, var: Path) -> None:
        self.admin, self.var = admin, var
        self.places = {
            "DATABASE_URL": admin.replace("administrator:" + admin.split(":")[2].split("@")[0] + "@", "").replace(
                "/postgres", "/accord"
            ),
            "ACCORD_ADMIN_URL": admin,
        }

    def says(self, *words: str) -> str:
        """Run one command that must succeed."""
        done = accord(self.var, *words, **self.places)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def served(self) -> Iterator[str]:
        """Run `accord serve` until it answers; yields its address."""
        port = own_server.free_port()
        environment = {**os.environ, **self.places, "ACCORD_VAR": str(self.var), "ACCORD_PLAIN_HTTP": "1"}
        code = "import sys; from accord.cli import main; sys.exit(main())"
        words = [sys.executable, "-c", code, "serve", "--port", str(port), "--workers", "1"]
        with subprocess.Popen(words, env=environment, start_new_session=True) as process:
            try:
                yield answering(f"http://127.0.0.1:{port}", process)
            finally:
                process.terminate()
                process.wait(30)


def answering(address: str, process: subprocess.Popen[bytes]) -> str:
    """Return the address once it answers; the server does not say when it is ready."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address + "/sign-in/") as page:
                assert page.status == 200
                return address
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("accord serve does not answer")


def join(address: str, code: str) -> int:
    """Return the status of the page that takes a one-time code: it is read from the database as `web`."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(address + "/join/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = urllib.parse.urlencode({"code": code, "csrfmiddlewaretoken": token[1]}).encode()
    try:
        return int(browser.open(address + "/join/", form).status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.prove
@pytest.mark.parametrize("version", VERSIONS)
def test_an_external_server(installed: int, tmp_path: Path, proved: Callable[[str, int], None]) -> None:
    """As `run-a-server.md` says: set up, verify, serve, back up, rebuild the database from the two files."""
    with own_server.serving(tmp_path, installed) as admin:
        assert own_server.version_of(admin) == installed
        site = Site(admin, tmp_path / "var")
        code = site.says("init").split(": ")[1].split("\n")[0]
        assert "are correct" in site.says("verify")
        with site.served() as address:
            assert (join(address, code), join(address, "00" * 12)) == (200, 422)
        files = [str(tmp_path / "data.accord"), str(tmp_path / "keys.accord")]
        site.says("backup", *files)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("alter database accord rename to accord_old")
        assert "is the newest" in site.says("restore", *files)
        assert "are correct" in site.says("verify")
        site.says("init")  # brings it up to date, and changes nothing
        assert "are correct" in site.says("verify")
        with site.served() as address:
            assert (join(address, code), join(address, "00" * 12)) == (200, 422)
        if installed == 15:
            assert_it_says_what_is_missing(site, admin)
    proved(f"set up, served, backed up and restored on a PostgreSQL {installed} server of one's own", 1)


def assert_it_says_what_is_missing(site: Site, admin: str) -> None:
    """Check the former fault, that no role may look into the tables' schema, and an administrator who is none."""
    with psycopg.connect(admin.replace("/postgres", "/accord"), autocommit=True) as connection:
        connection.execute("revoke usage on schema public from accord_web, accord_reader, accord_backup")
        connection.execute("create role half login password 'half' createrole createdb")
    done = accord(site.var, "verify", **site.places)
    assert done.returncode == 1 and "role accord_web: cannot read" in done.stdout
    assert "role accord_backup: cannot read" in done.stdout and "schema public" in done.stdout
    half = admin.replace(admin.split("//")[1].split("@")[0], "half:half")
    done = accord(site.var, "init", **{**site.places, "ACCORD_ADMIN_URL": half})
    assert done.returncode == 1 and "not a superuser" in done.stderr
    site.says("init")
    assert "are correct" in site.says("verify")
