"""The API for reading, drafting, and revoking releases. A share begins only with the person's signature."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from accord.access.actors import Actor
from accord.access.api import ERRORS, Lost, Strict
from accord.access.codes import READ_PERSON, SHARE_PERSON, WITHDRAW_SHARE
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.agencies import queries as agencies
from accord.agreements import queries as partners
from accord.core.errors import Invalid, Refused
from accord.core.text import LANGUAGES, N_
from accord.law.codes import Purpose
from accord.people import queries as people
from accord.releases import presenters, queries, services
from accord.releases.entries import Release
from accord.releases.forms import OFFERED
from accord.releases.workflows import Status as State
from accord.sharing.queries import Item

router = Router(tags=["releases"])

Language: Any = Literal[tuple(LANGUAGES)]


class ReleaseOut(Schema):
    """A release for one of your agency's own clients."""

    series: uuid.UUID = Field(description="the release's id; send this in other calls")
    revision: int = Field(description="the release's newest revision")
    recipient: uuid.UUID = Field(description="the agency that receives what is shared")
    recipient_name: str = Field(description="the name of that agency")
    kinds: list[str] = Field(description="the kinds of information that are shared")
    purposes: list[str] = Field(description="what the information can be used for")
    start: date | None = Field(description="the first day")
    last_day: date | None = Field(description="the last day, which is included")
    additions: bool = Field(description="true if later additions are shared too")
    state: str = Field(description=", ".join(presenters.STATES))


class Terms(Strict):
    """The terms of a release: what will be shared, with which agency, for what purpose, and for how long."""

    recipient: uuid.UUID = Field(description="the agency that will receive what is shared")
    kinds: list[str] = Field(min_length=1, max_length=40, description="the kinds of information to share")
    purposes: list[Purpose] = Field(min_length=1, max_length=20, description="what the information can be used for")
    start: date = Field(description="the first day")
    last_day: date = Field(description="the last day, which is included")
    additions: bool = Field(default=False, description="true if later additions are shared too")
    reason_for_length: str = Field(default="", max_length=300, description="why the release lasts longer than usual")
    text_language: Literal["en", "es"] = Field(default="en", description="the language of the form")
    person_languages: list[Language] = Field(
        min_length=1, max_length=20, description="languages that the person reads or understands well"
    )


class Drafted(Schema):
    """A new draft that the person has not signed yet."""

    series: uuid.UUID = Field(description="the release's id; send this in other calls")
    revision: int = Field(description="the release's newest revision")


class Ending(Strict):
    """The person revokes the release."""

    revision: int = Field(ge=1, le=1_000_000, description="the revision that you last read")
    how: Literal["oral", "written"] = Field(description="how the person asked")
    checked: bool = Field(description="true if you made sure that the person asking is the one the release is about")


class Ended(Schema):
    """The release after this call. It is either ended or paused."""

    series: uuid.UUID = Field(description="the release")
    state: str = Field(description="withdrawn, or suspended while you are not sure who asked")


@router.get("/people/{uuid:ref}/releases", response={200: list[ReleaseOut], **ERRORS}, summary="A person's releases")
@needs(READ_PERSON)
def releases(request: ActingRequest, ref: uuid.UUID) -> Any:
    """List every release for one of the agency's own clients, newest first."""
    page, items = queries.releases_of(actor=request.actor, ref=ref)
    return _lines(request.actor, page, items)


@router.get("/people/{uuid:ref}/releases/{uuid:series}", response={200: ReleaseOut, **ERRORS}, summary="One release")
@needs(READ_PERSON)
def release(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> Any:
    """Return a release with its current state."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.birth"])  # the state depends on the birth date
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    return _lines(request.actor, page, [item])[0]


@router.post("/people/{uuid:ref}/releases", response={201: Drafted, **ERRORS}, summary="Draft a release")
@needs(SHARE_PERSON)
def draft(request: ActingRequest, ref: uuid.UUID, body: Terms) -> Any:
    """Save a draft. Nothing is shared until the person signs the release together with a staff member."""
    actor = request.actor
    people.must_know(actor=actor, ref=ref)
    if body.recipient not in dict(partners.partners(actor=actor)):
        raise Invalid(fields={"recipient": N_("No active agreement with that agency covers this.")})
    if set(body.kinds) - set(queries.kinds_offered(actor=actor)):
        raise Invalid(
            fields={"kinds": N_("Choose kinds of information that an agreement covers and that you have access to.")}
        )
    if set(body.purposes) - set(OFFERED):
        raise Invalid(fields={"purposes": N_("Choose another purpose.")})
    terms = Release(
        recipient=str(body.recipient),
        kinds=tuple(dict.fromkeys(body.kinds)),
        purposes=tuple(dict.fromkeys(purpose.value for purpose in body.purposes)),
        start=body.start.isoformat(),
        last_day=body.last_day.isoformat(),
        additions=body.additions,
        reason_for_length=body.reason_for_length.strip(),
        text_language=body.text_language,
        person_languages=tuple(dict.fromkeys(body.person_languages)),
    )
    return Status(201, Drafted(series=services.draft(actor=actor, ref=ref, release=terms), revision=1))


@router.post(
    "/people/{uuid:ref}/releases/{uuid:series}/withdraw",
    response={200: Ended, 409: Lost, **ERRORS},
    summary="Revoke a release",
)
@needs(WITHDRAW_SHARE)
def withdraw(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID, body: Ending) -> Any:
    """End the share permanently. If you are not sure who is asking, the share is paused instead. A verbal revocation is
    enough. A task reminds staff to get it in writing."""
    services.withdraw(
        actor=request.actor,
        ref=ref,
        series=series,
        revision=body.revision,
        how=body.how,
        checked=body.checked,
    )
    return Ended(series=series, state=State.WITHDRAWN if body.checked else State.SUSPENDED)


@router.post(
    "/people/{uuid:ref}/releases/{uuid:series}/activate",
    response={**ERRORS},
    summary="Always refused: only the person's signature starts a release",
)
@needs(SHARE_PERSON)
def activate(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> Any:
    """Refuse to start a release. Starting a release requires the person's signature and a recent second factor from a
    staff member."""
    people.must_know(actor=request.actor, ref=ref)
    raise Refused(
        N_(
            "A release starts when the person signs it with a staff member who uses two-step verification. An "
            "app can't start a release."
        ),
        code="signature_needed",
    )


def _lines(actor: Actor, page: people.Page, items: list[Item]) -> list[ReleaseOut]:
    names = agencies.agency_names({uuid.UUID(item.payload.recipient) for item in items})
    states = queries.states_of(actor=actor, page=page, items=items)
    return [_line(item, names, states[item.series]) for item in items]


def _line(item: Item, names: dict[uuid.UUID, str], state: str) -> ReleaseOut:
    terms = item.payload
    recipient = uuid.UUID(terms.recipient)
    return ReleaseOut(
        series=item.series,
        revision=item.revision,
        recipient=recipient,
        recipient_name=names[recipient],
        kinds=list(terms.kinds),
        purposes=list(terms.purposes),
        start=date.fromisoformat(terms.start) if terms.start else None,
        last_day=date.fromisoformat(terms.last_day) if terms.last_day else None,
        additions=terms.additions,
        state=state,
    )
