"""Pages for signing in and out: passphrase, second factor, and then (in `membership`) the agency to work for."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace
from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access import saying
from accord.access.acting import acting
from accord.access.actors import require_fresh_factor
from accord.access.forms import ConfirmForm, call_service, post_data, service_succeeds, status_of
from accord.access.marks import changes_passphrase, open_to_all, open_while_signing_in, signed_in, signs_in
from accord.access.requests import ActingRequest, OpenRequest, SigningInRequest
from accord.access.saying import goes_on, local_path, saved
from accord.accounts import kept_forms, queries, services, sessions
from accord.accounts import passkeys as passkeys_of
from accord.accounts.passkeys import Site
from accord.core.errors import Hidden
from accord.core.rooms import account_cards, listening, place
from accord.core.text import N_
from accord.signin.codes import CHANGE_SIGN_IN
from accord.signin.forms import ChangePassphraseForm, CodeForm, NoticeForm, PasskeyForm, SignInForm
from accord.signin.presenters import notice_rows
from accord.ui.components import Row
from accord.ui.words import day
from accord.vault import sealing


@signs_in
@require_http_methods(["GET", "POST"])
def sign_in(request: OpenRequest) -> HttpResponse:
    """Ask for the user name and passphrase."""
    form = SignInForm(request.POST or None)
    state = request.method == "POST" and call_service(form, lambda: services.open_session(**form.cleaned_data))
    if state:
        return sessions.begun(request, state, lambda: goes_on(request, "signin:second_factor"))
    if "locked" in request.GET and request.actor is not None:  # another window kept the session alive
        return goes_on(request, "signin:kept" if "kept" in request.GET else place("home"))
    demo = next((words() for words in listening("demo-sign-in")), None) if settings.ACCORD_DEMO else None
    context = {
        "form": form,
        "demo": demo,
        "kept": "kept" in request.GET,
        "why": request.GET.get("why", "locked" if "locked" in request.GET else ""),
    }
    return render(request, "signin/sign_in.html", context, status=status_of(form))


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def second_factor(request: SigningInRequest) -> HttpResponse:
    """Ask for the second factor. A user who doesn't have one must set one up before doing anything else."""
    state = request.session_state
    if not state.pending:
        return goes_on(request, place("choose-agency"))
    if not services.enrolled(state):
        return goes_on(request, "signin:enrol")
    held = passkeys_of.of_account(state=state)
    form = CodeForm(request.POST or None, passkey="get" if held else "")
    if service_succeeds(form, lambda: services.check_factor(state=state, site=Site.of(request), **form.cleaned_data)):
        return sessions.begun(request, state, lambda: goes_on(request, place("choose-agency")))
    shown = services.current_code(state=state)
    return render(request, "signin/second_factor.html", {"form": form, "shown": shown}, status=status_of(form))


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def enrol(request: SigningInRequest) -> HttpResponse:
    """Set up an authenticator app. The secret is tied to this session, sent only once, and stored once a code matches."""
    state = request.session_state
    if services.enrolled(state):
        return goes_on(request, "signin:second_factor")
    factor = services.offered_factor(state=state)
    form = CodeForm(request.POST or None, passkey="create")
    codes = request.method == "POST" and call_service(form, lambda: _first_factor(request, form, factor))
    if codes:
        return sessions.begun(request, state, lambda: render(request, "signin/recovery_codes.html", {"codes": codes}))
    uri = sealing.totp(factor).get_provisioning_uri(services.user_name(state=state), "Accord")
    picture = segno.make(uri, error="m").svg_data_uri(
        scale=5, border=4, light="white"
    )  # a camera needs the white background, even in dark mode
    secret = base64.b32encode(factor).decode()
    context = {"form": form, "picture": picture, "secret": secret, "shown": services.demo_code(factor)}
    return render(request, "signin/enrol.html", context, status=status_of(form))


def _first_factor(request: ActingRequest, form: CodeForm, factor: bytes) -> list[str]:
    state, answer = request.session_state, form.cleaned_data["passkey"]
    if answer:
        return services.begin_with_passkey(
            state=state, site=Site.of(request), name=_("My first passkey"), answer=answer
        )
    return services.confirm_factor(state=state, factor=factor, code=form.cleaned_data["code"])


