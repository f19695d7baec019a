"""Declares what the `exchange` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room, Sql

ROOM = Room(
    name="exchange",
    question="what do two agencies tell each other, step by step?",
    sql=Sql(
        made=("terms.exchange_moves",),
        inner=(
            "exchange_moves()",
            "exchange_hash(exchange_step)",
            "exchange_check_events(text, text, uuid, uuid[], jsonb)",
            "exchange_notify(text, text, uuid, uuid[])",
            "exchange_breaks()",
        ),
    ),
)
