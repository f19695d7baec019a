"""The recovery key on paper: one more member of the ring, used by two officers, then replaced."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.access.acting import acting
from accord.accounts.sessions import from_cookie, load
from accord.core.errors import Invalid, Refused
from accord.membership import queries as membership_queries
from accord.membership import returning
from accord.membership import services as membership
from accord.vault import sealing
from tests.region import World
from tests.steps.membership import arrive, code_of, join_page
from tests.steps.pages import alert_words
from tests.steps.records import open_record


@settings(deadline=None)  # the first example reads the lists
@given(st.binary(min_size=32, max_size=32), st.integers(0, 20))
def test_what_is_printed_is_read_again_and_a_slip_is_noticed(secret: bytes, place: int) -> None:
    words = sealing.spell(secret).split()
    assert len(words) == 21 and secret in sealing.unspell("  ".join(words).upper())
    wrong = [word if i != place else "notaword" for i, word in enumerate(words)]
    for typed in (wrong, words[1:], [*words, "abacus"]):
        assert sealing.unspell(" ".join(typed)) == []


def print_sheet(world: World, officer: str) -> str:
    with world.as_(officer) as actor:
        return returning.print_recovery(actor=actor)


def confirm(world: World, officer: str) -> str:
    secret = base64.b64decode(world.session(officer).secrets["membership"])
    with world.as_(officer) as actor:
        return returning.confirm_recovery(actor=actor, membership_secret=secret)


def test_the_sheet_is_a_pdf_that_is_shown_once_and_stored_nowhere(fresh_world: World) -> None:
    world = fresh_world
    adele = world.client("adele")
    assert "There is no recovery sheet yet" in alert_words(adele.get("/agency/recovery/"))
    assert world.client("alma").get("/agency/recovery/").status_code == 403
    page = adele.post("/agency/recovery/print/")
    assert page.status_code == 200 and page.content.startswith(b"%PDF") and page["Cache-Control"] == "no-store"
    assert "Print a new one" in alert_words(adele.get("/agency/recovery/"))
    assert adele.get("/agency/recovery/print/").headers["Content-Type"].startswith("text/html")
    assert "printed a new recovery key" in alert_words(adele.get("/agency/log/"))
    words = print_sheet(world, "adele")
    with world.owner() as owner:
        (secret,) = sealing.unspell(words)
        rows = owner.execute("select k::text from membership_recoverykey k").fetchall()
        rows += owner.execute("select s::text from vault_recoveryseal s").fetchall()
        assert len(rows) > 10 and not any(secret.hex() in text for (text,) in rows)


@pytest.mark.line(98)
def test_every_step_asks_for_a_fresh_code(fresh_world: World) -> None:
    world = fresh_world
    words = print_sheet(world, "adele")
    with world.as_("adele") as adele:
        returning.start_recovery(actor=adele, words=words)
    adele, aisha = world.client("adele"), world.client("aisha")
    world.move(minutes=6)
    asked = (
        (adele, "/agency/recovery/print/", {}),
        (adele, "/agency/recovery/use/", {"recovery_words": words}),
        (aisha, "/agency/recovery/confirm/", {}),
    )
    for client, address, data in asked:
        page = client.post(address, data)
        assert page.status_code == 422 and "step_up_code" in page.context["form"].errors, address
    done = aisha.post("/agency/recovery/confirm/", {"step_up_code": code_of(world, "aisha")})
    assert done.content.startswith(b"%PDF")


def test_what_a_colleague_holds_is_added_at_sign_in_and_the_warning_says_so(fresh_world: World) -> None:
    world = fresh_world
    print_sheet(world, "finn")
    with world.as_("finn") as finn:  # a supervisor holds no key of health; Farah's sign-in adds it to the recovery key
        assert "health" not in returning.held_on_recovery_sheet(actor=finn)
    world.sessions.pop("farah", None)
    world.session("farah")
    with world.as_("finn") as finn:
        assert "health" in returning.held_on_recovery_sheet(actor=finn)
        code = membership.invite_member(actor=finn, name="Fay", roles=["officer"])
    fay = world.client()
    join_page(fay, code, "fay")
    arrive(fay)
    warning = alert_words(world.client("finn").get(f"/agency/colleagues/{world.memberships['farah']}/end/"))
    assert "After this, only the printed recovery key can open these kinds of information: Health" in warning


def lost(world: World) -> str:
    """Return the recovery key's words after Farah, the last holder of the keys of health, has left."""
    words = print_sheet(world, "farah")
    with world.as_("finn") as finn:
        code = membership.invite_member(actor=finn, name="Fay", roles=["clinician", "officer"])
        membership.end_membership(actor=finn, membership=world.memberships["farah"])
    fay = world.client()
    join_page(fay, code, "fay")
    arrive(fay)
    with world.as_("finn") as finn:
        (member,) = [one for one in membership_queries.colleagues(actor=finn) if one.name == "Fay"]
    world.memberships["fay"] = member.id
    world.fay = fay  # type: ignore[attr-defined]
    return words


