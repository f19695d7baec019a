"""Someone of one agency, and a closed body in which it sits. Another agency must not be able to tell that either
exists."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import timedelta

import pytest

from accord.access.codes import KINDS
from accord.casework import services as casework
from accord.core import clock
from accord.drafts import queries as drafts
from accord.drafts import services as draft_services
from accord.files import services as files
from accord.files.uploading import seal
from accord.people import queries as people_queries
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.releases.scans import Scan
from accord.sharing import assignments
from accord.sharing import services as records
from tests.region import World
from tests.steps import bodies
from tests.steps.records import open_record


@pytest.fixture(scope="module")
def hidden(world: World) -> dict[str, uuid.UUID]:
    """Return someone of Harbor House with everything that an id could name, and a body in which it alone sits."""
    known = open_record(world)
    with world.as_("alma") as alma:
        need = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS).items["needs"][0].series
        casework.add_note(actor=alma, ref=known.ref, text="A note that no one else may read")
        draft_services.save(actor=alma, known=known, form="note", fields={"text": ["A note that no one may read yet"]})
        (unfinished,) = drafts.own_drafts(actor=alma)
        today = clock.today(alma.zone)
        draft = releases.draft(
            actor=alma,
            ref=known.ref,
            release=Release(
                recipient=str(world.agencies["legal"]),
                kinds=("identity.name",),
                purposes=("legal_help",),
                start=today.isoformat(),
                last_day=(today + timedelta(days=9)).isoformat(),
                person_languages=("en",),
            ),
        )
        held = files.keep_undecided(actor=alma, known=known, upload=seal(b"%PDF-1.7 a form that no one else may read"))
        scan = records.write(actor=alma, known=known, payload=Scan(**asdict(held), release=draft.hex))
    with world.owner() as owner:
        sql = (
            "insert into work_task (owner, id, about, code, assignee, due_on) "
            "values (%s, gen_random_uuid(), %s, 'tell_her', %s, accord.now()) returning id"
        )
        task = owner.execute(sql, [world.agencies["harbor"], known.ref, world.memberships["alma"]]).fetchone()[0]
    with world.as_("alma") as alma:
        assignment = assignments.assignments_of(actor=alma, ref=known.ref)[0].id
    made = bodies.made(world)
    about_body = {"body": made.body, "seat": made.seat, "decision": made.decision}
    ids = {"ref": known.ref, "task": task, "need": need, "draft": draft, "assignment": assignment}
    return {**ids, **about_body, "unfinished": unfinished.id, "scan": scan}
