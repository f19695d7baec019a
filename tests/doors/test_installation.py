"""What the guide promises, on an installation made with it: no demo, no cheap costs, no unsynced database."""

from __future__ import annotations

import os
import re
import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from accord.core.postgres import Cluster
from accord.vault import sealing
from tests.doors import installation as real
from tests.doors.installation import Answer, Installation, Visitor

AT_ONCE = 24
PASSPHRASE = "seven quiet herons over the weir"
# What earlier installations wrote, and what is written now.
COSTS = (sealing.Argon(lanes=4), sealing.Argon())


@pytest.fixture(scope="module")
def hub() -> Iterator[Installation]:
    """Return an installation for this module."""
    with real.installation() as made:
        yield made


def test_the_operator_joins_signs_in_backs_up_and_verifies(hub: Installation) -> None:
    operator = hub.visitor()
    shown = operator.post("/join/", code=hub.code)
    words = real.words_shown(shown)
    account = {"code": hub.code, "words": words, "user_name": "hal", "passphrase": words, "again": ""}
    assert operator.post("/join/account/", **account).location == "/enrol/"
    page = operator.get("/enrol/")
    assert "In this demo" not in page.text
    codes = operator.post("/enrol/", code=real.six_digits(real.factor_shown(page)))
    recovery = re.findall(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b", codes.text)
    assert len(set(recovery)) == 10
    assert choose_agency(operator) == "/"
    assert operator.get("/").status == 200
    assert operator.post("/sign-out/").status == 302
    assert operator.get("/account/").location == "/sign-in/"
    again = hub.visitor()
    assert sign_in(again, "hal", words).location == "/second-factor/"
    assert again.post("/second-factor/", code=recovery[0]).location == "/acting/"
    assert choose_agency(again) == "/"
    files = [str(hub.var.parent / name) for name in ("data.accord", "keys.accord")]
    kept = hub.accord("backup", *files)
    assert kept.returncode == 0, kept.stderr
    checked = hub.accord("verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_24_sign_ins_at_once_are_all_answered_and_the_site_stays_up(hub: Installation) -> None:
    """At the full cost, with four-lane wraps among them: two of those at once once hung the process for good."""
    answers, meanwhile = all_at_once(hub, made_accounts(hub, AT_ONCE))
    assert [answer.location for answer in answers] == ["/second-factor/"] * AT_ONCE
    assert {answer.status for answer in meanwhile} == {200} and len(meanwhile) > 3
    assert hub.visitor().get("/statistics/").status == 200


@pytest.mark.prove
def test_one_more_than_the_queue_holds_is_told_so_and_no_one_is_locked_out(hub: Installation) -> None:
    names = made_accounts(hub, 56)  # 24 places for one source, in each of two workers
    answers, meanwhile = all_at_once(hub, names)
    told = [answer for answer in answers if answer.status in (429, 503)]
    assert told and all("signing in right now" in answer.text for answer in told)
    assert len(told) + sum(answer.location == "/second-factor/" for answer in answers) == len(names)
    assert {answer.status for answer in meanwhile} == {200}
    refused = [name for name, answer in zip(names, answers, strict=True) if answer.status != 302]
    assert sign_in(hub.visitor(), refused[0], PASSPHRASE).location == "/second-factor/"


def test_a_worker_that_dies_is_replaced(hub: Installation) -> None:
    before = hub.workers()
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    last = time.monotonic() + 30
    while before[0] in hub.workers():
        assert time.monotonic() < last and hub.process.poll() is None
        time.sleep(0.1)  # the parent tells no one when it has begun another one
    real.wait_until_it_answers(hub.process, hub.port, hub.var)
    (name,) = made_accounts(hub, 1)
    for _ in range(6):
        assert sign_in(hub.visitor(), name, PASSPHRASE).location == "/second-factor/"


QUEUED = (
    "select procrastinate_defer_jobs_v1(array[row('default', 'mail_send', 0, null, null, '{}', null)"
    "::procrastinate_job_to_defer_v1])"
)


def test_a_background_worker_does_its_jobs_and_is_replaced_when_it_dies(hub: Installation) -> None:
    (first,) = background_workers(hub)
    with _admin(hub) as admin:
        wait_until_mail_is_sent(hub, admin)  # by its own clock, every minute
        os.kill(first, signal.SIGKILL)
        admin.execute("truncate jobs_run")
        admin.execute(QUEUED)
        wait_until_mail_is_sent(hub, admin)
    (second,) = background_workers(hub)
    assert second != first


def wait_until_mail_is_sent(hub: Installation, admin: psycopg.Connection) -> None:
    """Wait until a background worker has done this job."""
    last = time.monotonic() + 180
    while not admin.execute("select 1 from jobs_run where name = 'mail_send' and done_at is not null").fetchone():
        assert time.monotonic() < last and hub.process.poll() is None
        time.sleep(0.2)  # it tells no one when it has begun


def background_workers(hub: Installation) -> list[int]:
    """Return the live `accord worker` processes that this server started."""
    marks = [b"worker", b"--parent", str(hub.process.pid).encode()]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "cmdline").read_bytes().split(b"\0")[-4:-1] == marks:
                found.append(int(folder.name))
    return found


@pytest.mark.prove
def test_five_rounds_of_sign_ins_leave_nothing_hanging(hub: Installation) -> None:
    for _ in range(5):
        answers, meanwhile = all_at_once(hub, made_accounts(hub, AT_ONCE))
        assert {answer.location for answer in answers} == {"/second-factor/"}
        assert {answer.status for answer in meanwhile} == {200}
    with _admin(hub) as admin:
        waiting = (
            "select count(*) from pg_stat_activity where state like 'idle in transaction%' or wait_event_type = 'Lock'"
        )
        assert admin.execute(waiting).fetchone() == (0,)
        assert admin.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone() == (0,)


def all_at_once(hub: Installation, names: list[str]) -> tuple[list[Answer], list[Answer]]:
    """Let everyone send at the same moment; a reader opens the public page until all are answered."""
    visitors = [hub.visitor() for _ in names]
    with ThreadPoolExecutor(len(names)) as pool:
        sent = [pool.submit(sign_in, one, name, PASSPHRASE) for one, name in zip(visitors, names, strict=True)]
        meanwhile = []
        while not all(one.done() for one in sent):
            meanwhile.append(Visitor(hub.port).get("/statistics/"))
        return [one.result() for one in sent], meanwhile


def sign_in(visitor: Visitor, name: str, passphrase: str) -> Answer:
    return visitor.post("/sign-in/", user_name=name, passphrase=passphrase)


def choose_agency(visitor: Visitor) -> str:
    (membership,) = re.findall(r'name="membership" value="([0-9a-f-]+)"', visitor.get("/acting/").text)
    return visitor.post("/acting/", membership=membership).location


def made_accounts(hub: Installation, count: int) -> list[str]:
    """Create accounts as the program does, with both costs in turn; each cost's passphrase is computed once."""
    salt, names = os.urandom(16), []
    keys = [sealing.passphrase_key(PASSPHRASE, salt, cost) for cost in COSTS]
    with _admin(hub) as admin:
        for number in range(count):
            account, secret = uuid.uuid4(), sealing.new_secret()
            cost, key = COSTS[number % 2], keys[number % 2]
            wrapped = sealing.encrypt(key, secret, sealing.bind("account wrap", account.hex))
            proof = sealing.derive(secret, "database proof")
            public = sealing.KeyPair(secret).public
            names.append(f"n{account.hex[:12]}")
            admin.execute(
                "select accord.account_create(%s, %s, 'en', %s, %s, %s, %s, %s)",
                [account, names[-1], public, salt, cost.text(), wrapped, proof],
            )
    return names


def _admin(hub: Installation) -> psycopg.Connection:
    cluster = Cluster(hub.var / "postgres", int(os.environ.get("ACCORD_POSTGRES", "18")))
    user, password = cluster.superuser
    return psycopg.connect(cluster.dsn(user, password, "accord"), autocommit=True)
