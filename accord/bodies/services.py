"""Create and end bodies, add and end seats, choose representatives, and record decisions."""

from __future__ import annotations

import uuid
from datetime import date

from accord.access.actors import Actor, require
from accord.access.codes import KEEP_BODIES, NAME_REPRESENTATIVE, RECORD_DECISION
from accord.bodies import queries
from accord.bodies.queries import BodyCard
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.core.statements import call_sql
from accord.core.text import N_


def create(*, actor: Actor, name: str, kind: str, charge: str, is_open: bool) -> uuid.UUID:
    """Create a body without seats. Raises Refused or StepUpNeeded."""
    require(actor, KEEP_BODIES)
    made: uuid.UUID | None = call_sql("body_create", name, kind, charge, is_open)
    if made is None:
        raise Refused(code="role")
    actor.log("body-created", body=str(made))
    return made


def add_seat(
    *,
    actor: Actor,
    body: uuid.UUID,
    agency: uuid.UUID,
    role: str,
    for_anyone: bool,
    since: date,
    until: date | None = None,
) -> uuid.UUID:
    """Give an agency a seat, from a first day until a last day, or with no end (None). Unless the seat is `for_anyone`,
    the agency chooses its representative. Raises Hidden, Refused, Invalid, or StepUpNeeded."""
    require(actor, KEEP_BODIES, on=queries.body(actor=actor, body=body).matter)
    if until is not None and until < since:
        problem = N_("Choose a last day on or after the first day.")
        raise Invalid(problem, fields={"until": problem})
    seat: uuid.UUID | None = call_sql("seat_add", body, agency, role, for_anyone, since, until)
    if seat is None:
        raise Hidden
    actor.log("seat-added", to=str(agency), body=str(body), seat=str(seat))
    _note_at(actor, agency, "seat-given", body)
    return seat


def end_seat(*, actor: Actor, body: uuid.UUID, seat: uuid.UUID) -> None:
    """End a seat right away. Raises Hidden, Refused, or StepUpNeeded."""
    card = queries.body(actor=actor, body=body)
    require(actor, KEEP_BODIES, on=card.matter)
    agency: uuid.UUID | None = call_sql("seat_end", card.seat(seat).id)
    if agency is None:
        raise Hidden
    actor.log("seat-ended", to=str(agency), body=str(body), seat=str(seat))
    _note_at(actor, agency, "seat-taken", body)


def end(*, actor: Actor, body: uuid.UUID) -> None:
    """End a body. Nothing about it can change anymore, and anyone who can read its decisions now still can. Raises
    Hidden, Refused, or StepUpNeeded."""
    require(actor, KEEP_BODIES, on=queries.body(actor=actor, body=body).matter)
    if not call_sql("body_end", body):
        raise Hidden
    actor.log("body-ended", body=str(body))


def name_representative(*, actor: Actor, body: uuid.UUID, seat: uuid.UUID, membership: uuid.UUID) -> None:
    """Choose the colleague for one of the agency's seats. Raises Hidden, Refused, or StepUpNeeded."""
    card = queries.body(actor=actor, body=body)
    require(actor, NAME_REPRESENTATIVE, on=card.matter)
    office: uuid.UUID | None = call_sql("seat_name", card.seat(seat).id, membership)
    if office is None:
        raise Hidden
    actor.log("seat-named", to=str(membership), body=str(body), seat=str(seat))
    _note_at(actor, office, "seat-filled", body)


def record(*, actor: Actor, body: uuid.UUID, day: date, words: str) -> uuid.UUID:
    """Record a body's decision. Raises Hidden, Refused, or Invalid."""
    card = queries.body(actor=actor, body=body)
    require(actor, RECORD_DECISION, on=card.matter)
    _check_day(card, day)
    series: uuid.UUID | None = call_sql("decision_record", body, None, 0, day, words)
    if series is None:
        raise Refused(code="role")
    actor.log("decision-recorded", body=str(body), series=str(series))
    return series


def correct(*, actor: Actor, body: uuid.UUID, series: uuid.UUID, revision: int, day: date, words: str) -> None:
    """Add a revision that corrects a decision. `revision` is the one that the actor read. Raises Hidden, Refused,
    Invalid, or Conflict if someone else has corrected it in the meantime."""
    card = queries.body(actor=actor, body=body)
    require(actor, RECORD_DECISION, on=card.matter)
    _check_day(card, day)
    queries.decision(actor=actor, card=card, series=series)
    if call_sql("decision_record", body, series, revision, day, words) is None:
        raise Conflict(code="lost_race")
    actor.log("decision-corrected", body=str(body), series=str(series))


def _check_day(card: BodyCard, day: date) -> None:
    if day > card.today:
        problem = N_("Choose today or an earlier date.")
        raise Invalid(problem, fields={"day": problem})


def _note_at(actor: Actor, agency: uuid.UUID, action: str, body: uuid.UUID) -> None:
    """Record an action about another agency's seat or decision in that agency's audit log."""
    if agency != actor.agency:
        actor.trail.add(agency, action, body=str(body))
