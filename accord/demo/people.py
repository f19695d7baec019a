"""Riverbend's people, all invented, with their needs and releases."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accord.access.acting import acting
from accord.access.actors import Actor
from accord.access.trail import Trail
from accord.accounts import sessions
from accord.agencies import queries as agency_queries
from accord.agencies import services as agencies
from accord.casework import services as casework
from accord.casework.codes import Application, Immigration, Need, Service
from accord.core import clock
from accord.demo.calendar import Calendar
from accord.demo.riverbend import Region
from accord.drafts import services as drafts
from accord.files.uploading import seal
from accord.law import promises
from accord.legal_requests import disclosures, served
from accord.legal_requests.entries import Disclosure
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.releases import presenters as release_presenters
from accord.releases import queries as release_queries
from accord.releases import scans
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from accord.systems import queries as systems_queries
from accord.systems import services as systems


@dataclass(frozen=True)
class Invented:
    """An invented person."""

    by: str
    name: PersonName
    years: str
    contact: SafeContact
    type: str
    needs: tuple[Need, ...]
    services: tuple[tuple[str, int], ...] = ()
    note: str = ""


PEOPLE = (
    Invented(
        "alma",
        PersonName("Sam", "Samira Quill", "she/her"),
        "24",
        SafeContact("text", "555-0142", "weekdays, 10 a.m. to noon", "Do not call. Do not leave voicemail.", "es"),
        "labour",
        (
            Need("housing", "week", "Somewhere with a lock that is mine."),
            Need("legal_immigration", "month", "To stop being afraid of letters."),
            Need("work", "later", "Bakery course in spring."),
        ),
        (("crisis", 40), ("safety", 38), ("case_management", 20), ("transport", 6)),
        "Came with the outreach van. Wants to make each decision herself.",
    ),
    Invented(
        "alma",
        PersonName("Lucía", "Lucia Marrow", "she/her"),
        "31",
        SafeContact("call", "555-0177", "after 6 p.m.", "", "es"),
        "sex",
        (Need("medical", "now", ""), Need("benefits", "month", "")),
        (("crisis", 12), ("medical", 11)),
    ),
    Invented(
        "alma",
        PersonName("Tomas", "Tomas Fenwick", "he/him"),
        "19",
        SafeContact("person", "", "at the day room, Tuesdays", "Do not send mail.", "en"),
        "labour",
        (Need("money", "week", "My wages."), Need("legal_civil", "month", "")),
        (("case_management", 25),),
    ),
    Invented(
        "aisha",
        PersonName("Noor", "Noor Ashdown", "she/her"),
        "42",
        SafeContact("through", "a sister, 555-0123", "mornings", "Do not say where you are calling from.", "ar"),
        "both",
        (Need("mental_health", "week", ""),),
        (("mental_health", 9),),
    ),
    Invented(
        "jo",
        PersonName("Dee", "", "they/them"),
        "27",
        SafeContact("text", "555-0155", "any time", "", "en"),
        "sex",
        (Need("peer", "week", "Someone who has been there."),),
        (("peer", 14), ("peer", 7)),
    ),
)


def build(region: Region, calendar: Calendar | None = None) -> None:
    """Open each record on the day of its first service, add later events on their days, and have Sam sign a release to
    Legal Aid."""
    opened = _live(region, calendar)
    with region.as_("adele") as adele:
        agencies.write_contact_line(
            actor=adele, role="Advocate on call", phone="555-0110", hours="Every day, 8 a.m. to 8 p.m."
        )
    sam = opened["Sam"]
    _immigration(region, sam)
    _ago(calendar, region, 2, 14, 10)
    _share(region, sam, "legal", ("identity.name", "contact.safe", "needs"), ("legal_help",), "es")
    lucia = opened["Lucía"]
    _scan(region, lucia, _share(region, lucia, "hospital", ("identity.name", "contact.safe"), ("health_care",), "es"))
    _ago(calendar, region, 2, 15, 25)
    _take_up(region, "elena")
    _ago(calendar, region, 1, 9, 30)
    with region.as_("adele") as adele:
        records.grant(actor=adele, ref=sam.ref, membership=adele.membership, reason="Supervises Alma's work")
    _serve(region)
    _fight(region, opened["Tomas"])
    _ago(calendar, region, 1, 22, 2)
    _begin(region, sam)
    _ago(calendar, region, 1, 22, 48)
    _bring(region)


def _ago(calendar: Calendar | None, region: Region, days: int, hour: int, minute: int) -> None:
    """Set the demo's clock back if there is a calendar. Without a calendar, everything is recorded today."""
    if calendar:
        calendar.ago(region, days, hour, minute)


