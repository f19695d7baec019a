"""Pages for agreements: what can be shared between which agencies, signing, the yearly review, keys, the end."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import DRAFT_AGREEMENT, SIGN_AGREEMENT
from accord.access.forms import attempt, sent, status_of
from accord.access.marks import creates, needs, signed_in
from accord.access.rules import may
from accord.access.saying import saved
from accord.agencies import lists, partners, presenters, rules, signing
from accord.agencies.forms import DraftForm
from accord.agencies.views import confirm
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.ui.lists import wants_file


@signed_in
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List agreements, with their status."""
    actor = request.actor
    found = lists.agreements(partners.agreements(actor=actor), request.GET, actor.agency)
    if wants_file(request.GET):
        return lists.handed_over(actor, "agreements", lists.agreement_file(found.rows))
    may_draft = bool(may(actor.roles, DRAFT_AGREEMENT))
    context = {"found": found, "rows": presenters.agreement_rows(found.rows), "may_draft": may_draft}
    return render(request, "agencies/agreements.html", context)


@signed_in
@require_safe
def agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Show one agreement: parties, what can be shared in each direction, signatures, keys, and possible actions."""
    actor = request.actor
    card = partners.agreement(actor=actor, agreement=agreement)
    ours = card.party(actor.agency)
    officer = ours is not None and bool(may(actor.roles, SIGN_AGREEMENT))
    keys = partners.partner_keys(actor=actor, card=card) if ours else []
    context = {
        "card": card,
        "tag": presenters.state_tag(card.state),
        "ways": presenters.ways(card),
        "signatures": presenters.signatures(card),
        "review": presenters.review(card) if card.state in ("in_force", "review_due", "lapsed") else None,
        "keys": presenters.partner_key_cards(keys, agreement),
        "fingerprint": partners.own_fingerprint(actor=actor).split() if ours else [],
        "may_sign": officer and not ours.signed_at and card.state == "waiting",
        "may_leave": officer and bool(ours.signed_at) and card.state != "ended",
        "may_review": officer and rules.review_open(card=card, agency=actor.agency, now=clock.now()),
        "officer": officer,
    }
    return render(request, "agencies/agreement.html", context)


@creates
@needs(DRAFT_AGREEMENT)
@require_http_methods(["GET", "POST"])
def draft_agreement(request: HttpRequest) -> HttpResponse:
    """Draft what two agencies can share. For the coalition's office."""
    actor = request.actor
    form = DraftForm(
        sent(request),
        request=request,
        action=DRAFT_AGREEMENT,
        agencies=partners.agencies_that_agree(),
        zone=actor.zone,
        initial={"start": clock.today(actor.zone)},
    )
    drafted = attempt(form, lambda: signing.draft_agreement(actor=actor, **form.terms()))
    if drafted:
        return saved(request, N_("Agreement drafted. The agencies can sign it now."), "agencies:agreement", drafted)
    return render(request, "agencies/draft.html", {"form": form}, status=status_of(form))


def _agreement_page(request: HttpRequest, agreement: uuid.UUID) -> tuple[partners.AgreementCard, str, list[str]]:
    """Return the agreement, its address, and the names of the other parties. Raises Hidden for an agency that is no party."""
    card = partners.agreement(actor=request.actor, agreement=agreement)
    if card.party(request.actor.agency) is None:
        raise Hidden
    others = [party.name for party in card.parties if party.agency != request.actor.agency]
    return card, reverse("agencies:agreement", args=[agreement]), others


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def sign_agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Sign for the actor's agency."""
    card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: signing.sign_agreement(actor=request.actor, agreement=agreement),
        page,
        said=N_("Signed for your agency."),
        heading=_("Sign for %(agency)s") % {"agency": request.actor.agency_name},
        happens=[
            _(
                "You're signing the agreement “%(title)s”. It takes effect once every agency has signed and its "
                "first day has come."
            )
            % {"title": card.title},
            _(
                "It shares nothing by itself. Sharing also requires a signed release or another legal basis that "
                "applies to the agency that shares."
            ),
            _(
                "You accept the current keys of %(who)s. Before you sign, compare the six words by phone with their "
                "privacy officer."
            )
            % {"who": ", ".join(others)},
        ],
        ways=presenters.ways(card),
        button=_("Sign the agreement"),
        back=page,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def review_agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Confirm the yearly review for the actor's agency."""
    card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: signing.review_agreement(actor=request.actor, agreement=agreement),
        page,
        said=N_("Yearly review confirmed for your agency."),
        heading=_("Confirm the yearly review"),
        happens=[
            _("You've read what can be shared in each direction. It should stay the same for another year."),
            _("The next year starts once %(who)s has confirmed it, too.") % {"who": ", ".join(others)},
        ],
        ways=presenters.ways(card),
        button=_("Confirm for another year"),
        back=page,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def leave_agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """End the agreement for the actor's agency."""
    _card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: signing.end_agreement(actor=request.actor, agreement=agreement),
        page,
        said=N_("Agreement ended. Nothing is shared under it anymore."),
        heading=_("End the agreement with %(who)s") % {"who": ", ".join(others)},
        happens=[
            _(
                "Sharing stops right away, in both directions. The next time someone there clicks, they no longer "
                "have access."
            ),
            _("Signed releases stay on record, but they share nothing without an agreement."),
            _("This can't be undone. The coalition's office can draft a new agreement."),
        ],
        button=_("Stop sharing now"),
        danger=True,
        back=page,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def accept_keys(request: HttpRequest, agreement: uuid.UUID, partner: uuid.UUID) -> HttpResponse:
    """Accept a partner's new keys after comparing the words."""
    card, page, _others = _agreement_page(request, agreement)
    found = [one for one in partners.partner_keys(actor=request.actor, card=card) if one.agency == partner]
    if not found:
        raise Hidden
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: signing.accept_keys(
            actor=request.actor, agreement=agreement, partner=partner, words=request.POST.get("words", "")
        ),
        page,
        said=N_("New keys accepted."),
        heading=_("Accept the new keys of %(who)s") % {"who": found[0].name},
        happens=[
            _("Call their privacy officer at a number you already have. Ask them to read their six words to you."),
            _("If the words match the ones on this page, accept. If they don't, don't accept, and tell the operator."),
        ],
        words=found[0].words.split(),
        button=_("The words match: accept the keys"),
        back=page,
    )
