"""A log that was altered, shortened or added to: found, at its position."""

from __future__ import annotations

import logging
from typing import Any, cast

import psycopg
import pytest

from accord.config import verify
from accord.core.logs import NoValues
from tests.region import World
from tests.steps.records import open_record


@pytest.mark.line(103)
@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("update audit_event set line = replace(line, 'action', 'notion') where position = 7", 7),
        ("update audit_event set action = 'read' where position = 7", 7),
        ("update audit_event set at = at - interval '1 day' where position = 7", 7),
        ("update audit_event set actor_membership = null where position = 7", 7),
        ("delete from audit_event where position = 7", 7),
        ("update audit_event set hash = '' where position = 7", 7),
        ("update audit_chainhead set position = position + 1", -1),
        ("delete from audit_event e using audit_chainhead h where e.owner = h.owner and e.position = h.position", -1),
    ],
)
def test_a_break_is_named(world: World, change: str, position: int) -> None:
    harbor = world.agencies["harbor"]
    with world.owner() as owner:
        if owner.execute("select count(*) from audit_event where owner = %s", [harbor]).fetchone()[0] < 9:
            for _ in range(3):
                open_record(world)
        before = next(chain for chain in verify.chains(owner) if chain.owner == harbor)
        assert before.holds and before.length > 8
        with owner.transaction(force_rollback=True):
            where = " and" if " where " in change else " where"
            scope = f"{where} {'h.' if ' using ' in change else ''}owner = '{harbor}'"
            owner.execute((change + scope).encode())
            found = next(chain for chain in verify.chains(owner) if chain.owner == harbor)
            due = position if position > 0 else found.length + 1
            assert not found.holds and found.broken_at == due


class WorkGoesOn:
    """A connection beside which a colleague works: after its first answer the logs have new lines."""

    def __init__(self, world: World, owner: psycopg.Connection) -> None:
        self.world, self.owner, self.worked = world, owner, False

    def execute(self, *args: Any) -> Any:
        answer = self.owner.execute(*args)
        if not self.worked:
            self.worked = True
            open_record(self.world)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.owner, name)


def test_a_log_that_is_written_meanwhile_is_intact(world: World) -> None:
    """`accord verify` runs beside the server: a new line is no break."""
    with world.owner() as owner:
        found = list(verify.chains(cast(psycopg.Connection, WorkGoesOn(world, owner))))
        assert [chain for chain in found if not chain.holds] == []


def test_a_rewritten_log_does_not_match_its_signature(world: World) -> None:
    """Anyone who rewrites lines, hashes and head can't sign: the head signed at sign-in reveals it."""
    harbor = world.agencies["harbor"]
    with world.owner() as owner, owner.transaction(force_rollback=True):
        assert owner.execute("select count(*) from audit_signedhead where owner = %s", [harbor]).fetchone()[0] > 0
        owner.execute("update audit_signedhead set hash = sha256('other') where owner = %s", [harbor])
        found = next(chain for chain in verify.chains(owner) if chain.owner == harbor)
        assert found.bad_signature_at is not None


@pytest.mark.line(104)
@pytest.mark.parametrize(
    "broken",
    [
        "alter function accord.audit_append(jsonb) rename to audit_away",
        "alter table audit_event rename to audit_gone",
        "alter table audit_event add constraint no_more check (position < 0) not valid",
    ],
)
def test_without_a_log_nothing_is_read_and_an_alarm_is_raised(
    fresh_world: World, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    known = open_record(fresh_world)
    alma = fresh_world.client("alma")
    assert alma.get(f"/people/{known.ref}/").status_code == 200
    with fresh_world.owner() as owner:
        owner.execute(broken)
    for answer in (
        alma.get(f"/people/{known.ref}/"),
        alma.post(f"/people/{known.ref}/notes/new/", {"text": "A note"}),
    ):
        assert answer.status_code == 503 and b"Samira" not in answer.content
        assert b"can&#x27;t access our records" in answer.content
    told = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert len(told) == 2 and all(NoValues().filter(record) for record in told)
    assert told[0].msg.startswith("The audit log cannot be written")
    with fresh_world.owner() as owner:
        assert owner.execute("select count(*) from sharing_entry where kind = 'notes.case'").fetchone() == (0,)