def _live(region: Region, calendar: Calendar | None) -> dict[str, PersonRef]:
    """Open each record on the day of its first service, add every service on its day, in date order, and confirm
    every safe contact three days ago. Without a calendar, everything is recorded today."""
    opened: dict[str, PersonRef] = {}
    days_of = [
        (-days, 10 + number, place, one, category)
        for place, one in enumerate(PEOPLE)
        for number, (category, days) in enumerate(one.services)
    ]
    for days, hour, place, invented, category in sorted(days_of, key=lambda each: each[:3]):
        _ago(calendar, region, -days, hour, 7 + 9 * place)
        if invented.name.used not in opened:
            opened[invented.name.used] = _open(region, invented)
        with region.as_(invented.by) as actor:
            day = clock.today(actor.zone) + timedelta(days=0 if calendar else days)
            service = Service(category, day.isoformat())
            casework.add_service(actor=actor, ref=opened[invented.name.used].ref, service=service)
    _ago(calendar, region, 3, 11, 15)
    for invented in PEOPLE:
        with region.as_(invented.by) as actor:
            page = people_queries.page(actor=actor, ref=opened[invented.name.used].ref, kinds=["contact.safe"])
            asked = clock.today(actor.zone).isoformat()
            contact = SafeContact(**{**vars(invented.contact), "checked_on": asked})
            before = page.items["contact.safe"]
            people.correct_contact(actor=actor, ref=page.known.ref, contact=contact, before=before)
    return opened


def _serve(region: Region) -> None:
    """Forward a subpoena that came to the hub by mail. Hal passed it on and can't read it again. Adele has not opened
    it yet."""
    with region.as_("hal") as hal:
        today = clock.today(hal.zone)
        served.forward(
            actor=hal,
            process="attorney_subpoena",
            came_on=today,
            agencies=[region.agencies["harbor"]],
            content=served.Content(
                sender="Law Office of P. Lorne, Market Street",
                reference="24-CV-0117",
                due_on=(today + timedelta(days=12)).isoformat(),
                says="All records about Samira Quill, and the dates of any stay at Harbor House.",
            ),
        )


def _fight(region: Region, known: PersonRef) -> None:
    """Record a subpoena from the attorney for the man who kept Tomas's wages. Legal Aid has objected."""
    with region.as_("alma") as alma:
        today = clock.today(alma.zone)
        asked = Disclosure(
            process="attorney_subpoena",
            sender="Law Office of R. Haskell, for Calder Orchards",
            signed_by="R. Haskell, attorney",
            citation="26-CV-0388",
            received_on=(today - timedelta(days=4)).isoformat(),
            due_on=(today + timedelta(days=10)).isoformat(),
            says="All notes of conversations with Tomas Fenwick, and his current address.",
            listed=("identity.name", "contact.safe", "notes.case"),
        )
        series = disclosures.log_request(actor=alma, ref=known.ref, disclosure=asked)
        place: dict[str, Any] = {"actor": alma, "ref": known.ref, "series": series}
        steps = (
            ("lawyer", 3, ""),
            ("asked_her", 2, "He wants nothing handed over."),
            ("objected", 1, "No judge signed it."),
        )
        for revision, (step, days, words) in enumerate(steps, 1):
            disclosures.add_step(**place, revision=revision, step=step, on=today - timedelta(days=days), words=words)


def _begin(region: Region, known: PersonRef) -> None:
    """Save an unfinished note as one of Alma's drafts."""
    text = "Asked about the bakery course. The school needs a letter by the"
    with region.as_("alma") as alma:
        drafts.save(actor=alma, known=known, form="note", fields={"text": [text]})


