"""An attacker who can run one SQL statement writes false lines into an audit log, or reads names from it."""

from __future__ import annotations

import json
import uuid

import psycopg
import pytest

from accord.audit import queries as audit
from accord.config import verify
from accord.vault import queries as vault
from accord.vault import ring as rings
from tests.attack.target import Target


def event(chain: uuid.UUID, action: str, *about: uuid.UUID) -> str:
    told = {"by": "Alma", "partner": "Riverbend Legal Aid", "account": str(uuid.uuid4()), "at": "2020-01-01T00:00:00Z"}
    return json.dumps(
        [{"chain": str(chain), "action": action, "outcome": "done", "about": [str(a) for a in about], **told}]
    )


def test_no_one_writes_another_agencys_history(target: Target, attacker: psycopg.Connection) -> None:
    harbor, person = target.known.owner, target.known.person
    with target.world.web() as anonymous:
        for connection in (attacker, anonymous):
            for forged in (
                event(harbor, "read", person),
                event(harbor, "read-by-partner", person),
                event(uuid.uuid4(), "x"),
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("select accord.audit_append(%s::jsonb)", [forged])


def test_a_partner_writes_that_it_read_and_nothing_else(target: Target) -> None:
    harbor, person = target.known.owner, target.known.person
    append = "select accord.audit_append(%s::jsonb)"
    with target.world.web() as elena:
        elena.execute("select set_config('accord.ticket', %s, false)", [target.world.session("elena").ticket])
        for forged in (
            event(harbor, "read", person),
            event(harbor, "share-ended", person),
            event(harbor, "read-by-partner", person, uuid.uuid4()),
            event(harbor, "read-by-partner"),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                elena.execute(append, [forged])
        elena.execute(append, [event(harbor, "read-by-partner", person)])
    with target.world.owner() as owner:
        row = owner.execute(
            "select line::jsonb, at > accord.now() - interval '1 hour' from audit_event where owner = %s "
            "order by position desc limit 1",
            [harbor],
        ).fetchone()
    assert row[1]  # the writer can't set the time or their name
    assert not {"by", "partner"} & set(row[0])  # names are looked up when the log is read
    assert row[0]["account"] == str(target.world.session("elena").account)


def test_no_one_writes_a_log_that_belongs_to_no_agency(target: Target, attacker: psycopg.Connection) -> None:
    with target.world.web() as anonymous:
        for connection in (attacker, anonymous):
            for chain in (uuid.UUID(int=0), target.world.agencies["hub"]):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("select accord.audit_append(%s::jsonb)", [event(chain, "sign-in-refused")])


@pytest.mark.line(105)
def test_a_disclosure_history_names_who_really_read_despite_a_forged_line(target: Target) -> None:
    """Elena writes, with a statement of Elena's own, that Alma read; and details in no known form."""
    harbor, person = target.known.owner, target.known.person
    told = json.loads(event(harbor, "read-by-partner", person))[0]
    bound = rings.details_bound(str(harbor), told)
    with target.world.as_("elena"):
        version, public = vault.newest_public(agencies=[harbor], code=rings.LOG_KEY)[harbor]
    forged = [
        {
            **told,
            **rings.seal_details_towards({"by": "Alma", "kinds": 5, "basis": [1], "to": {}}, bound, version, public),
        },
        {**told, **rings.seal_details_towards({"kinds": ["needs"]}, bound + b"x", version, public)},
        {**told, "key": 99, "sealed": "###", "source": {"not": "text"}, "outcome": {"not": "text"}},
    ]
    with target.world.web() as elena:
        elena.execute("select set_config('accord.ticket', %s, false)", [target.world.session("elena").ticket])
        elena.execute("select accord.audit_append(%s::jsonb)", [json.dumps(forged)])
    with target.world.as_("aisha") as aisha:
        lines = audit.disclosures(owner=harbor, person=person, opens=aisha.opens)[-3:]
    assert [(line.by, line.partner, line.kinds) for line in lines] == [("Elena", "Riverbend Legal Aid", ())] * 3
    assert target.world.client("adele").get("/agency/log/").status_code == 200
    with target.world.owner() as owner:
        assert all(chain.holds for chain in verify.chains(owner))


def test_names_are_given_for_ones_own_log_only(target: Target, attacker: psycopg.Connection) -> None:
    ask = "select name from accord.audit_names(array(select generate_series(1, 500)))"
    assert {name for (name,) in attacker.execute(ask).fetchall()} == {"Ben", "Bea"}
    with target.world.web() as anonymous:
        assert anonymous.execute(ask).fetchall() == []
