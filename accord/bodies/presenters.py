"""Text and rows for the pages about bodies. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import SEATS
from accord.access.rules import seats_of
from accord.bodies.codes import BODY_KINDS
from accord.bodies.queries import BodyCard, DecisionCard, SeatCard
from accord.core.text import N_
from accord.ui.components import Column, Link, Row, Table, Tag, Value
from accord.ui.words import day, moment


def kind_of(card: BodyCard) -> str:
    """Return the type of a body, such as a task force, a committee, or a team."""
    return _(BODY_KINDS[card.kind])


def state_tag(card: BodyCard) -> Tag:
    """Return a tag that shows when a body ended or, if it has not ended, who can read its decisions."""
    if card.ended_on:
        return Tag("ended", _("Ended on %(day)s") % {"day": day(card.ended_on)})
    return Tag("plain", _("Open") if card.is_open else _("Closed"))


def rows(cards: Sequence[BodyCard], actor: Actor, *, names_seats: bool) -> list[Row]:
    """Return a row for each body, with its type, how many agencies have a seat, and the reader's own seat.

    `names_seats` is True if the reader can choose who represents the agency. In that case, an empty seat is shown as
    the reader's turn.
    """
    return [
        Row(
            title=card.name,
            url=reverse("bodies:body", args=[card.id]),
            detail=f"{kind_of(card)} · {_agencies(card)}",
            aside=own_seat(card, actor),
            tag=state_tag(card),
            turn=_("Your turn to choose your agency's representative")
            if names_seats and _lacks_name(card, actor)
            else "",
        )
        for card in cards
    ]


def _lacks_name(card: BodyCard, actor: Actor) -> bool:
    own = (seat for seat in card.held if seat.agency == actor.agency and not card.ended_on)
    return any(seat.membership is None and not seat.for_anyone for seat in own)


def _agencies(card: BodyCard) -> str:
    count = len(card.matter.named)
    return ngettext("%(n)d agency", "%(n)d agencies", count) % {"n": count}


def own_seat(card: BodyCard, actor: Actor) -> str:
    """Return text that shows the role of the reader's seat on a body, or an empty string."""
    held = ", ".join(_(SEATS[code].name) for code in SEATS if code in seats_of(actor, card.matter))
    return _("Your seat: %(role)s") % {"role": held} if held else ""


def who_reads(card: BodyCard) -> str:
    """Return a sentence about who can read a body's decisions, for the top of its page and its forms."""
    if card.is_open:
        return _("Every agency in the coalition can read its decisions.")
    return _("Only people with a seat on the committee can read its decisions.")


def readers_note(card: BodyCard) -> str:
    """Return a note about who can read a body's decisions, shown above the table of agencies that can see the body."""
    rule = _("Don't record anything about a client here.")
    return f"{who_reads(card)} {rule}"


CREATED = {
    True: N_("Committee created. Every agency in the coalition can see it."),
    False: N_(
        "Committee created. Your office can see it now. Each agency with a seat can see it starting on the "
        "first day of its seat."
    ),
}
RECORDED = {
    True: N_("Decision saved. Every agency in the coalition can read it."),
    False: N_("Decision saved. Everyone with a seat on this committee can read it."),
}
"""The sentence on the next page, depending on whether the body is open."""


def seat_table(
    seats: Sequence[SeatCard], names: Mapping[UUID, str], *, known: Collection[UUID], steps: Mapping[UUID, Link]
) -> Table:
    """Return a table of the seats on a body, with each seat's agency, role, holder, last day, and what the reader can
    do about it. `known` lists the seats where the reader may see the holder's name."""
    labels = [
        _("Agency"),
        _("Role"),
        *([_("Who")] if known else []),
        _("Until"),
        *([_("What you can do")] if steps else []),
    ]
    rows: list[list[Value]] = []
    for seat in seats:
        who: list[Value] = [_holder(seat, names, seat.id in known)] if known else []
        until: Value = day(seat.until) or _("no last day")
        if not seat.held:
            until = Tag("wait", _("From %(day)s") % {"day": day(seat.since)})
        step: list[Value] = [steps.get(seat.id, "")] if steps else []
        rows.append([seat.agency_name, _(SEATS[seat.role].name), *who, until, *step])
    return Table(_("Seats"), tuple(Column(label) for label in labels), rows, empty=_("No agency has a seat yet."))


def _holder(seat: SeatCard, names: Mapping[UUID, str], known: bool) -> Value:
    if seat.for_anyone:
        return _("Any representative")
    if not known:
        return _("Only people with a seat can see this")
    name = names.get(seat.membership, "") if seat.membership else ""
    return name or Tag("wait", _("Not chosen yet"))


def decision_rows(
    found: Sequence[DecisionCard], names: Mapping[UUID, str], *, body: UUID | None = None
) -> list[dict[str, Any]]:
    """Return decisions, or the revisions of one decision, each with the time and who recorded it. If `body` is given,
    each row links to its own page."""
    return [
        {
            "day": day(one.decided_on),
            "words": one.words,
            "recorded": recorded(one, names),
            "url": reverse("bodies:decision", args=[body, one.series]) if body else "",
        }
        for one in found
    ]


def recorded(one: DecisionCard, names: Mapping[UUID, str]) -> str:
    """Return a sentence about when a revision was recorded and by which colleague. If the reader may not see the
    colleague's name, the sentence shows only the agency."""
    who = f"{names[one.by]}, {one.agency}" if one.by in names else one.agency
    words = _("Recorded on %(moment)s by %(who)s") if one.revision == 1 else _("Corrected on %(moment)s by %(who)s")
    return words % {"moment": moment(one.at), "who": who}


def readers(card: BodyCard) -> Table:
    """Return a table of the agencies whose staff can see that a body exists, with the reason for each."""
    named = dict.fromkeys(seat.agency_name for seat in card.held)
    rows = [[name, _("Has a seat")] for name in named]
    rows += [[card.keeper, _("The coalition's office keeps the list of seats")]] if card.keeper not in named else []
    rows += [[_("Every other agency in the coalition"), _("The committee is open")]] if card.is_open else []
    return Table("", (Column(_("Agency")), Column(_("Why"))), rows)
