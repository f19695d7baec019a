"""Pages for choosing an agency to work for, joining, and managing staff. None of these pages is about a client."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.codes import END_MEMBERSHIP, INVITE_MEMBER, SIGN_AGREEMENT
from accord.access.confirming import confirm
from accord.access.forms import call_service, post_data, service_succeeds, status_of
from accord.access.marks import needs, open_to_all, open_while_signing_in, shows_once, signed_in, signs_in
from accord.access.requests import ActingRequest, OpenRequest, SigningInRequest
from accord.access.rules import may
from accord.access.saying import goes_on, saved, sent_twice
from accord.accounts import kept_forms, sessions
from accord.accounts.sessions import SessionState
from accord.agencies import queries as agencies
from accord.agencies.lists import handed_over
from accord.agencies.presenters import role_choices, roles
from accord.core.rooms import place
from accord.core.text import N_
from accord.membership import lists, presenters, queries, returning, services
from accord.membership.forms import ActForForm, CodeForm, InviteForm, NewAccountForm, PurposeForm, RolesForm
from accord.signin.forms import NewPassphraseForm
from accord.ui.lists import wants_file
from accord.vault.sealing import new_passphrase


def code_page(request: ActingRequest, code: str, name: str, back: str) -> HttpResponse:
    """Show a one-time code. It is shown only once."""
    sent_twice(request, back)
    context = {"code": code, "parts": code.split("-"), "name": name, "back": back}
    return render(request, "membership/code.html", context)


def passphrase_chosen(
    request: ActingRequest, form: NewPassphraseForm, begin: Callable[[], SessionState], *, page: str, step: str
) -> HttpResponse:
    """Finish choosing a passphrase. Begin the session and go to `step`, or show the page again with the same words."""
    session = call_service(form, begin)
    if session:
        return sessions.begun(request, session, lambda: goes_on(request, step))
    return render(request, page, {"form": form, "words": form.data.get("words", "").split()}, status=422)


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def act_for(request: SigningInRequest) -> HttpResponse:
    """Choose the agency to act for. A POST without a choice picks the only agency. If there are several, the page
    asks."""
    session = request.session_state
    if session.pending:
        return goes_on(request, "signin:second_factor")
    choices = queries.memberships_of(account=session.human)
    only = {"membership": str(choices[0].id)} if len(choices) == 1 else {}
    form = ActForForm(
        post_data(request) and {**only, **request.POST.dict()}, choices=[(str(c.id), c.agency) for c in choices]
    )
    if request.method == "POST" and form.is_valid():
        membership = form.cleaned_data["membership"]
        actor = services.act_for(session=session, membership=membership, trail=request.trail)
        if actor.waits:
            return goes_on(request, "membership:waiting")
        return goes_on(request, "signin:kept" if kept_forms.waiting(state=session) else place("home"))
    cards = [(c, roles(c.roles)) for c in choices]
    return render(request, "membership/act_for.html", {"cards": cards})


@signed_in
@require_POST
def declare_purpose(request: ActingRequest) -> HttpResponse:
    """Set the purpose that the user is working for."""
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return goes_on(request, form.next_path())
    services.declare_purpose(actor=request.actor, session=request.session_state, purpose=form.cleaned_data["purpose"])
    return saved(request, N_("The purpose of your work was changed."), form.next_path())


@signed_in
@require_http_methods(["GET", "POST"])
def renew(request: ActingRequest) -> HttpResponse:
    """Show and renew the yearly access agreement."""
    if request.method == "POST":
        services.renew_access(actor=request.actor)
        return saved(request, N_("Access agreement signed for one more year."), place("home"))
    return render(request, "membership/renew.html")


# Joining ----------------------------------------------------------------------------------------------------------


@open_to_all
@require_http_methods(["GET", "POST"])
def join(request: OpenRequest) -> HttpResponse:
    """Accept a one-time code and show what it is for: a new account, or another agency for a signed-in account."""
    form = CodeForm(post_data(request))
    invited = call_service(form, lambda: services.check_invitation(code=form.cleaned_data["code"]))
    if invited is None:
        return render(request, "membership/join.html", {"form": form}, status=status_of(form))
    code, session = form.cleaned_data["code"], request.session_state
    context = {"invited": invited, "roles": roles(invited.roles), "code": code}
    if session and not session.pending:
        return render(request, "membership/join_with.html", context)
    words = new_passphrase()
    account = NewAccountForm(initial={"code": code, "words": words})
    return render(request, "membership/join_account.html", {**context, "form": account, "words": words.split()})


@signs_in
@require_http_methods(["GET", "POST"])
def join_account(request: OpenRequest) -> HttpResponse:
    """Create a new colleague's account. The next step is two-step verification."""
    if request.method != "POST":
        return goes_on(request, "membership:join")
    form = NewAccountForm(request.POST)
    return passphrase_chosen(
        request,
        form,
        lambda: services.join(
            code=form.cleaned_data["code"],
            user_name=form.cleaned_data["user_name"],
            passphrase=form.cleaned_data["passphrase"],
            language=get_language() or "en",
        ),
        page="membership/join_account.html",
        step="signin:enrol",
    )


