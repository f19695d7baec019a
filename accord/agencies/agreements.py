"""Pages of agreements: what may pass between which agencies, signing, the yearly review, keys, the end."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import DRAFT_AGREEMENT, SIGN_AGREEMENT
from accord.access.forms import attempt, sent, status_of
from accord.access.marks import creates, needs, signed_in
from accord.access.rules import may
from accord.agencies import lists, partners, presenters, rules, services
from accord.agencies.forms import DraftForm
from accord.agencies.views import confirm
from accord.core import clock
from accord.core.errors import Hidden
from accord.ui.lists import wants_file


@signed_in
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """What is agreed with whom, and where it stands."""
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
    """One agreement: the parties, what may pass which way, signatures, keys, and what can be done with it."""
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
    """The coalition's office writes what may pass between two agencies."""
    actor = request.actor
    form = DraftForm(
        sent(request),
        request=request,
        action=DRAFT_AGREEMENT,
        agencies=partners.agencies_that_agree(),
        zone=actor.zone,
        initial={"start": clock.today(actor.zone)},
    )
    drafted = attempt(form, lambda: services.draft_agreement(actor=actor, **form.terms()))
    if drafted:
        return redirect("agencies:agreement", drafted)
    return render(request, "agencies/draft.html", {"form": form}, status=status_of(form))


def _agreement_page(request: HttpRequest, agreement: uuid.UUID) -> tuple[partners.AgreementCard, str, list[str]]:
    """The agreement, its address, and the names of the other parties. Raises Hidden for who is no party."""
    card = partners.agreement(actor=request.actor, agreement=agreement)
    if card.party(request.actor.agency) is None:
        raise Hidden
    others = [party.name for party in card.parties if party.agency != request.actor.agency]
    return card, reverse("agencies:agreement", args=[agreement]), others


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def sign_agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Sign for our agency."""
    card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: services.sign_agreement(actor=request.actor, agreement=agreement),
        page,
        heading=_("Sign for %(agency)s") % {"agency": request.actor.agency_name},
        happens=[
            _("You sign the agreement “%(title)s”. It is in force when all have signed.") % {"title": card.title},
            _(
                "By itself it shares nothing. Sharing then takes a signed release, or another basis in the sharing agency's law."
            ),
            _("You accept the keys of %(who)s as they are now. Compare the six words with their officer by telephone.")
            % {"who": ", ".join(others)},
        ],
        ways=presenters.ways(card),
        button=_("Sign the agreement"),
        back=page,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def review_agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """Confirm the yearly review for our agency."""
    card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: services.review_agreement(actor=request.actor, agreement=agreement),
        page,
        heading=_("Confirm the yearly review"),
        happens=[
            _("You have read what may pass which way, and it should stay as it is for another year."),
            _("The year begins when %(who)s has confirmed it too.") % {"who": ", ".join(others)},
        ],
        ways=presenters.ways(card),
        button=_("Confirm for another year"),
        back=page,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def leave_agreement(request: HttpRequest, agreement: uuid.UUID) -> HttpResponse:
    """End the agreement for our agency."""
    _card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: services.end_agreement(actor=request.actor, agreement=agreement),
        page,
        heading=_("End the agreement with %(who)s") % {"who": ", ".join(others)},
        happens=[
            _("Sharing stops at once, both ways: the next click of a colleague there is refused."),
            _("Releases that people have signed stay on record, and share nothing without an agreement."),
            _("It cannot be taken up again. The coalition's office can draft a new one."),
        ],
        button=_("End it now"),
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
        lambda: services.accept_keys(
            actor=request.actor, agreement=agreement, partner=partner, words=request.POST.get("words", "")
        ),
        page,
        heading=_("Accept the new keys of %(who)s") % {"who": found[0].name},
        happens=[
            _("Telephone their privacy officer, at a number that you know, and let her read her six words to you."),
            _("If they are the same as here, accept. If not, do not, and tell whoever runs the hub."),
        ],
        words=found[0].words.split(),
        button=_("The words are the same: accept"),
        back=page,
    )
