"""Declares what the `exchange` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import HOUR, Job, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="exchange",
    question="what do two agencies tell each other, step by step?",
    jobs=(Job("exchanges_sweep", N_("delete exchanges that are no longer kept"), HOUR),),
    sql=Sql(
        made=("terms.exchange_hash", "terms.exchange_moves", "terms.exchange_kept"),
        readers=(
            "exchange_kept()",
            "exchange_over(text, uuid, uuid, uuid)",
            "exchange_states(text)",
            "exchange_take_reading(text, uuid, uuid, uuid[], text, integer, text, date, integer[], bytea[], integer[], "
            "bytea[], jsonb)",
        ),
        worker=("exchanges_sweep()",),
        inner=(
            "exchange_moves()",
            "exchange_hash(exchange_step)",
            "exchange_check_events(text, text, uuid, uuid[], jsonb)",
            "exchange_notify(text, text, uuid, uuid[])",
            "exchange_breaks()",
        ),
    ),
)
