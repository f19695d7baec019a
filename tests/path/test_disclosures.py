"""Orders and duties to report: what a paper compels leaves, and nothing else; she is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from accord.core import clock
from accord.core.errors import Conflict, Invalid
from accord.people import queries as people
from accord.releases import disclosures
from accord.releases import queries as releases
from accord.releases.entries import Disclosure
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.path.test_release_life import tasks
from tests.path.test_services import handle, open_record
from tests.region import World

ORDER = Disclosure(
    basis="order",
    process="judge_order",
    citation="Riverbend District Court 2026-118",
    signed_by="Judge Ames",
    listed=("identity.name", "contact.safe", "needs"),
)


def logged(world: World, known: PersonRef, paper: Disclosure) -> UUID:
    with world.as_("alma") as alma:
        return disclosures.log_paper(actor=alma, ref=known.ref, paper=paper)


def disclose(world: World, known: PersonRef, series: UUID, *kinds: str, to: str = "legal", **more: object) -> None:
    with world.as_("alma") as alma:
        until = clock.today(alma.zone) + timedelta(days=10)
        base = {"agency": world.agencies.get(to), "purposes": ("legal_help", "investigation"), "last_day": until}
        taker = disclosures.Taker(**{**base, **more})
        disclosures.disclose(actor=alma, ref=known.ref, series=series, revision=1, kinds=kinds, to=taker)


def refused(world: World, known: PersonRef, paper: Disclosure, *kinds: str, **more: object) -> list[str]:
    with pytest.raises(Invalid) as error:
        disclose(world, known, logged(world, known, paper), *kinds, **more)
    return [problem.code for problem in error.value.data["problems"]]


@pytest.mark.line(58, 59)
def test_only_a_judge_or_a_statute_compels_and_only_what_is_listed(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    subpoena = Disclosure(**{**vars(ORDER), "process": "attorney_subpoena", "signed_by": "counsel for the defence"})
    assert refused(world, known, subpoena, "needs") == ["not_a_court_order"]
    assert refused(world, known, ORDER, "identity.name", "identity.birth") == ["not_listed"]
    assert refused(world, known, Disclosure(**{**vars(ORDER), "citation": ""}), "needs") == ["no_citation"]
    assert refused(world, known, ORDER) == ["no_kind"]
    with world.as_("elena") as elena:
        assert people.intake_list(actor=elena) == []
    disclose(world, known, logged(world, known, ORDER), "identity.name", "needs")
    ref = handle(world, "elena")
    with world.as_("elena") as elena:
        assert set(people.page(actor=elena, ref=ref).items) == {"identity.name", "needs"}


@pytest.mark.line(60)
def test_it_is_not_closed_before_she_was_told_and_is_safe(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = logged(world, known, ORDER)

    def close(revision: int, notice: str, safety: str) -> None:
        with world.as_("alma") as alma:
            place = {"ref": known.ref, "series": series, "revision": revision}
            disclosures.close(actor=alma, notice_attempt=notice, safety_steps=safety, **place)

    with pytest.raises(Conflict):
        close(1, "told", "moved")  # nothing has left yet
    disclose(world, known, series, "needs")
    assert tasks(world) == ["tell_her"]
    for notice, safety, code in (("", "moved her", "no_notice"), ("told her at the shelter", " ", "no_safety_steps")):
        with pytest.raises(Invalid) as error:
            close(2, notice, safety)
        assert [problem.code for problem in error.value.data["problems"]] == [code]
    close(2, "told her at the shelter", "asked the court to seal it")
    with pytest.raises(Conflict):
        disclose(world, known, series, "needs")


@pytest.mark.line(54, 55)
def test_a_report_goes_only_where_and_as_the_law_requires(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    duty = Disclosure(basis="mandate", rule_id="calder.report.child-abuse")
    permitted = Disclosure(basis="mandate", rule_id="calder.report.adult-injury")
    assert refused(world, known, permitted, "identity.name", to="police") == ["report_only_permitted"]
    assert refused(world, known, duty, "identity.name", "needs", to="police") == ["not_listed", "only_to"]
    series = logged(world, known, duty)
    disclose(world, known, series, "identity.name", to="", agency=None, outside="Calder child protection line")
    assert tasks(world) == ["tell_her"]
    with world.as_("alma") as alma:
        _, item = disclosures.find_paper(actor=alma, ref=known.ref, series=series)
    assert (item.payload.status, item.payload.rule_ids) == ("disclosed", ("calder.report.child-abuse",))


@pytest.mark.line(105)
def test_she_reads_of_it_in_her_accounting(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = logged(world, known, ORDER)
    disclose(world, known, series, "needs", to="", agency=None, outside="Riverbend District Court")
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="She asked for her accounting")
        (row,), _let_in = releases.accounting(actor=adele, ref=known.ref)
    assert row[1:] == ["Riverbend District Court", "was handed it outside this system", "needs", "order"]
