"""Signing pages: staff prepare, the person reads and signs on the device or on paper, and staff finish."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accord.access.codes import SHARE_PERSON
from accord.access.forms import ConfirmForm, post_data, service_succeeds, status_of
from accord.access.marks import in_their_hands, needs, open_while_signing_in
from accord.access.requests import ActingRequest, SigningInRequest
from accord.access.rules import may
from accord.access.saying import goes_on, saved
from accord.accounts import passkeys
from accord.accounts import services as accounts
from accord.accounts.passkeys import Site
from accord.audit import queries as audit
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.core.text import N_
from accord.law.packs import Signers
from accord.membership import queries as membership
from accord.people import queries as people
from accord.releases import handing, presenters, queries, services, suspension
from accord.releases.codes import Problem
from accord.releases.signing_forms import ASKED_AT, PaperForm, PreparationForm, TheirForm, who
from accord.releases.views import person_of, recipient_of, signing_of
from accord.releases.workflows import Status
from accord.sharing.queries import Item
from accord.signin.forms import CodeForm
from accord.ui import hands


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def sign(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Record what staff enter before signing, then hand the device over or go to the printed form."""
    page, context, item = _to_sign(request, ref, series)
    if item is None:
        return goes_on(request, "releases:release", ref, series)
    if item.payload.held:
        return goes_on(request, "releases:finish", ref, series)
    form = _preparation(request, page, item)
    if request.method == "POST" and service_succeeds(form, lambda: _prepare(request, page, item, form)):
        if request.POST.get("how") == "paper":
            return saved(request, N_("Saved. Nothing is shared yet."), "releases:on_paper", ref, series)
        return hand_over(request, ref, series)
    context |= {"form": form, "again": item.payload.status != Status.DRAFT}
    context["alone"] = presenters.alone(queries.alone(actor=request.actor, age=_age(request, page)))
    if not form.is_bound:
        before = handing.Prepared(witness=request.actor.name)
        context["needs"] = presenters.problems(
            one for one in _in_the_way(request, page, item, before, None) if one.code not in ASKED_AT
        )
    return render(request, "releases/sign.html", context, status=status_of(form))


def _to_sign(
    request: ActingRequest, ref: uuid.UUID, series: uuid.UUID
) -> tuple[people.Page, dict[str, Any], Item | None]:
    """Return the person page, the context, and the release if it can be signed."""
    page, context = person_of(request, ref, "identity.birth", "releases")
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    context |= {"item": item, "recipient": recipient_of(item), "series": series}
    context["signing"] = signing_of(request, item)
    return page, context, item if handing.may_be_signed(item.payload) else None


def _age(request: ActingRequest, page: people.Page) -> int | None:
    return queries.age_to_sign(actor=request.actor, page=page)


def _need(request: ActingRequest, page: people.Page, item: Item) -> Signers | None:
    if item.payload.status != Status.DRAFT:
        return None  # after a pause, only the person signs again
    need = queries.who_signs(actor=request.actor, release=item.payload, age=_age(request, page))
    return None if isinstance(need, Problem) else need


def _preparation(request: ActingRequest, page: people.Page, item: Item) -> PreparationForm:
    first = item.payload.status == Status.DRAFT
    return PreparationForm(
        post_data(request),
        need=_need(request, page, item),
        around=presenters.around(suspension.circle_of(page.items.get("releases", ()))) if first else [],
        age_known=_age(request, page) is not None or bool(item.payload.adult) or not first,
        majority=queries.majority(actor=request.actor),
        languages=item.payload.person_languages,
        check=lambda prepared, years: _in_the_way(request, page, item, prepared, years),
        initial={
            **vars(item.payload),
            "witness": request.actor.name,
            "second": item.payload.signs_too,
            "adult": item.payload.adult,
        },
    )


def _in_the_way(
    request: ActingRequest, page: people.Page, item: Item, prepared: handing.Prepared, years: int | None
) -> list[Problem]:
    age = _age(request, page) if years is None else years
    place: dict[str, Any] = {"actor": request.actor, "ref": page.known.ref, "series": item.series}
    return handing.expected(**place, prepared=prepared, age=age)


def _prepare(request: ActingRequest, page: people.Page, item: Item, form: PreparationForm) -> None:
    years = form.cleaned_data.get("years")
    place: dict[str, Any] = {"actor": request.actor, "ref": page.known.ref}
    handing.record_age(**place, years=years, before=page.birth_item)
    handing.prepare(
        **place,
        series=item.series,
        revision=item.revision,
        prepared=form.prepared(),
        age=_age(request, page) if years is None else years,
    )


