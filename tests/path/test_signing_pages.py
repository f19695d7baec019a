"""Signing, pausing, revoking on screen: who may sign, and what no signer is told."""

from __future__ import annotations

import html
from datetime import date, timedelta
from uuid import UUID

import pytest

from accord.accounts import sessions
from accord.config.backup import SUSPEND
from accord.core import clock
from accord.law.codes import STATEMENT_WORDS, Statement
from accord.releases import services as releases
from tests.region import World
from tests.steps.addresses import normal
from tests.steps.records import SAID, handle
from tests.steps.releases import now
from tests.steps.signing import BEFORE, SIGNED, around, days, drafted, finished, outcome, person, terms_page


@pytest.mark.line(27, 28)
def test_a_young_person_signs_with_one_parent(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    address = drafted(world, alma, ref)
    page = alma.get(address).content
    assert b"One signature is enough" in page
    assert outcome(world, alma, address) == "form"  # no one else
    relative = {"second": "new", "second_name": "Ruth", "second_capacity": "relative"}
    assert outcome(world, alma, address, **relative) == "form"
    assert outcome(world, alma, address, second="new", second_name="Marta", second_capacity="parent") == "active"
    assert b"Marta" in alma.get(f"/people/{ref}/others/").content  # Marta is on record from now on


@pytest.mark.line(29, 30)
@pytest.mark.parametrize("flag", ["abuser_of_person", "trafficker", "abuser_of_other_parent"])
def test_someone_who_harmed_them_is_refused_and_learns_nothing(fresh_world: World, flag: str) -> None:
    """The signer reads the same pages to the end; staff read why when the device is back."""
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    bad, good = around(world, ref, "Viktor", "parent", flag), around(world, ref, "Marta", "parent")
    seen = {}
    for mother_or_not in (bad, good):
        address = drafted(world, alma, ref)
        page = alma.get(address).content
        assert b"Viktor" in page and b"has harmed" not in page and b"exploited" not in page
        theirs = alma.post(address, {**BEFORE, "second": mother_or_not}).headers["Location"]
        form = alma.get(theirs).content.decode().replace("Viktor", "NAME").replace("Marta", "NAME")
        end = alma.post(theirs, SIGNED, follow=True).content.decode()
        series = address.split("/")[-3]
        seen[mother_or_not] = [normal(text, series, ref) for text in (form, end)]
        sessions.take_back(world.session("alma"))
        if mother_or_not == bad:
            staff = alma.get(address.replace("sign/", "finish/")).content
            assert b"recorded as having harmed" in staff and b"Share with" not in staff
            assert finished(alma, address) == "not finished"
    assert seen[bad] == seen[good]
    assert finished(alma, address) == "active"


@pytest.mark.line(31)
def test_counseling_at_fifteen_alone(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    address = drafted(world, alma, ref, purposes=[], more_purposes=["counselling"])
    assert outcome(world, alma, address) == "active"
    series = UUID(address.split("/")[-3])
    with world.as_("alma") as actor:
        _, item = releases.find_release(actor=actor, ref=ref, series=series)
    assert "calder.minor-counselling" in item.payload.rule_ids


@pytest.mark.line(32)
def test_for_an_infant_a_guardian_signs_alone(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 1)
    guardian = around(world, ref, "Nadia", "guardian")
    no_basis = drafted(world, alma, ref, ability="cannot_understand")
    assert outcome(world, alma, no_basis, second=guardian, informed="on") == "form"
    address = drafted(world, alma, ref, ability="cannot_understand", ability_basis="She is one year old.")
    page = alma.get(address).content
    assert b"Someone tried to explain this" in page
    assert outcome(world, alma, address, informed="on") == "form"
    assert outcome(world, alma, address, second=guardian) == "form"  # no one tried to explain
    assert outcome(world, alma, address, second=guardian, informed="on") == "active"
    signed = alma.get(address.replace("sign/", "")).content
    assert b"Nadia" in signed and b"child&#x27;s legal guardian" in signed


@pytest.mark.line(33)
def test_under_guardianship_only_the_appointed_guardian_signs(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 40)
    sister = around(world, ref, "Ines", "relative")
    unseen = around(world, ref, "Olga", "court_guardian")
    appointed = around(world, ref, "Petra", "court_guardian", court_paper="Probate 12/2026")
    address = drafted(world, alma, ref, ability="legal_incapacity", ability_basis="Probate 12/2026")
    assert outcome(world, alma, address, second=sister) == "form"
    assert outcome(world, alma, address, second=unseen) == "form"
    assert outcome(world, alma, address, second=appointed) == "active"


def test_what_is_recorded_about_a_signer_pauses_it_on_screen(fresh_world: World) -> None:
    """The partner reads that it is no longer shared and not why; Alma reads why, and what resumes it."""
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    mother = around(world, ref, "Marta", "parent")
    address = drafted(world, alma, ref)
    assert outcome(world, alma, address, second=mother) == "active"
    shared = handle(world, "elena")
    elena = world.client("elena")
    assert elena.get(f"/people/{shared}/").status_code == 200
    member = {"name": "Marta", "capacity": "parent", "languages": ["es"]}
    saved = alma.post(
        f"/people/{ref}/others/{mother}/", {**member, "flags": ["trafficker"], "basis": "own words", "revision": "1"}
    )
    assert saved.status_code == 302
    refused = elena.get(f"/people/{shared}/")
    assert refused.status_code == 403
    found = [word for word in (b"Marta", b"harm", b"exploit", b" rest", b"pause") if word in refused.content]
    assert not found, refused.content[refused.content.index(found[0]) - 80 :][:160]
    page = alma.get(address.replace("sign/", "")).content
    assert b"now recorded as having harmed this person" in page and b"turns out to be a mistake" in page
    assert b"Paused" in page and b"Stop sharing" in page
    assert alma.post(f"/people/{ref}/others/{mother}/", {**member, "revision": "2"}).status_code == 302
    assert elena.get(f"/people/{shared}/").status_code == 200


@pytest.mark.line(20)
def test_a_doubtful_voice_on_screen(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref)
    assert outcome(world, alma, address) == "active"
    shared, elena = handle(world, "elena"), world.client("elena")
    page = address.replace("sign/", "")
    neither = alma.post(page + "stop/", {"how": "oral"})
    assert (
        neither.status_code == 422 and elena.get(f"/people/{shared}/").status_code == 200
    )  # nothing chosen, nothing done
    doubted = alma.post(page + "stop/", {"asked": "unsure"}, follow=True).content
    assert b"Sharing hasn't been stopped permanently" in doubted and b"keeps what it already read or printed" in doubted
    assert elena.get(f"/people/{shared}/").status_code == 403
    shown = alma.get(page).content
    assert address.encode() not in shown  # signing again would not end this doubt: nothing on the page says it would
    assert b"confirmed who asked" in shown and b"The client didn't ask to revoke this release" in shown
    assert b"Find out whether this person asked to revoke" in alma.get("/").content
    assert alma.post(page + "not-asked/").status_code == 302
    assert elena.get(f"/people/{shared}/").status_code == 200
    alma.post(page + "stop/", {"asked": "unsure"})
    stopped = alma.post(page + "stop/", {"asked": "spoken"}, follow=True).content
    assert (
        b"Riverbend Legal Aid can no longer see anything under this release" in stopped
        and b"keeps what it already read or printed. Tell" in stopped
    )
    assert b"Revoked" in alma.get(page).content
    assert alma.post(page + "not-asked/").status_code == 409


def test_they_sign_again_on_screen(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref)
    assert outcome(world, alma, address) == "active"
    assert alma.get(address).status_code == 302  # it is not paused
    alma.post(address.replace("sign/", "stop/"), {"asked": "unsure"})
    assert alma.get(address).status_code == 200
    assert outcome(world, alma, address) == "active"
    release, _ = now(world, type("Ref", (), {"ref": ref}), UUID(address.split("/")[-3]))
    assert len(release.signed_again) == 1 and release.status == "suspended"  # the doubt is a separate matter


def test_what_came_back_from_older_keys_resumes_once_the_person_was_asked(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref)
    assert outcome(world, alma, address) == "active"
    shared, elena, page = handle(world, "elena"), world.client("elena"), address.replace("sign/", "")
    assert alma.post(page + "go-on/").status_code == 409
    with world.owner() as owner:
        owner.execute(SUSPEND)
    assert elena.get(f"/people/{shared}/").status_code == 403
    around(world, ref, "Marta", "parent")  # reconsidering it for another reason does not resume it
    assert elena.get(f"/people/{shared}/").status_code == 403
    assert b"older key backup" in alma.get(page).content
    assert alma.post(page + "go-on/").status_code == 302
    assert elena.get(f"/people/{shared}/").status_code == 200


def test_a_draft_is_deleted(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref)
    page = address.replace("sign/", "")
    assert alma.post(page + "discard/").status_code == 302
    assert b"Nothing has been shared" in alma.get(f"/people/{ref}/").content
    assert alma.get(address).status_code == 302
    assert alma.post(page + "discard/").status_code == 409


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_of_it_opens(fresh_world: World, lang: str) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    alma.cookies["accord_language"] = lang
    ref = person(world, 30)
    mother = around(world, ref, "Marta", "parent")
    page = drafted(world, alma, ref).replace("sign/", "")
    for address in (page, page + "sign/", page + "on-file/", f"/people/{ref}/others/", f"/people/{ref}/others/new/"):
        assert alma.get(address).status_code == 200, address
    assert alma.get(f"/people/{ref}/others/{mother}/").status_code == 200
    assert alma.get(f"/people/{ref}/others/{UUID(int=7)}/").status_code == 404


def test_a_signed_release_says_how_it_was_signed(fresh_world: World) -> None:
    """In which language, who was there, what was checked; and the form itself in that language for anyone who asks."""
    world, alma = fresh_world, fresh_world.client("alma")
    address = drafted(world, alma, person(world, 30))
    page = address.replace("sign/", "")
    assert "Checked before signing" not in alma.get(page).content.decode()
    interpreted = {"interpreter_kind": "telephone", "interpreter_language": "es", "interpreter_promised": "on"}
    assert outcome(world, alma, address, **interpreted) == "active"
    shown = alma.get(page).content.decode()
    assert "Read and signed in Spanish." in shown and "by phone or video" in shown and "Alma" in shown
    assert all(str(STATEMENT_WORDS[Statement(code)]) in html.unescape(shown) for code in SAID)
    as_signed = alma.get(page + "?as_signed").content.decode()
    assert '<div class="stack" lang="es">' in as_signed and "Primer día en que se comparte" in as_signed
    assert "Hablamos en privado" in as_signed and "We talked in private" not in as_signed


def test_everything_wrong_is_said_in_one_round(fresh_world: World) -> None:
    """What the form asks and what the law asks are next to their questions after one try, on both pages."""
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    terms = alma.post(
        terms_page(alma, ref), {"recipient": str(world.agencies["legal"]), **days(*late(world)), "how": "prepare"}
    )
    errors = terms.context["form"].errors
    assert terms.status_code == 422 and set(errors) == {"kinds", "purposes", "last_day", "text_language", "reads"}
    assert "more than 365 days away" in str(errors["last_day"])
    address = drafted(world, alma, ref, ability="cannot_understand", ability_basis="")
    shown = alma.get(address).content.decode()
    assert "Needed before anyone signs" in shown and "Enter the reason this person can" in shown
    wrong = alma.post(address, {"witness": "", "interpreter_kind": "other", "interpreter_ties": ["family"]})
    found = set(wrong.context["form"].errors)
    assert found >= {
        "witness",
        "informed",
        "second",
        "interpreter_language",
        "interpreter_ties",
        "interpreter_promised",
    }
    assert b"No parent or guardian is safe to ask" in wrong.content and b"15 or older can sign alone" in wrong.content


def late(world: World) -> tuple[date, date]:
    """From today until later than any release may last."""
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
    return today, today + timedelta(days=400)


def test_signed_and_not_finished_is_told_apart_from_not_signed(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref)
    here = address.replace("sign/", "")
    assert "Not signed yet" in alma.get(here).content.decode()
    alma.post(alma.post(address, BEFORE).headers["Location"], SIGNED)
    sessions.take_back(world.session("alma"))
    for page in (here, f"/people/{ref}/"):
        words = alma.get(page).content.decode()
        assert "Signed but not shared yet" in words and "Not signed yet" not in words
    assert [name for name, _as_what, _on in alma.get(here).context["signed_by"]] == ["Sam"]
