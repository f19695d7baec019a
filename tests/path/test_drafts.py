"""A form that is saved unfinished: continued on another device, finished, discarded, deleted."""

from __future__ import annotations

import re
from datetime import timedelta

from accord.sharing import services as records
from accord.ui.words import day
from tests.region import World
from tests.steps.drafts import TITLE, is_on_page, is_on_today, place, revisions, save_draft
from tests.steps.pages import alert_words, said
from tests.steps.records import handle, log_of, open_record, release_to
from tests.steps.worker import later, run

WORDS = 'Asked for a lock & said "not yet" Wq8ZplVx'


def test_a_note_is_begun_on_a_computer_and_finished_on_a_phone(world: World) -> None:
    known, computer = open_record(world), world.client("alma")
    form = computer.get(place(known.ref))
    assert "Save as a draft" in alert_words(form) and "kept for 30 days" in alert_words(form)
    answer = save_draft(computer, known.ref, WORDS)
    assert said(computer.get(answer.headers["Location"])) == [
        "Draft saved. Your colleagues can't see it. Continue here or on Today."
    ]
    today = computer.get("/").content.decode()
    until = day(world.today() + timedelta(days=30))
    row = rf"{TITLE}</a>.*Samira Quill · saved {day(world.today())}, [\d:]+ [ap].m. · kept until {until}<"
    assert re.search(row, today, re.S)
    assert f'href="{place(known.ref)}">Continue<' in today and '/discard/">Discard<' in today
    world.sessions.pop("alma")
    phone = world.client("alma")
    page = phone.get(place(known.ref))
    assert f"This is your draft (saved {day(world.today())}" in alert_words(page) and ".m.." not in alert_words(page)
    shown = page.context["form"]
    assert shown["text"].value() == WORDS
    whole = {"text": f"{WORDS} at noon", "draft_revision": shown["draft_revision"].value()}
    done = phone.get(phone.post(place(known.ref), whole).headers["Location"])
    assert said(done)[0].startswith("Case note saved.")
    assert "at noon" in done.content.decode() and not is_on_today(phone, known.ref)
    assert revisions(world, known.ref) == []