def hand_over(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Lock the device to the person's signing page and show that page."""
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    path = reverse("releases:theirs", args=[ref, series, item.payload.text_language])
    handing.hand_over(actor=request.actor, state=request.session_state, item=item, path=path)
    return goes_on(request, path)


# In the person's hands --------------------------------------------------------------------------------------------


@in_their_hands(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def theirs(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID, language: str) -> HttpResponse:
    """Show the person what will be shared, with which agency, and for how long, in their language and in large type.
    The person signs or declines."""
    page, context, item = _to_sign(request, ref, series)
    if item is None or item.payload.text_language != language:
        raise Hidden
    form = _their_form(request, page, item)
    if request.session_state.handed is None:
        return _brought_later(request, page, item, form)
    if handing.is_done(item.payload):
        return _thanks(request, item)
    if request.method == "POST" and _given(request, page, item, form):
        return goes_on(request, request.path)
    return render(request, "releases/theirs.html", {**context, "form": form}, status=status_of(form))


def _thanks(request: ActingRequest, item: Item) -> HttpResponse:
    """Thank the signers and ask for the device back. Below that, show the code field for staff in their own
    language."""
    place = request.resolver_match.kwargs
    form = _code_form(request, place["ref"], item.series, place["language"]) if request.method == "GET" else None
    context = {"form": form, "shown": _shown_code(request), "signed": bool(item.payload.held)}
    return hands.give_back(request, reverse("releases:back", kwargs=place), **context)


def _their_form(request: ActingRequest, page: people.Page, item: Item) -> TheirForm:
    person_signs, _with_someone = who(_need(request, page, item))
    signers = {"signature": True} if person_signs else {}
    circle = suspension.circle_of(page.items.get("releases", ()))
    around = next((one.payload.name for one in circle if str(one.series) == item.payload.signs_too), "")
    form = TheirForm(
        post_data(request),
        needed=queries.statements_needed(actor=request.actor, release=item.payload)
        if item.payload.status == Status.DRAFT
        else frozenset(),
        version=item.payload.version,
        signers=signers | ({"second": True} if around else {}),
    )
    form.second_signer = around
    return form


def _given(request: ActingRequest, page: people.Page, item: Item, form: TheirForm) -> bool:
    place: dict[str, Any] = {"actor": request.actor, "ref": page.known.ref, "series": item.series}
    if request.POST.get("choice") == "no":
        handing.decline(**place)
        return True
    return service_succeeds(form, lambda: handing.keep_signed(**place, signed_form=form.signed_form(page.name)))


def _brought_later(request: ActingRequest, page: people.Page, item: Item, form: TheirForm) -> HttpResponse:
    """Let staff save a signature that was sent after the session ended, once they have signed in again."""
    place = (page.known.ref, item.series)
    if "kept" not in request.GET or handing.is_done(item.payload):
        return goes_on(request, "releases:sign", *place)
    if request.method == "POST" and _given(request, page, item, form):
        return saved(request, N_("The response is saved with the release."), "releases:sign", *place)
    before = request.typed_before or request.POST
    fields = [(name, value) for name, values in before.lists() for value in values if name != "csrfmiddlewaretoken"]
    context = {"fields": fields, "form": form, "recipient": recipient_of(item), "said_no": before.get("choice") == "no"}
    return render(request, "releases/brought_later.html", context, status=status_of(form))


@open_while_signing_in
@require_http_methods(["GET", "POST"])
def back(request: SigningInRequest, ref: uuid.UUID, series: uuid.UUID, language: str) -> HttpResponse:
    """Ask staff for their code and unlock the device. A second button also shares what was signed right away."""
    state = request.session_state
    if state.handed is None:
        return goes_on(request, "releases:sign", ref, series)
    form = _code_form(request, ref, series, language)
    if request.method == "POST" and service_succeeds(form, lambda: _taken_back(request, form)):
        shared = request.POST.get("then") == "share" and _shared_at_once(request, ref, series)
        if shared:
            return _signed(request, ref, shared)
        return goes_on(request, "releases:sign", ref, series)
    context = {"form": form, "page_url": state.handed.path, "shown": _shown_code(request)}
    return render(request, "releases/back.html", context, status=status_of(form))


def _code_form(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID, language: str) -> CodeForm:
    form = CodeForm(post_data(request), passkey="get" if passkeys.of_account(state=request.session_state) else "")
    form.fields["code"].widget.url = reverse("releases:back_passkey", args=[ref, series, language])
    return form


def _shown_code(request: ActingRequest) -> str:
    # In the demo, this shows the next code, which is accepted too, because the current code may have just been used.
    return accounts.current_code(state=request.session_state, ahead=30)


def _taken_back(request: ActingRequest, form: CodeForm) -> None:
    state = request.session_state
    accounts.check_factor(state=state, site=Site.of(request), **form.cleaned_data)
    handing.take_back(actor=request.actor, state=state)


def _shared_at_once(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> Item | None:
    """Share what was signed, using the code that was just checked, and return the release. Return None if something
    prevents this. In that case, staff still get the device back, nothing from this attempt is saved, and the next page
    tells only staff what is missing."""
    actor, before = membership.actor_of(request.session_state, request.trail), len(request.trail.events)
    if not actor.trained or not may(actor, SHARE_PERSON):
        return None
    try:
        with transaction.atomic():
            page = people.page(actor=actor, ref=ref, kinds=["identity.birth"])
            _known, item = services.find_release(actor=actor, ref=ref, series=series)
            place: dict[str, Any] = {"actor": actor, "ref": ref, "series": series, "revision": item.revision}
            handing.finish(**place, age=queries.age_to_sign(actor=actor, page=page), birth=page.birth)
    except (Invalid, Conflict, Refused, Hidden):
        read = [event for event in request.trail.events[before:] if audit.is_reading(event["action"])]
        request.trail.events[before:] = read  # reads stay in the log, and writes are undone
        return None
    return item


@open_while_signing_in
@require_POST
def back_passkey(request: SigningInRequest, ref: uuid.UUID, series: uuid.UUID, language: str) -> HttpResponse:
    """Return the data that the browser needs to request a passkey instead of a code."""
    if request.session_state.handed is None:
        raise Hidden
    return JsonResponse(passkeys.ask(state=request.session_state, site=Site.of(request)))


SIGNED = N_(
    "Release signed. %(partner)s can see what is listed in the release, from the first day through the last day."
)


def _signed(request: ActingRequest, ref: uuid.UUID, item: Item) -> HttpResponse:
    """Confirm the signature and name the agency that can see what is shared. After a pause, go to the release's page,
    which shows whether sharing has resumed."""
    if _first(item):
        return saved(request, SIGNED, "people:person", ref, partner=item.payload.recipient)
    return saved(request, N_("New signature saved."), "releases:release", ref, item.series)


# Afterward -------------------------------------------------------------------------------------------------------


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def on_paper(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Record what was checked on the printed form and who signed it."""
    page, context, item = _to_sign(request, ref, series)
    if item is None or item.payload.held:
        return goes_on(request, "releases:sign", ref, series)
    person_signs, _with_someone = who(_need(request, page, item))
    first = item.payload.status == Status.DRAFT
    needed = queries.statements_needed(actor=request.actor, release=item.payload) if first else frozenset()
    form = PaperForm(post_data(request), needed=needed, person_signs=person_signs, initial={"name": page.name})
    if request.method == "POST" and service_succeeds(form, lambda: _signed_on_paper(request, ref, item, form)):
        return saved(request, N_("Saved. Nothing is shared yet."), "releases:finish", ref, series)
    return render(request, "releases/on_paper.html", {**context, "form": form}, status=status_of(form))


def _signed_on_paper(request: ActingRequest, ref: uuid.UUID, item: Item, form: PaperForm) -> None:
    signed_form = form.signed_form(bool(item.payload.signs_too))
    handing.keep_signed(actor=request.actor, ref=ref, series=item.series, signed_form=signed_form)


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def finish(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Show staff what is still missing, or share what was signed."""
    page, context, item = _to_sign(request, ref, series)
    if item is None or not item.payload.held:
        return goes_on(request, "releases:release", ref, series)
    form = ConfirmForm(post_data(request), request=request, action=SHARE_PERSON)
    if form.is_bound and service_succeeds(form, lambda: _finish(request, page, item)):
        return _signed(request, ref, item)
    signing = services.open_signing(actor=request.actor, ref=ref, series=series)
    missing = (
        handing.problems_now(actor=request.actor, signing=signing, age=_age(request, page)) if _first(item) else []
    )
    context |= {"form": form, "missing": presenters.problems(missing), "marks": presenters.marks(item.payload)}
    return render(request, "releases/finish.html", context, status=status_of(form))


@needs(SHARE_PERSON)
@require_POST
def sign_anew(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Discard the signatures so that the release can be signed again. The old signatures stay in the
    record's history."""
    handing.sign_anew(actor=request.actor, ref=ref, series=series)
    return saved(request, N_("The earlier signature won't be used."), "releases:sign", ref, series)


def _first(item: Item) -> bool:
    return item.payload.status == Status.DRAFT


def _finish(request: ActingRequest, page: people.Page, item: Item) -> None:
    handing.finish(
        actor=request.actor,
        ref=page.known.ref,
        series=item.series,
        revision=item.revision,
        age=_age(request, page),
        birth=page.birth,
    )
