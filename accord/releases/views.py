"""Pages of releases: terms, signing, taking back, the printed form, the accounting."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.acting import needs, require_fresh_factor
from accord.access.codes import PRINT_ACCOUNTING, READ_PERSON, SHARE_PERSON, WITHDRAW_SHARE
from accord.access.forms import attempt, status_of
from accord.access.rules import needs_step_up
from accord.accounts.forms import ConfirmForm
from accord.agencies import queries as agencies
from accord.core import clock
from accord.people import presenters as people_presenters
from accord.people import queries as people
from accord.releases import presenters, queries, services
from accord.releases.forms import SigningForm, TermsForm, WithdrawForm
from accord.sharing.queries import Item


def _person(request: HttpRequest, ref: uuid.UUID) -> tuple[people.Page, dict[str, Any]]:
    page = people.page(actor=request.actor, ref=ref)
    return page, people_presenters.person(request.actor, page)


def _recipient(item: Item) -> str:
    agency = uuid.UUID(item.payload.recipient)
    return agencies.agency_names({agency})[agency]


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """The terms of a new release."""
    actor = request.actor
    page, context = _person(request, ref)
    form = TermsForm(
        request.POST or None,
        initial=queries.default_terms(actor=actor, language=page.contact.language if page.contact else ""),
        partners=agencies.partners(actor=actor),
        kinds=queries.kinds_offered(actor=actor),
    )
    series = request.method == "POST" and attempt(
        form, lambda: services.draft(actor=actor, ref=ref, release=form.release())
    )
    if series:
        return redirect("releases:sign", ref, series)
    return render(request, "releases/new.html", {**context, "form": form}, status=status_of(form))


@needs(READ_PERSON)
@require_safe
def release(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """One release and what can be done with it."""
    page, context = _person(request, ref)
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    state = presenters.state_of(item.payload, [s for s in page.shares if s.basis_id == series])
    context |= {
        "item": item,
        "state": state,
        "tag": presenters.tag(state),
        "signing": presenters.signing(item.payload, _recipient(item)),
        "recipient": _recipient(item),
    }
    return render(request, "releases/release.html", context)


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """What, for whom, until when, in her language and large; then her signature."""
    actor = request.actor
    page, context = _person(request, ref)
    _known, item = services.find_release(actor=actor, ref=ref, series=series)
    if item.payload.status != "draft":
        return redirect("releases:release", ref, series)
    form = SigningForm(
        request.POST or None,
        request=request,
        needed=queries.statements_needed(actor=actor, release=item.payload),
        initial={"witness": actor.name, "name": page.name, "how": "screen"},
    )
    signed = request.method == "POST" and attempt(
        form,
        lambda: (
            services.sign(
                actor=actor,
                ref=ref,
                series=series,
                revision=item.revision,
                signers=form.signers(item.payload.person_languages, alone=False),
                age=page.age,
                birth=page.birth,
                **form.said(),
            )
            or True
        ),
    )
    if signed:
        return redirect("people:person", ref)
    with translation.override(item.payload.text_language):
        text = presenters.signing(item.payload, _recipient(item))
    context |= {"form": form, "item": item, "signing": text, "recipient": _recipient(item)}
    return render(request, "releases/sign.html", context, status=status_of(form))


@needs(WITHDRAW_SHARE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """She takes it back: it ends with this click."""
    _page, context = _person(request, ref)
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    form = WithdrawForm(request.POST or None, initial={"how": "oral"})
    done = request.method == "POST" and attempt(
        form,
        lambda: (
            services.withdraw(actor=request.actor, ref=ref, series=series, revision=item.revision, **form.cleaned_data)
            or True
        ),
    )
    if done:
        return redirect("people:person", ref)
    context |= {"form": form, "item": item, "recipient": _recipient(item)}
    return render(request, "releases/withdraw.html", context, status=status_of(form))


@needs(SHARE_PERSON)
@require_safe
def form_pdf(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """The same form on paper."""
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    content = presenters.form_pdf(item.payload, _recipient(item), request.actor.agency_name, clock.now())
    return _pdf(content, "form.pdf")


@needs(PRINT_ACCOUNTING)
@require_http_methods(["GET", "POST"])
def accounting(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Who saw what, when, on what basis: for her, on request. Asks for a code first when the last one is old."""
    form = ConfirmForm(request.POST or None, request=request, action=PRINT_ACCOUNTING)
    if form.is_bound and attempt(form, lambda: require_fresh_factor(request.actor, PRINT_ACCOUNTING) or True):
        return redirect("releases:accounting", ref)
    if form.is_bound or "step_up_code" in form.fields:
        return _code_first(request, ref, form)
    _page, context = _person(request, ref)
    rows = queries.accounting(actor=request.actor, ref=ref)
    return render(
        request, "releases/accounting.html", {**context, "table": presenters.accounting_table(rows), "rows": rows}
    )


def _code_first(request: HttpRequest, ref: uuid.UUID, form: ConfirmForm) -> HttpResponse:
    context = {
        "form": form,
        "heading": _("Who saw what"),
        "happens": [
            _("You see who outside the agency was given access, and when they looked."),
            _("That you opened it is written in the log."),
        ],
        "button": _("Show it"),
        "back": reverse("people:person", args=[ref]),
    }
    return render(request, "agencies/confirm.html", context, status=status_of(form))


@needs(PRINT_ACCOUNTING)
@require_safe
def accounting_pdf(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """The accounting on paper."""
    if needs_step_up(PRINT_ACCOUNTING, request.actor.factor_at, clock.now()):
        return redirect("releases:accounting", ref)
    rows = queries.accounting(actor=request.actor, ref=ref)
    lang = translation.get_language() or "en"
    return _pdf(presenters.accounting_pdf(rows, request.actor.agency_name, clock.now(), lang), "accounting.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
