"""The device in a survivor's hands: one page answers, in their language; only a staff code leads back."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest
from django.core.exceptions import BadRequest
from django.test import Client

from accord.accounts.sessions import COOKIE
from accord.people import services as people
from accord.people.codes import PersonName
from accord.releases import handing_views
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import services as records
from tests.region import World
from tests.steps.addresses import NEVER_EXISTED, routes
from tests.steps.addresses import address as filled
from tests.steps.records import handle
from tests.steps.signing import BEFORE, SIGNED, around, code, drafted, finished, handed, person, terms_page

NEUTRAL = "Hoy no se puede terminar. Alguien del personal hablará con usted."
GIVE_BACK = "Por favor, devuelva el dispositivo."


def stored(world: World, ref: UUID, address: str) -> Release:
    with world.as_("alma") as actor:
        return releases.find_release(actor=actor, ref=ref, series=UUID(address.split("/")[-3]))[1].payload


def test_nothing_answers_but_their_page(fresh_world: World) -> None:
    """Every address of the application, from any tab of this browser, leads to the one page; nothing is done."""
    world = fresh_world
    alma, ref, _address, theirs = handed(world)
    series = theirs.split("/")[4]
    ids = {"ref": ref, "series": series, "language": "en", "to": 1, "period": "2026-1", "other": ref}
    for route in routes():
        path = filled(route, {name: ids.get(name, NEVER_EXISTED) for name in route.arguments})
        if route.name in ("signin:sign_out", "signin:leave", "signin:keep", "ui:static"):
            continue
        for answer in (alma.get(path), alma.post(path, {"name": "x"})):
            refused = path.startswith("/api/") and answer.status_code == 403
            assert refused or (answer.status_code, answer.headers.get("Location")) == (302, theirs), path
            assert b"Samira" not in answer.content
    assert alma.get("/nothing/at/all/").headers["Location"] == theirs
    page = alma.get(theirs)
    assert page.status_code == 200 and "Samira" not in page.content.decode()


def test_their_page_is_theirs_alone(fresh_world: World) -> None:
    """Their language no matter what the browser asks for, the text, their choices, the way out, and no way in."""
    alma, _ref, _address, theirs = handed(fresh_world)
    alma.cookies["accord_language"] = "en"
    page = alma.get(theirs).content.decode()
    assert '<html lang="es">' in page and "¿Podemos compartir esto?" in page and "No quiero firmar" in page
    assert 'id="leave"' in page and "<header" not in page and "<nav" not in page and "Alma" not in page
    assert re.findall(r'href="(/(?!static)[^"]*)"', page) == [theirs]  # "I'm still here"
    assert not re.search(r"\b(the|your|sign|with|what|and)\b", re.sub(r"<[^>]*>|Riverbend Legal Aid", " ", page))
    wrong = alma.post(theirs, {"version": "1"}).content.decode()  # all errors at once, in their language
    assert "Todavía no hay firma" in wrong and "Marque cada casilla" in wrong and '<html lang="es">' in wrong


def test_signed_thanked_and_finished(fresh_world: World) -> None:
    world = fresh_world
    alma, ref, address, theirs = handed(world)
    assert alma.post(theirs, SIGNED).headers["Location"] == theirs
    end = alma.get(theirs).content.decode()
    assert GIVE_BACK in end and "Samira" not in end and "Legal Aid" not in end
    assert alma.post(theirs, SIGNED).status_code == 200  # back and again: nothing twice
    assert len(stored(world, ref, address).held) == 1 and stored(world, ref, address).status == "draft"
    assert alma.post(f"{theirs}back/", {"code": "000000"}).status_code == 422
    assert alma.get(f"/people/{ref}/").headers["Location"] == theirs
    back = alma.post(f"{theirs}back/", {"code": code(world)})
    assert back.headers["Location"] == address
    assert alma.get(f"/people/{ref}/").status_code == 200
    ready = alma.get(address, follow=True).content.decode()
    assert "Share with Riverbend Legal Aid" in ready and "Sam" in ready
    assert finished(alma, address) == "active"
    assert world.client("elena").get(f"/people/{handle(world, 'elena')}/").status_code == 200
    with world.owner() as owner:
        said = owner.execute("select action from audit_event where action like 'device-%' order by position").fetchall()
    assert [row[0] for row in said] == ["device-handed-over", "device-taken-back"]


def test_signed_and_shared_with_the_code_that_takes_the_device_back(fresh_world: World) -> None:
    """One box says that all of it is true. Their thank-you page asks staff for the code; the same button shares."""
    world = fresh_world
    alma, ref, address, theirs = handed(world)
    alma.cookies["accord_language"] = "en"
    once = {name: value for name, value in SIGNED.items() if name != "statements"}
    assert alma.post(theirs, once).status_code == 422
    assert alma.post(theirs, {**once, "all_true": "on"}).headers["Location"] == theirs
    thanks = alma.get(theirs).content.decode()
    assert (
        GIVE_BACK in thanks and "Take the device back and share what was signed" in thanks and "Legal Aid" not in thanks
    )
    wrong = alma.post(f"{theirs}back/", {"code": "000000", "then": "share"})
    assert wrong.status_code == 422 and stored_as_owner(world) == 0
    back = alma.post(f"{theirs}back/", {"code": code(world), "then": "share"})
    assert back.headers["Location"] == f"/people/{ref}/"
    kept = stored(world, ref, address)
    assert kept.status == "active" and set(kept.statements) == set(SIGNED["statements"])


def test_what_is_in_the_way_is_said_before_anything_is_shared_at_once(fresh_world: World) -> None:
    """A signer who must not sign: the page that says so comes, for staff, and nothing is shared."""
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    bad = around(world, ref, "Viktor", "parent", "trafficker")
    address = drafted(world, alma, ref)
    theirs = alma.post(address, {**BEFORE, "second": bad}).headers["Location"]
    alma.post(theirs, SIGNED)
    back = alma.post(f"{theirs}back/", {"code": code(world), "then": "share"})
    assert back.headers["Location"] == address and stored_as_owner(world) == 0
    assert b"recorded as having harmed" in alma.get(address, follow=True).content


def test_whatever_prevents_sharing_the_code_gives_the_device_back_and_nothing_begins(fresh_world: World) -> None:
    """The partner's keys were exchanged while the person read. The release stays a draft, and its signature is kept."""
    world = fresh_world
    alma, ref, address, theirs = handed(world)
    alma.post(theirs, SIGNED)
    with world.owner() as owner:
        exchanged = "update vault_ringkey set public = overlay(public placing '\\xabcd' from 5) where owner = %s"
        owner.execute(exchanged, [world.agencies["legal"]])
    back = alma.post(f"{theirs}back/", {"code": code(world), "then": "share"})
    assert (back.status_code, back.headers.get("Location")) == (302, address)
    kept = stored(world, ref, address)
    assert (kept.status, len(kept.held), stored_as_owner(world)) == ("draft", 1, 0)
    assert alma.get(f"/people/{ref}/").status_code == 200
    with world.owner() as owner:
        done = owner.execute("select action from audit_event where owner = %s", [world.agencies["harbor"]]).fetchall()
    assert ("device-taken-back",) in done and ("share-begun",) not in done


