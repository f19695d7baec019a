"""The next page says once what was saved and who sees it, but never in a survivor's hands."""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.shortcuts import redirect
from django.test import Client

from accord.access import saying
from accord.access.codes import KINDS, ROLES
from accord.casework import views as casework
from accord.people import queries as people
from accord.sharing import assignments
from accord.sharing import services as records
from accord.sharing.codes import record_number
from accord.ui.components import Saved
from accord.ui.fields import typed_date
from tests.region import World
from tests.steps.addresses import takes_post, views
from tests.steps.legal_process import form as legal_request
from tests.steps.legal_process import step
from tests.steps.pages import said
from tests.steps.records import open_record, release_to
from tests.steps.signing import SIGNED, TERMS, days, handed, terms_page


def test_a_note_is_confirmed_once_with_who_sees_it(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    answer = alma.post(f"/people/{known.ref}/notes/new/", {"text": "Zephyr asked for a lawyer."})
    sealed = answer.cookies[saying.COOKIE].value
    assert "Zephyr" not in sealed and answer.cookies[saying.COOKIE]["httponly"]
    # Another page in between neither shows it nor uses it up.
    assert said(alma.get("/")) == []
    first, second = (alma.get(answer.headers["Location"]) for _ in range(2))
    assert said(first) == ["Case note saved. Only staff at Harbor House whose role allows it can see this."]
    assert said(second) == []
    # The same words in another session, or changed on the way, count for nothing.
    adele = world.client("adele")
    for value in (sealed, sealed[:-8] + "AAAAAAA=", "x", "é"):
        adele.cookies[saying.COOKIE] = value
        assert said(adele.get("/")) == []


# Every address that takes a form ------------------------------------------------------------------------------------

# Pages that say themselves what happened, or forms that save nothing, and why nothing is added.
SAYS_ITSELF = {
    "a step of signing in or out": (
        *("signin:sign_in", "signin:second_factor", "signin:enrol", "signin:sign_out", "signin:leave"),
        *(
            "signin:keep",
            "signin:passkey_options",
            "membership:act_for",
            "membership:join",
            "membership:join_account",
        ),
        *("membership:reset", "membership:reset_passphrase"),
    ),
    "reads only, or asks for a code before reading": ("people:find", "releases:accounting"),
    "the device is in a survivor's hands, or comes back from there": (
        *("releases:theirs", "releases:back", "releases:back_passkey"),
    ),
    "the next page has a panel of its own": (
        *("releases:withdraw", "people:finish_task", "people:undo_task", "people:renewal"),
    ),
    "a page of a form follows, and each is saved as staff go on": (
        *("answers:start", "answers:page", "answers:correct"),
    ),
    "the answer itself shows what was made, once": (
        *("membership:invite", "membership:hub_invite", "membership:hub_invite_again", "membership:make_reset"),
        *("systems:connect", "membership:print_recovery", "membership:confirm_recovery", "membership:use_recovery"),
        *("signin:change_passphrase", "signin:new_recovery_codes"),
    ),
}
# What a view calls to confirm: the helper itself, or one that ends in it.
CONFIRMS = re.compile(r"\b(saved|confirm|sign_page|_add|_add_or_draft|_change|_edit|_team|_member|_next|_signed)\(")


def test_every_form_is_confirmed_or_says_itself_what_happened() -> None:
    forms = {name: view for name, view in views().items() if takes_post(view) and not name.startswith(("api:", "ui:"))}
    exempt = {name for names in SAYS_ITSELF.values() for name in names}
    silent = {name for name, view in forms.items() if not CONFIRMS.search(inspect.getsource(inspect.unwrap(view)))}
    assert silent - exempt == set(), "answer with `saved` (access/saying.py), or say here why not"
    assert exempt <= forms.keys()


def test_a_view_that_forgets_still_says_that_it_was_saved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known, alma = open_record(world), world.client("alma")
    monkeypatch.setattr(casework, "saved", lambda _request, _said, to, *args, **_more: redirect(to, *args))
    answer = alma.post(f"/people/{known.ref}/notes/new/", {"text": "Called back"})
    assert said(alma.get(answer.headers["Location"])) == ["Your changes are saved."]


def sends(world: World) -> Iterator[tuple[str, Client, str, dict[str, Any]]]:
    """Yield the forms of a long day: who sends what where, and the beginning of what the next page says."""
    known, other = open_record(world), open_record(world)
    alma, adele = world.client("alma"), world.client("adele")
    at = f"/people/{known.ref}/"
    today = world.today().isoformat()

    def series(kind: str, entry_type: str = "") -> str:
        with world.as_("alma") as actor:
            items = people.page(actor=actor, ref=known.ref, kinds=KINDS).items[kind]
        return str([item for item in items if entry_type in ("", item.type)][-1].series)

    yield "Record opened. Only staff at Harbor House", alma, "/people/new/", {"used": "Wren"}
    yield "Name saved. Only staff at Harbor House", alma, f"{at}name/", {"revision": "1", "used": "Sam"}
    yield "Age saved.", alma, f"{at}age/", {"revision": revision(alma, f"{at}age/"), "years": "24"}
    yield "Safe contact saved.", alma, f"{at}contact/", {"revision": "1", "method": "text", "address": "555-0100"}
    yield "Need added.", alma, f"{at}items/new/", {"daily": ["housing"]}
    yield "2 needs added.", alma, f"{at}items/new/", {"daily": ["basic"], "law": ["advocacy"]}
    need = f"{at}items/{series('needs')}/"
    yield "Need saved.", alma, need, {"revision": "1", "category": "basic", "status": "met"}
    yield "Service added.", alma, f"{at}entries/new/", {"category": "safety", **typed_date("day", today)}
    service = f"{at}entries/{series('services')}/"
    yield "Service saved.", alma, service, {"revision": "1", "category": "basic", **typed_date("day", today)}
    yield "Type of trafficking saved.", alma, f"{at}type/", {"revision": "0", "type": "declined"}
    yield "Case note saved.", alma, f"{at}notes/new/", {"text": "Called back"}
    yield "Case note saved.", alma, f"{at}notes/{series('notes.case')}/", {"revision": "1", "text": "Called"}
    yield "Immigration status and documents saved.", alma, f"{at}status/", {"revision": "0", "status": "waiting"}
    yield "Application added.", alma, f"{at}status/new/", {"type": "t", "state": "filed"}
    application = f"{at}status/{series('immigration', 'application')}/"
    yield "Application saved.", alma, application, {"revision": "1", "type": "t", "state": "filed"}
    yield (
        "Contact saved. Only staff at Harbor House",
        alma,
        f"{at}others/new/",
        {"revision": "0", "name": "Marta", "capacity": "parent"},
    )
    terms = {
        **TERMS,
        "recipient": str(world.agencies["legal"]),
        **days(world.today(), world.today() + timedelta(days=30)),
    }
    yield "Release drafted.", alma, terms_page(alma, known.ref), terms
    sign = f"{at}forms/{series('releases', 'release')}/sign/"
    yield "Saved. Nothing is shared yet.", alma, sign, {"witness": "Alma", "how": "paper"}
    paper = {"name": "Sam", "kept": "on", "statements": SIGNED["statements"]}
    yield "Saved. Nothing is shared yet.", alma, sign.replace("sign/", "on-file/"), paper
    yield "Release signed.", alma, sign.replace("sign/", "finish/"), {"ok": "yes"}
    yield "Legal request recorded.", alma, f"{at}letters/new/", legal_request()
    letter = f"{at}letters/{series('releases', 'disclosure')}/"
    yield "Step recorded.", alma, f"{letter}step/", step("objected")
    over = {"kinds": ["needs"], "recipients": "outside", "outside": "Riverbend District Court"}
    yield "Disclosure recorded.", alma, f"{letter}hand-over/", over
    yield "Legal request closed.", alma, f"{letter}close/", {"notice_attempt": "told", "safety_steps": "sealed"}
    grant = {"membership": str(world.memberships["adele"]), "reason": "They asked for their history"}
    yield "Access granted.", adele, f"{at}team/", grant
    yield (
        "Change saved. This page shows who has access now.",
        adele,
        f"{at}team/{assignment(world, known.ref)}/end/",
        {},
    )
    yield "Access granted.", adele, f"{at}team/", {**grant, "reason": "They asked again"}
    with world.as_("adele") as actor:
        records.grant(actor=actor, ref=other.ref, membership=actor.membership, reason="They are one person")
    yield "The two records are joined.", adele, f"{at}same/", {"name": "Samira Quill", "other": str(other.ref)}
    yield "The two records are separate again.", adele, f"{at}part/", {}
    number = {"number": record_number(known.person)}
    yield "Legal hold placed.", adele, f"{at}keep/", {"ok": "yes"}
    yield "Legal hold lifted.", adele, f"{at}keep/", {"ok": "yes"}
    yield "Erasure requested.", adele, f"{at}remove/", {**number, "reason": "mistake"}
    yield "Request withdrawn.", adele, f"{at}remove/take-back/", {}
    yield "Assigned.", adele, f"{at}assign/", {"membership": str(world.memberships["alma"])}
    yield (
        "The purpose of your work was changed.",
        alma,
        "/purpose/",
        {"purpose": min(ROLES["advocate"].purposes), "next": at},
    )
    yield "All notices are marked as read.", alma, "/notices/", {}
    yield "Signed out on every other device.", alma, "/account/sign-out-elsewhere/", {}
    yield "Language changed.", alma, "/language/", {"language": "en", "next": at}
    yield "This record is now hidden from you.", alma, f"{at}step-back/", {}


def revision(client: Client, page: str) -> str:
    """Return the revision that an edit page shows."""
    return str(client.get(page).context["form"]["revision"].value())


def assignment(world: World, ref: uuid.UUID, user: str = "adele") -> uuid.UUID:
    """Return the access that this colleague was given."""
    with world.as_(user) as actor:
        return next(
            one.id for one in assignments.assignments_of(actor=actor, ref=ref) if one.membership == actor.membership
        )


def test_the_next_page_says_what_was_saved(fresh_world: World) -> None:
    for sentence, client, page, sent in sends(fresh_world):
        answer = client.post(page, sent)
        assert answer.status_code == 302, (page, answer.content.decode())
        follows = client.get(answer.headers["Location"])
        while follows.status_code == 302:
            follows = client.get(follows.headers["Location"])
        found = said(follows)
        assert len(found) == 1 and found[0].startswith(sentence), (page, sentence, found)


def test_it_names_the_partners_who_see_what_is_added_and_no_others(fresh_world: World) -> None:
    world = fresh_world
    known, alma = open_record(world), world.client("alma")
    release_to(world, known)  # needs as they are; a safe contact with all later changes
    contact = {"revision": "1", "method": "text", "address": "555-0199"}
    for page, sent, partner in (("items/new/", {"daily": ["housing"]}, False), ("contact/", contact, True)):
        answer = alma.post(f"/people/{known.ref}/{page}", sent)
        (words,) = said(alma.get(answer.headers["Location"]))
        assert ("and so can Riverbend Legal Aid" in words) is partner and (
            "Only staff at Harbor House" in words
        ) is not partner


def test_no_confirmation_in_a_survivors_hands(fresh_world: World) -> None:
    world = fresh_world
    alma, _ref, _address, theirs = handed(world)
    alma.cookies[saying.COOKIE] = saying._seal(
        world.session("alma"), {**asdict(Saved("Case note saved.")), "at": theirs}
    )
    page = alma.get(theirs)
    assert page.status_code == 200 and said(page) == [] and b"Case note saved." not in page.content


def test_a_confirmation_from_before_an_upgrade_breaks_no_page(fresh_world: World) -> None:
    """The session outlives the upgrade, and its cookie has fields that the new version doesn't know."""
    alma = fresh_world.client("alma")
    for old in ({"sentence": "Saved.", "at": "/", "color": "green"}, {"kinds": []}):
        alma.cookies[saying.COOKIE] = saying._seal(fresh_world.session("alma"), old)
        assert alma.get("/").status_code == 200