def test_the_new_clinician_gets_the_lost_key_and_the_recovery_key_is_replaced(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("farah") as farah:
        key = dict(farah.ring.secrets)["health", 1]
    words = lost(world)
    fay = world.fay  # type: ignore[attr-defined]
    finn = world.client("finn")
    *most, last = words.split(" ")
    another = "abacus" if last != "abacus" else "abdomen"
    slip = finn.post("/agency/recovery/use/", {"recovery_words": " ".join([*most, another])})
    assert slip.status_code == 422 and "recovery_words" in slip.context["form"].errors
    assert finn.post("/agency/recovery/use/", {"recovery_words": words}).status_code == 200
    assert finn.post("/agency/recovery/confirm/").status_code == 403  # the same officer twice is one officer
    assert "Finn typed the words" in alert_words(fay.get("/agency/recovery/"))
    done = fay.post("/agency/recovery/confirm/")
    assert done.content.startswith(b"%PDF")
    session = load(from_cookie(fay.cookies["accord_session"].value))
    with acting(session.ticket) as trail:
        actor = membership_queries.actor_of(session, trail)
        assert actor.ring.secrets["health", 1] == key and ("health", 2) in actor.ring.secrets
    assert finn.post("/agency/recovery/use/", {"recovery_words": words}).status_code == 422  # used up
    with world.as_("finn") as again:
        assert {"health", "substance_use"} <= returning.held_on_recovery_sheet(actor=again)
        assert not membership_queries.keys_to_renew(actor=again)[0]
    log = alert_words(finn.get("/agency/log/"))
    assert "entered the words" in log and "confirmed the use" in log


def test_a_started_recovery_lasts_an_hour_and_needs_a_second_officer(fresh_world: World) -> None:
    world = fresh_world
    words = print_sheet(world, "adele")
    with world.as_("adele") as adele, pytest.raises(Invalid):
        returning.start_recovery(actor=adele, words="not the words of the sheet")
    with world.as_("adele") as adele:
        returning.start_recovery(actor=adele, words=words)
    with pytest.raises(Refused):
        confirm(world, "adele")
    world.move(minutes=61)
    world.sessions.clear()
    with pytest.raises(Refused):
        confirm(world, "aisha")
    with world.as_("aisha") as aisha:
        membership.end_membership(actor=aisha, membership=world.memberships["adele"])
    with world.as_("aisha") as aisha, pytest.raises(Refused, match="second privacy officer"):
        returning.start_recovery(actor=aisha, words=words)


def test_a_recovery_key_that_alone_opens_something_is_kept(fresh_world: World) -> None:
    world = fresh_world
    words = print_sheet(world, "farah")
    with world.as_("finn") as finn:
        membership.end_membership(actor=finn, membership=world.memberships["farah"])
    refused = world.client("finn").post("/agency/recovery/print/")
    assert refused.status_code == 403 and "can be recovered only with the current recovery sheet" in alert_words(
        refused
    )
    assert words


def test_an_agency_has_two_officers_before_its_first_person(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("aisha") as aisha:
        membership.end_membership(actor=aisha, membership=world.memberships["adele"])
    form = {"used": "Samira Quill"}
    page = world.client("alma").post("/people/new/", form)
    assert page.status_code == 403 and "second privacy officer" in alert_words(page)
    assert "can invite a second privacy officer under Staff" in alert_words(page)
    with world.as_("aisha") as aisha:
        membership.change_roles(actor=aisha, membership=world.memberships["alma"], roles=["advocate", "officer"])
    world.sessions.pop("alma")
    known = open_record(world)
    with world.as_("alma") as alma:  # and afterward no one is turned away because an officer left
        membership.end_membership(actor=alma, membership=world.memberships["aisha"])
    assert open_record(world, "Noor Vale").ref != known.ref
