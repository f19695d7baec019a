"""One human in two entries: what any entry says bars the signature, here and in the joined record."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from accord.releases import suspension
from accord.releases.entries import CircleMember
from accord.sharing import services as records
from tests.region import World
from tests.steps.records import handle
from tests.steps.releases import MOTHER, SELF, sees, sign, supervise, tasks, young
from tests.steps.signing import around, drafted, outcome, person

MARTA = {"name": "Marta Vale", "capacity": "parent", "languages": ["es"], "revision": "0"}


def with_marta(world: World) -> tuple[Client, UUID, str, UUID]:
    """Return a minor's release signed by Marta Vale: client, person, Marta's entry, Legal Aid's id of the person."""
    alma = world.client("alma")
    ref = person(world, 15)
    marta = around(world, ref, "Marta Vale", "parent")
    assert outcome(world, alma, drafted(world, alma, ref), second=marta) == "active"
    return alma, ref, marta, handle(world, "elena")


def add(client: Client, ref: UUID, **fields: object) -> tuple[int, str]:
    answer = client.post(f"/people/{ref}/others/new/", {**MARTA, **fields})
    return answer.status_code, answer.content.decode()


@pytest.mark.line(34)
@pytest.mark.parametrize("name", ["Marta Vale", "marta  vale", "Márta Vale", "Vale, Marta", "MartaVale", "Марта Вале"])
@pytest.mark.parametrize("flag", ["abuser_of_person", "trafficker"])
def test_the_same_name_again_is_the_same_human(fresh_world: World, name: str, flag: str) -> None:
    """Only the existing entry is offered; the flag set on it pauses what was signed."""
    world = fresh_world
    alma, ref, marta, shared = with_marta(world)
    status, page = add(alma, ref, name=name, flags=[flag])
    assert status == 422 and f'value="{marta}"' in page and "this is someone else" not in page
    assert add(alma, ref, name=name, flags=[flag], same_as="new")[0] == 422
    assert add(alma, ref, name=name, flags=[flag], same_as=marta)[0] == 302
    assert world.client("elena").get(f"/people/{shared}/").status_code == 403


@pytest.mark.line(34)
def test_a_nickname_is_asked_about_and_kept(fresh_world: World) -> None:
    world = fresh_world
    alma, ref, marta, shared = with_marta(world)
    status, page = add(alma, ref, name="Martita Vale", flags=["trafficker"])
    assert status == 422 and f'value="{marta}"' in page and "someone else" in page
    assert add(alma, ref, name="Martita Vale", flags=["trafficker"], same_as="new")[0] == 302
    assert world.client("elena").get(f"/people/{shared}/").status_code == 200  # staff said that it is another human
    assert add(alma, ref, name="Marta Vail", flags=["trafficker"], same_as=marta)[0] == 302
    assert world.client("elena").get(f"/people/{shared}/").status_code == 403
    assert "Marta Vail" in alma.get(f"/people/{ref}/others/{marta}/").content.decode()


def test_an_answer_that_names_no_one_is_refused(fresh_world: World) -> None:
    """Not treated as no answer: nothing is saved, and staff are asked again."""
    ref, alma = person(fresh_world, 15), fresh_world.client("alma")
    for answer in ("someone", "NEW", "0" * 32):
        status, page = add(alma, ref, same_as=answer)
        assert status == 422 and "Choose who this is." in page, answer
    assert "Marta Vale" not in alma.get(f"/people/{ref}/others/").content.decode()


def test_what_is_typed_about_a_listed_person_is_added(fresh_world: World) -> None:
    ref, alma = person(fresh_world, 15), fresh_world.client("alma")
    marta = around(fresh_world, ref, "Marta Vale", "parent")
    for number in ("1", "2"):
        typed = {"court_paper": f"PC-{number}", "basis": f"order {number}", "others": f"Tita {number}"}
        assert add(alma, ref, same_as=marta, **typed)[0] == 302
    page = alma.get(f"/people/{ref}/others/{marta}/").content.decode()
    for words in ("PC-1; PC-2", "order 1; order 2", "Tita 1, Tita 2"):
        assert words in page, words


@pytest.mark.line(34, 29)
@pytest.mark.parametrize("first", [True, False])
def test_an_entry_from_any_source_bars_too(fresh_world: World, first: bool) -> None:
    """Flagged first and signed later, or signed first: an entry written without the page counts as well."""
    world, alma = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    marta = around(world, ref, "Marta Vale", "parent")

    def flagged() -> None:
        with world.as_("alma") as actor:
            known = records.queries.find(actor=actor, ref=ref)
            twin = CircleMember("VALE Marta", "relative", ("es",), "", ("abuser_of_person",))
            records.write(actor=actor, known=known, payload=twin)
            suspension.reconsider(actor=actor, known=known)

    if first:
        flagged()
        assert outcome(world, alma, drafted(world, alma, ref), second=marta) == "not finished"
        return
    assert outcome(world, alma, drafted(world, alma, ref), second=marta) == "active"
    shared = handle(world, "elena")
    flagged()
    assert world.client("elena").get(f"/people/{shared}/").status_code == 403


@pytest.mark.line(34)
def test_a_flag_in_the_joined_record_counts_until_they_are_separated(fresh_world: World) -> None:
    world = fresh_world
    known, born = young(world, 15)
    second, _born = young(world, 15, name="Sam Quill")
    sign(world, known, SELF, MOTHER, age=15, birth=born)
    ref = handle(world, "elena")
    sign(world, second, SELF, MOTHER, age=15, birth=born)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    assert sees(world, ref)
    with world.as_("alma") as actor:
        twin = CircleMember(MOTHER.name.upper(), "other", ("es",), "", ("trafficker",))
        records.write(actor=actor, known=second, payload=twin)
        suspension.reconsider(actor=actor, known=second)
    assert not sees(world, ref)
    with world.as_("adele") as adele:
        suspension.part(actor=adele, ref=known.ref)
    assert sees(world, ref)


@pytest.mark.line(34)
def test_everyone_assigned_to_them_is_notified(fresh_world: World) -> None:
    world = fresh_world
    alma, ref, marta, _shared = with_marta(world)
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=ref, membership=world.memberships["aisha"])
    alma.post(f"/people/{ref}/others/{marta}/", {**MARTA, "flags": ["trafficker"], "revision": "1"})
    for user in ("alma", "aisha", "adele"):
        assert "ask_her_again" in tasks(world, user), user
