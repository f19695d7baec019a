"""What pages say about who will see something, for each kind of agency; and every other such sentence, by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from accord.accounts import sessions
from accord.law import promises
from tests.region import World
from tests.steps.signing import BEFORE, drafted, person

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
    assert "The audit log records that you searched" in page and "No one else" not in page
    with world.owner() as owner:
        before = owner.execute("select count(*) from audit_event where action = 'searched'").fetchone()[0]
        world.client("alma").post("/people/find/", {"name": "Sam"})
        assert owner.execute("select count(*) from audit_event where action = 'searched'").fetchone()[0] == before + 1


def test_the_form_for_a_systems_agency_says_who_else_may_get_it(world: World) -> None:
    """In the language of the form, before anyone signs; on paper from the same words."""
    alma, told = world.client("alma"), "entregar esto a la fiscalía, a la defensa"
    ref = person(world, 30)
    for partner, is_told in (("police", True), ("legal", False)):
        where = "purposes" if is_told else "more_purposes"  # what fits this partner first
        terms = {"purposes": [], "kinds": ["identity.name"], where: ["safety_planning"]}
        address = drafted(world, alma, ref, partner, **terms)
        page = alma.get(address.replace("sign/", "")).content.decode()
        assert ("may have to give this to prosecutors" in page) is is_told
        theirs = alma.post(address, BEFORE).headers["Location"]
        assert (told in alma.get(theirs).content.decode()) is is_told
        sessions.take_back(world.session("alma"))


# Every other sentence that says who sees or does not see something, with why it is true of every agency that shows it.
TRUE_OF_ALL = {
    "No partners yet": "an agreement that no one else has joined",
    "Release signed. %(partner)s can see what it lists, from its first day to its last.": "line 20",
    "Published. Anyone can read these totals now.": "public tables are public",
    "Who can see this": "a heading",
    "No one else": "below the list of every share in force of this record; roles within the agency are its first line",
    "The request doesn't name this, so it stays with you: %(items)s.": "what a legal request does not name is refused (line 59)",
    "No one outside our agency was given access.": "shown for a disclosure history without a row",
    "No one outside the agency was given access.": "shown for a disclosure history without a row",
    "You can't change or pass on what a partner agency shared with you.": "re-sharing is refused (line 50)",
    "Only what this agency wrote in its own record of this person. You can't share what a "
    "partner agency shared with you.": "line 50",
    "I don't tell anyone outside my agency anything, not even that we know a person, unless a release or the law allows it.": (
        "a promise of the colleague, for community and systems agencies alike"
    ),
    "“Who can see this” on this page says who will see it.": "points at the strip",
    "As soon as you press the button, this is no longer shared with %(recipient)s.": "the next read is refused (line 20)",
    "%(recipient)s can no longer see anything under this release.": "the next read is refused (line 20)",
    "Whichever button you press, %(recipient)s can't see anything under this release from that moment.": "line 20",
    "While it is paused, %(recipient)s can't see anything under this release. It hasn't been "
    "stopped permanently.": "line 20",
    "What %(recipient)s already read or printed stays with them. Tell the person.": "no system can undo that",
    "What %(recipient)s already read or printed stays with them.": "no system can undo that",
    "Nothing is shared until you press the button. Then %(recipient)s can see what is listed "
    "here, from the first day to the last day.": "a draft shares nothing",
    "Signed releases stay on record, but nothing is shared without an agreement.": "agreement_in_force",
    "No one else here can open: %(kinds)s. First, make sure a colleague has this role and its "
    "keys.": "counted from the keys",
    "Their current sessions at this agency end right away, including on the lost device.": "the session's row is gone",
    "Accord opens your agency's own records here, in your session, and keeps only counts. No name, record or ID leaves "
    "your agency. The statistics unit gets the counts, encrypted.": "counts are sealed to the unit",
    "It's encrypted for your account, so no one else can read it. It hasn't been saved to any record yet.": (
        "sealed to the account's key"
    ),
    "Adding doesn't let it read what it added.": "sealed inward",
    "A connected system can only add information, unless you give it read access. What it adds "
    "is encrypted for your staff: adding doesn't let it read anything back.": ("sealed inward"),
    "At the top: how to reach this person safely, what is most urgent, and how long anything is shared. Below that: who "
    "can see what.": "points at the strip",
    "Who may sign with or for this person, and what we know about them. Staff only: don't let "
    "anyone else see this page.": "asks staff",
    "Staff only. Don't let anyone else see this. No partner agency can see it.": "the kind is never shared",
    "This kind of information is never shared with a partner agency.": "the kind is never shared",
    "You can't read this here again": "a heading of the hub's page of a sealed legal request",
    "If someone serves a subpoena on the hub, the operator forwards it here and can't read it in Accord again. You get a "
    "notice.": "sealed to the officers",
    "Requests served on the hub that ask our agency for information. Only our privacy officers can read what they say.": (
        "sealed to the officers"
    ),
    "The partner agency can see it right away. It is recorded in the audit log and in this "
    "person's disclosure history.": "official shares begin at once",
    "No one can read your passphrase, not even the operator. If you forget it, a privacy officer at your agency gives you "
    "a reset code.": "no hash is kept",
    "Everyone you work with is listed here: your agency's own clients, and people a partner agency shares. A supervisor "
    "can see who is assigned to each client. The audit log records that they looked.": "looked-at-team is logged",
    "You can see this": "a label: what the decision of this kind says to the one who reads it",
    "You can't see this": "a label: what the decision of this kind says to the one who reads it",
    "One line for each kind of information: whether you can see it, why, and what you can do.": "points at those labels",
    "Roles decide what this person can see. Each role opens only its own kinds of information.": "keys are given by role",
    "This colleague will no longer see this person on any page, in any list or in any search.": "a block beats all access",
    "This person may ask who was given access, and can read this.": "the reason is kept with the access, for the person",
    "A record is no longer shared with you.": "a notice that a share has ended",
    "No longer shared with you": "a heading, shown when a share has ended",
    "This is no longer shared with you.": "said when a share has ended (line 20)",
    "No longer shared with %(recipient)s": "a heading, shown when a release was stopped (line 20)",
    "Until then, you can't see any records. No record is deleted.": "a new passphrase has no keys until they are given",
    "runs the server; can't read the contents of survivors' records": "the operator's role gets no key of a record",
    "Connected systems can't read this kind of information.": "MACHINES_NEVER_READ is refused",
    "It can read what a partner agency shares only if that was shared for this purpose.": "a system has one purpose",
    "Anyone who has the token can then read these kinds of information about everyone this system added or was given, "
    "until you disconnect it. A program can't keep secrets: it has logs, copies and an operator. Leave this blank unless "
    "it has to read.": "a warning: the token is all it takes",
    "Only its parties and the coalition's office can see it.": "the floor PARTIES of agreements",
    "Who can see this agreement": "a heading: the facts follow",
    "What you can do with this agreement and why, and who else can see it.": "announces the facts that follow",
    "Anyone can read what is published, and it can't be withdrawn.": "a warning: public tables are public",
    "Only our agency sees it. The disclosure history shows that it arrived.": "the kind is never shared",
    "A judge, a clerk or an attorney: this matters a lot. Leave it blank if you can't read it.": "speaks of handwriting",
    "This is never shared with anyone: %(kind)s.": "the law's packs never let this kind pass",
    "Give it to %(name)s and no one else: in person, or by phone if you know their voice. Never by email.": (
        "asks staff"
    ),
    "Call your agency's attorney today. Only the attorney or a privacy officer responds. No one "
    "else talks to the sender.": ("asks staff"),
    "A subpoena, a warrant, an order or a letter. Recording it here doesn't share anything.": "an entry begins no share",
    "It doesn't share anything by itself. Sharing also requires a signed release or another legal basis "
    "that applies to the agency that shares.": ("a share needs a basis"),
    "An agreement doesn't share anything by itself. Each share also requires a signed release or another legal basis that "
    "applies to the agency that shares.": "a share needs a basis",
    "It doesn't share anything by itself. Each share also requires a signed release or another legal "
    "basis.": "a share needs a basis",
}
PROMISES = re.compile(
    "(nobody|no one) (else|can read|outside|has read)|anyone else|never leaves|leaves your agency|stays? with (you|us|them)|"
    "sees? it (at once|right away)|can see|sees nothing|(can|will) no longer see|(can't|cannot) (see any|read)|"
    "can't see (this|it|what)|can (then )?read|let it read|you can't (change or pass|share)|no longer shared with|"
    "including on the lost device|no partner|only our (agency|privacy)|shares? nothing|share anything|"
    "nothing is shared without|tell (no one|anyone)|never shared|"
    "may have to (give|be given)|only if the person|written consent|lets? us share|are searched",
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
