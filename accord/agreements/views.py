"""Pages for agreements between two agencies: terms, signing, the yearly review, ending, and partners' keys."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import DRAFT_AGREEMENT, MEETS_PEOPLE, SIGN_AGREEMENT
from accord.access.confirming import confirm
from accord.access.explaining import explain
from accord.access.forms import call_service, post_data, service_succeeds, status_of
from accord.access.marks import creates, needs, signed_in
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import saved
from accord.agencies import queries as agencies
from accord.agencies.lists import handed_over
from accord.agreements import checks, coalitions, lists, presenters, queries, rules, services
from accord.agreements.coalitions import CoalitionCard
from accord.agreements.forms import CheckForm, DraftForm, SignForm
from accord.agreements.queries import AgreementCard
from accord.agreements.workflows import AGREEMENT, AgreementAction
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.ui.lists import wants_file


@signed_in
@require_safe
def agreements(request: ActingRequest) -> HttpResponse:
    """List agreements, with their status."""
    actor = request.actor
    cards, joint = queries.agreements(actor=actor), coalitions.coalitions(actor=actor)
    found = lists.agreements(presenters.lines(cards, joint, actor.agency), request.GET)
    if wants_file(request.GET):
        return handed_over(actor, "agreements", lists.agreement_file(found.shown))
    may_draft = bool(may(actor, DRAFT_AGREEMENT))
    officer = bool(may(actor, SIGN_AGREEMENT))
    asked = coalitions.requests(actor=actor) if may_draft or officer else []
    context = {
        "found": found,
        "rows": presenters.agreement_rows(found.shown),
        "requests": presenters.request_rows(asked, actor.agency),
        "may_draft": may_draft,
        "may_ask": officer and actor.agency_kind in MEETS_PEOPLE,
        "officer": officer,
    }
    return render(request, "agreements/agreements.html", context)


@signed_in
@require_safe
def agreement(request: ActingRequest, agreement: uuid.UUID) -> HttpResponse:
    """Show one agreement: parties, what can be shared in each direction, signatures, keys, and possible actions."""
    actor = request.actor
    card = queries.agreement(actor=actor, agreement=agreement)
    ours = card.party(actor.agency)
    officer = bool(may(actor, SIGN_AGREEMENT, on=card.matter))
    others = [party.agency for party in card.parties if party.agency != actor.agency]
    keys = checks.keys_of(actor=actor, partners=others) if ours else []
    signable, leavable = (AGREEMENT.allows(card.state, one) for one in (AgreementAction.SIGN, AgreementAction.LEAVE))
    context = {
        "card": card,
        "tag": presenters.state_tag(card.state),
        "ways": presenters.ways(card),
        "signatures": presenters.signatures(card),
        "review": presenters.review(card) if AGREEMENT.allows(card.state, AgreementAction.REVIEW) else None,
        "keys": presenters.key_cards(keys),
        "fingerprint": agencies.own_fingerprint(actor=actor).split() if ours else [],
        "may_sign": ours is not None and officer and not ours.signed_at and signable,
        "may_leave": ours is not None and officer and bool(ours.signed_at) and leavable,
        "may_review": officer and rules.review_open(card=card, agency=actor.agency, now=clock.now()),
        "officer": officer,
    }
    return render(request, "agreements/agreement.html", context)


@signed_in
@require_safe
def why(request: ActingRequest, agreement: uuid.UUID) -> HttpResponse:
    """Explain why the actor can see an agreement, what they can do with it, and who else can see it."""
    card = queries.agreement(actor=request.actor, agreement=agreement)
    return why_page(request, card, presenters.parties(card), {SIGN_AGREEMENT: _("Sign, review or end this agreement")})


def why_page(
    request: ActingRequest, card: AgreementCard | CoalitionCard, parties: list[str], actions: Mapping[str, str]
) -> HttpResponse:
    """Render the answers to "Why can I see this?" for an agreement, and whether each of `actions` is allowed."""
    return explain(
        request,
        card.matter,
        see=_("See this agreement"),
        actions=actions,
        here=_("Agreements"),
        here_url=reverse("agreements:agreements"),
        title=card.title,
        url=request.path.removesuffix("why/"),
        about=_("What you can do with this agreement and why, and who else can see it."),
        readers=presenters.readers(card.keeper, parties),
        readers_title=_("Who can see this agreement"),
        readers_note=_(
            "Everyone who works for one of these agencies. The agreement contains nothing about any client."
        ),
    )


@creates
@needs(DRAFT_AGREEMENT)
@require_http_methods(["GET", "POST"])
def draft_agreement(request: ActingRequest) -> HttpResponse:
    """Draft an agreement between two agencies. Only the coalition's office can do this."""
    actor = request.actor
    form = DraftForm(
        post_data(request),
        request=request,
        action=DRAFT_AGREEMENT,
        agencies=queries.agencies_that_agree(),
        zone=actor.zone,
        initial={"start": clock.today(actor.zone)},
    )
    drafted = call_service(form, lambda: services.draft_agreement(actor=actor, **form.terms()))
    if drafted:
        return saved(request, N_("Agreement drafted. The agencies can sign it now."), "agreements:agreement", drafted)
    return render(request, "agreements/draft.html", {"form": form}, status=status_of(form))


