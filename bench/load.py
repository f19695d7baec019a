"""Work as sixteen people for two minutes on `accord serve --workers 2` (`make load`).

A demo of its own is built once in `build/load`. Every commit costs what it costs in production. A passphrase check does
not, because a demo makes it cheap: `tests/doors/test_installation.py` has people sign in at full cost. Each person signs
in over HTTP with the passphrase and the code, and then opens pages, searches, and adds notes, with a few
seconds of thought between requests. The table shows requests per second, the time that 95 percent of requests stayed
under, and every request that failed. None may fail.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from accord.config import install

ROOT = Path(__file__).resolve().parents[1]
ACCORD = [sys.executable, "-c", "import sys; from accord.cli import main; sys.exit(main())"]
USERS, SECONDS, THINK = 16, 120.0, (1.0, 5.0)  # people, and the seconds of thought between two requests
PEOPLE = 2_000  # generated people, a hundred of them at Harbor House
STARTS_WITHIN = 120
CODE_LASTS = 30  # seconds; a code works once, and building the demo or an earlier run may have used the current one
# Sign-in is one kind of work of its own: its cost is the passphrase check.
PAGES = ("/", "/people/", "/people/{person}/", "/notices/", "/coalition/", "/account/")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CODE = re.compile(r"<b>(\d{6})</b>")
PERSON = re.compile(r'href="/people/([0-9a-f-]{36})/"')


@dataclass
class Log:
    """What all requests of one run took, in seconds, by kind of work, and what failed."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float, problem: str = "") -> None:
        """Add one request."""
        with self._lock:
            self.taken.setdefault(kind, []).append(seconds)
            if problem:
                self.failed.append(f"{kind}: {problem}")

    def lines(self, seconds: float) -> Iterator[str]:
        """Yield the table's lines."""
        every = [one for kind in self.taken.values() for one in kind]
        yield f"{'what':<28}{'requests':>9}{'a second':>10}{'median':>11}{'p95':>11}"
        for kind, taken in [*sorted(self.taken.items()), ("all", every)]:
            taken = sorted(taken)
            median, p95 = (taken[min(len(taken) - 1, int(len(taken) * part))] * 1000 for part in (0.5, 0.95))
            yield f"{kind:<28}{len(taken):>9}{len(taken) / seconds:>10.1f}{median:>8.0f} ms{p95:>8.0f} ms"
        yield f"failed: {len(self.failed)}"
        yield from (f"  {one}" for one in self.failed[:20])


