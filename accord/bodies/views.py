"""Pages about the coalition's bodies: the list, a page for each body with its seats and decisions, and forms."""

from __future__ import annotations

import uuid

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.actors import require_role
from accord.access.codes import KEEP_BODIES, NAME_REPRESENTATIVE, READ_DECISIONS, RECORD_DECISION
from accord.access.confirming import confirm
from accord.access.explaining import explain
from accord.access.forms import CurrentEntry, call_service, edit_current, post_data, service_succeeds, status_of
from accord.access.marks import creates, needs, signed_in
from accord.access.requests import ActingRequest
from accord.access.rules import may, seats_of
from accord.access.saying import saved
from accord.agencies import queries as agencies
from accord.bodies import presenters, queries, services
from accord.bodies.forms import BodyForm, DecisionForm, RepresentativeForm, SeatForm
from accord.bodies.queries import BodyCard
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.membership import queries as membership
from accord.ui.components import Link


@signed_in
@require_safe
def bodies(request: ActingRequest) -> HttpResponse:
    """List the bodies that the actor's agency can see."""
    actor = request.actor
    found = queries.bodies(actor=actor)
    context = {
        "rows": presenters.rows(found, actor, names_seats=bool(may(actor, NAME_REPRESENTATIVE))),
        "may_create": bool(may(actor, KEEP_BODIES)),
    }
    return render(request, "bodies/bodies.html", context)


@signed_in
@require_safe
def body(request: ActingRequest, body: uuid.UUID) -> HttpResponse:
    """Show a body's charge, seats, and decisions, and what the actor can do."""
    actor = request.actor
    card = queries.body(actor=actor, body=body)
    reads, keeps = may(actor, READ_DECISIONS, on=card.matter), bool(may(actor, KEEP_BODIES, on=card.matter))
    decided = queries.decisions(actor=actor, card=card) if reads else []
    named = queries.names(body=body)
    seats = [seat for seat in card.seats if seat.held or (keeps and seat.since > card.today)]
    sees_all = keeps or bool(seats_of(actor, card.matter))
    context = {
        "card": card,
        "kind": presenters.kind_of(card),
        "tag": presenters.state_tag(card),
        "who_reads": presenters.who_reads(card),
        "own_seat": presenters.own_seat(card, actor),
        "seats": presenters.seat_table(
            seats,
            named,
            known={seat.id for seat in seats if sees_all or seat.agency == actor.agency},
            steps=_steps(request, card),
        ),
        "reads": bool(reads),
        "decisions": presenters.decision_rows(decided, named, body=body),
        "may_record": bool(may(actor, RECORD_DECISION, on=card.matter)),
        "keeps": keeps,
    }
    return render(request, "bodies/body.html", context)


def _steps(request: ActingRequest, card: BodyCard) -> dict[uuid.UUID, Link]:
    """Return what the actor can do about each seat, such as choosing a representative or ending the seat."""
    found = {}
    if may(request.actor, NAME_REPRESENTATIVE, on=card.matter):
        for seat in card.held:
            if seat.agency == request.actor.agency and not seat.for_anyone:
                page = reverse("bodies:name_representative", args=[card.id, seat.id])
                found[seat.id] = Link(_("Choose our representative"), page)
    if may(request.actor, KEEP_BODIES, on=card.matter):
        for seat in card.seats:
            page = reverse("bodies:end_seat", args=[card.id, seat.id])
            found.setdefault(seat.id, Link(_("End this seat"), page))
    return found


@signed_in
@require_safe
def why(request: ActingRequest, body: uuid.UUID) -> HttpResponse:
    """Explain why the actor can see a body, what they can do in it, and who else can see it."""
    card = queries.body(actor=request.actor, body=body)
    return explain(
        request,
        card.matter,
        see=_("See this committee and its seats"),
        actions={
            READ_DECISIONS: _("Read its decisions"),
            RECORD_DECISION: _("Record and correct its decisions"),
            NAME_REPRESENTATIVE: _("Choose who represents your agency"),
            KEEP_BODIES: _("Add and end seats"),
        },
        here=_("Committees"),
        here_url=reverse("bodies:bodies"),
        title=card.name,
        url=reverse("bodies:body", args=[body]),
        about=_("What you can do on this committee and why, and who else can see it."),
        readers=presenters.readers(card),
        readers_title=_("Who can see this committee"),
        readers_note=presenters.readers_note(card),
    )


