"""What `jobs` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room, Sql

ROOM = Room(
    name="jobs",
    question="what does the machine do by itself, and when did it?",
    sql=Sql(
        files=("functions",),
        inner=("job_ask(text)",),
        readers=("jobs_seen()",),
        worker=("job_done(text)", "job_failed(text)"),
    ),
)
