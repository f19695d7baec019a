"""A real installation as the guide sets it up: `accord init`, `accord serve --workers 2`, every value as in
production."""

from __future__ import annotations

import base64
import html
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from accord.vault import sealing

STARTS_WITHIN_SECONDS = 180  # on a machine that is busy with other work


@dataclass
class Answer:
    """What the server answered, and how long it took."""

    status: int
    text: str
    location: str
    seconds: float


@dataclass
class Visitor:
    """A browser without a screen, behind a proxy that ends TLS."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form with the page's own token."""
        token = {"csrfmiddlewaretoken": self.cookies.get("__Host-csrftoken", "")}
        return self._ask("POST", path, urlencode(token | fields))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "Referer": "https://localhost/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or ():
                name, _, value = line.split(";", 1)[0].partition("=")
                self.cookies[name] = value
            text = response.read().decode(errors="replace")
            return Answer(response.status, text, response.getheader("Location") or "", time.monotonic() - began)
        finally:
            connection.close()


@dataclass
class Installation:
    """A folder, a port, and the process that serves."""

    var: Path
    port: int
    code: str
    process: subprocess.Popen[bytes]

    def visitor(self) -> Visitor:
        """Return a visitor who opens the first page."""
        visitor = Visitor(self.port)
        assert visitor.get("/sign-in/").status == 200
        return visitor

    def accord(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this installation."""
        return accord(self.var, *words)

    def workers(self) -> list[int]:
        """Return the newest process of each worker, as the server's log names them."""
        said = (self.var / "served.log").read_text()
        newest = dict(re.findall(r"Spawning worker-(\d+) with PID: (\d+)", said))
        return [int(newest[worker]) for worker in sorted(newest)]


def environment(var: Path) -> dict[str, str]:
    """Return what an administrator's shell holds, without the tests' own variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "PYTEST_", "DJANGO_"))}
    return {**kept, "ACCORD_VAR": str(var)}


def accord(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `accord ...` as an administrator would."""
    command = [str(Path(sys.executable).parent / "accord"), *words]
    return subprocess.run(command, env=environment(var), capture_output=True, text=True, check=False, timeout=300)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation() -> Iterator[Installation]:
    """Set up a served hub from nothing; gone afterward."""
    folder = Path(tempfile.mkdtemp(prefix="accord-real-"))
    folder.chmod(0o755)  # root lends the server to `nobody`
    var = folder / "var"
    try:
        made = accord(var, "init", "--hub-name", "Hub", "--operator", "Hal")
        assert made.returncode == 0, made.stderr
        (code,) = re.findall(r"one-time code \(valid for seven days\): (\S+)", made.stdout)
        with serving(var) as (process, port):
            yield Installation(var, port, code, process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(var: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `accord serve --workers 2` until it answers."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "accord"), "serve", "--port", str(port), "--workers", "2"]
    log = (var / "served.log").open("wb")
    process = subprocess.Popen(command, env=environment(var), stdout=log, stderr=log)
    try:
        wait_until_it_answers(process, port, var)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(40)
        process.kill()
        process.wait()
        log.close()


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int, var: Path) -> None:
    """Ask until the first page comes."""
    last = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < last:
        with suppress(OSError, http.client.HTTPException):
            if Visitor(port).get("/sign-in/").status == 200:
                return
        assert process.poll() is None, (var / "served.log").read_text()
        time.sleep(0.1)  # it tells no one when it is ready
    raise AssertionError((var / "served.log").read_text())


def words_shown(page: Answer) -> str:
    """Return the passphrase that the page proposes."""
    (words,) = re.findall(r'<input[^>]*name="words"[^>]*value="([^"]+)"', page.text)
    return html.unescape(words)


def factor_shown(page: Answer) -> bytes:
    """Return the characters under the QR code, as an authenticator reads them."""
    (letters,) = re.findall(r"<p><code>([A-Z2-7=]+)</code></p>", page.text)
    return base64.b32decode(letters)


def six_digits(factor: bytes) -> str:
    """Return what an authenticator shows now."""
    return sealing.totp(factor).generate(int(time.time())).decode()
