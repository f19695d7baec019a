"""Two colleagues at once: a page that was open for a while must not undo what a colleague has written since."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from accord.releases import pausing
from accord.releases.codes import SignerFlag
from accord.sharing import services as records
from tests.path.test_release_life import MOTHER, SELF, now, sign, young
from tests.path.test_services import open_record
from tests.region import World


def shown(client: Client, address: str) -> dict[str, object]:
    """The fields of a page's form as the browser would send them back."""
    form = client.get(address).context["form"]
    return {bound.html_name: value for bound in form if (value := bound.value()) not in (None, "", [])}


def supervised(world: World, ref: uuid.UUID) -> tuple[Client, Client]:
    """Her advocate and the advocate's supervisor, both at work with her."""
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=ref, membership=adele.membership, reason="A second pair of eyes")
    return world.client("alma"), world.client("adele")


@pytest.fixture
def two(world: World) -> tuple[Client, Client, str]:
    known = open_record(world)
    return *supervised(world, known.ref), f"/people/{known.ref}/"


@pytest.mark.parametrize(
    ("page", "theirs", "mine"),
    [
        ("contact/", {"method": "text", "address": "555-0142", "never": "never write"}, {"when": "evenings"}),
        ("name/", {"used": "Sam"}, {"pronouns": "she"}),
        ("age/", {"years": "16"}, {"years": "24"}),
    ],
)
def test_an_old_page_undoes_nothing(two: tuple, page: str, theirs: dict, mine: dict) -> None:
    alma, adele, person = two
    old = shown(alma, person + page)
    newer = shown(adele, person + page)
    assert adele.post(person + page, {**newer, **theirs}).status_code == 302
    answer = alma.post(person + page, {**old, **mine})
    assert answer.status_code == 409
    name, value = next(iter(theirs.items()))
    assert shown(alma, person + page)[name] == value


def test_an_old_page_does_not_clear_who_has_harmed_her(world: World) -> None:
    """A colleague corrects a spelling on a page from before the supervisor learned what the mother did."""
    known, _born = young(world, 15)
    series = sign(world, known, SELF, MOTHER, age=15)
    alma, adele = supervised(world, known.ref)
    with world.as_("alma") as actor:
        (mother,) = pausing.circle(actor=actor, ref=known.ref)[1]
    page = f"/people/{known.ref}/around/{mother.series}/"
    old, newer = shown(alma, page), shown(adele, page)
    harmed = SignerFlag.ABUSER_OF_PERSON.value
    assert adele.post(page, {**newer, "flags": [harmed]}).status_code == 302
    assert now(world, known, series)[0].status == "suspended"
    assert alma.post(page, {**old, "name": "Martha Quill"}).status_code == 409
    assert now(world, known, series)[0].status == "suspended"
