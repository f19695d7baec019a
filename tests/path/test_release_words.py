"""What staff read on the way of a release: languages by two names, which agency, and the printed disclosure history."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.records import handle, open_record, release_to
from tests.steps.signing import SIGNED, code, handed, terms_page

ARABIC = 'Arabic (<span lang="ar">العربية</span>)'


@pytest.mark.parametrize("address", ["terms", "others/new/", "contact/"])
def test_a_language_has_the_readers_name_and_its_own(world: World, address: str) -> None:
    """The own name is marked with its language. Where both are the same, it is there once."""
    known, alma = open_record(world), world.client("alma")
    path = terms_page(alma, known.ref) if address == "terms" else f"/people/{known.ref}/{address}"
    page = alma.get(path).content.decode()
    assert ARABIC in page and 'Haitian Creole (<span lang="ht">kreyòl ayisyen</span>)' in page
    assert "Tagalog<" in page and "Kʼicheʼ<" in page and "English<" in page and "(English" not in page
    alma.cookies["accord_language"] = "es"
    assert 'árabe (<span lang="ar">العربية</span>)' in alma.get(path).content.decode()


def test_another_last_day_is_asked_below_its_choice(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    page = alma.get(terms_page(alma, known.ref)).content.decode()
    after = page.split('value="other"')[1]
    assert (
        after.index("A different last day")
        < after.index("Reason, if sharing lasts longer than 90 days")
        < after.index("<details")
    )


@pytest.mark.parametrize("way", ["at once", "on the next page"])
def test_the_agency_is_named_when_it_is_signed(fresh_world: World, way: str) -> None:
    world = fresh_world
    alma, _ref, address, theirs = handed(world)
    alma.cookies["accord_language"] = "en"
    alma.post(theirs, SIGNED)
    said = {"code": code(world)} | ({"then": "share"} if way == "at once" else {})
    back = alma.post(f"{theirs}back/", said)
    if way == "on the next page":
        finish = address.replace("sign/", "finish/")
        assert "They signed the release to Riverbend Legal Aid" in alma.get(finish).content.decode()
        back = alma.post(finish, {"ok": "yes"})
    told = alma.get(back.headers["Location"]).content.decode()
    assert "Release signed. Riverbend Legal Aid can see what is listed in the release" in told


def _seen_by_adele(world: World, known: PersonRef) -> None:
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="They asked for their history")


def _printed(world: World, known: PersonRef, lang: str) -> str:
    file = world.client("adele").get(f"/people/{known.ref}/history.pdf?in={lang}").content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages).split())


PRINTED = {
    "en": ("Disclosure history", "was given access", "viewed it (Elena)", "What these words mean"),
    "es": ("Historial de divulgación", "recibió acceso", "lo vio (Elena)", "Qué significan estas palabras"),
}
NO_ONE = {
    "en": "No one outside our agency was given access.",
    "es": "Nadie fuera de nuestra agencia recibió acceso.",
}


def test_the_printed_disclosure_history_is_in_the_language_asked_for(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    _seen_by_adele(world, known)
    history = world.client("adele").get(f"/people/{known.ref}/history/").content.decode()
    assert history.count("history.pdf?in=") == 2  # an empty one can be printed, but nothing urges it
    assert re.findall(r'class="([^"]*)" href="[^"]*history\.pdf', history) == ["usa-button usa-button--outline"] * 2
    for lang, words in NO_ONE.items():
        assert words in _printed(world, known, lang), lang
    release_to(world, known)
    ref = handle(world, "elena")
    assert world.client("elena").get(f"/people/{ref}/").status_code == 200
    history = world.client("adele").get(f"/people/{known.ref}/history/").content.decode()
    assert re.findall(r'class="([^"]*)" href="[^"]*history\.pdf', history)[0] == "usa-button"
    for lang, words in PRINTED.items():
        paper = _printed(world, known, lang)
        assert [word for word in words if word not in paper] == [] and "Riverbend Legal Aid" in paper, (lang, paper)
        assert NO_ONE[lang] not in paper and not any(
            word in paper for other in PRINTED.keys() - {lang} for word in PRINTED[other]
        )
