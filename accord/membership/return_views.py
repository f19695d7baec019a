"""Pages for regaining access: reset codes, restoring a colleague's access, and the printed recovery key."""

from __future__ import annotations

import base64
import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import END_MEMBERSHIP, INVITE_MEMBER, KEEP_RECOVERY
from accord.access.confirming import confirm
from accord.access.forms import ConfirmForm, call_service, post_data, service_succeeds, status_of
from accord.access.marks import needs, open_to_all, shows_once, signed_in, signs_in
from accord.access.requests import ActingRequest, OpenRequest
from accord.access.saying import goes_on
from accord.core import clock
from accord.core.rooms import place
from accord.core.text import N_
from accord.membership import presenters, queries, returning
from accord.membership.forms import CodeForm, RecoverySheetForm, ResetForm, ResetPassphraseForm
from accord.membership.views import passphrase_chosen
from accord.ui.documents import pdf_answer
from accord.vault.sealing import new_passphrase

# A reset ------------------------------------------------------------------------------------------------------------


@open_to_all
@require_http_methods(["GET", "POST"])
def reset(request: OpenRequest) -> HttpResponse:
    """Ask for the reset code that a privacy officer gave to the colleague."""
    form = CodeForm(post_data(request))
    name = call_service(form, lambda: returning.check_reset(code=form.cleaned_data["code"]))
    if name is None:
        return render(request, "membership/reset.html", {"form": form}, status=status_of(form))
    words = new_passphrase()
    chosen = ResetPassphraseForm(initial={"code": form.cleaned_data["code"], "words": words})
    return render(request, "membership/reset_passphrase.html", {"form": chosen, "words": words.split(), "name": name})


@signs_in
@require_http_methods(["GET", "POST"])
def reset_passphrase(request: OpenRequest) -> HttpResponse:
    """Set the new passphrase. The next step is two-step verification."""
    if request.method != "POST":
        return goes_on(request, "membership:reset")
    form = ResetPassphraseForm(request.POST)
    return passphrase_chosen(
        request,
        form,
        lambda: returning.reset(code=form.cleaned_data["code"], passphrase=form.cleaned_data["passphrase"]),
        page="membership/reset_passphrase.html",
        step="signin:second_factor",
    )


@signed_in
@require_safe
def waiting(request: ActingRequest) -> HttpResponse:
    """After a reset, tell the colleague that a privacy officer has to restore their access first."""
    if not request.actor.waits:
        return goes_on(request, place("home"))
    names = [row.name for row in queries.officers(agency=request.actor.agency)]
    return render(request, "membership/waiting.html", {"names": names})


@shows_once
@needs(INVITE_MEMBER)
@require_http_methods(["GET", "POST"])
def make_reset(request: ActingRequest, membership: uuid.UUID) -> HttpResponse:
    """Create a one-time code for a colleague who forgot their passphrase. The code is shown once."""
    one = queries.colleague(actor=request.actor, membership=membership)
    form = ResetForm(post_data(request), request=request, action=INVITE_MEMBER)
    code = call_service(
        form,
        lambda: returning.make_reset(actor=request.actor, membership=membership, factor=form.cleaned_data["factor"]),
    )
    back = reverse("membership:colleague", args=[membership])
    if code:
        context = {"parts": code.split("-"), "code": code, "name": one.name, "back": back}
        return render(request, "membership/reset_code.html", context)
    return render(
        request, "membership/make_reset.html", {"form": form, "one": one, "back": back}, status=status_of(form)
    )


@needs(INVITE_MEMBER)
@require_http_methods(["GET", "POST"])
def readmit(request: ActingRequest, membership: uuid.UUID) -> HttpResponse:
    """Restore a colleague's access after a reset."""
    one = queries.colleague(actor=request.actor, membership=membership)
    returning.insist_on_another(membership=membership)
    back = reverse("membership:colleague", args=[membership])
    return confirm(
        request,
        INVITE_MEMBER,
        lambda: returning.readmit(actor=request.actor, membership=membership),
        reverse("membership:colleagues"),
        confirmation=N_("Access restored."),
        heading=_("Restore access for %(name)s") % {"name": one.name},
        happens=[
            _(
                "You confirm that you've spoken with them and are sure they're the person who signed in with the new "
                "passphrase."
            ),
            _(
                "They'll get the keys for their roles again. They'll immediately get the keys you have, and they'll "
                "get the others when a colleague who has those keys signs in."
            ),
        ],
        button=_("Confirm identity and restore access"),
        back=back,
        back_words=one.name,
    )