class Visitor:
    """One person with a browser's cookies."""

    def __init__(self, address: str, user: str, log: Log) -> None:
        self.address, self.user, self.log = address, user, log
        self.session = requests.Session()
        self.random = random.Random(user)
        self.people: list[str] = []

    def work(self, seconds: float) -> None:
        """Sign in, and then work for this long."""
        try:
            self.sign_in()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                self.step()
                time.sleep(self.random.uniform(*THINK))
        except (requests.RequestException, LookupError) as error:
            self.log.add("lost", 0, f"{self.user}: {type(error).__name__}")

    def sign_in(self) -> None:
        """Sign in with the passphrase, the code that the demo shows, and the only agency."""
        from accord.demo.riverbend import PASSPHRASE

        self.post("sign in", "/sign-in/", user_name=self.user, passphrase=PASSPHRASE)
        shown = CODE.search(self.get("second factor", "/second-factor/"))
        if shown is None:
            raise LookupError("no code")
        self.post("second factor", "/second-factor/", code=shown[1])
        self.post("choose an agency", "/acting/")

    def step(self) -> None:
        """Do the next thing: usually open a page, sometimes search or add a note."""
        drawn = self.random.random()
        if drawn < 0.1 and self.user in FINDERS:
            self.post("search", "/people/find/", name=self.random.choice(("Sam", "Lucia Marrow", "Noor", "Tomas")))
        elif drawn < 0.2 and self.people and self.user in WRITERS:
            path = f"/people/{self.random.choice(self.people)}/notes/new/"
            self.post("add a note", path, text=f"Called back {self.random.random()}. Will come by on Monday.")
        else:
            page = self.random.choice([page for page in PAGES if self.may_open(page)])
            path = page.format(person=self.random.choice(self.people)) if self.people else page
            text = self.get(f"page {page}", path)
            if page == "/people/":
                self.people = list(dict.fromkeys(PERSON.findall(text)))[:10]

    def may_open(self, page: str) -> bool:
        """Return whether a link to this page is in front of this person."""
        return bool(self.people) if "{" in page else page != "/people/" or self.user not in WITHOUT_CLIENTS

    def get(self, kind: str, path: str) -> str:
        """Open a page and return its text."""
        return self._send(kind, "GET", path)

    def post(self, kind: str, path: str, **values: str) -> str:
        """Open a form, fill it in and send it, with its hidden fields. Returns the page that follows."""
        names = values or ("membership",)
        text = self.get(f"{kind}, the form", path)
        forms = (form for form in FORM.findall(text) if all(f'name="{name}"' in form for name in names))
        form = next(forms, None)
        if form is None:
            raise LookupError(f"no form on {path}")
        return self._send(kind, "POST", path, {**dict(HIDDEN.findall(form)), **values})

    def _send(self, kind: str, method: str, path: str, values: dict[str, str] | None = None) -> str:
        began = time.perf_counter()
        answer = self.session.request(method, self.address + path, data=values, timeout=60)
        problem = str(answer.status_code) if answer.status_code >= 400 else ""
        if method == "POST" and not problem and not answer.history and urlsplit(answer.url).path not in SHOWS_RESULTS:
            problem = "the form came back"
        self.log.add(kind, time.perf_counter() - began, problem and f"{self.user}: {problem}")
        return answer.text


SHOWS_RESULTS = ("/people/find/",)  # a search answers on its own page
FINDERS = ("adele", "alma", "aisha", "emil", "elena", "finn", "farah")
WRITERS = ("adele", "alma", "aisha")
WITHOUT_CLIENTS = ("hal", "grace", "gus")  # their agencies serve no one directly, so that page is not theirs


@contextlib.contextmanager
def served(var: Path, people: int) -> Iterator[str]:
    """Build a demo in this folder if there is none, serve it with two workers, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    usual = {key: value for key, value in os.environ.items() if not key.startswith("ACCORD_")}
    here: dict[str, Any] = {"env": {**usual, "ACCORD_VAR": str(var)}, "cwd": ROOT, "stdout": subprocess.DEVNULL}
    built = var / "load.built"
    if not built.exists():
        subprocess.run([*ACCORD, "demo", "--people", str(people)], check=True, **here)
        built.touch()
    serve = subprocess.Popen([*ACCORD, "serve", "--workers", "2", "--port", str(port)], **here)
    try:
        _wait(f"http://127.0.0.1:{port}/sign-in/", serve)
        time.sleep(CODE_LASTS)
        yield f"http://127.0.0.1:{port}"
    finally:
        serve.send_signal(signal.SIGTERM)
        serve.wait(60)


def _wait(address: str, serve: subprocess.Popen[bytes]) -> None:
    for _ in range(STARTS_WITHIN * 10):
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            requests.get(address, timeout=60)
            return
        if serve.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def run(address: str, users: int = USERS, seconds: float = SECONDS) -> Log:
    """Let this many personas work at once, and return what their requests took."""
    from accord.demo.riverbend import PERSONAS  # reads the settings of an installation

    log = Log()
    threads = [
        threading.Thread(target=Visitor(address, persona.user, log).work, args=[seconds])
        for persona in PERSONAS[:users]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return log


def main() -> int:
    """Print the table. Fails if a request failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--users", type=int, default=USERS)
    args = parser.parse_args()
    var = ROOT / "build" / "load"
    with served(var, PEOPLE) as address:
        os.environ["ACCORD_VAR"] = str(var)
        install.setup_django()
        log = run(address, args.users, args.seconds)
    sys.stdout.write("".join(f"{line}\n" for line in log.lines(args.seconds)))
    return 1 if log.failed else 0


if __name__ == "__main__":
    sys.exit(main())