def stored_as_owner(world: World) -> int:
    """How many shares there are, as the database's owner counts them."""
    with world.owner() as owner:
        return int(owner.execute("select count(*) from sharing_share").fetchone()[0])


def test_no_is_kept_too(fresh_world: World) -> None:
    alma, ref, address, theirs = handed(fresh_world)
    assert alma.post(theirs, {"choice": "no"}).headers["Location"] == theirs
    assert GIVE_BACK in alma.get(theirs).content.decode()
    assert alma.post(f"{theirs}back/", {"code": code(fresh_world)}).status_code == 302
    assert "this person decided not to sign" in alma.get(address).content.decode()
    assert stored(fresh_world, ref, address).status == "draft"


def test_a_session_that_ends_in_their_hands(fresh_world: World) -> None:
    """A neutral page in their language; what they signed is kept, and continues after the next sign-in."""
    world = fresh_world
    alma, ref, address, theirs = handed(world)
    world.move(minutes=31)
    page = alma.get(theirs).content.decode()
    assert GIVE_BACK in page and '<html lang="es">' in page and "Samira" not in page
    sent = alma.post(theirs, SIGNED)
    assert sent.status_code == 200 and GIVE_BACK in sent.content.decode()
    world.sessions.clear()
    again = world.client("alma")
    path = re.search(rf'href="({re.escape(theirs)}\?kept=[^"]*)"', again.get("/kept/").content.decode()).group(1)
    shown = again.get(path).content.decode()
    assert "They signed after your session ended" in shown
    fields = dict.fromkeys(re.findall(r'name="([^"]*)" value="([^"]*)"', shown))
    posted: dict[str, list[str]] = {}
    for name, value in fields:
        posted.setdefault(name, []).append(value)
    assert again.post(path, posted).headers["Location"] == address
    assert stored(world, ref, address).held[0]["name"] == "Sam"
    assert finished(again, address) == "active"
    assert theirs not in again.get("/kept/").content.decode()