@open_while_signing_in
@require_POST
def passkey_options(request: SigningInRequest) -> HttpResponse:
    """Return what the browser's script needs to create a passkey, or to answer with one."""
    state, site = request.session_state, Site.of(request)
    if request.POST.get("what") == "create":
        name = services.user_name(state=state)
        return JsonResponse(passkeys_of.offer(state=state, site=site, user_name=name))
    return JsonResponse(passkeys_of.ask(state=state, site=site))


ONE_READ, ALL_READ = N_("The notice is marked as read."), N_("All notices are marked as read.")


@open_to_all
@require_POST
def sign_out(request: OpenRequest) -> HttpResponse:
    """End the session here and in the database, and tell the browser to delete what it stored."""
    return _signed_out(request, goes_on(request, "signin:sign_in"))


def _signed_out(request: ActingRequest, response: HttpResponse) -> HttpResponse:
    if request.session_state is not None:
        services.close_session(state=request.session_state)
    for cookie in (sessions.COOKIE, saying.COOKIE):
        response.delete_cookie(cookie)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@open_to_all
@require_POST
def leave(request: OpenRequest) -> HttpResponse:
    """Handle *Leave this site*: keep an encrypted copy of unsent text, end the session, and open another site."""
    kept_forms.keep(request)
    return _signed_out(request, kept_forms.elsewhere(request))


@open_to_all
@require_POST
def keep(request: OpenRequest) -> HttpResponse:
    """Keep unsubmitted text, which the page's script sends before it locks the page. Return 200 if the text was kept,
    and 204 otherwise."""
    return HttpResponse(status=200 if kept_forms.keep(request) else 204)


@open_to_all
@require_POST
def set_language(request: OpenRequest) -> HttpResponse:
    """Switch pages and, for someone who is signed in, messages to another language."""
    code = request.POST.get("language", "")
    response = saved(request, N_("Language changed."), local_path(request.POST.get("next", "/")))
    if translation.check_for_language(code):
        if request.actor is not None:
            services.set_language(language=code)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
            max_age=365 * 24 * 3600,
        )
    return response


# The user's own account -------------------------------------------------------------------------------------------


@signed_in
@require_safe
def account(request: ActingRequest) -> HttpResponse:
    """Show what users can change about how they sign in."""
    context = {
        "user_name": services.user_name(state=request.session_state),
        "languages": settings.LANGUAGES,
        "cards": account_cards(),
    }
    return render(request, "signin/account.html", context)


@changes_passphrase
@require_http_methods(["GET", "POST"])
def change_passphrase(request: SigningInRequest) -> HttpResponse:
    """Change the passphrase. Every other session ends."""
    words = sealing.new_passphrase()
    form = ChangePassphraseForm(post_data(request), initial={"words": words})
    if service_succeeds(form, lambda: _passphrase_changed(request, form)):
        return render(request, "signin/changed.html")
    context = {"form": form, "words": (form.data.get("words") or words).split()}
    return render(request, "signin/passphrase.html", context, status=status_of(form))


def _passphrase_changed(request: ActingRequest, form: ChangePassphraseForm) -> None:
    state, data = request.session_state, form.cleaned_data
    wrap = services.new_wrap(state=state, old=data["old"], passphrase=data["passphrase"])
    with acting(state.ticket, trail=request.trail):
        services.change_passphrase(state=state, wrap=wrap)
        request.actor.log("passphrase-changed")


@signed_in
@require_http_methods(["GET", "POST"])
def new_recovery_codes(request: ActingRequest) -> HttpResponse:
    """Create ten new codes that replace the old ones. Requires a recent second factor."""
    form = ConfirmForm(post_data(request), request=request, action=CHANGE_SIGN_IN)
    codes = form.is_bound and call_service(form, lambda: _fresh_codes(request))
    if codes:
        request.actor.log("recovery-codes-made")
        return render(request, "signin/recovery_codes.html", {"codes": codes})
    return render(request, "signin/new_codes.html", {"form": form}, status=status_of(form))


def _fresh_codes(request: ActingRequest) -> list[str]:
    require_fresh_factor(request.actor, CHANGE_SIGN_IN)
    return services.new_recovery_codes(state=request.session_state)


