"""Forms about a person: begun in Spanish on a phone and finished at a desk, and a hospital's own form with a score."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP
from tests.journeys.conftest import Walk, seats
from tests.region import World
from tests.steps.forms import published, workbook
from tests.steps.records import open_record

pytestmark = pytest.mark.journey

VISIT = """
type | name | label::English (en) | label::Español (es) | relevant | required | sensitive
begin_group | one | About you | Sobre usted | | |
text | nickname | What should we call you? | ¿Cómo le decimos? | | yes |
select_one yes_no | well | Did you sleep well? | ¿Durmió bien? | | | yes
text | worry | What kept you awake? | ¿Qué le quitó el sueño? | ${well} = 'no' | |
end_group | | | | | |
begin_group | two | This week | Esta semana | | |
text | plan | What comes first this week? | ¿Qué es lo primero esta semana? | | |
end_group | | | | | |
"""
PAIN = """
type | name | label::English (en) | calculation
integer | pain | How strong is the pain, from 0 to 10? |
calculate | level | | ${pain}
"""
SCORES = """
name | min | max | label::English (en)
level | | | Pain
level | 0 | 3 | little
level | 4 | 10 | strong
"""


def go(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).locator("visible=true").last.click()


@seats(daily="phone", without=("desktop",))
def test_answers(walk: Walk, fresh_world: World) -> None:
    card = published(fresh_world, workbook(VISIT, title="Weekly visit"))
    known = open_record(fresh_world, "Sam")
    phone = walk.page()
    walk.arrive(phone, "alma")
    phone.goto(f"/people/{known.ref}/")
    phone.get_by_role("link", name="Fill out a form").click()
    walk.look(phone, "choose")
    phone.get_by_role("link", name="Weekly visit").click()
    phone.locator("label[for=id_language_1]").click()
    walk.look(phone, "start")
    go(phone, "Start")
    phone.get_by_label("¿Cómo le decimos?").fill("Sam")
    phone.get_by_text("No", exact=True).first.click()
    if not walk.seat.script:
        go(phone, "Siguiente")
    phone.get_by_label("¿Qué le quitó el sueño?").fill("El ruido")
    walk.look(phone, "page")
    go(phone, "Guardar y salir")
    expect(phone.get_by_text("Answers saved.")).to_be_visible()
    published(fresh_world, workbook(VISIT.replace("What comes first", "What matters")), of=card.questionnaire)
    desk = walk.page(width=DESKTOP)
    walk.arrive(desk, "alma")
    desk.get_by_role("link", name="Continue").first.click()
    expect(desk.get_by_label("¿Qué le quitó el sueño?")).to_have_value("El ruido")
    go(desk, "English")
    expect(desk.get_by_label("What kept you awake?")).to_have_value("El ruido")
    go(desk, "Next")
    desk.get_by_label("What comes first this week?").fill("The lease")
    go(desk, "Go to the end")
    go(desk, "Finish")
    expect(desk.get_by_text("What comes first this week?")).to_be_visible()
    phone.goto(f"/people/{known.ref}/")
    phone.get_by_role("link", name="Weekly visit").click()
    walk.look(phone, "answers")


@seats(daily="phone", without=("desktop", "no-script"))
def test_a_form_with_a_score(walk: Walk, fresh_world: World) -> None:
    published(fresh_world, workbook(PAIN, title="Pain check", scores=SCORES), user="finn", kind="health")
    known = open_record(fresh_world, "Lu", "farah")
    farah = walk.page()
    walk.arrive(farah, "farah")
    farah.goto(f"/people/{known.ref}/")
    farah.get_by_role("link", name="Fill out a form").click()
    farah.get_by_role("link", name="Pain check").click()
    go(farah, "Start")
    farah.get_by_label("How strong is the pain, from 0 to 10?").fill("7")
    go(farah, "Go to the end")
    walk.look(farah, "review")
    go(farah, "Finish")
    expect(farah.get_by_text("Pain: 7 (strong)")).to_be_visible()
    expect(farah.get_by_text("A score never decides whether someone gets help.")).to_be_visible()
    walk.look(farah, "answers")
