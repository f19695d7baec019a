"""The API for people. It uses the same queries, services, and access decisions as the pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from accord.access.actors import Actor
from accord.access.api import ERRORS, Lost, Strict
from accord.access.codes import FIND_PERSON, KINDS, OPEN_RECORD, READ_PERSON, WRITE_PERSON
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.core import clock
from accord.core.errors import Invalid
from accord.core.spans import HAPPENED
from accord.core.text import N_
from accord.people import queries, services
from accord.people.codes import Birth, PersonName, SafeContact
from accord.people.forms import AgeForm, ContactForm, FindForm, NameForm
from accord.sharing.queries import Item, PersonRef
from accord.ui.fields import typed_date

router = Router(tags=["people"])
AFTER: Any = Query(None, description="`next` from the previous page; leave it out for the first page")  # type: ignore[type-arg]

Write = Callable[[Actor, Mapping[str, str]], Any]
WRITABLE: dict[str, tuple[frozenset[str], Write]] = {}


def writable(code: str, *names: str) -> Callable[[Write], Write]:
    """Register a function that reads the fields of one entry type from an API call. The fields get the same checks as
    in the page's form."""

    def register(write: Write) -> Write:
        WRITABLE[code] = (frozenset(names), write)
        return write

    return register


def checked(form: forms.Form) -> forms.Form:
    """Return the form if it is valid. Raises Invalid with the form's errors."""
    if not form.is_valid():
        problems = {name: errors[0] for name, errors in form.errors.as_data().items()}
        raise Invalid(fields={name: _complaint(error) for name, error in problems.items()})
    return form


def _complaint(error: forms.ValidationError) -> str:
    """Return the form's error message, but never repeat a value that is not one of the choices."""
    return N_("Choose one.") if error.code == "invalid_choice" else str(error.messages[0])


@writable("name", "used", "others", "pronouns")
def _name(actor: Actor, fields: Mapping[str, str]) -> PersonName:
    return checked(NameForm(fields)).payload()


@writable("birth", "date", "years", "year")
def _birth(actor: Actor, fields: Mapping[str, str]) -> Birth:
    day, year = iso_date("date", fields), fields.get("year", "")
    if day and year and not day.startswith(year):
        raise Invalid(fields={"year": N_("This year doesn't match the date.")})
    form = AgeForm({"years": fields.get("years", ""), **typed_date("date", day or year)})
    if year and not day and not form.is_valid() and "date" in form.errors:
        raise Invalid(fields={"year": _complaint(form.errors.as_data()["date"][0])})
    return checked(form).payload()


@writable("safe_contact", "method", "address", "when", "never", "language", "checked_on")
def _safe_contact(actor: Actor, fields: Mapping[str, str]) -> SafeContact:
    asked_on = iso_date("checked_on", fields)
    if asked_on and not HAPPENED.fits(date.fromisoformat(asked_on), clock.today(actor.zone)):
        raise Invalid(fields={"checked_on": N_("Choose today or an earlier date.")})
    form = checked(ContactForm({**fields, "confirmed": "on" if asked_on else ""}))
    return form.payload(asked_on)


def iso_date(name: str, fields: Mapping[str, str]) -> str:
    """Return the ISO date that the caller sent. Empty text stays empty. Raises Invalid."""
    text = fields.get(name, "")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Invalid(fields={name: N_("Enter the date in this format: 2026-03-31.")}) from None


class Entry(Schema):
    """One entry in a person's record. `series` and `revision` are null when another agency owns the record."""

    kind: str = Field(description="the kind of information")
    type: str = Field(description="one of the types listed below")
    written_on: date = Field(description="the day it was written")
    series: uuid.UUID | None = Field(default=None, description="send this to correct the entry")
    revision: int | None = Field(default=None, description="send this to correct the entry")
    fields: dict[str, Any] = Field(description="the fields of the type")
    readable: bool = Field(description="false if this entry can't be decrypted; its fields are then empty")


class PersonLine(Schema):
    """A person in a list. `ref` is valid only for your agency. Other agencies have a different `ref` for the same
    person."""

    ref: uuid.UUID = Field(description="the person's id at your agency")
    name: str = Field(description="empty if you may not read it")
    own: bool = Field(description="true if your agency owns this record")
    agency: str = Field(description="the agency that owns the record")
    never: list[str] = Field(description="ways this person must never be contacted; show these first")


