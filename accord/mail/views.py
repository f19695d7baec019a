"""Pages to turn email on or off, set the address, and enter the code sent to it. The demo also shows what would have
been sent."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.forms import call_service, post_data, status_of
from accord.access.marks import counts_tries, signed_in
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.mail import presenters, queries, services
from accord.mail.forms import AddressForm, CodeForm


@signed_in
@require_http_methods(["GET", "POST"])
def address(request: ActingRequest) -> HttpResponse:
    """Show whether email is on, and ask for an address."""
    if not queries.leaves():
        if request.method == "POST":
            raise Hidden
        return render(request, "mail/none.html")
    form = AddressForm(post_data(request))
    if form.is_bound and call_service(form, lambda: _asked(request, form)):
        return saved(request, N_("We're sending a code to this address. Enter the code here."), "mail:confirm")
    context = {"form": form, "held": queries.address(actor=request.actor), "demo": settings.ACCORD_DEMO}
    return render(request, "mail/address.html", context, status=status_of(form))


def _asked(request: ActingRequest, form: AddressForm) -> bool:
    services.ask(actor=request.actor, address=form.cleaned_data["address"])
    return True


@counts_tries
@require_http_methods(["GET", "POST"])
def confirm(request: ActingRequest) -> HttpResponse:
    """Ask for the code that was emailed."""
    form = CodeForm(post_data(request))
    if form.is_bound and call_service(form, lambda: _confirmed(request, form)):
        return saved(request, N_("Messages are on."), "mail:address")
    context = {"form": form, "held": queries.address(actor=request.actor), "demo": settings.ACCORD_DEMO}
    return render(request, "mail/confirm.html", context, status=status_of(form))


def _confirmed(request: ActingRequest, form: CodeForm) -> bool:
    services.confirm(actor=request.actor, code=form.cleaned_data["code"])
    return True


@signed_in
@require_POST
def stop(request: ActingRequest) -> HttpResponse:
    """Turn email off."""
    services.stop(actor=request.actor)
    return saved(request, N_("Messages are off. Your email address was deleted."), "mail:address")


@signed_in
@require_safe
def shown(request: ActingRequest) -> HttpResponse:
    """Show what the demo would have sent to the user. This page exists only in the demo."""
    if not settings.ACCORD_DEMO:
        raise Hidden
    letters = presenters.letters(actor=request.actor, language=get_language() or "en")
    return render(request, "mail/shown.html", {"letters": letters})