@open_while_signing_in
@require_POST
def join_with(request: SigningInRequest) -> HttpResponse:
    """Join another agency with a signed-in account."""
    form = CodeForm(request.POST)
    joined = call_service(
        form,
        lambda: services.join_with(session=request.session_state, code=form.cleaned_data["code"]),
    )
    if joined:
        return saved(request, N_("You've joined. Now choose the agency you want to work for."), "membership:act_for")
    return render(request, "membership/join.html", {"form": form}, status=422)


# Colleagues -------------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def colleagues(request: ActingRequest) -> HttpResponse:
    """List the agency's staff with their roles, and show whether everyone has their keys."""
    actor = request.actor
    people, manage = queries.colleagues(actor=actor), bool(may(actor, INVITE_MEMBER))
    found = lists.colleagues(people, request.GET)
    if wants_file(request.GET):
        return handed_over(request.actor, "colleagues", lists.colleague_file(found.shown))
    codes, total = queries.keys_to_renew(actor=actor)
    context = {
        "found": found,
        "here": sum(one.ended_at is None for one in people),
        "rows": presenters.colleague_rows(found.shown, manage),
        "invitations": presenters.invitation_rows(queries.open_invitations(actor=actor)) if manage else [],
        "keys": presenters.keys_waiting(people),
        "renewal": presenters.renewal(codes, total),
        "renewed": any(version > 1 for version in queries.newest_ring(actor=actor).values()),
        "fingerprint": agencies.own_fingerprint(actor=actor).split(),
        "manage": manage,
        "line": agencies.contact_line(agency=actor.agency),
        "may_write_line": bool(may(actor, SIGN_AGREEMENT)),
    }
    return render(request, "membership/colleagues.html", context)


@signed_in
@require_POST
def give_keys(request: ActingRequest) -> HttpResponse:
    """Give colleagues any missing keys that this session holds and that their roles may use."""
    services.admit_waiting(actor=request.actor)
    return saved(request, N_("Keys given. This page shows anyone who is still waiting."), "membership:colleagues")


@shows_once
@needs(INVITE_MEMBER)
@require_http_methods(["GET", "POST"])
def invite(request: ActingRequest) -> HttpResponse:
    """Invite a colleague with a one-time code that is shown once."""
    choices = role_choices(request.actor.agency_kind)
    form = InviteForm(post_data(request), request=request, action=INVITE_MEMBER, roles=choices)
    code = call_service(
        form,
        lambda: services.invite_member(
            actor=request.actor, name=form.cleaned_data["name"], roles=form.cleaned_data["roles"]
        ),
    )
    if code:
        return code_page(request, code, form.cleaned_data["name"], reverse("membership:colleagues"))
    return render(request, "membership/invite.html", {"form": form}, status=status_of(form))


