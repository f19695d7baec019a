"""Declares what the `audit` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room, Sql

ROOM = Room(
    name="audit",
    question="who did what, when, and on what basis?",
    sql=Sql(
        inner=("audit_link(jsonb)",),
        readers=("audit_append(jsonb)", "audit_names(bigint[])", "audit_seen(timestamp with time zone, text[])"),
    ),
)