@needs(END_MEMBERSHIP)
@require_http_methods(["GET", "POST"])
def open_again(request: ActingRequest, membership: uuid.UUID) -> HttpResponse:
    """Reopen an account that was closed because it was not used."""
    one = queries.colleague(actor=request.actor, membership=membership)
    back = reverse("membership:colleague", args=[membership])
    return confirm(
        request,
        END_MEMBERSHIP,
        lambda: returning.open_again(actor=request.actor, membership=membership),
        back,
        confirmation=N_("Account reopened. This colleague can sign in again."),
        heading=_("Reopen the account for %(name)s") % {"name": one.name},
        happens=[_("They'll sign in with the same passphrase and two-step verification as before.")],
        button=_("Reopen the account"),
        back=back,
        back_words=one.name,
    )


# The printed recovery key --------------------------------------------------------------------------------------------


@needs(KEEP_RECOVERY)
@require_safe
def recovery(request: ActingRequest) -> HttpResponse:
    """Show whether there is a recovery key, what it opens, and whether a second privacy officer has to confirm."""
    actor = request.actor
    sheet, begun = queries.recovery_key(agency=actor.agency), returning.started(actor=actor)
    names = queries.colleague_names(actor=actor)
    done, total = returning.recovery_sheet_reach(actor=actor)
    context = {
        "sheet": sheet,
        "printed_by": names.get(sheet.by, "") if sheet else "",
        "begun_by": names.get(begun.by, "") if begun else "",
        "begun": begun,
        "done": done,
        "total": total,
        "officers": len(queries.officers(agency=actor.agency)),
    }
    return render(request, "membership/recovery.html", context)


@shows_once
@needs(KEEP_RECOVERY)
@require_http_methods(["GET", "POST"])
def print_recovery(request: ActingRequest) -> HttpResponse:
    """Print a new recovery sheet: a PDF that is made in memory and sent once."""
    form = ConfirmForm(post_data(request), request=request, action=KEEP_RECOVERY)
    words = form.is_bound and call_service(form, lambda: returning.print_recovery(actor=request.actor))
    if words:
        return _recovery_sheet(request, words)
    return render(request, "membership/print_recovery.html", {"form": form}, status=status_of(form))


@needs(KEEP_RECOVERY)
@require_http_methods(["GET", "POST"])
def use_recovery(request: ActingRequest) -> HttpResponse:
    """Accept the words that the first privacy officer types from the recovery sheet."""
    form = RecoverySheetForm(post_data(request), request=request, action=KEEP_RECOVERY)
    done = service_succeeds(
        form, lambda: returning.start_recovery(actor=request.actor, words=form.cleaned_data["recovery_words"])
    )
    if done:
        return render(request, "membership/recovery_started.html")
    return render(request, "membership/use_recovery.html", {"form": form}, status=status_of(form))


@needs(KEEP_RECOVERY)
@require_http_methods(["GET", "POST"])
def confirm_recovery(request: ActingRequest) -> HttpResponse:
    """Let the second privacy officer confirm, and print the sheet that replaces the used one."""
    form = ConfirmForm(post_data(request), request=request, action=KEEP_RECOVERY)
    secret = base64.b64decode(request.session_state.secrets["membership"])
    words = form.is_bound and call_service(
        form, lambda: returning.confirm_recovery(actor=request.actor, membership_secret=secret)
    )
    if words:
        return _recovery_sheet(request, words)
    begun = returning.started(actor=request.actor)
    name = queries.colleague_names(actor=request.actor).get(begun.by, "") if begun else ""
    return render(request, "membership/confirm_recovery.html", {"form": form, "name": name}, status=status_of(form))


def _recovery_sheet(request: ActingRequest, words: str) -> HttpResponse:
    content = presenters.recovery_sheet_pdf(words, request.actor.agency_name, request.actor.name, clock.now())
    return pdf_answer(content, "recovery-key.pdf")
