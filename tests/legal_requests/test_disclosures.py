"""Orders and duties to report: what a legal request compels is disclosed, and nothing else; the person is told."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from accord.access.codes import KINDS
from accord.core import clock
from accord.core.errors import Conflict, Invalid, Refused
from accord.legal_requests import disclosures
from accord.legal_requests.entries import Disclosure
from accord.people import queries as people
from accord.releases import presenters
from accord.releases import queries as releases
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.legal_process import ASKS, ORDER, form, step, words
from tests.steps.records import handle, open_record
from tests.steps.releases import tasks


def logged(world: World, known: PersonRef, asked: Disclosure) -> UUID:
    with world.as_("alma") as alma:
        return disclosures.log_request(actor=alma, ref=known.ref, disclosure=asked)


def disclose(world: World, known: PersonRef, series: UUID, *kinds: str, to: str = "legal", **more: object) -> None:
    with world.as_("alma") as alma:
        until = clock.today(alma.zone) + timedelta(days=10)
        base = {"agency": world.agencies.get(to), "purposes": ("legal_help", "investigation"), "last_day": until}
        taker = disclosures.Taker(**{**base, **more})
        disclosures.disclose(actor=alma, ref=known.ref, series=series, revision=1, kinds=kinds, to=taker)


def refused(world: World, known: PersonRef, asked: Disclosure, *kinds: str, **more: object) -> list[str]:
    with pytest.raises(Invalid) as error:
        disclose(world, known, logged(world, known, asked), *kinds, **more)
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
        assert set(people.page(actor=elena, ref=ref, kinds=KINDS).items) == {"identity.name", "needs"}


@pytest.mark.line(60)
def test_it_is_not_closed_before_the_person_was_told_and_is_safe(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = logged(world, known, ORDER)

    def close(revision: int, notice: str, safety: str) -> None:
        with world.as_("alma") as alma:
            place = {"ref": known.ref, "series": series, "revision": revision}
            disclosures.close(actor=alma, notice_attempt=notice, safety_steps=safety, **place)

    with pytest.raises(Conflict):
        close(1, "told", "moved")  # nothing has been disclosed yet
    disclose(world, known, series, "needs")
    assert tasks(world) == ["answer_legal_request", "tell_person"]
    for notice, safety, code in (
        ("", "moved the person", "no_notice"),
        ("told at the shelter", " ", "no_safety_steps"),
    ):
        with pytest.raises(Invalid) as error:
            close(2, notice, safety)
        assert [problem.code for problem in error.value.data["problems"]] == [code]
    close(2, "told at the shelter", "asked the court to seal it")
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
    assert tasks(world) == ["tell_person"]
    with world.as_("alma") as alma:
        _, item = disclosures.find_request(actor=alma, ref=known.ref, series=series)
    assert (item.payload.status, item.payload.rule_ids) == ("disclosed", ("calder.report.child-abuse",))


@pytest.mark.line(105)
def test_it_is_in_the_disclosure_history(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = logged(world, known, ORDER)
    disclose(world, known, series, "needs", to="", agency=None, outside="Riverbend District Court")
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="They asked for their history")
        lines, names, _let_in = releases.accounting(actor=adele, ref=known.ref)
        came, row = presenters.accounting_rows(lines, names)
    assert came[1:3] == ["Law Office of P. Lorne", "asked for it in a legal request"] and came[4] == "legal request"
    assert row[1:] == ["Riverbend District Court", "received it outside this system", "needs", "legal requirement"]


# On screen ----------------------------------------------------------------------------------------------------------


@pytest.mark.line(58, 59, 60, 105)
def test_on_screen_a_legal_request_is_recorded_contested_answered_and_closed(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    alma, person = world.client("alma"), f"/people/{known.ref}/"
    assert f'href="{person}letters/new/"' in words(alma.get(person)) and "None received." in words(alma.get(person))
    noted = alma.post(f"{person}letters/new/", form())
    assert noted.status_code == 302, words(noted)
    path = noted.headers["Location"]
    page = words(alma.get(path))
    assert ASKS in page and "Judge Ames" in page and "Needs a response" in page and "hand-over/" in page
    assert alma.post(f"{path}step/", step("objected")).status_code == 302
    page = words(alma.get(path))
    assert "Objected or moved to quash" in page and "Case 26-118" in page and "Jan. 6, 2026, by Alma" in page
    over = {"kinds": ["needs"], "recipients": "outside", "outside": "Riverbend District Court"}
    assert alma.post(f"{path}hand-over/", {**over, "kinds": ["identity.birth"]}).status_code == 422
    assert alma.post(f"{path}hand-over/", {**over, "outside": ""}).status_code == 422
    assert alma.post(f"{path}hand-over/", over).status_code == 302
    assert "Riverbend District Court" in words(alma.get(path))
    assert alma.post(f"{path}step/", step("nothing")).status_code == 422  # something was handed over
    assert alma.post(f"{path}close/", {"notice_attempt": "", "safety_steps": "none"}).status_code == 422
    assert alma.post(f"{path}close/", {"notice_attempt": "told in person", "safety_steps": "sealed"}).status_code == 302
    assert "Handed over and closed" in words(alma.get(person))
    log = words(world.client("adele").get("/agency/log/"))
    for said in ("recorded a legal request", "recorded what was done about a legal request", "closed a legal request"):
        assert f"Alma {said}" in log
    assert ASKS not in log and "Lorne" not in log


@pytest.mark.line(58, 105)
def test_on_screen_a_subpoena_without_a_judge_gets_nothing(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    alma, person = world.client("alma"), f"/people/{known.ref}/"
    path = alma.post(f"{person}letters/new/", form(process="attorney_subpoena")).headers["Location"]
    page = words(alma.get(path))
    assert "this type of legal request doesn't require you to hand anything over" in page and "hand-over/" not in page
    due = {"due_on_0": "3", "due_on_1": "4", "due_on_2": "2030"}
    dated = alma.post(f"{person}letters/new/", form(process="attorney_subpoena", **due)).headers["Location"]
    assert re.search(
        r"Don't ignore this request\. A response is due April 3, 2030 \(in .*?\)\.", words(alma.get(dated))
    )
    assert page.index("Don't ignore this request") < page.index("Your attorney must still respond.")
    over = {"kinds": ["needs"], "recipients": "outside", "outside": "Lorne"}
    refused = alma.post(f"{path}hand-over/", over)
    assert refused.status_code == 422 and "this type of request doesn't require you" in words(refused)
    assert alma.post(f"{path}step/", step("nothing")).status_code == 302
    assert "Nothing was handed over" in words(alma.get(person))
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="They asked for their history")
        lines, names, _let_in = releases.accounting(actor=adele, ref=known.ref)
        rows = presenters.accounting_rows(lines, names)
    assert [row[1:3] for row in rows] == [
        ["Law Office of P. Lorne", "asked for it in a legal request"],
        ["Law Office of P. Lorne", "was given nothing in response to that request"],
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"process": ""}, "process"),
        ({"sender": " "}, "sender"),
        ({"says": ""}, "says"),
        ({"received_on_2": "2999"}, "received_on"),
        ({"due_on_0": "1", "due_on_1": "1", "due_on_2": "2020"}, "due_on"),
        ({"listed": ["everything"]}, "listed"),
    ],
)
def test_a_legal_request_without_its_facts_comes_back(world: World, change: dict[str, object], field: str) -> None:
    known = open_record(world)
    page = world.client("alma").post(f"/people/{known.ref}/letters/new/", form(**change))
    assert page.status_code == 422 and list(page.context["form"].errors) == [field]


def test_those_who_may_not_share_do_not_record_or_see_legal_requests(fresh_world: World) -> None:
    """A systems-based advocate's role shares nothing; a colleague who is not assigned to the person sees nothing about
    them."""
    world, known = fresh_world, open_record(fresh_world)
    path = world.client("alma").post(f"/people/{known.ref}/letters/new/", form()).headers["Location"]
    assert world.client("aisha").get(path).status_code == 403
    theirs = open_record(world, name="Robin Vale", user="cora")
    cora = world.client("cora")
    assert "Subpoenas and legal requests" not in words(cora.get(f"/people/{theirs.ref}/"))
    for method in ("get", "post"):
        assert getattr(cora, method)(f"/people/{theirs.ref}/letters/new/").status_code == 403
    with world.as_("cora") as actor, pytest.raises(Refused):
        disclosures.log_request(actor=actor, ref=theirs.ref, disclosure=ORDER)


def test_a_step_has_a_day_between_the_request_and_now(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    alma = world.client("alma")
    path = alma.post(f"/people/{known.ref}/letters/new/", form()).headers["Location"]
    for change in ({"on_0": "4"}, {"on_2": "2999"}, {"step": "burned"}):
        assert alma.post(f"{path}step/", step("lawyer", **change)).status_code == 422
    assert "Nothing has been done yet." in words(alma.get(path))


def test_the_requests_page_links_to_the_person_page(world: World) -> None:
    page = words(world.client("adele").get("/agency/letters/"))
    assert "Legal requests delivered to our agency" in page and 'href="/people/find/"' in page
    # an investigator and officer: shares nothing about people
    page = words(world.client("ben").get("/agency/letters/"))
    assert "Give the request to the colleague who works with this person" in page
