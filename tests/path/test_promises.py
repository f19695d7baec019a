"""What pages say about who will see something, for each kind of agency; and every other such sentence, by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from accord.accounts import sessions
from accord.law import promises
from tests.path.test_signing_pages import BEFORE, drafted, person
from tests.region import World

CATALOG = Path(__file__).parents[2] / "accord/locale/es/LC_MESSAGES/django.po"


@pytest.mark.parametrize(
    ("user", "release_first", "officer_shares"),
    [
        ("alma", True, False),
        ("elena", True, False),
        ("farah", True, False),
        ("ben", False, True),
        ("chidi", False, True),
        ("dana", False, False),
    ],
)
def test_a_record_promises_what_its_agency_keeps(
    world: World, user: str, release_first: bool, officer_shares: bool
) -> None:
    page = world.client(user).get("/people/new/").content.decode()
    assert ("only if the person signs a release" in page) is release_first
    assert ("only with their written consent" in page) is release_first
    assert ("An officer may share it without a release" in page) is officer_shares
    assert ("share our own records without consent" in page) is officer_shares
    assert ("given to prosecutors, defense attorneys" in page) is not release_first


def test_a_search_says_that_the_log_has_it(world: World) -> None:
    page = world.client("alma").get("/people/find/").content.decode()
    assert "is written in your agency" in page and "Nobody else" not in page
    with world.owner() as owner:
        before = owner.execute("select count(*) from audit_event where action = 'searched'").fetchone()[0]
        world.client("alma").post("/people/find/", {"name": "Sam"})
        assert owner.execute("select count(*) from audit_event where action = 'searched'").fetchone()[0] == before + 1


def test_the_form_for_a_systems_agency_says_who_else_may_get_it(world: World) -> None:
    """In the language of the form, before anyone signs; on paper from the same words."""
    alma, told = world.client("alma"), "entregar esto a la fiscalía, a la defensa"
    ref = person(world, 30)
    for partner, is_told in (("police", True), ("legal", False)):
        terms = {"recipient": str(world.agencies[partner]), "kinds": ["identity.name"], "purposes": ["safety_planning"]}
        address = drafted(world, alma, ref, **terms)
        page = alma.get(address.replace("sign/", "")).content.decode()
        assert ("may have to give this to prosecutors" in page) is is_told
        theirs = alma.post(address, BEFORE).headers["Location"]
        assert (told in alma.get(theirs).content.decode()) is is_told
        sessions.take_back(world.session("alma"))


# Every other sentence that says who sees or does not see something, with why it is true of every agency that shows it.
TRUE_OF_ALL = {
    "Who can see this": "a heading",
    "Nobody else": "below the list of every share in force of this record; roles within the agency are its first line",
    "We talked alone, and nobody else could hear.": "said by the two who were there",
    "The paper does not name this, so it stays with you: %(items)s.": "what a paper does not name is refused (line 59)",
    "Nobody outside our agency was given access.": "shown for an accounting without a row",
    "Nobody outside the agency was given access.": "shown for an accounting without a row",
    "What was shared with you stays with you: it cannot be changed or passed on.": "re-sharing is refused (line 50)",
    "Only what this agency wrote in its own record of her. What a partner shared with you stays with you.": "line 50",
    "I tell no one outside anything that neither a release nor the law lets me tell, not even that we know a person.": (
        "a promise of the colleague, for community and systems agencies alike"
    ),
    "Who can see it stands above.": "points at the strip",
    "%(recipient)s can see nothing more from the moment you press the button.": "the next read is refused (line 20)",
    "%(recipient)s can see nothing more of this release.": "the next read is refused (line 20)",
    "Either way, %(recipient)s can see nothing more of this release from the moment you press the button.": "line 20",
    "While it is paused, %(recipient)s can see nothing of this release. It is not stopped for good yet.": "line 20",
    "What %(recipient)s already read or printed stays with them: tell the person.": "no system can take it back",
    "What %(recipient)s already read or printed stays with them.": "no system can take it back",
    "Nothing is shared until you press the button. Then %(recipient)s can see what is listed here.": "a draft shares nothing",
    "Releases that people have signed stay on record, and share nothing without an agreement.": "agreement_in_force",
    "Nobody else here can open: %(kinds)s. Let a colleague have this role and her keys first.": "counted from the keys",
    "Whoever holds the lost device sees nothing more from the next click on.": "the session's row is gone",
    "Accord opens your agency's own records here, in your session, and keeps only counts. No name, record or code leaves "
    "your agency: the statistics unit gets the counts, sealed.": "counts are sealed to the unit",
    "It is sealed to your account, so no one else can read it. It has not been saved to any record yet.": (
        "sealed to the account's key"
    ),
    "It cannot read back what it adds.": "sealed inwards",
    "A connected system can only add, unless you let it read. What it adds is sealed inwards: it cannot read it back.": (
        "sealed inwards"
    ),
    "Above: how she can be reached safely, what is most urgent, and until when anything is shared. The strip says who can "
    "see what.": "points at the strip",
    "Who may sign with her or for her, and what we know of them. For staff only: let nobody else look.": "asks staff",
    "For staff only: do not let anyone else look. No partner can see it.": "the kind is never shared",
    "This kind of information is never shared with a partner.": "the kind is never shared",
    "You cannot read this again": "a heading of the hub's page of a sealed paper",
    "If somebody serves a subpoena on the hub, its operator passes it on to here and cannot read it again. You get a "
    "notice.": "sealed to the officers",
    "The partner sees it at once. It stands in the log, and in her accounting.": "official shares begin at once",
    "Nobody can read your passphrase, not even the operator. If you forget it, a privacy officer of your agency hands you "
    "a reset code.": "no hash is kept",
    "Everybody whom you help stands here: own people of your agency, and those whom a partner shares. A supervisor can see "
    "who keeps whose record; the log keeps that she looked.": "looked-at-team is logged",
    "Only our agency sees it. That it came stands in her accounting.": "the kind is never shared",
    "A judge, a clerk, an attorney: much hangs on it. Leave it empty if you cannot read it.": "speaks of handwriting",
    "This is never shared with anyone: %(kind)s.": "the law's packs never let this kind pass",
    "Hand it to %(name)s and to nobody else: in person, or by telephone if you know the voice. Never by e-mail.": (
        "asks staff"
    ),
    "Call your agency's lawyer today. Only the lawyer or a privacy officer answers; nobody else talks to whoever sent it.": (
        "asks staff"
    ),
    "By itself it shares nothing. Sharing then takes a signed release, or another basis in the sharing agency's law.": (
        "a share needs a basis"
    ),
    "An agreement by itself shares nothing. Each time, sharing takes a signed release or another basis in the sharing "
    "agency's law.": "a share needs a basis",
    "It shares nothing by itself. Each time, sharing takes a signed release or another basis in law.": "a share needs a basis",
}
PROMISES = re.compile(
    "nobody else|no one else|never leaves|leaves your agency|stays? with (you|us|them)|sees? it at once|can see|sees nothing|"
    "cannot read (it|back|this)|nobody (can read|outside|has read)|no partner|only our agency|shares? nothing|tell no one|"
    "never shared|may have to (give|be given)|only if the person|written consent|let us share|are searched",
    re.IGNORECASE,
)
GENERATED = Path(promises.__file__).read_text(encoding="utf-8")


def test_every_promise_is_generated_or_true_of_all() -> None:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="es")
    found = {m.id for m in catalog if isinstance(m.id, str) and m.id and PROMISES.search(m.id)}
    joined = re.sub(r'"\s+"', "", GENERATED)
    by_hand = {sentence for sentence in found if sentence not in joined}
    assert by_hand == set(TRUE_OF_ALL), "a sentence says who will see something: generate it in accord/law/promises.py"