@signed_in
@require_http_methods(["GET", "POST"])
def passkeys(request: ActingRequest) -> HttpResponse:
    """List the account's passkeys, and add one."""
    form = PasskeyForm(post_data(request), request=request, action=CHANGE_SIGN_IN)
    if form.is_bound and call_service(form, lambda: _new_passkey(request, form)):
        request.actor.log("passkey-added")
        return saved(request, N_("Passkey added."), "signin:passkeys")
    held = [_passkey_row(each) for each in passkeys_of.of_account(state=request.session_state)]
    return render(request, "signin/passkeys.html", {"form": form, "held": held}, status=status_of(form))


def _passkey_row(held: passkeys_of.Passkey) -> Row:
    used = held.used_at is not None
    said = _("Last used %(day)s") if used else _("Created %(day)s, not used yet")
    return Row(
        title=held.name,
        detail=said % {"day": day(held.used_at or held.made_at)},
        url=reverse("signin:remove_passkey", args=[held.id]),
        aside=_("Remove"),
    )


def _new_passkey(request: ActingRequest, form: PasskeyForm) -> object:
    require_fresh_factor(request.actor, CHANGE_SIGN_IN)
    return passkeys_of.add(
        state=request.session_state,
        site=Site.of(request),
        name=form.cleaned_data["name"],
        answer=form.cleaned_data["passkey"],
    )


@signed_in
@require_http_methods(["GET", "POST"])
def remove_passkey(request: ActingRequest, passkey: uuid.UUID) -> HttpResponse:
    """Remove one passkey, such as one on a lost key or an old phone."""
    state = request.session_state
    found = next((each for each in passkeys_of.of_account(state=state) if each.id == passkey), None)
    if found is None:
        raise Hidden
    form = ConfirmForm(post_data(request), request=request, action=CHANGE_SIGN_IN)
    if form.is_bound and call_service(form, lambda: _without(request, passkey)):
        request.actor.log("passkey-removed")
        return saved(request, N_("Passkey removed."), "signin:passkeys")
    return render(request, "signin/remove_passkey.html", {"form": form, "found": found}, status=status_of(form))


def _without(request: ActingRequest, passkey: uuid.UUID) -> bool:
    require_fresh_factor(request.actor, CHANGE_SIGN_IN)
    passkeys_of.remove(state=request.session_state, passkey=passkey)
    return True


@signed_in
@require_POST
def sign_out_elsewhere(request: ActingRequest) -> HttpResponse:
    """End every session except this one."""
    services.close_other_sessions()
    request.actor.log("signed-out-elsewhere")
    return saved(request, N_("Signed out on every other device."), "signin:account")


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: ActingRequest) -> HttpResponse:
    """List new notices and notices seen before. No notice names a client."""
    whose: dict[str, Any] = {"owner": request.actor.agency, "membership": request.actor.membership}
    if request.method == "POST":
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return goes_on(request, "signin:notices")
        only = form.cleaned_data["notice"]
        services.see_notices(**whose, only=only)
        return saved(request, ONE_READ if only else ALL_READ, "signin:notices")
    unseen, before = queries.notices_for(**whose, limit=100), queries.seen_notices(**whose)
    rows = notice_rows([*unseen, *before], request.actor)
    new = [(row, notice.id) for row, notice in zip(rows, unseen, strict=False)]
    return render(request, "signin/notices.html", {"new": new, "seen": rows[len(new) :]})


# Forms kept after a session ended -----------------------------------------------------------------------------------


@signed_in
@require_safe
def kept(request: ActingRequest) -> HttpResponse:
    """List forms that were submitted after their session had ended, so that the user can continue."""
    titles = import_string(settings.ACCORD_KEPT)
    waiting = [
        replace(one, title=titles(request.actor, one.path)) for one in kept_forms.waiting(state=request.session_state)
    ]
    return render(request, "signin/kept.html", {"kept_forms": waiting})


@signed_in
@require_POST
def drop_kept(request: ActingRequest, kept: uuid.UUID) -> HttpResponse:
    """Discard one saved form."""
    kept_forms.drop(kept_form=kept)
    return saved(request, N_("Text deleted."), "signin:kept")
