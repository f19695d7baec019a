"""Pages for coalition agreements (terms, members, signing, leaving) and for agreement requests."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.codes import DRAFT_AGREEMENT, MEETS_PEOPLE, SIGN_AGREEMENT
from accord.access.confirming import confirm
from accord.access.forms import call_service, post_data, service_succeeds, status_of
from accord.access.marks import creates, needs, signed_in
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import saved
from accord.agreements import checks, coalitions, presenters, queries, services
from accord.agreements.forms import AskForm, CoalitionForm, MembersForm
from accord.agreements.views import sign_page, why_page
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_


@signed_in
@require_safe
def coalition(request: ActingRequest, coalition: uuid.UUID) -> HttpResponse:
    """Show a coalition agreement: its terms, its members, and who has to act next."""
    actor = request.actor
    card = coalitions.coalition(actor=actor, coalition=coalition)
    officer = bool(may(actor, SIGN_AGREEMENT, on=card.matter))
    context = {
        "card": card,
        "tag": presenters.state_tag(card.state),
        "turn": presenters.coalition_turn(card),
        "ways": presenters.coalition_ways(card),
        "members": presenters.member_table(card),
        "may_sign": officer and bool(card.to_sign),
        "may_review": officer and card.to_review,
        "may_leave": officer and card.ours is not None and not card.ours.left,
        "may_add": bool(may(actor, DRAFT_AGREEMENT, on=card.matter)),
        "officer": officer,
    }
    return render(request, "agreements/coalition.html", context)


@signed_in
@require_safe
def why(request: ActingRequest, coalition: uuid.UUID) -> HttpResponse:
    """Explain why the actor can see a coalition agreement, what they can do with it, and who else can see it."""
    card = coalitions.coalition(actor=request.actor, coalition=coalition)
    actions = {SIGN_AGREEMENT: _("Sign, review or leave this agreement"), DRAFT_AGREEMENT: _("Add members")}
    return why_page(request, card, [member.name for member in card.members], actions)


@creates
@needs(DRAFT_AGREEMENT)
@require_http_methods(["GET", "POST"])
def draft_coalition(request: ActingRequest) -> HttpResponse:
    """Draft a coalition agreement for any number of members."""
    actor = request.actor
    form = CoalitionForm(
        post_data(request),
        request=request,
        action=DRAFT_AGREEMENT,
        agencies=queries.agencies_that_meet(),
        zone=actor.zone,
        initial={"start": clock.today(actor.zone), "title": _("Coalition agreement")},
    )
    drafted = call_service(form, lambda: services.draft_coalition(actor=actor, **form.terms()))
    if drafted:
        return saved(request, N_("Agreement drafted. The agencies can sign it now."), "agreements:coalition", drafted)
    return render(request, "agreements/draft_coalition.html", {"form": form}, status=status_of(form))


@needs(DRAFT_AGREEMENT)
@require_http_methods(["GET", "POST"])
def add_members(request: ActingRequest, coalition: uuid.UUID) -> HttpResponse:
    """Add members to a coalition agreement. Its terms stay the same."""
    card = coalitions.coalition(actor=request.actor, coalition=coalition)
    if card.ours is not None:
        raise Hidden
    form = MembersForm(
        post_data(request),
        request=request,
        action=DRAFT_AGREEMENT,
        agencies=coalitions.can_join(card=card, agencies=queries.agencies_that_meet()),
    )
    if service_succeeds(
        form,
        lambda: services.add_members(actor=request.actor, coalition=coalition, members=form.cleaned_data["members"]),
    ):
        return saved(request, N_("Members added. Each member can sign now."), "agreements:coalition", coalition)
    context = {"form": form, "card": card, "ways": presenters.coalition_ways(card)}
    return render(request, "agreements/add_members.html", context, status=status_of(form))


def _own(request: ActingRequest, coalition: uuid.UUID) -> tuple[coalitions.CoalitionCard, str]:
    """Return the coalition agreement and its URL. Raises Hidden for an agency that is not a member."""
    card = coalitions.coalition(actor=request.actor, coalition=coalition)
    if card.ours is None:
        raise Hidden
    return card, reverse("agreements:coalition", args=[coalition])


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def sign_coalition(request: ActingRequest, coalition: uuid.UUID) -> HttpResponse:
    """Sign the agreement with every member at once, on behalf of the actor's agency."""
    card, page = _own(request, coalition)
    others = {pair.partner for pair in card.to_sign}
    return sign_page(
        request,
        checks.keys_of(actor=request.actor, partners=others),
        lambda checked: services.sign_coalition(
            actor=request.actor, coalition=coalition, members=others, checked=checked
        ),
        page,
        members=" ".join(sorted(str(other) for other in others)),
        title=card.title,
        ways=presenters.coalition_ways(card),
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def review_coalition(request: ActingRequest, coalition: uuid.UUID) -> HttpResponse:
    """Confirm the yearly review with every member at once."""
    card, page = _own(request, coalition)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: services.review_coalition(actor=request.actor, coalition=coalition),
        page,
        confirmation=N_("Yearly review confirmed for your agency."),
        heading=_("Confirm the yearly review"),
        happens=[
            _(
                "You confirm that you've read what members can share with each other and that it should stay the "
                "same for another year."
            ),
            _("For each member, the next year starts once that member has also confirmed the review."),
        ],
        ways=presenters.coalition_ways(card),
        button=_("Confirm for another year"),
        back=page,
        back_words=card.title,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def leave_coalition(request: ActingRequest, coalition: uuid.UUID) -> HttpResponse:
    """Leave a coalition agreement, or decline to sign it. The agreement continues for the other members."""
    card, page = _own(request, coalition)
    leave = partial(services.leave_coalition, actor=request.actor, coalition=coalition)
    if card.ours is not None and not card.ours.signed:
        return confirm(
            request,
            SIGN_AGREEMENT,
            leave,
            page,
            confirmation=N_("Your agency declined the agreement."),
            heading=_("Decline “%(title)s”") % {"title": card.title},
            happens=[
                _(
                    "Nothing is shared with your agency under this agreement. The other members continue without your "
                    "agency."
                ),
                _("The coalition's office can add your agency again later."),
            ],
            button=_("Decline to sign"),
            danger=True,
            back=page,
            back_words=card.title,
        )
    return confirm(
        request,
        SIGN_AGREEMENT,
        leave,
        page,
        confirmation=N_("Your agency left the agreement. Nothing is shared with the other members under it anymore."),
        heading=_("Leave “%(title)s”") % {"title": card.title},
        happens=[
            _(
                "Sharing under this agreement stops right away between your agency and every other member, in both "
                "directions."
            ),
            _("What the other members share with each other doesn't change."),
            _("Signed releases stay on record, but nothing is shared without an agreement."),
            _(
                "This can't be undone. If you want to rejoin, the coalition's office has to add your agency again, "
                "and you have to sign again."
            ),
        ],
        button=_("Leave and stop sharing now"),
        danger=True,
        back=page,
        back_words=card.title,
    )


# Requesting an agreement --------------------------------------------------------------------------------------------


@creates
@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def ask(request: ActingRequest) -> HttpResponse:
    """Ask the coalition's office for an agreement."""
    actor = request.actor
    if actor.agency_kind not in MEETS_PEOPLE:
        raise Hidden
    others = [agency for agency in queries.agencies_that_meet() if agency.owner != actor.agency]
    member = any(card.ours and not card.ours.left for card in coalitions.coalitions(actor=actor))
    form = AskForm(post_data(request), agencies=others, may_join=not member)
    if service_succeeds(form, lambda: services.ask_for_agreement(actor=actor, partner=form.cleaned_data["partner"])):
        return saved(request, N_("Request sent to the coalition's office."), "agreements:agreements")
    return render(request, "agreements/ask.html", {"form": form}, status=status_of(form))


@signed_in
@require_POST
def close_request(request: ActingRequest, asked: uuid.UUID) -> HttpResponse:
    """Close an agreement request that was answered or is no longer needed."""
    services.close_request(actor=request.actor, request=asked)
    return saved(request, N_("Request closed."), "agreements:agreements")
