"""Pages for sharing a systems agency's own records."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.codes import READ_PERSON, SHARE_OFFICIAL, WITHDRAW_SHARE
from accord.access.forms import call_service, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import saved
from accord.agreements.reach import who_can_help
from accord.core import clock
from accord.core.text import N_
from accord.people import presenters as people_presenters
from accord.people import queries as people
from accord.releases import official, presenters, queries, terms_words
from accord.releases.forms import OfficialForm
from accord.sharing import queries as sharing
from accord.sharing.codes import ShareState

USUAL_LENGTH = timedelta(days=30)


@creates
@needs(SHARE_OFFICIAL)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Enter the terms and the two confirmations, on one page."""
    actor = request.actor
    page = people.page(actor=actor, ref=ref, kinds=["identity.name"])
    sharing.own_person(page.known)
    others, kinds = queries.offered(actor=actor)
    allowed = queries.may_share_own(actor=actor)
    if request.method == "GET" and not (allowed and others):
        return _closed(request, page, allowed)
    form = OfficialForm(
        request.POST or None,
        request=request,
        initial={"last_day": clock.today(actor.zone) + USUAL_LENGTH},
        partners=others,
        kinds=kinds,
    )
    series = request.method == "POST" and call_service(
        form, lambda: official.share(actor=actor, ref=ref, terms=form.terms())
    )
    if series:
        return saved(
            request,
            N_("Shared. This page shows what is shared, with which agency and until when."),
            "releases:official",
            ref,
            series,
        )
    context = {**people_presenters.person_base(actor, page), "form": form}
    return render(request, "releases/official_new.html", context, status=status_of(form))


def _closed(request: ActingRequest, page: people.Page, allowed: bool) -> HttpResponse:
    """Show why nothing can be shared from here and what to do instead, before anyone fills in a form."""
    partners = queries.partners_for(actor=request.actor)
    context = people_presenters.person_base(request.actor, page) | {
        "allowed": allowed,
        "closed": terms_words.closed_rows(partners),
        "todo": terms_words.what_to_do(who_can_help(actor=request.actor)),
    }
    return render(request, "releases/official_closed.html", context)


@needs(READ_PERSON)
@require_safe
def one(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Show what was shared, why, who confirmed what, and whether it is still shared."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name"])
    _known, item, cards = official.find(actor=request.actor, ref=ref, series=series)
    running = any(card.state not in (ShareState.REVOKED, ShareState.EXPIRED) for card in cards)
    recipient = cards[0].recipient_name
    context = people_presenters.person_base(request.actor, page) | {
        "series": series,
        "recipient": recipient,
        "tag": presenters.official_tag(cards),
        "facts": presenters.official_facts(item.payload, recipient),
        "may_end": running and bool(may(request.actor, WITHDRAW_SHARE)),
    }
    return render(request, "releases/official.html", context)


@needs(WITHDRAW_SHARE)
@require_POST
def end(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """End the share."""
    official.end(actor=request.actor, ref=ref, series=series)
    return saved(request, N_("Sharing stopped. The agency no longer has access."), "people:person", ref)