@creates
@needs(KEEP_BODIES)
@require_http_methods(["GET", "POST"])
def create(request: ActingRequest) -> HttpResponse:
    """Create a body."""
    form = BodyForm(post_data(request), request=request, action=KEEP_BODIES)
    made = call_service(form, lambda: services.create(actor=request.actor, **form.terms()))
    if made:
        return saved(request, presenters.CREATED[form.terms()["is_open"]], "bodies:body", made)
    return render(request, "bodies/create.html", {"form": form}, status=status_of(form))


def _form_page(request: ActingRequest, card: BodyCard, form: Form, **words: str) -> HttpResponse:
    """Render a form about a body with this `title`, this `button` text, and a `note` about who will see the change."""
    return render(request, "bodies/form.html", {"form": form, "card": card, **words}, status=status_of(form))


def _kept(request: ActingRequest, body: uuid.UUID) -> BodyCard:
    """Return a body that the actor's agency maintains. Raises Hidden."""
    card = queries.body(actor=request.actor, body=body)
    if card.owner != request.actor.agency or card.ended_on:
        raise Hidden
    return card


@needs(KEEP_BODIES)
@require_http_methods(["GET", "POST"])
def end(request: ActingRequest, body: uuid.UUID) -> HttpResponse:
    """End a body."""
    card, page = _kept(request, body), reverse("bodies:body", args=[body])
    return confirm(
        request,
        KEEP_BODIES,
        lambda: services.end(actor=request.actor, body=body),
        page,
        confirmation=N_("Committee ended. People who could read its decisions still can."),
        heading=_("End “%(name)s”") % {"name": card.name},
        happens=[
            _("No one will be able to record decisions, or to add or end seats."),
            _("Anyone who can read its decisions today will still be able to read them."),
            _("This can't be undone."),
        ],
        button=_("End this committee"),
        danger=True,
        back=page,
        back_words=card.name,
    )


@creates
@needs(KEEP_BODIES)
@require_http_methods(["GET", "POST"])
def add_seat(request: ActingRequest, body: uuid.UUID) -> HttpResponse:
    """Give an agency a seat."""
    card = _kept(request, body)
    form = SeatForm(
        post_data(request),
        request=request,
        action=KEEP_BODIES,
        agencies=[(one.id, one.name) for one in agencies.hub_agencies()],
        initial={"since": clock.today(request.actor.zone)},
    )
    if call_service(form, lambda: services.add_seat(actor=request.actor, body=body, **form.terms())):
        confirmation = N_(
            "Seat added. The agency can see this committee starting on the first day of its seat. The agency's "
            "privacy officers get a notice."
        )
        return saved(request, confirmation, "bodies:body", body)
    note = presenters.who_reads(card)
    return _form_page(request, card, form, title=_("Add a seat"), button=_("Add this seat"), note=note)


@needs(KEEP_BODIES)
@require_http_methods(["GET", "POST"])
def end_seat(request: ActingRequest, body: uuid.UUID, seat: uuid.UUID) -> HttpResponse:
    """End a seat."""
    card, page = _kept(request, body), reverse("bodies:body", args=[body])
    return confirm(
        request,
        KEEP_BODIES,
        lambda: services.end_seat(actor=request.actor, body=body, seat=seat),
        page,
        confirmation=N_("Seat ended. It no longer gives access to this committee, and the agency gets a notice."),
        heading=_("End the seat held by %(agency)s") % {"agency": card.seat(seat).agency_name},
        happens=[
            _(
                "The seat ends right away. Without another seat, the agency can't read a closed committee's "
                "decisions anymore."
            ),
            _(
                "Decisions that the agency's staff recorded are kept. The agency gets a notice that doesn't name the "
                "committee."
            ),
        ],
        button=_("End this seat"),
        danger=True,
        back=page,
        back_words=card.name,
    )


