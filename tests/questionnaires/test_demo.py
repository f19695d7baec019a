"""Riverbend's forms: who uses which, how many versions there are, and what was answered."""

from __future__ import annotations

from accord.answers.codes import Answered
from accord.demo import forms, people
from accord.drafts import queries as drafts
from accord.people import queries as people_queries
from accord.questionnaires import queries
from accord.questionnaires.codes import FORM_KINDS
from tests.region import World
from tests.steps.forms import upload


def test_agencies_of_the_demo_use_shipped_and_brought_forms(fresh_world: World) -> None:
    forms.publish(fresh_world)  # type: ignore[arg-type]  # a world acts as its personas, as a region does
    found = {}
    for user in ("adele", "finn", "emil"):
        with fresh_world.as_(user) as actor:
            for card in queries.forms(actor=actor):
                assert not [one for version in card.versions for one in (*version.problems, *version.warnings)]
                found[actor.agency_name, card.title] = (card.kind, [str(one.state) for one in card.versions])
    assert found == {
        ("Harbor House", "Adult screening"): ("screening", ["published"]),
        ("Harbor House", "Needs assessment"): ("needs", ["published"]),
        ("County Hospital", "Clinic check"): ("health", ["published"]),
        ("Riverbend Legal Aid", "First visit"): ("needs", ["published", "replaced"]),
    }


def test_one_form_of_the_demo_is_finished_and_one_is_half_filled_out(fresh_world: World) -> None:
    forms.publish(fresh_world)  # type: ignore[arg-type]
    people.build(fresh_world)  # type: ignore[arg-type]
    forms.answer(fresh_world)  # type: ignore[arg-type]
    with fresh_world.as_("alma") as alma:
        refs = {card.name: card.ref for card in people_queries.my_people(actor=alma)}
        page = people_queries.page(actor=alma, ref=refs["Lucía"], kinds=FORM_KINDS)
        (done,) = [item.payload for item in page.items["needs"] if isinstance(item.payload, Answered)]
        assert (done.title, done.language) == ("Needs assessment", "Español (es)")
        asked_in, shown = done.scores
        assert (asked_in[0], asked_in[1][-1][2:]) == (done.language, ("4", "Muchas. Pregunte por cuál empezar"))
        assert (shown[0], shown[1][-1][2]) == ("English (en)", "4")
        panel = fresh_world.client("alma").get(f"/people/{refs['Lucía']}/").content.decode()
        assert shown[1][-1][1] in panel and asked_in[1][-1][1] not in panel  # in the reader's language
        tomas = people_queries.page(actor=alma, ref=refs["Tomas"], kinds=["identity.name"]).known
        (begun,) = drafts.drafts_about(actor=alma, known=tomas)
        assert begun.kind == "screening"


def test_a_form_that_comes_with_accord_is_downloaded_as_a_spreadsheet_and_becomes_the_next_version(
    fresh_world: World,
) -> None:
    forms.publish(fresh_world)  # type: ignore[arg-type]
    adele = fresh_world.client("adele")
    with fresh_world.as_("adele") as actor:
        card = next(card for card in queries.forms(actor=actor) if card.source == "adult-screen")
    got = adele.get(f"/forms/versions/{card.versions[0].id}/workbook/")
    assert got["Content-Disposition"] == 'attachment; filename="adult-screen.xlsx"'
    page = adele.post(f"/forms/{card.id}/new/", upload(got.content, "adult-screen.xlsx"), follow=True)
    assert "Adult screening, version 2" in page.content.decode()
    with fresh_world.as_("adele") as actor:
        second, first = queries.form(actor=actor, questionnaire=card.id).versions
        assert (second.problems, second.warnings, second.asks, second.languages) == (
            (),
            (),
            first.asks,
            first.languages,
        )
        both = [queries.form_of(actor=actor, card=one) for one in (first, second)]
    assert both[0].tables == both[1].tables
    assert [(one.path, one.sensitive) for one in both[0].questions()] == [
        (one.path, one.sensitive) for one in both[1].questions()
    ]
