"""A screening with a form: what is read out first, what the answers indicate, and who never gets the form."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from accord.people import queries as people
from accord.questionnaires import queries as forms
from accord.questionnaires import services
from accord.screening.codes import ScreenResult
from tests.region import World
from tests.steps.answers import finish, press
from tests.steps.forms import published, workbook
from tests.steps.screening import aged

SURVEY = """
type | name | label::English (en) | label::Español (es) | sensitive
select_one yes_no | offered | Did someone get paid for sex with you? | ¿Alguien recibió dinero por sexo con usted? | yes
select_one yes_no | forced | Did someone hurt or threaten you? | ¿Alguien le hizo daño o le amenazó? | yes
select_one yes_no | worked | Did you have to work? | ¿Tuvo que trabajar? | yes
select_one yes_no | young | Were you under 18 then? | ¿Tenía menos de 18 años? | yes
"""
ELEMENTS = """
element | name | value
act | offered | yes
act | worked | yes
means | forced | yes
sex | offered | yes
labor | worked | yes
under18 | young | yes
"""
READ_OUT = {"preface_trained": "no", "preface_language": "en", "preface_told": "on"}


@pytest.fixture(scope="module")
def screen(world: World) -> forms.VersionCard:
    return published(world, workbook(SURVEY, title="Our screen", elements=ELEMENTS), kind="screening")


def start(client: Client, ref: uuid.UUID, version: uuid.UUID, **said: str) -> Any:
    return client.post(f"/people/{ref}/answers/new/{version}/", {"language": "English (en)", **said})


def answered(world: World, ref: uuid.UUID, screen: forms.VersionCard, user: str = "alma", **answers: str) -> str:
    """Fill in the screen as someone, and return the address of the answers."""
    client = world.client(user)
    begun = start(client, ref, screen.id, **READ_OUT)
    assert begun.status_code == 302, begun.content.decode()
    first = client.get(begun.headers["Location"]).headers["Location"]
    return finish(client, press(client, first, **answers).headers["Location"])


def results(world: World, ref: uuid.UUID, user: str = "alma") -> list[ScreenResult]:
    with world.as_(user) as actor:
        items = people.page(actor=actor, ref=ref, kinds=["screening"]).items.get("screening", ())
    return [item.payload for item in items if item.type == ScreenResult.code]


def test_nothing_is_asked_before_the_text_was_read_out(world: World, screen: forms.VersionCard) -> None:
    ref, alma = aged(world, "15"), world.client("alma")
    place = f"/people/{ref}/answers/new/{screen.id}/"
    page = alma.get(place).content.decode()
    for words in (
        "You can skip any question.",
        "You get the same help",
        "You are under 18.",
        "child protection within 24 hours",
        "What you tell me is confidential, but a court may still order Harbor House to share it.",
        "What you tell me is privileged by state law.",
        "Puede omitir cualquier pregunta",
        "at least 40 hours of advocate training",
    ):
        assert words in page, words
    refused = start(alma, ref, screen.id)
    assert refused.status_code == 422
    for words in ("Say whether you have the training", "Choose the language", "Read the text out first."):
        assert words in refused.content.decode()
    assert start(alma, ref, screen.id, **{**READ_OUT, "preface_told": ""}).status_code == 422
    shown = answered(world, ref, screen, offered="no", worked="no")
    kept = alma.get(shown).content.decode()
    assert "Confidential" in kept and "What must be reported" in kept and "You are under 18." in kept
    assert "Privileged" not in kept and "privileged by state law" not in kept


def test_an_adult_hears_that_nothing_is_reported(world: World, screen: forms.VersionCard) -> None:
    ref = aged(world, "30")
    page = world.client("alma").get(f"/people/{ref}/answers/new/{screen.id}/").content.decode()
    assert "You are an adult, and the law doesn&#x27;t make us report" in page and "child protection" not in page


@pytest.mark.parametrize(
    ("answers", "sex", "labor", "result"),
    [
        ({"offered": "yes", "worked": "no", "young": "yes"}, "yes", "no", "positive"),
        ({"offered": "yes", "worked": "no", "young": "no", "forced": "no"}, "no", "no", "negative"),
        ({"offered": "yes", "worked": "no"}, "cannot_tell", "no", "unclear"),
        ({"offered": "no", "worked": "yes", "young": "yes", "forced": "no"}, "no", "no", "negative"),
        ({"offered": "no", "worked": "yes", "forced": "yes"}, "no", "yes", "positive"),
        ({"offered": "yes", "worked": "yes", "forced": "yes"}, "yes", "yes", "positive"),
        ({}, "cannot_tell", "cannot_tell", "unclear"),
    ],
)
def test_what_answers_indicate_is_kept_next_to_them(
    world: World, screen: forms.VersionCard, answers: dict[str, str], sex: str, labor: str, result: str
) -> None:
    ref = aged(world, "30")
    shown = answered(world, ref, screen, **answers)
    (found,) = results(world, ref)
    told = {rule: indicated for rule, indicated, _missing in found.found}
    assert (told["us.trafficking.sex"], told["us.trafficking.labor"]) == (sex, labor)
    assert (found.result, found.tool, found.title) == (result, "other", "Our screen")
    page = world.client("alma").get(f"/people/{ref}/checks/").content.decode()
    assert f'href="{shown}"' in page and "No determination yet." in page


@pytest.mark.line(119)
def test_when_everything_is_skipped_it_saves_and_help_is_offered_just_the_same(
    world: World, screen: forms.VersionCard
) -> None:
    ref, alma = aged(world, "22"), world.client("alma")
    declined = {f"{name}": "" for name in ("offered", "forced", "worked", "young")}
    begun = start(alma, ref, screen.id, **READ_OUT)
    first = alma.get(begun.headers["Location"]).headers["Location"]
    page = alma.get(first)
    assert page.content.decode().count("Prefer") >= 4  # each question can be declined
    shown = finish(alma, press(alma, first, page=page, **declined).headers["Location"])
    assert alma.get(shown).status_code == 200
    assert results(world, ref)[-1].result in ("unclear", "declined")
    assert alma.post(f"/people/{ref}/items/new/", {"daily": "housing", "urgency": "now"}).status_code == 302


def test_a_childs_positive_screen_opens_tasks_and_a_correction_opens_no_second_ones(
    world: World, screen: forms.VersionCard
) -> None:
    ref = aged(world, "15")
    answered(world, ref, screen, offered="yes")
    alma = world.client("alma")
    page = alma.get(f"/people/{ref}/").content.decode()
    assert "Report to child protection" in page
    answered(world, ref, screen, offered="yes")
    with world.as_("alma") as actor:
        items = people.page(actor=actor, ref=ref, kinds=["screening"]).items["screening"]
    assert len([item for item in items if item.type == "screening_step"]) == 2


def test_shipped_screens_count_under_their_own_names(world: World) -> None:
    with world.as_("adele") as adele:
        made = services.add_shipped(actor=adele, code="youth-screen")
        services.publish(actor=adele, card=forms.version(actor=adele, version=made), kind="screening")
        card = forms.version(actor=adele, version=made)
    ref, alma = aged(world, "16"), world.client("alma")
    begun = start(alma, ref, card.id, **READ_OUT)
    assert begun.status_code == 302, begun.content.decode()
    address = alma.get(begun.headers["Location"]).headers["Location"]
    while "/review/" not in address:
        address = press(alma, address).headers["Location"]
    finish(alma, address)
    (found,) = results(world, ref)
    assert (found.tool, found.result) == ("youth-screen", "unclear")
    assert {indicated for _rule, indicated, _missing in found.found} == {"cannot_tell"}


def test_police_never_get_the_form_and_nothing_of_theirs_becomes_a_screening(world: World) -> None:
    with world.as_("bea") as bea:
        content = workbook(SURVEY, title="Police screen", elements=ELEMENTS)
        made = services.add(actor=bea, name="form.xlsx", content=content)
        services.publish(actor=bea, card=forms.version(actor=bea, version=made), kind="screening")
    ref = aged(world, "30", user="bea")
    client = world.client("bea")
    page = client.get(f"/people/{ref}/answers/new/{made}/").content.decode()
    assert "Call an advocate" in page or "What not to ask" in page
    assert ">Start</button>" not in page and "preface_told" not in page
    assert start(client, ref, made, **READ_OUT).status_code == 403
    assert results(world, ref, "bea") == []
    ben = world.client("ben").get(f"/people/{aged(world, '30', user='ben')}/answers/new/{made}/")
    assert ben.status_code in (403, 404)


def test_child_protection_hears_that_answers_may_have_to_be_given_away(world: World) -> None:
    with world.as_("deb") as deb:
        content = workbook(SURVEY, title="Our screen", elements=ELEMENTS)
        made = services.add(actor=deb, name="form.xlsx", content=content)
        services.publish(actor=deb, card=forms.version(actor=deb, version=made), kind="screening")
    ref = aged(world, "15", user="deb")
    page = world.client("deb").get(f"/people/{ref}/answers/new/{made}/").content.decode()
    assert "What you record here may be disclosed to the defense." in page
    assert "Your answers may have to be given to prosecutors" in page and "is confidential" not in page