@needs(NAME_REPRESENTATIVE)
@require_http_methods(["GET", "POST"])
def name_representative(request: ActingRequest, body: uuid.UUID, seat: uuid.UUID) -> HttpResponse:
    """Choose the colleague for one of the agency's seats."""
    actor = request.actor
    card = queries.body(actor=actor, body=body)
    one = card.seat(seat)
    if one.agency != actor.agency or one.for_anyone or not one.held or card.ended_on:
        raise Hidden
    here, all_names = membership.who_is_here(agency=actor.agency), membership.colleague_names(actor=actor)
    people = sorted(((who, all_names[who]) for who in here), key=lambda each: each[1])
    form = RepresentativeForm(
        post_data(request),
        request=request,
        action=NAME_REPRESENTATIVE,
        colleagues=people,
        initial={"membership": one.membership},
    )
    if service_succeeds(
        form,
        lambda: services.name_representative(
            actor=actor, body=body, seat=seat, membership=form.cleaned_data["membership"]
        ),
    ):
        confirmation = N_(
            "Saved. Other people with a seat, and the coalition's office, can see who represents your agency."
        )
        return saved(request, confirmation, "bodies:body", body)
    note = _(
        "This colleague replaces any earlier representative and can read the committee's decisions. Other "
        "people with a seat, and the coalition's office, can see this colleague's name."
    )
    return _form_page(request, card, form, title=_("Choose our representative"), button=_("Save"), note=note)


# Decisions ----------------------------------------------------------------------------------------------------------


@creates
@signed_in
@require_http_methods(["GET", "POST"])
def record(request: ActingRequest, body: uuid.UUID) -> HttpResponse:
    """Record a body's decision."""
    actor = request.actor
    card = queries.body(actor=actor, body=body)
    require_role(actor, RECORD_DECISION, on=card.matter)
    form = DecisionForm(post_data(request), initial={"day": card.today})
    if call_service(
        form,
        lambda: services.record(actor=actor, body=body, day=form.cleaned_data["day"], words=form.cleaned_data["words"]),
    ):
        return saved(request, presenters.RECORDED[card.is_open], "bodies:body", body)
    note = presenters.who_reads(card)
    return _form_page(request, card, form, title=_("Record a decision"), button=_("Save"), note=note)


@signed_in
@require_safe
def decision(request: ActingRequest, body: uuid.UUID, decision: uuid.UUID) -> HttpResponse:
    """Show a decision with all its revisions."""
    actor = request.actor
    card = queries.body(actor=actor, body=body)
    revisions = queries.decision(actor=actor, card=card, series=decision)
    context = {
        "card": card,
        "series": decision,
        "revisions": presenters.decision_rows(revisions, queries.names(body=body)),
        "may_correct": bool(may(actor, RECORD_DECISION, on=card.matter)),
    }
    return render(request, "bodies/decision.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def correct(request: ActingRequest, body: uuid.UUID, decision: uuid.UUID) -> HttpResponse:
    """Correct a decision. Earlier revisions are kept."""
    actor = request.actor

    def read() -> CurrentEntry:
        card = queries.body(actor=actor, body=body)
        require_role(actor, RECORD_DECISION, on=card.matter)
        newest = queries.decision(actor=actor, card=card, series=decision)[0]
        initial = {"day": newest.decided_on, "words": newest.words}
        return CurrentEntry(card, newest, initial, saved_by=presenters.recorded(newest, {}))

    def save(form: DecisionForm, now: CurrentEntry) -> None:
        fields = {name: form.cleaned_data[name] for name in ("day", "words")}
        services.correct(actor=actor, body=body, series=decision, revision=now.revision, **fields)

    form, now, done = edit_current(request, DecisionForm, read, save)
    if done:
        return saved(request, presenters.RECORDED[now.page.is_open], "bodies:decision", body, decision)
    note = presenters.who_reads(now.page)
    return _form_page(request, now.page, form, title=_("Correct a decision"), button=_("Save"), note=note)
