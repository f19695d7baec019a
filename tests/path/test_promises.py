"""What pages say about who will see something, for each kind of agency; and every other such sentence, by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accord.accounts import sessions
from accord.law import promises
from tests.region import World
from tests.steps.catalog import spanish
from tests.steps.signing import BEFORE, drafted, person


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
    assert ("Authorized staff may share it without a release" in page) is officer_shares
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
    "May have to be given to prosecutors and the defense": "law packs: systems-based agencies",
    "%(agency)s works with the courts. Your answers may have to be given to prosecutors, defense attorneys or a court. "
    "I can't promise to keep them private.": "law packs: systems-based agencies",
    "Staff at %(agency)s who help you may read your answers. No one outside %(agency)s sees them unless you sign a "
    "release, the law requires it, or a court orders it.": "law packs: read out before a screening",
    "Who can read its decisions?": "a question",
    "Only people with a seat can see this": "body_names",
    "Closed. Only people with a seat can see it. Other agencies can't see that it exists.": "the floors of bodies",
    "You can see the committees your agency has a seat on, and those open to every agency in "
    "the coalition.": "the floor PARTIES of bodies",
    "You don't have a seat on this committee, so you can't see its decisions.": "the floor BODY of decisions",
    "This request may be binding. Your attorney decides how to respond. Don't hand over anything the request "
    "doesn't ask for.": "asks staff; such items are refused (line 59)",
    "Nothing was saved to a record. What you wrote was kept. It is encrypted so that only the person who was "
    "signed in when this page was opened can read it.": "sealed to the account's key",
    "When you send this form, the due date, the sender, the reference and what the request says are encrypted "
    "so that only the privacy officers of the agencies you choose can read them. Keep the original in a "
    "locked place.": "sealed to the officers",
    "Hand over only what your agency is required to hand over. If something isn't in the request, don't hand "
    "it over, even if someone asks for it by phone.": "asks staff; such items are refused (line 59)",
    "Nothing changes. You get the same help from us. If you say yes, you can stop sharing at any time. Just "
    "tell us. You don't have to put it in writing. That agency keeps what it has "
    "already seen.": "no system can undo that",
    "“Access ended” and “access paused” mean that, from that time on, the agency could no longer open what is "
    "listed. The agency keeps anything it already read or printed.": "no system can undo that",
    "Staff who can open this kind of information can read the answers. A release that covers this kind also covers "
    "the answers. You can't change this later.": "answers are entries of the kind, and form_publish never changes it",
    "Every page is saved as you go. Until you finish, only you can see the answers. They are kept for %(days)s days "
    "after you last save them.": "an unfinished form is a draft: only its author's sessions see it",
    "Only you can see these answers until you finish.": "an unfinished form is a draft",
    "Earlier answers are kept. Your colleagues can see who corrected this form, and when.": "the page of revisions",
    "What someone tells you goes to the prosecutor and may have to be given to the defense. What someone tells an "
    "advocate may be protected by law.": "tells police and prosecutors about their own interviews",
    "Accord asks two questions every time: Does the recipient have a right to know? Does the recipient need "
    "to know? If either answer is no, nothing is shared. The agency that receives the information can't share "
    "it with others in this system. On this page, you can't share what a shelter or another agency shared "
    "with you. Ask that agency to share it instead.": "official shares want both answers (lines 45 and 50)",
    "By law, you can't share this information with this agency: %(kinds)s.": "said by the law's own rules, about kinds",
    "Contact line saved. Agencies that have an agreement with yours can see it.": "the floor of contact lines",
    "If the request is about someone you work with, tell that person soon and calmly, and ask what they want. "
    "Unless the law compels you, you need their signed release to "
    "share anything.": "asks staff, and says the exception",
    "You can see and do only what this agency and your role allow. You can switch "
    "agencies later.": "keys are given by role",
    "You can see which agencies have submitted, but not each agency's own totals. The public page shows only "
    "how many agencies are missing.": "the analyst's page shows states, no figures",
    "No partners yet": "an agreement that no one else has joined",
    "Release signed. %(partner)s can see what is listed in the release, from the first day through the last "
    "day.": "line 20",
    "Published. Anyone can read these totals now.": "public tables are public",
    "Who can see this": "a heading",
    "No one else": "below the list of every share in force of this record; roles within the agency are its first line",
    "Don't hand over this information, because the request doesn't ask for it: "
    "%(items)s.": "what a legal request does not name is refused (line 59)",
    "No one outside our agency was given access.": "shown for a disclosure history without a row",
    "No one outside the agency was given access.": "shown for a disclosure history without a row",
    "You can't change or pass on what a partner agency shared with you.": "re-sharing is refused (line 50)",
    "You can share only what this agency wrote in its own record of this person. You can't share what a "
    "partner agency shared with you.": "line 50",
    "I don't share anything outside my agency, not even that we know a person, unless a release or the law "
    "allows it.": "a promise of the colleague, for community and systems agencies alike",
    "“Who can see this” on this page shows who will see what you save.": "points at the strip",
    "As soon as you press the button, this will no longer be shared with "
    "%(recipient)s.": "the next read is refused (line 20)",
    "%(recipient)s can no longer see anything under this release.": "the next read is refused (line 20)",
    "As soon as you press any of these buttons, %(recipient)s can no longer see anything under "
    "this release.": "line 20",
    "While sharing is paused, %(recipient)s can't see anything under this release. Sharing hasn't been "
    "stopped permanently.": "line 20",
    "%(recipient)s keeps what it already read or printed. Tell this person.": "no system can undo that",
    "%(recipient)s keeps what it already read or printed.": "no system can undo that",
    "Nothing is shared until you press the button. Then %(recipient)s can see what is listed here from the "
    "first day through the last day.": "a draft shares nothing",
    "Signed releases stay on record, but nothing is shared without an agreement.": "agreement_in_force",
    "No one else here can open these kinds of information: %(kinds)s. First, make sure a colleague has this "
    "role and its keys.": "counted from the keys",
    "Their current sessions at this agency end right away, including on the lost device.": "the session's row is gone",
    "Accord opens your agency's own records during your session and keeps only the counts. No name, record or "
    "ID leaves your agency. The statistics unit gets the counts in encrypted form.": "counts are sealed to the unit",
    "It's encrypted for your account, so no one else can read it. It hasn't been saved to any "
    "record yet.": "sealed to the account's key",
    "The system can't read back what it added.": "sealed inward",
    "A connected system can only add information, unless you give it read access. What it adds is encrypted "
    "for your staff, and the system can't read it back.": "sealed inward",
    "The top of the page shows how to reach this person safely, what is most urgent and how long information "
    "is shared. Below that, you can see who has access to what.": "points at the strip",
    "This page shows who may sign with or for this person and what we know about them. It is for staff only. "
    "Don't let anyone else see it.": "asks staff",
    "This page is for staff only. Don't let anyone else see it. No partner agency "
    "can see it.": "the kind is never shared",
    "This kind of information is never shared with a partner agency.": "the kind is never shared",
    "You won't be able to read this here again": "a heading of the hub's page of a sealed legal request",
    "If someone serves a subpoena on the hub, the operator forwards it here and can't read it in Accord "
    "again. You get a notice.": "sealed to the officers",
    "Legal requests that were served on the hub and ask our agency for information. Only our privacy officers "
    "can read what these requests say.": "sealed to the officers",
    "The partner agency can see this information right away. Sharing is recorded in the audit log and in this "
    "person's disclosure history.": "official shares begin at once",
    "No one can read your passphrase, not even the operator. If you forget it, a privacy officer at your "
    "agency can give you a reset code.": "no hash is kept",
    "Every client you work with is listed here, both your agency's own clients and people whose records a "
    "partner agency shares. A supervisor can see who is assigned to each client. The audit log records each "
    "time a supervisor looks.": "looked-at-team is logged",
    "You can see this": "a label: what the decision of this kind says to the one who reads it",
    "You can't see this": "a label: what the decision of this kind says to the one who reads it",
    "Each line shows one kind of information, whether you can see it, why, and what "
    "you can do.": "points at those labels",
    "Roles determine what this person can see. Each role gives access only to its own kinds of "
    "information.": "keys are given by role",
    "This colleague will no longer see this person on any page, in any list or in "
    "any search.": "a block beats all access",
    "This person can ask who was given access and can read "
    "this reason.": "the reason is kept with the access, for the person",
    "A record is no longer shared with you.": "a notice that a share has ended",
    "No longer shared with you": "a heading, shown when a share has ended",
    "This is no longer shared with you.": "said when a share has ended (line 20)",
    "No longer shared with %(recipient)s": "a heading, shown when a release was stopped (line 20)",
    "Until then, you can't see any records. Nothing has been deleted.": "a new passphrase has no keys until they are given",
    "runs the server; can't read the contents of survivors' records": "the operator's role gets no key of a record",
    "Connected systems can't read this kind of information.": "MACHINES_NEVER_READ is refused",
    "The system can read what a partner agency shares only if that agency shared it for "
    "this purpose.": "one purpose each",
    "Anyone who has the token can then read these kinds of information about everyone this system added or is "
    "assigned to, until you disconnect it. A program can't keep secrets, because it has logs, copies and an "
    "operator. Leave this blank unless the system has to read information.": "a warning: the token is all it takes",
    "Only the parties and the coalition's office can see this agreement.": "the floor PARTIES of agreements",
    "Who can see this agreement": "a heading: the facts follow",
    "Draft saved. Your colleagues can't see it. Continue here or on Today.": "the same",
    "This is your draft (saved %(at)s). Your colleagues can't see it. It's kept until %(until)s.": "the same",
    "Who can see this committee": "a heading: the facts follow",
    "What you can do on this committee and why, and who else can see it.": "announces the facts that follow",
    "Only the coalition's office and agencies with a seat on this committee can see it.": "the floor PARTIES of bodies",
    "Every agency in the coalition can read its decisions.": "the floor BODY of an open one",
    "Only people with a seat on the committee can read its decisions.": "the floor BODY of a closed one",
    "Committee created. Every agency in the coalition can see it.": "an open one: the floor PARTIES of bodies",
    "Committee created. Your office can see it now. Each agency with a seat can see it starting on the first "
    "day of its seat.": "a closed one: the floor PARTIES of bodies",
    "Decision saved. Every agency in the coalition can read it.": "the floor BODY of an open one",
    "Decision saved. Everyone with a seat on this committee can read it.": "the floor BODY of a closed one",
    "Seat added. The agency can see this committee starting on the first day of its seat. The agency's "
    "privacy officers get a notice.": "the floor PARTIES of bodies",
    "Saved. Other people with a seat, and the coalition's office, can see who represents your agency.": "body_names",
    "The seat ends right away. Without another seat, the agency can't read a closed committee's decisions "
    "anymore.": "seats_now reads ended_at",
    "Any representative. Everyone who works at that agency can read the decisions.": "seats_held, for_anyone",
    "This colleague replaces any earlier representative and can read the committee's decisions. Other people "
    "with a seat, and the coalition's office, can see this colleague's name.": "seats_held and body_names",
    "Anyone who can read its decisions today will still be able to "
    "read them.": "the calendar of an ended body stays at its last day",
    "After that, nothing about the committee can change. Anyone who can read its decisions today will still "
    "be able to read them.": "the same",
    "What you can do with this agreement and why, and who else can see it.": "announces the facts that follow",
    "Anyone can read published totals, and you can't withdraw them.": "a warning: public tables are public",
    "Only our agency sees this request. The disclosure history shows that it arrived.": "the kind is never shared",
    "It matters a lot whether a judge, a clerk or an attorney signed. Leave this blank if you can't read the "
    "signature.": "speaks of handwriting",
    "This information is never shared with anyone: %(kind)s.": "the law's packs never let this kind pass",
    "Give it only to %(name)s, in person, or by phone if you know their voice. Never send it by email.": "asks staff",
    "Call your agency's attorney today. Only the attorney or a privacy officer should respond. No one else "
    "should talk to the sender.": "asks staff",
    "This can be a subpoena, a warrant, an order or a letter. Recording it here doesn't "
    "share anything.": "an entry begins no share",
    "An agreement doesn't share anything by itself. Sharing also requires a signed release or another legal "
    "basis that applies to the agency that shares.": "a share needs a basis",
    "An agreement doesn't share anything by itself. Sharing also requires a signed release or another legal "
    "basis.": "a share needs a basis",
}
PROMISES = re.compile(
    "(nobody|no one) (else|can read|outside|has read)|anyone else|never leaves|leaves your agency|stays? with (you|us|them)|"
    "sees? it (at once|right away)|can see|sees nothing|(can|will) no longer see|(can't|cannot|won't be able to) (see any|read)|"
    "can't see (this|it|what)|can (then )?read|let it read|you can't (change or pass|share)|no longer (be )?shared with|"
    "including on the lost device|no partner|only our (agency|privacy)|shares? nothing|share anything|"
    "keeps (what|anything) it|don't hand (it|over)|give it only to|nothing is shared without|tell (no one|anyone)|never shared|"
    "may have to (give|be given)|only if the person|written consent|lets? us share|are searched",
    re.IGNORECASE,
)
GENERATED = Path(promises.__file__).read_text(encoding="utf-8")


def test_every_promise_is_generated_or_true_of_all() -> None:
    found = {m.id for m in spanish() if isinstance(m.id, str) and PROMISES.search(m.id)}
    joined = re.sub(r'"\s+"', "", GENERATED)
    by_hand = {sentence for sentence in found if sentence not in joined}
    assert by_hand == set(TRUE_OF_ALL), "a sentence says who will see something: generate it in accord/law/promises.py"
