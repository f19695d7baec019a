"""Whom one acts for, and as what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accord.access.acting import open_while_signing_in, signed_in
from accord.access.codes import ROLES
from accord.agencies import queries, services
from accord.agencies.forms import ActForForm, PurposeForm


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def act_for(request: HttpRequest) -> HttpResponse:
    """Choose the agency to act for. With one membership it is one button."""
    session = request.session_state
    if session.pending:
        return redirect("accounts:second_factor")
    choices = queries.memberships_of(account=session.account)
    form = ActForForm(request.POST or None, choices=[(str(c.id), c.agency) for c in choices])
    if request.method == "POST" and form.is_valid():
        services.act_for(session=session, membership=form.cleaned_data["membership"], trail=request.trail)
        return redirect("people:today")
    cards = [(c, ", ".join(_(ROLES[code].name) for code in c.roles)) for c in choices]
    return render(request, "agencies/act_for.html", {"cards": cards})


@signed_in
@require_POST
def declare_purpose(request: HttpRequest) -> HttpResponse:
    """Say what one works for now."""
    form = PurposeForm(request.POST)
    if form.is_valid():
        services.declare_purpose(
            actor=request.actor, session=request.session_state, purpose=form.cleaned_data["purpose"]
        )
    return redirect(form.next_path())


@signed_in
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """Read and sign the yearly access agreement again."""
    if request.method == "POST":
        services.renew_access(actor=request.actor)
        return redirect("people:today")
    return render(request, "agencies/renew.html")