class PeoplePage(Schema):
    """One page of people, and the value to send to get the next page."""

    people: list[PersonLine] = Field(description="at most fifty people; a page with fewer is not always the last page")
    next: uuid.UUID | None = Field(description="send this as `after` to get the next page; null on the last page")


class PersonOut(Schema):
    """Everything about this person that you may read now."""

    ref: uuid.UUID = Field(description="the person's id at your agency")
    own: bool = Field(description="true if your agency owns this record")
    agency: str = Field(description="the agency that owns the record")
    never: list[str] = Field(description="ways this person must never be contacted; show these first")
    entries: list[Entry] = Field(description="the entries that you may read now")


class FoundLine(Schema):
    """A record with the name you searched for, or with a similar name."""

    ref: uuid.UUID = Field(description="the person's id at your agency")
    name: str = Field(description="the name the person goes by")
    kept_by: list[str] = Field(description="the colleagues assigned to the person")
    yours: bool = Field(description="true if you have access to this record")
    match: Literal["whole", "similar"] = Field(
        description="whole if every part of the name you sent matches a word or the start of a word; similar if the "
        "name sounds alike, shares one part, or is a short form"
    )


class FoundLines(Schema):
    """The search results, best match first, at most twenty."""

    people: list[FoundLine] = Field(description="best match first, at most twenty")
    more: bool = Field(description="true if too many names are similar, so someone may be missing; send a second name")


class Verdict(Schema):
    """An access decision: whether you may read one kind of information, why, and what would change the decision."""

    kind: str = Field(description="the kind of information")
    allowed: bool = Field(description="true if you may read it")
    code: str = Field(description="a stable code for the reason")
    words: str = Field(description="the reason, in your language")
    remedy: str = Field(description="what would change the decision; empty if nothing would")


class Wanted(Strict):
    """A name to search for, in any spelling."""

    name: str = Field(min_length=1, max_length=120, description="a name, in any spelling")


class EntryIn(Strict):
    """An entry to add: its type and its fields, all as text."""

    type: str = Field(description="one of the types listed below", max_length=40)
    fields: dict[str, str] = Field(description="the fields of the type, all as text")


class Correction(EntryIn):
    """The entry's new content."""

    revision: int = Field(ge=1, le=1_000_000, description="the revision that you last read")


class NewPerson(Strict):
    """A new record. Only a name is required, and any name will do."""

    name: dict[str, str] = Field(description="fields of the type `name`")
    birth: dict[str, str] | None = Field(default=None, description="fields of the type `birth`")
    safe_contact: dict[str, str] | None = Field(default=None, description="fields of the type `safe_contact`")


class Opened(Schema):
    """The new record's id at your agency."""

    ref: uuid.UUID = Field(description="the person's id at your agency")


class Place(Schema):
    """The place where an entry is stored. Send these values to correct the entry."""

    series: uuid.UUID = Field(description="the entry's id; send this to correct the entry")
    revision: int = Field(description="the entry's newest revision")


def payload_of(actor: Actor, type_: str, fields: Mapping[str, str]) -> Any:
    """Return the entry to seal. Raises Invalid for an unknown type or field."""
    if type_ not in WRITABLE:
        raise Invalid(fields={"type": N_("This type doesn't exist.")})
    names, write = WRITABLE[type_]
    if fields.keys() - names:
        raise Invalid(fields={"fields": N_("This type doesn't have this field.")})
    return write(actor, fields)


def entry_of(known: PersonRef, item: Item) -> Entry:
    """Return an entry as the API shows it. A shared entry has no series because two agencies could use it to match
    records."""
    return Entry(
        kind=item.kind,
        type=item.type,
        written_on=localdate(item.at),
        series=item.series if known.own else None,
        revision=item.revision if known.own else None,
        fields=item.payload.shown(),
        readable=item.opens,
    )


@router.get("/people", response={200: PeoplePage, **ERRORS}, summary="People you are assigned to")
@needs(READ_PERSON)
def people(request: ActingRequest, after: uuid.UUID | None = AFTER) -> Any:
    """List everyone the caller is assigned to, one page at a time. The list includes people whose information partner
    agencies share."""
    cards, last = queries.my_people_after(actor=request.actor, after=after)
    lines = [
        PersonLine(ref=card.ref, name=card.name, own=card.own, agency=card.agency, never=list(card.never))
        for card in cards
    ]
    return PeoplePage(people=lines, next=last)


