"""Pages that start a release by choosing a partner and then the terms."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import SHARE_PERSON
from accord.access.forms import call_service, post_data, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.agreements.reach import who_can_help
from accord.core import clock
from accord.core.errors import Hidden, Invalid
from accord.core.text import N_
from accord.people import queries as people
from accord.releases import handing, queries, services, terms_words
from accord.releases.handing_views import hand_over
from accord.releases.queries import Partner
from accord.releases.terms_forms import TermsForm
from accord.releases.views import person_of

DRAFTED = N_("Release drafted. Nothing is shared yet.")


@needs(SHARE_PERSON)
@require_safe
def new(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Choose the partner. Partners that can't be chosen are listed with the reason and what to do."""
    _page, context = person_of(request, ref)
    partners = queries.partners_for(actor=request.actor)
    context |= {
        "rows": terms_words.partner_rows(ref, partners),
        "closed": terms_words.closed_rows(partners),
        "todo": terms_words.what_to_do(who_can_help(actor=request.actor)),
    }
    return render(request, "releases/partners.html", context)


@creates
@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def terms(request: ActingRequest, ref: uuid.UUID, to: int) -> HttpResponse:
    """Enter the terms for one partner. A second button hands the device over at once if staff need not record
    anything else first."""
    page, context = person_of(request, ref, "identity.birth", "contact.safe")
    partner = _partner(request, to)
    form = _form(request, page, partner)
    series = request.method == "POST" and call_service(form, lambda: _draft(request, page, form))
    if series:
        return _next(request, page, form, series)
    context |= {
        "form": form,
        "partner": partner,
        "about": terms_words.about_partner(partner),
        "beyond": terms_words.beyond(partner, clock.today(request.actor.zone)),
        "witness": request.actor.name,
        "later": form.opens("start", "additions"),
        "languages_known": form.languages_known(),
        "other_languages": form.opens("text_language", "reads", "person_languages"),
        "decides": form.opens("ability_basis", "emancipated") or form["ability"].value() not in (None, "", "full"),
    }
    return render(request, "releases/terms.html", context, status=status_of(form))


def _partner(request: ActingRequest, to: int) -> Partner:
    """Return the partner with this number. URLs use numbers for agencies because they must not reveal who helps
    someone."""
    found = next((one for one in queries.partners_for(actor=request.actor) if one.number == to), None)
    if found is None or not found.open:
        raise Hidden
    return found


def _form(request: ActingRequest, page: people.Page, partner: Partner) -> TermsForm:
    actor = request.actor
    form = TermsForm(
        post_data(request),
        initial=queries.default_terms(actor=actor, language=page.contact.language if page.contact else ""),
        to=partner.agency,
        fit=partner.fit,
        days=terms_words.last_days(queries.last_days(actor=actor, partner=partner), clock.today(actor.zone)),
        reason_over=queries.release_length(actor=actor).reason_over_days,
        check=lambda release: services.problems_on_saving(actor=actor, release=release),
    )
    form.ask_age(queries.age_to_sign(actor=actor, page=page) is not None, queries.majority(actor=actor))
    return form


def _draft(request: ActingRequest, page: people.Page, form: TermsForm) -> uuid.UUID:
    place: dict[str, Any] = {"actor": request.actor, "ref": page.known.ref}
    handing.record_age(**place, years=form.cleaned_data.get("years"), before=page.birth_item)
    return services.draft(**place, release=form.release())


def _next(request: ActingRequest, page: people.Page, form: TermsForm, series: uuid.UUID) -> HttpResponse:
    """Hand the device over, or show the preparation page if staff asked for it or must record something first."""
    if request.POST.get("how") == "prepare":
        return saved(request, DRAFTED, "releases:sign", page.known.ref, series)
    years = form.cleaned_data.get("years")
    age = queries.age_to_sign(actor=request.actor, page=page) if years is None else years
    prepared = handing.Prepared(witness=request.actor.name)
    place: dict[str, Any] = {"actor": request.actor, "ref": page.known.ref, "series": series}
    try:
        handing.prepare(**place, revision=1, prepared=prepared, age=age)
    except Invalid:
        return saved(request, DRAFTED, "releases:sign", page.known.ref, series)
    return hand_over(request, page.known.ref, series)
