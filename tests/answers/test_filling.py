"""A form is filled in page by page, finished, shown as it was asked, corrected, and exported."""

from __future__ import annotations

import re

from tests.region import World
from tests.steps.answers import begin, finish, hidden_of, press
from tests.steps.forms import published, workbook
from tests.steps.pages import alert_words, said
from tests.steps.records import handle, open_record, release_to

TWO_PAGES = """
type | name | label::English (en) | label::Español (es) | relevant | required | sensitive
begin_group | one | You | Usted | | |
text | nickname | What should we call you? | ¿Cómo le decimos? | | yes |
select_one yes_no | safe | Are you safe today? | ¿Está a salvo hoy? | | | yes
text | worry | What worries you? | ¿Qué le preocupa? | ${safe} = 'no' | |
end_group | | | | | |
begin_group | two | Your home | Su hogar | | |
text | place | Where do you sleep? | ¿Dónde duerme? | | |
end_group | | | | | |
"""


def test_a_form_is_begun_on_a_phone_and_finished_at_a_desk(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, phone = open_record(world), world.client("alma")
    person = f"/people/{known.ref}/"
    assert f'href="{person}answers/new/"' in phone.get(person).content.decode()
    assert f'href="{person}answers/new/{card.id}/"' in phone.get(f"{person}answers/new/").content.decode()
    first = begin(phone, known.ref, card.id, "Español (es)")
    page = phone.get(first)
    assert "¿Cómo le decimos?" in page.content.decode()
    stays = press(phone, first, nickname="Sam Wq8ZplVx", safe="no")
    assert stays.status_code == 200 and "¿Qué le preocupa?" in stays.content.decode()
    stop = press(phone, first, "stop", page=stays, nickname="Sam Wq8ZplVx", safe="no", worry="La renta")
    assert said(phone.get(stop.headers["Location"])) == [
        "Answers saved. Your colleagues can't see them yet. Continue here or on Today."
    ]
    world.sessions.pop("alma")
    desk = world.client("alma")
    today = desk.get("/").content.decode()
    assert "Daily check-in</a>" in today
    resumed = desk.get(first.rpartition("1/")[0]).headers["Location"]
    assert resumed == first
    second = press(desk, resumed, nickname="Sam Wq8ZplVx", safe="no", worry="La renta").headers["Location"]
    review = press(desk, second).headers["Location"]
    words = alert_words(desk.get(review))
    assert "Where do you sleep?" in words or "¿Dónde duerme?" in words
    shown = finish(desk, review)
    page = desk.get(shown)
    assert said(page)[0].startswith("Form finished.")
    text = page.content.decode()
    assert "Are you safe today?" in text and "La renta" in text and "Sam Wq8ZplVx" in text
    spanish = desk.get(f"{shown}?language=0").content.decode()
    assert "¿Está a salvo hoy?" in spanish
    assert (
        "Daily check-in" in desk.get(person).content.decode()
        and "Daily check-in</a>" not in desk.get("/").content.decode()
    )
    with world.owner() as owner:
        assert owner.execute("select count(*) from drafts_draft where person = %s", [known.person]).fetchone() == (0,)


def test_a_form_with_a_missing_answer_can_not_be_finished(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    first = begin(alma, known.ref, card.id)
    second = press(alma, first).headers["Location"]
    review = press(alma, second, place="With a friend").headers["Location"]
    page = alma.get(review)
    assert "Needed before you can finish" in alert_words(page)
    refused = alma.post(review, hidden_of(page))
    assert refused.status_code == 422
    press(alma, first, nickname="Sam")
    assert alma.get(finish(alma, review)).status_code == 200


def test_an_older_page_never_overwrites_a_newer_draft(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    first = begin(alma, known.ref, card.id)
    open_elsewhere = alma.get(first)
    assert press(alma, first, nickname="Newer").status_code == 302
    clash = press(alma, first, page=open_elsewhere, nickname="Older")
    assert clash.status_code == 409
    words = alert_words(clash)
    assert "There is a newer version" in words and "Older" in words
    assert press(alma, first, page=open_elsewhere, nickname="Newer").status_code == 302  # the same, sent twice
    assert "Newer" in alma.get(first).content.decode()


def test_a_redraw_saves_a_new_language_but_not_what_is_being_typed(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    first = begin(alma, known.ref, card.id)
    places = hidden_of(alma.get(first))
    typed = {**places, "redraw": "1", f"q:{places['seen'][0]}": "Typing"}
    drawn = alma.post(first, typed)
    assert hidden_of(drawn)["draft_revision"] == ["1"] and "Typing" not in alma.get(first).content.decode()
    drawn = alma.post(first, {**typed, "go": "language:Español (es)"})
    assert hidden_of(drawn)["draft_revision"] == ["2"] and "<html" not in drawn.content.decode()
    text = alma.get(first).content.decode()
    assert "Typing" in text and "¿Está a salvo hoy?" in text


def test_a_new_version_leaves_a_half_filled_form_alone(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    first = begin(alma, known.ref, card.id)
    newer = published(
        world, workbook(TWO_PAGES.replace("Where do you sleep?", "Where do you live?")), of=card.questionnaire
    )
    second = press(alma, first, nickname="Sam").headers["Location"]
    assert "Where do you sleep?" in alma.get(second).content.decode()
    assert world.client("adele").post(f"/forms/{card.questionnaire}/retire/").status_code == 302
    review = press(alma, second, place="With a friend").headers["Location"]
    shown = alma.get(finish(alma, review)).content.decode()
    assert "Where do you sleep?" in shown and "Where do you live?" not in shown
    assert alma.post(f"/people/{known.ref}/answers/new/{newer.id}/", {"language": "English (en)"}).status_code == 409


def test_a_correction_is_a_revision_that_says_who_and_when(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    first = begin(alma, known.ref, card.id)
    second = press(alma, first, nickname="Sam").headers["Location"]
    shown = finish(alma, press(alma, second, place="Tent").headers["Location"])
    begun = alma.post(f"{shown}correct/").headers["Location"]
    page = alma.get(begun).headers["Location"]
    assert "Sam" in alma.get(page).content.decode()
    second = press(alma, page, nickname="Samira").headers["Location"]
    review = press(alma, second, place="Tent").headers["Location"]
    assert finish(alma, review) == shown
    text = alma.get(shown).content.decode()
    assert "Samira" in text and "by Alma" in text
    history = alma.get(f"{shown}history/").content.decode()
    (old,) = re.findall(rf'href="({shown}history/\d+/)"', history)
    before = alma.get(old).content.decode()
    assert ">Sam<" in re.sub(r"\s+", "", before) and "These answers were corrected later" in alert_words(alma.get(old))


def test_exports_have_neutral_names_and_are_logged(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    second = press(alma, begin(alma, known.ref, card.id), nickname="=Sam").headers["Location"]
    shown = finish(alma, press(alma, second, place="Tent").headers["Location"])
    csv, xlsx, xml = (alma.get(f"{shown}{ending}/") for ending in ("csv", "xlsx", "xml"))
    assert csv["Content-Disposition"] == 'attachment; filename="answers.csv"'
    assert "Tent" in csv.content.decode() and "\n=Sam" not in csv.content.decode()
    assert xlsx.content[:2] == b"PK" and b"<place>Tent</place>" in xml.content
    log = alert_words(world.client("adele").get("/agency/log/"))
    assert "Alma downloaded a person&#x27;s answers to a form." in log or "answers to a form." in log


def test_a_recipient_reads_answers_without_the_form(world: World) -> None:
    card = published(world, workbook(TWO_PAGES))
    known, alma = open_record(world), world.client("alma")
    second = press(alma, begin(alma, known.ref, card.id), nickname="Sam").headers["Location"]
    shown = finish(alma, press(alma, second, place="Tent").headers["Location"])
    release_to(world, known)
    elena, ref = world.client("elena"), handle(world, "elena")
    page = elena.get(f"/people/{ref}/")
    (link,) = re.findall(rf'href="(/people/{ref}/answers/[^"]+)"', page.content.decode())
    assert "Tent" in elena.get(link).content.decode() and shown.split("/")[-2] in link
    for more in ("csv", "history"):
        assert elena.get(f"{link}{more}/").status_code == 403
    assert elena.get(f"/people/{ref}/answers/new/").status_code == 403