@pytest.mark.parametrize("error", [ValueError("broken"), BadRequest(), LookupError()])
def test_what_fails_is_one_neutral_sentence(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    alma, _ref, _address, theirs = handed(fresh_world)

    def fail(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(handing_views.handing, "keep_signed", fail)
    page = alma.post(theirs, SIGNED)
    text = page.content.decode()
    assert page.status_code >= 400 and NEUTRAL in text and '<html lang="es">' in text
    assert 'name="signature_typed" value="Sam"' in text or isinstance(error, BadRequest)  # to be sent again


def test_a_form_without_its_token_is_answered_in_their_language(fresh_world: World) -> None:
    world = fresh_world
    _alma, _ref, _address, theirs = handed(world)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[COOKIE] = world.client("alma").cookies[COOKIE].value
    answer = strict.post(theirs, SIGNED)
    # What was sent is kept and leads back to their page, or the neutral sentence: in their language either way.
    assert answer.headers.get("Location", "").startswith(theirs) or NEUTRAL in answer.content.decode()


def test_membership_ended_in_their_hands(fresh_world: World) -> None:
    """No loop and no open account: the neutral page, and what was signed is kept for the account."""
    world = fresh_world
    alma, ref, _address, theirs = handed(world)
    with world.owner() as owner:
        owner.execute(
            "update membership_membership set ended_at = accord.now() where id = %s", [world.memberships["alma"]]
        )
    assert GIVE_BACK in alma.get(theirs).content.decode()
    assert alma.get(f"/people/{ref}/").headers["Location"] == theirs
    assert alma.get(f"{theirs}back/").status_code == 200
    assert alma.post("/sign-out/").status_code == 302


def test_terms_that_a_colleague_changed_are_read_again(fresh_world: World) -> None:
    world = fresh_world
    alma, ref, address, theirs = handed(world)
    with world.as_("alma") as actor:
        known, item = releases.find_release(actor=actor, ref=ref, series=UUID(address.split("/")[-3]))
        changed = replace(item.payload, version=item.payload.version + 1)
        records.write(actor=actor, known=known, payload=changed, series=item.series, revision=item.revision)
    answer = alma.post(theirs, SIGNED)
    assert answer.status_code == 422 and "Este formulario cambió" in answer.content.decode()
    assert not stored(world, ref, address).held


def test_age_is_asked_before_anything_is_shown(fresh_world: World) -> None:
    """Not known, not sure: the device is not handed over. Yes: they sign. A number goes into the record."""
    world, alma = fresh_world, fresh_world.client("alma")
    with world.as_("alma") as actor:
        ref = people.open_record(actor=actor, name=PersonName(used="Samira Quill")).ref
    terms = terms_page(alma, ref)
    assert b"Are they 18 or older?" in alma.get(terms).content
    refused = alma.post(terms, {}).content.decode()
    assert 0 < refused.index('href="#id_purposes_0"') < refused.index('href="#id_adult_0"')  # in the page's order
    address = drafted(world, alma, ref, adult="unsure")
    unsure = alma.post(address, {**BEFORE, "adult": "unsure"})
    assert unsure.status_code == 422 and b"find out whether this person is an adult" in unsure.content
    assert alma.post(address, {**BEFORE, "adult": "yes", "years": "15"}).status_code == 422
    young = alma.post(address, {**BEFORE, "adult": "no"})
    assert young.status_code == 422 and b"s or guardian&#x27;s signature is missing" in young.content
    assert alma.post(address, {**BEFORE, "adult": "yes", "years": "30"}).status_code == 302
    theirs = alma.get("/").headers["Location"]
    assert b'name="statements"' in alma.get(theirs).content
    alma.post(theirs, SIGNED)
    alma.post(f"{theirs}back/", {"code": code(world)})
    assert finished(alma, address) == "active"
    assert b"30" in alma.get(f"/people/{ref}/").content


def test_signed_on_paper(fresh_world: World) -> None:
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref)
    paper = alma.post(address, {**BEFORE, "how": "paper"}).headers["Location"]
    assert paper == address.replace("sign/", "on-file/")
    assert alma.post(paper, {"name": "Sam", "statements": SIGNED["statements"]}).status_code == 422  # no signature
    signed = alma.post(paper, {"name": "Sam", "kept": "on", "statements": SIGNED["statements"]})
    assert signed.headers["Location"] == address.replace("sign/", "finish/")
    assert stored(world, ref, address).status == "draft" and finished(alma, address) == "active"
    assert stored(world, ref, address).signatures[0]["mark"] == "paper"


def test_the_seal_of_the_mode_reveals_nothing(fresh_world: World) -> None:
    """Anyone with the database learns that a device is in someone's hands, not whose form it shows."""
    world = fresh_world
    _alma, ref, _address, theirs = handed(world)
    with world.owner() as owner:
        rows = owner.execute("select handed from accounts_session where handed is not null").fetchall()
    assert len(rows) == 1 and str(ref).encode() not in rows[0][0] and theirs.encode() not in rows[0][0]