def _bring(region: Region) -> None:
    """Connect a form on Harbor House's website that can only add entries. Someone filled it out at night, and that
    person is still unassigned. The form's token is not kept."""
    with region.as_("adele") as adele:
        token = systems.connect(
            actor=adele,
            name="Form on our website",
            roles=["machine_writer"],
            writes=["identity.name", "contact.safe", "needs"],
            reads=[],
            purpose="",
            last_day=clock.today(adele.zone) + timedelta(days=180),
        )
    session = sessions.load_machine(sessions.from_header(f"Bearer {token}") or b"")
    if session is None:
        raise LookupError("the demo's connected system")
    with acting(session.ticket, trail=Trail(source="demo")) as trail:
        form = systems_queries.actor_of(session, trail)
        contact = SafeContact(
            "text", "555-0163", "before noon", "Do not call.", "en", clock.today(form.zone).isoformat()
        )
        known = people.open_record(actor=form, name=PersonName("Robin", "", "they/them"), contact=contact)
        casework.add_need(actor=form, ref=known.ref, need=Need("housing", "now", "A bed for tonight."))


def _open(region: Region, invented: Invented) -> PersonRef:
    with region.as_(invented.by) as actor:
        today = clock.today(actor.zone)
        contact = SafeContact(**{**vars(invented.contact), "checked_on": today.isoformat()})
        known = people.open_record(actor=actor, name=invented.name, birth=Birth(years=invented.years), contact=contact)
        casework.note_exploitation(actor=actor, ref=known.ref, answer=invented.type)
        for need in invented.needs:
            casework.add_need(actor=actor, ref=known.ref, need=need)
        if invented.note:
            casework.add_note(actor=actor, ref=known.ref, text=invented.note)
    return known


def _immigration(region: Region, known: PersonRef) -> None:
    """Add Sam's immigration documents, which stay at Harbor House because none of Sam's releases covers them."""
    documents = (("passport", "taken"), ("birth", "trusted"))
    with region.as_("alma") as alma:
        file_by = (clock.today(alma.zone) + timedelta(days=45)).isoformat()
        casework.note_immigration(actor=alma, ref=known.ref, facts=Immigration("none", documents))
        preparing = Application("t", "preparing", next_day=file_by, next_step="file")
        casework.add_application(actor=alma, ref=known.ref, application=preparing)


def _share(
    region: Region, known: PersonRef, to: str, kinds: tuple[str, ...], purposes: tuple[str, ...], lang: str
) -> uuid.UUID:
    """Have a person sign a release, and return the release's series."""
    with region.as_("alma") as alma:
        today = clock.today(alma.zone)
        release = Release(
            recipient=str(region.agencies[to]),
            kinds=kinds,
            purposes=purposes,
            start=today.isoformat(),
            last_day=(today + timedelta(days=30)).isoformat(),
            text_language=lang,
            person_languages=(lang,),
        )
        series = releases.draft(actor=alma, ref=known.ref, release=release)
        page = people_queries.page(actor=alma, ref=known.ref, kinds=["identity.name", "identity.birth"])
        releases.sign(
            actor=alma,
            ref=known.ref,
            series=series,
            revision=1,
            age=page.age,
            signers=(releases.Signer(page.name, "self", (lang,), "typed"),),
            said=releases.Said(
                tuple(s.value for s in release_queries.statements_needed(actor=alma, release=release)), alma.name
            ),
        )
    return series


def _scan(region: Region, known: PersonRef, series: uuid.UUID) -> None:
    """Keep a scan of the signed form. In the demo, the scan is the printed form itself."""
    with region.as_("alma") as alma:
        _known, item = releases.find_release(actor=alma, ref=known.ref, series=series)
        recipient = uuid.UUID(item.payload.recipient)
        form = release_presenters.form_pdf(
            item.payload,
            agency_queries.agency_names({recipient})[recipient],
            promises.keeper(agency_queries.law_facts(agency=recipient), clock.today(alma.zone)),
            release_queries.statements_needed(actor=alma, release=item.payload),
            alma.agency_name,
            clock.now(),
        )
        scans.keep(actor=alma, ref=known.ref, series=series, upload=seal(form))


def _take_up(region: Region, user: str) -> None:
    with region.as_(user) as actor:
        for handle in [each.handle for each in people_queries.intake_list(actor=actor)]:
            records.assign(actor=actor, ref=handle, membership=actor.membership)
    with region.as_(user) as actor:
        _look(actor)


def _look(actor: Actor) -> None:
    for card in people_queries.my_people(actor=actor):
        people_queries.page(actor=actor, ref=card.ref, kinds=people_queries.kinds_shown())
