"""Declares what the `jobs` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room, Sql

ROOM = Room(
    name="jobs",
    question="which jobs run in the background, and when did each last run?",
    sql=Sql(
        files=("functions",),
        inner=("job_ask(text)",),
        readers=("jobs_seen()",),
        worker=("job_done(text)", "job_failed(text)", "jobs_started(text[])"),
    ),
)
