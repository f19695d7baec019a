"""What the audit log says was read: only the kinds that a page shows (acceptance line 105).

Every address of one person is asked for in the browser, from the resolver. One that is not in the table logs nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

import pytest

from accord.audit import queries as audit
from accord.casework import services as casework
from accord.casework.codes import Application, Immigration, Service
from accord.core import clock
from accord.legal_requests import disclosures
from accord.people import queries as people
from accord.releases import services as releases
from accord.releases import suspension
from accord.releases.entries import CircleMember, Release
from accord.sharing import services as records
from tests.region import World
from tests.steps.addresses import about_people, address
from tests.steps.legal_process import ORDER
from tests.steps.official import share as share_official
from tests.steps.records import handle, open_record, release_to
from tests.steps.screening import a_step

NAME, BIRTH, CONTACT = "identity.name", "identity.birth", "contact.safe"
PERSON = {NAME, BIRTH, CONTACT, "needs", "services", "notes.case", "exploitation", "immigration", "releases"} | {
    "screening"
}
SIGNING = {NAME, BIRTH, "releases"}  # who signs depends on age and on the people around
RELEASES = {NAME, "releases"}
LOGGED: dict[str, set[str]] = {
    "people:person": PERSON,
    "people:why": {NAME},
    "people:edit_name": {NAME},
    "people:edit_age": {NAME, BIRTH},
    "people:edit_contact": {NAME, CONTACT},
    "people:step_back": {NAME},
    "casework:add_need": {NAME},
    "casework:change_need": {NAME, "needs"},
    "casework:add_service": {NAME},
    "casework:change_service": {NAME, "services"},
    "casework:add_note": {NAME},
    "casework:change_note": {NAME, "notes.case"},
    "casework:note_exploitation": {NAME, "exploitation"},
    "casework:note_immigration": {NAME, "immigration"},
    "casework:add_application": {NAME},
    "casework:change_application": {NAME, "immigration"},
    "screening:screening": {NAME, "screening"},
    "screening:hand_off": {NAME},
    "screening:add_screen": {NAME, "screening"},
    "screening:determine": {NAME, BIRTH, "screening"},
    "screening:close_step": {NAME, "screening"},
    "releases:new": {NAME},
    "releases:terms": {NAME, BIRTH, CONTACT},
    "releases:release": SIGNING,
    "releases:sign": SIGNING,
    "releases:on_paper": SIGNING,
    "releases:scan_new": RELEASES,
    "releases:finish": SIGNING,
    "releases:theirs": SIGNING,
    "releases:withdraw": {"releases"},
    "releases:stopped": {"releases"},
    "releases:form_pdf": {"releases"},
    "releases:circle": RELEASES,
    "releases:new_member": RELEASES,
    "releases:member": RELEASES,
    "legal_requests:new": {NAME},
    "legal_requests:request": RELEASES,
    "legal_requests:step": RELEASES,
    "legal_requests:hand_over": RELEASES,
    "legal_requests:close": RELEASES,
    "releases:same": {NAME},
    "releases:accounting": {NAME, CONTACT},  # the language of the printed history
    "releases:official_new": {NAME},
    "releases:official": RELEASES,
}
BEN = ("releases:official_new", "releases:official")  # pages of a systems agency's own records
ADELE = ("releases:accounting", "releases:accounting_pdf", "releases:same")


@dataclass(frozen=True)
class Town:
    """A person of Harbor House and one of the police, with an entry for every address."""

    world: World
    known: uuid.UUID
    shared: uuid.UUID
    series: dict[str, uuid.UUID]

    def asked(self, user: str, path: str, owner: str, person: uuid.UUID) -> tuple[int, set[str]]:
        """Return the status of a page, and the kinds that the owner's log then says were read."""
        before = self._lines(owner, person)
        status = self.world.client(user).get(path).status_code
        new = self._lines(owner, person)[: -len(before) or None]
        return status, {kind for line in new for kind in line.kinds}

    def _lines(self, owner: str, person: uuid.UUID) -> list[audit.Line]:
        with self.world.as_(owner) as actor:
            return audit.looked_at(owner=actor.agency, person=person, limit=10_000, opens=actor.opens)


@pytest.fixture(scope="module")
def town(world: World) -> Town:
    known = open_record(world)
    theirs = open_record(world, "Ben's own", user="ben")
    release_to(world, known)
    shared = handle(world, "elena")
    with world.as_("alma") as alma:
        who = {"actor": alma, "ref": known.ref}
        day = clock.today(alma.zone).isoformat()
        (need,) = people.page(**who, kinds=["needs"]).items["needs"]
        series = {
            "items": need.series,
            "entries": casework.add_service(**who, service=Service("housing", day)),
            "notes": casework.add_note(**who, text="Called back"),
            "status": casework.add_application(**who, application=Application("t", "preparing")),
            "letters": disclosures.log_request(**who, disclosure=ORDER),
        }
        casework.note_exploitation(**who, answer="labour")
        casework.note_immigration(**who, facts=Immigration("citizen"))
        series["checks"] = a_step(alma, known.ref)
        series["others"] = suspension.record_member(**who, member=CircleMember("Rosa", "parent"))
        terms = Release(recipient=str(world.agencies["legal"]), kinds=(NAME,), purposes=("legal_help",), start=day)
        terms = replace(terms, last_day=day, person_languages=("en",), text_language="en")
        series["forms"] = releases.draft(**who, release=terms)
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="Supervises Alma's work")
    series["own"] = share_official(world, theirs)
    series["theirs"] = theirs.ref
    return Town(world, known.ref, shared, series)


def test_the_log_names_only_what_a_page_shows(town: Town) -> None:
    found = {}
    for route in about_people():
        if "ref" not in route.arguments or route.pattern.startswith("api/"):
            continue
        user = "ben" if route.name in BEN else "adele" if route.name in ADELE else "alma"
        person = town.series["theirs"] if user == "ben" else town.known
        part = route.pattern.split("/")[2]
        ids = {
            "ref": person,
            "series": town.series.get(part),
            "assignment": uuid.uuid4(),
            "language": "en",
            "to": 4,
            "scan": uuid.uuid4(),
            "page": 1,
            "revision": 1,
            "name": "file.pdf",
            "answers": uuid.uuid4(),
            "draft": uuid.uuid4(),
            "version": uuid.uuid4(),
        }
        status, kinds = town.asked(user, address(route, ids), user, person)
        assert status < 500, route.pattern
        if kinds or route.name in LOGGED:
            found[route.name] = kinds
    differ = {
        name: (found.get(name), LOGGED.get(name))
        for name in found | LOGGED
        if found.get(name) != LOGGED.get(name, {NAME})
    }
    assert differ == {}, "found, expected"


def test_the_owner_reads_only_what_a_page_showed_a_partner(town: Town) -> None:
    said = (("", {NAME, CONTACT, "needs"}), ("why/", {NAME}))
    found = [(part, town.asked("elena", f"/people/{town.shared}/{part}", "alma", town.known)[1]) for part, _ in said]
    assert found == [*said]