@needs(INVITE_MEMBER)
@require_http_methods(["GET", "POST"])
def withdraw_invitation(request: ActingRequest, invitation: uuid.UUID) -> HttpResponse:
    """Withdraw an invitation whose code got into the wrong hands."""
    invited = queries.open_invitation(actor=request.actor, invitation=invitation)
    return confirm(
        request,
        INVITE_MEMBER,
        lambda: services.withdraw_invitation(actor=request.actor, invitation=invitation),
        reverse("membership:colleagues"),
        confirmation=N_("Invitation withdrawn. Its code no longer works."),
        heading=_("Withdraw the invitation"),
        happens=[
            _("%(name)s was invited.") % {"name": invited.name},
            _("The one-time code stops working. You can invite this person again at any time."),
        ],
        button=_("Withdraw the invitation"),
        back=reverse("membership:colleagues"),
        back_words=_("Staff"),
    )


@needs(INVITE_MEMBER)
@require_http_methods(["GET", "POST"])
def colleague(request: ActingRequest, membership: uuid.UUID) -> HttpResponse:
    """Change a colleague's roles."""
    actor = request.actor
    one = queries.colleague(actor=actor, membership=membership)
    choices = role_choices(actor.agency_kind)
    form = RolesForm(
        post_data(request), request=request, action=INVITE_MEMBER, roles=choices, initial={"roles": list(one.roles)}
    )
    changed = service_succeeds(
        form,
        lambda: services.change_roles(actor=actor, membership=membership, roles=form.cleaned_data["roles"]),
    )
    if changed:
        return saved(request, N_("Roles saved."), "membership:colleagues")
    context = {"form": form, "one": one, "own": one.id == actor.membership, "roles": roles(one.roles)}
    return render(request, "membership/colleague.html", context, status=status_of(form))


@needs(END_MEMBERSHIP)
@require_http_methods(["GET", "POST"])
def end_membership(request: ActingRequest, membership: uuid.UUID) -> HttpResponse:
    """End a colleague's membership."""
    actor = request.actor
    one = queries.colleague(actor=actor, membership=membership)
    alone = queries.held_alone(actor=actor, membership=membership)
    on_recovery_sheet = set(alone) <= returning.held_on_recovery_sheet(actor=actor)
    return confirm(
        request,
        END_MEMBERSHIP,
        lambda: services.end_membership(actor=actor, membership=membership),
        reverse(place("renew-records")),
        confirmation=N_("Access ended. This colleague is signed out of this agency on every device."),
        heading=_("End access for %(name)s at %(agency)s") % {"name": one.name, "agency": actor.agency_name},
        happens=[
            _("They're signed out of this agency on every device right away, and they lose its keys."),
            _("The keys they had are replaced for everyone who stays."),
            _("Their clients become unassigned until each client is assigned to someone else."),
            _("What they wrote stays in the records, with their name."),
        ],
        warning=presenters.alone_warning(alone, on_recovery_sheet),
        button=_("End access"),
        danger=True,
        back=reverse("membership:colleague", args=[membership]),
        back_words=one.name,
    )


@needs(END_MEMBERSHIP)
@require_http_methods(["GET", "POST"])
def sign_out_colleague(request: ActingRequest, membership: uuid.UUID) -> HttpResponse:
    """Sign a colleague out after a phone or computer was lost."""
    one = queries.colleague(actor=request.actor, membership=membership)
    return confirm(
        request,
        END_MEMBERSHIP,
        lambda: services.sign_out_colleague(actor=request.actor, membership=membership),
        reverse("membership:colleagues"),
        confirmation=N_("Signed out on every device."),
        heading=_("Sign %(name)s out on every device") % {"name": one.name},
        happens=[
            _("Their current sessions at this agency end right away, including on the lost device."),
            _("They can sign in again on another device, with their passphrase and two-step verification."),
        ],
        button=_("Sign out now"),
        back=reverse("membership:colleague", args=[membership]),
        back_words=one.name,
    )
