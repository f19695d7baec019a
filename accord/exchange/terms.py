"""Write what the rooms declare about their exchanges as SQL, so that no statement can take a step that the tables do
not allow. `sharing/floor.py` writes these functions after each migration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from accord.access.codes import ROLES, holders
from accord.core.exchange import Exchange, Side
from accord.core.rooms import actions, exchanges, notices
from accord.core.statements import build_sql
from accord.core.workflow import Move

_MOVES = """
create or replace function accord.exchange_moves()
returns table (code text, before text, action text, after text, roles text[], fresh boolean, by_asker boolean,
               asking text[], answering text[], to_many boolean, one_per_topic boolean,
               once boolean, asker_reads boolean, answerer_reads boolean,
               reading boolean, log text, tells text, notice text, notified text[], asks text, ends text)
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  values
{rows}
$$
"""

_KEPT = """
create or replace function accord.exchange_kept() returns table (code text, action text, days integer)
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  values
{rows}
$$
"""


HASH = """sha256(step.former || sha256(step.sealed) || sha256(step.sealed_own) || convert_to(jsonb_build_array(
    step.asker, step.exchange, step.answerer, step.step, step.owner, step."by", extract(epoch from step.at),
    step.code, step.action, step.state, step.topic, step.day, step.readers, step.ring_version,
    step.own_ring_version)::text, 'UTF8'))"""
"""The hash of a row `step`, which the next step holds. So a step that others follow can't be changed or removed without
a trace. The newest step is in the logs of both sides. Migrations that made steps from older tables use it too."""


def exchange_hash() -> str:
    """Return the SQL of the function that hashes a step."""
    return (
        "create or replace function accord.exchange_hash(step exchange_step) returns bytea\n"
        "language sql immutable set search_path = pg_catalog, public, pg_temp as $$\n"
        f"  select {HASH.replace('step.', '(step).')}\n$$"
    )


def exchange_moves() -> str:
    """Return the SQL function that lists every move in every exchange, with the terms that its room declares for the
    move."""
    rows = [_row(exchange, move) for _code, exchange in sorted(exchanges().items()) for move in exchange.workflow.moves]
    return build_sql(_MOVES, rows=",\n".join(f"    ({', '.join(row)})" for row in rows))


def exchange_kept() -> str:
    """Return the SQL function that lists, for each exchange that is not kept forever, how long it is kept."""
    rows = [(code, each.kept) for code, each in sorted(exchanges().items()) if each.kept]
    return build_sql(_KEPT, rows=",\n".join(f"    ('{code}', '{kept.after}', {kept.days})" for code, kept in rows))


def _row(exchange: Exchange, move: Move[Any, Any]) -> Iterator[str]:
    turn = exchange.turns[move.action]
    yield _text(exchange.code)
    yield "null::text" if move.before is None else _text(move.before)
    yield _text(move.action)
    yield _text(move.after)
    yield _texts(holders(move.who))
    yield _true(actions()[move.who].step_up)
    yield _true(turn.by is Side.ASKER)
    yield _texts(sorted(exchange.asking))
    yield _texts(sorted(exchange.answering))
    yield _true(exchange.to_many)
    yield _true(exchange.one_per_topic)
    yield _true(turn.once)
    yield from (_true(side in turn.read_by) for side in Side)
    yield _true(turn.reading)
    yield _text(move.log)
    yield _text(turn.tells)
    yield _text(turn.notice)
    yield _texts(_notified(turn.notice))
    yield _text(turn.asks)
    yield _text(turn.ends)


def _notified(notice: str) -> Iterable[str]:
    """Return the roles that get a notice. These are the roles that may use its page, or all roles."""
    if not notice:
        return ()
    needs = notices()[notice].needs
    return holders(needs) if needs else sorted(code for code, role in ROLES.items() if role.within)


def _text(word: str) -> str:
    return f"'{word}'"


def _texts(words: Iterable[str]) -> str:
    return f"array[{', '.join(map(_text, words))}]::text[]"


def _true(value: bool) -> str:
    return str(value).lower()
