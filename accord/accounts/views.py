"""Signing in and out: passphrase, second factor, then (in `agencies`) whom to act for."""

from __future__ import annotations

import base64

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_POST

from accord.access.acting import open_to_all, open_while_signing_in, signs_in
from accord.access.forms import attempt, status_of
from accord.accounts import services, sessions
from accord.accounts.forms import CodeForm, SignInForm
from accord.vault import sealing


@signs_in
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first page: what you know."""
    form = SignInForm(request.POST or None)
    state = request.method == "POST" and attempt(form, lambda: services.open_session(**form.cleaned_data))
    if state:
        response = redirect("accounts:second_factor")
        sessions.set_cookie(response, state.secret)
        return response
    demo = import_string("accord.demo.riverbend.sign_in_help")() if settings.ACCORD_DEMO else None
    return render(request, "accounts/sign_in.html", {"form": form, "demo": demo}, status=status_of(form))


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second page: what you have. Whoever has no second factor yet sets one up and reaches nothing else."""
    state = request.session_state
    if not state.pending:
        return redirect("agencies:act_for")
    if not services.enrolled(state):
        return redirect("accounts:enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda: services.check_factor(state=state, **form.cleaned_data) or True
    ):
        return redirect("agencies:act_for")
    shown = services.current_code(state=state)
    return render(request, "accounts/second_factor.html", {"form": form, "shown": shown}, status=status_of(form))


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app. The secret travels once, sealed to this session, and is kept when a code fits."""
    state = request.session_state
    if services.enrolled(state):
        return redirect("accounts:second_factor")
    factor = services.offered_factor(state=state)
    form = CodeForm(request.POST or None)
    codes = request.method == "POST" and attempt(
        form, lambda: services.confirm_factor(state=state, factor=factor, **form.cleaned_data)
    )
    if codes:
        return render(request, "accounts/recovery_codes.html", {"codes": codes})
    uri = sealing.totp(factor).get_provisioning_uri(services.user_name(state=state), "Accord")
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=2)
    secret = base64.b32encode(factor).decode()
    context = {"form": form, "picture": picture, "secret": secret, "shown": services.demo_code(factor)}
    return render(request, "accounts/enrol.html", context, status=status_of(form))


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and in the database; tell the browser to forget what it kept of us."""
    if request.session_state is not None:
        services.close_session(state=request.session_state)
    response = redirect("accounts:sign_in")
    response.delete_cookie(sessions.COOKIE)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@open_to_all
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Read on in another language."""
    code = request.POST.get("language", "")
    response = redirect(_local(request.POST.get("next", "/")))
    if translation.check_for_language(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
            max_age=365 * 24 * 3600,
        )
    return response


def _local(path: str) -> str:
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"