def test_what_is_not_valid_yet_can_be_saved_as_a_draft(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    form = f"/people/{known.ref}/entries/new/"
    typed = {"category": "", "day_0": "31", "day_1": "2", "day_2": "26", "amount": "many", "unit": "rides"}
    assert alma.post(form, typed).status_code == 422
    assert alma.post(form, {**typed, "save_draft": "1"}).status_code == 302
    shown = alma.get(form).context["form"]
    assert {name: shown[name].value() for name in ("category", "day", "amount", "unit")} == {
        "category": "",
        "day": "26-2-31",
        "amount": "many",
        "unit": "rides",
    }
    assert alma.post(form, {**typed, "draft_revision": "1"}).status_code == 422 and revisions(world, known.ref) == [1]
    clash = alma.post(form, {**typed, "amount": "few", "save_draft": "1"})
    assert clash.status_code == 409 and "few" in alert_words(clash) and "many" in alert_words(clash)
    right = {**typed, "category": "transport", "day_1": "1", "day_2": "2026", "amount": "2", "draft_revision": "1"}
    assert alma.post(form, right).status_code == 302 and revisions(world, known.ref) == []


def test_after_both_texts_the_next_click_replaces_the_newer_draft(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    save_draft(alma, known.ref, "from the phone")
    both = save_draft(alma, known.ref, "from the computer")
    words = alert_words(both)
    assert "There is a newer draft" in words and "from the phone" in words and "from the computer" in words
    form = both.context["form"]
    assert form["text"].value() == "from the computer"
    assert save_draft(alma, known.ref, form["text"].value(), form["draft_revision"].value()).status_code == 302
    assert alma.get(place(known.ref)).context["form"]["text"].value() == "from the computer"


def test_discarding_asks_first(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    save_draft(alma, known.ref, WORDS)
    (address,) = re.findall(r'href="(/drafts/[^"]+)"', alma.get(place(known.ref)).content.decode())
    asked = alma.get(address)
    assert f"{TITLE}, saved {day(world.today())}" in alert_words(asked) and "Wq8ZplVx" not in asked.content.decode()
    for other in ("aisha", "adele", "elena"):
        assert world.client(other).post(address).status_code == 404, other
    assert revisions(world, known.ref) == [1]
    assert said(alma.get(alma.post(address).headers["Location"])) == ["Draft discarded."]
    assert revisions(world, known.ref) == [] and alma.get(address).status_code == 404
    assert alma.get(place(known.ref)).context["form"]["text"].value() is None


def test_the_audit_log_says_that_a_draft_was_saved_and_nothing_else(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    save_draft(alma, known.ref, WORDS)
    (line, *_) = log_of(world, "adele", "draft-saved")
    assert line.details["about"] == [str(known.person)]
    assert line.details.keys().isdisjoint({"form", "kinds", "key", "sealed"})
    log = alert_words(world.client("adele").get("/agency/log/"))
    assert "Alma saved a draft about a person." in log and "Wq8ZplVx" not in log


def test_a_draft_that_is_over_is_gone_before_the_worker_deletes_it(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    save_draft(world.client("alma"), known.ref, WORDS)
    later(world, hours=30 * 24, minutes=-1)
    assert is_on_today(world.client("alma"), known.ref)
    later(world, minutes=1)
    assert not is_on_today(world.client("alma"), known.ref) and revisions(world, known.ref) == [1]
    assert save_draft(world.client("alma"), known.ref, "begun anew").status_code == 302
    assert revisions(world, known.ref) == [1]
    later(world, hours=30 * 24)
    run(world, "drafts_expire")
    assert revisions(world, known.ref) == []


def test_the_drafts_of_someone_who_left_are_deleted(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    save_draft(world.client("alma"), known.ref, WORDS)
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="Takes over")
    save_draft(world.client("adele"), known.ref, WORDS)
    left = world.client("adele").post(f"/agency/colleagues/{world.memberships['alma']}/end/")
    assert left.status_code == 302
    assert world.client("alma").get(place(known.ref)).status_code == 302  # to the sign-in page
    run(world, "drafts_expire")
    assert revisions(world, known.ref) == [1] and is_on_page(world.client("adele"), known.ref)


def test_a_draft_outlives_new_keys(fresh_world: World) -> None:
    """A version of a key stays as long as a draft is under it."""
    world = fresh_world
    known = open_record(world)
    save_draft(world.client("alma"), known.ref, WORDS)
    assert world.client("adele").post(f"/agency/colleagues/{world.memberships['aisha']}/end/").status_code == 302
    later(world, minutes=20)
    world.session("alma")  # makes the keys that are due
    later(world, minutes=20)
    world.client("alma").post("/agency/renewal/", follow=True)
    later(world, minutes=20)
    alma = world.client("alma")
    with world.owner() as owner:
        newest = owner.execute(
            "select max(version) from vault_ringkey where owner = %s and code = 'notes.case'",
            [world.agencies["harbor"]],
        ).fetchone()
        before = owner.execute("select ring_version from drafts_draft").fetchone()
    assert newest > before
    form = alma.get(place(known.ref)).context["form"]
    assert form["text"].value() == WORDS
    assert save_draft(alma, known.ref, WORDS + "!", form["draft_revision"].value()).status_code == 302
    with world.owner() as owner:
        assert owner.execute("select ring_version from drafts_draft").fetchone() == newest


def test_no_one_saves_a_draft_about_another_agencys_person(world: World) -> None:
    known = open_record(world)
    release_to(world, known)
    tries = [("elena", handle(world, "elena"), 403), ("emil", known.ref, 404), ("ben", known.ref, 404)]
    for user, ref, status in [*tries, ("grace", known.ref, 403)]:
        assert save_draft(world.client(user), ref, WORDS).status_code == status, user
    assert revisions(world, known.ref) == []
