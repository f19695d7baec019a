"""The wrong moment: a share whose agreement lapses before it begins, a record that is erased while someone writes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from django.db import connections

from accord.agreements import services as signing
from accord.casework import services as casework
from accord.casework.codes import Need
from accord.core import clock
from accord.core.errors import Refused
from accord.sharing import keeping
from accord.sharing.codes import record_number
from tests.histories.steps import begin
from tests.region import World
from tests.steps.membership import later
from tests.steps.records import open_record


def test_a_share_whose_agreement_lapses_before_it_begins_is_never_announced(fresh_world: World) -> None:
    """A missed yearly review takes no action by anyone: it must not produce a row or a notice."""
    world = fresh_world
    known = open_record(world)
    with suppress(Refused):
        begin(world, known, "legal", ("needs",), start_in=400, days=30)
    begin(world, known, "legal", ("contact.safe",), start_in=30, days=5)
    later(world, days=401)
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        told = (
            "select (select count(*) from sharing_share where kind = 'needs'), "
            "(select count(*) from accounts_notice where code = 'share-begun')"
        )
        assert web.execute(told).fetchone() == (0, 1)


def test_leaving_one_agreement_checks_whether_another_lasts_to_the_first_day(fresh_world: World) -> None:
    """The other agreement is in its grace period today, and over when the share would begin."""
    world, known = fresh_world, open_record(fresh_world)
    ids = [world.agencies["harbor"], world.agencies["legal"]]
    with world.owner() as owner:
        ask = "select agreement from agreements_signature where owner = %s and left_at is null"
        ((lasting,),) = owner.execute(f"{ask} intersect {ask}", ids).fetchall()
    with world.as_("grace") as grace:
        late = signing.draft_agreement(
            actor=grace, title="Nearly over", starts_at=clock.now() - timedelta(days=370), permits=[(*ids, "needs")]
        )
    for user in ("adele", "elena"):
        with world.as_(user) as officer:
            signing.sign_agreement(actor=officer, agreement=late)
    begin(world, known, "legal", ("needs",), start_in=40, days=30)
    with world.as_("adele") as adele:
        signing.end_agreement(actor=adele, agreement=lasting)
    later(world, days=41)
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        assert web.execute("select count(*) from sharing_share").fetchone() == (0,)


def test_what_is_written_during_an_erasure_is_erased_too(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    for user in ("alma", "adele", "aisha"):
        world.session(user)
    with world.as_("adele") as adele:
        keeping.ask_erasure(actor=adele, ref=known.ref, reason="asked", number=record_number(known.person))
    written, erased = threading.Event(), threading.Event()

    def write() -> None:
        with world.as_("alma") as alma:
            casework.add_need(actor=alma, ref=known.ref, need=Need("housing", "now", "a bed tonight"))
            written.set()
            erased.wait(3)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        assert written.wait(20)
        with world.as_("aisha") as aisha:
            aisha.roles |= {"officer"}
            keeping.confirm_erasure(actor=aisha, ref=known.ref, number=record_number(known.person))
        erased.set()
        writer.result()
    left = "select (select count(*) from sharing_entry where person = %s), (select count(*) from sharing_person where id = %s)"
    with world.owner() as owner:
        assert owner.execute(left, [known.person, known.person]).fetchone() == (0, 0)