@router.post("/people", response={201: Opened, **ERRORS}, summary="Open a record")
@needs(OPEN_RECORD)
def open_record(request: ActingRequest, body: NewPerson) -> Any:
    """Open a new record in your agency. Search first, so that one person does not end up with two records."""
    actor = request.actor
    known = services.open_record(
        actor=actor,
        name=payload_of(actor, "name", body.name),
        birth=payload_of(actor, "birth", body.birth) if body.birth else None,
        contact=payload_of(actor, "safe_contact", body.safe_contact) if body.safe_contact else None,
    )
    return Status(201, Opened(ref=known.ref))


@router.post("/people/search", response={200: FoundLines, **ERRORS}, summary="Find by name")
@needs(FIND_PERSON)
def search(request: ActingRequest, body: Wanted) -> Any:
    """Find your agency's clients by this name or a similar name. A connected system can't search."""
    form = checked(FindForm(body.dict()))
    found = queries.search_by_name(actor=request.actor, text=form.cleaned_data["name"])
    lines = [
        FoundLine(
            ref=row.ref,
            name=row.name,
            kept_by=list(row.keepers),
            yours=row.mine,
            match="whole" if row.whole else "similar",
        )
        for row in found.rows
    ]
    return FoundLines(people=lines, more=found.more)


@router.get("/people/{uuid:ref}", response={200: PersonOut, **ERRORS}, summary="What you may read about a person")
@needs(READ_PERSON)
def person(request: ActingRequest, ref: uuid.UUID) -> Any:
    """Return the entries that the caller may read now. What was read is logged for both agencies, as on the page."""
    kinds = [kind for kind in KINDS if kind != "releases"]
    page = queries.page(actor=request.actor, ref=ref, kinds=kinds)
    entries = [entry_of(page.known, item) for kind in kinds for item in page.items.get(kind, ())]
    return PersonOut(ref=ref, own=page.known.own, agency=page.owner_name, never=list(page.never), entries=entries)


@router.get(
    "/people/{uuid:ref}/why", response={200: list[Verdict], **ERRORS}, summary="Why you can or can't see each kind"
)
@needs(READ_PERSON)
def why(request: ActingRequest, ref: uuid.UUID) -> Any:
    """Return the access decision for each kind. Responds with 404 if the caller may not know that the person exists."""
    page = queries.page(actor=request.actor, ref=ref, kinds=[])
    return [
        Verdict(
            kind=kind,
            allowed=verdict.allowed,
            code=verdict.reason,
            words=_(verdict.words),
            remedy=_(verdict.remedy) if verdict.remedy else "",
        )
        for kind, verdict in page.decisions.items()
        if kind is not None
    ]


@router.post("/people/{uuid:ref}/entries", response={201: Place, **ERRORS}, summary="Add an entry")
@needs(WRITE_PERSON)
def add_entry(request: ActingRequest, ref: uuid.UUID, body: EntryIn) -> Any:
    """Add an entry to a record. A connected system can add entries but can't read back what it added."""
    actor = request.actor
    series = services.add_entry(actor=actor, ref=ref, payload=payload_of(actor, body.type, body.fields))
    return Status(201, Place(series=series, revision=1))


@router.post(
    "/people/{uuid:ref}/entries/{uuid:series}",
    response={200: Place, 409: Lost, **ERRORS},
    summary="Correct an entry",
)
@needs(WRITE_PERSON)
def correct_entry(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID, body: Correction) -> Any:
    """Save a new revision of an entry. Earlier revisions are kept. The new one replaces the whole entry, so send every
    field of the type. Empty text clears a field. Responds with 409 and both texts if someone else saved first."""
    actor = request.actor
    if missing := WRITABLE.get(body.type, (frozenset(), None))[0] - body.fields.keys():
        queries.must_know(actor=actor, ref=ref)  # without access, the answer must be 404, not 422
        raise Invalid(
            fields=dict.fromkeys(sorted(missing), N_("Include this field. To clear it, send an empty string."))
        )
    payload = payload_of(actor, body.type, body.fields)
    services.correct_entry(actor=actor, ref=ref, series=series, revision=body.revision, payload=payload)
    return Place(series=series, revision=body.revision + 1)