def _agreement_page(request: ActingRequest, agreement: uuid.UUID) -> tuple[queries.AgreementCard, str, list[str]]:
    """Return the agreement, its URL, and the names of the other parties. Raises Hidden for an agency that is not a
    party."""
    card = queries.agreement(actor=request.actor, agreement=agreement)
    if card.party(request.actor.agency) is None:
        raise Hidden
    others = [party.name for party in card.parties if party.agency != request.actor.agency]
    return card, reverse("agreements:agreement", args=[agreement]), others


def sign_page(
    request: ActingRequest,
    keys: list[checks.PartnerKeys],
    call: Callable[[dict[uuid.UUID, str]], None],
    page: str,
    members: str = "",
    **words: Any,
) -> HttpResponse:
    """Show the signing page and sign. Each partner whose keys haven't been checked by phone gets a checkbox.

    `members` contains the partners listed on the page. Pass it if that list can change before the form is sent.
    """
    open_ones = [presenters.tick(one) for one in keys if one.words and not one.good]
    form = SignForm(post_data(request), request=request, action=SIGN_AGREEMENT, ticks=open_ones, members=members)
    if service_succeeds(form, lambda: call(form.compared())):
        return saved(request, N_("Signed for your agency."), page)
    ticked = form.data.getlist("checked") if form.is_bound else ()
    happens = [
        _(
            "An agreement doesn't share anything by itself. Sharing also requires a signed release or another "
            "legal basis that applies to the agency that shares."
        ),
        _(
            "Your signature takes effect for each partner whose keys your agency has checked by phone. For the "
            "other partners, it takes effect after a key check, which you can do later."
        ),
    ]
    context = {"form": form, "partners": presenters.ticks(keys, ticked), "happens": happens, "back": page, **words}
    context |= {"agency": request.actor.agency_name, "members": members}
    return render(request, "agreements/sign.html", context, status=status_of(form))


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def sign_agreement(request: ActingRequest, agreement: uuid.UUID) -> HttpResponse:
    """Sign an agreement for the actor's agency."""
    actor = request.actor
    card, page, _others = _agreement_page(request, agreement)
    return sign_page(
        request,
        checks.keys_of(actor=actor, partners=[party.agency for party in card.parties if party.agency != actor.agency]),
        lambda checked: services.sign_agreement(actor=actor, agreement=agreement, checked=checked),
        page,
        title=card.title,
        ways=presenters.ways(card),
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def review_agreement(request: ActingRequest, agreement: uuid.UUID) -> HttpResponse:
    """Confirm the yearly review for the actor's agency."""
    card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: services.review_agreement(actor=request.actor, agreement=agreement),
        page,
        confirmation=N_("Yearly review confirmed for your agency."),
        heading=_("Confirm the yearly review"),
        happens=[
            _(
                "You confirm that you've read what can be shared in each direction and that it should stay the same "
                "for another year."
            ),
            _("The next year starts once %(who)s has also confirmed the review.") % {"who": ", ".join(others)},
        ],
        ways=presenters.ways(card),
        button=_("Confirm for another year"),
        back=page,
        back_words=card.title,
    )


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def leave_agreement(request: ActingRequest, agreement: uuid.UUID) -> HttpResponse:
    """End the agreement for the actor's agency."""
    card, page, others = _agreement_page(request, agreement)
    return confirm(
        request,
        SIGN_AGREEMENT,
        lambda: services.end_agreement(actor=request.actor, agreement=agreement),
        page,
        confirmation=N_("Agreement ended. Nothing is shared under it anymore."),
        heading=_("End the agreement with %(who)s") % {"who": ", ".join(others)},
        happens=[
            _(
                "Sharing stops right away, in both directions. Staff at the other agency lose access the next time "
                "they open a page."
            ),
            _("Signed releases stay on record, but nothing is shared without an agreement."),
            _("This can't be undone. The coalition's office can draft a new agreement."),
        ],
        button=_("Stop sharing now"),
        danger=True,
        back=page,
        back_words=card.title,
    )


# Partners' keys -----------------------------------------------------------------------------------------------------


@needs(SIGN_AGREEMENT)
@require_safe
def keys(request: ActingRequest) -> HttpResponse:
    """List partners and show whose keys the actor's agency has checked by phone."""
    found = checks.key_list(actor=request.actor)
    context = {
        "rows": presenters.key_rows(found),
        "fingerprint": agencies.own_fingerprint(actor=request.actor).split(),
    }
    return render(request, "agreements/keys.html", context)


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def check_keys(request: ActingRequest, partner: uuid.UUID) -> HttpResponse:
    """Confirm that a partner was called and that its six words match."""
    one = checks.partner(actor=request.actor, agency=partner)
    tick = presenters.tick(one)
    form = CheckForm(post_data(request), request=request, action=SIGN_AGREEMENT, ticks=[tick] if one.words else [])
    if service_succeeds(
        form, lambda: services.check_keys(actor=request.actor, partner=partner, words=form.compared()[partner])
    ):
        return saved(
            request,
            N_("Key check saved. Agreements that were waiting for this check now take effect."),
            "agreements:keys",
        )
    ticked = form.data.getlist("checked") if form.is_bound else ()
    (shown,) = presenters.ticks([one], ticked)
    context = {"form": form, "one": {**shown, "good": False}, "checked": shown["checked"], "again": shown["good"]}
    return render(request, "agreements/check_keys.html", context, status=status_of(form))
