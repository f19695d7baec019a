"""Pages for releases: revocation, the printed form, the person's circle, joined records, and the disclosure history."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.actors import require_fresh_factor
from accord.access.codes import JOIN_RECORDS, PRINT_ACCOUNTING, READ_PERSON, SHARE_PERSON, WITHDRAW_SHARE
from accord.access.confirming import confirm_page
from accord.access.forms import ConfirmForm, CurrentEntry, edit_current, post_data, service_succeeds, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.rules import may, needs_step_up
from accord.access.saying import goes_on, saved
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Hidden, Invalid
from accord.core.text import N_
from accord.law import promises
from accord.people import presenters as people_presenters
from accord.people import queries as people
from accord.releases import presenters, queries, services, suspension
from accord.releases.codes import TEXT_LANGUAGES, Pause
from accord.releases.forms import MemberForm, SameForm, WithdrawForm
from accord.releases.scans import is_signed, scans_in
from accord.releases.scans import words_of as scan_words
from accord.releases.signers import same_name
from accord.releases.workflows import RELEASE, Status
from accord.sharing import queries as sharing
from accord.sharing.queries import Item
from accord.ui.components import Signing
from accord.ui.documents import pdf_answer
from accord.ui.words import language_name


def person_of(request: ActingRequest, ref: uuid.UUID, *kinds: str) -> tuple[people.Page, dict[str, Any]]:
    """Return two things: a page about one of the agency's own clients, with the name and these kinds of information,
    and the context that all pages about a person use. Raises Hidden or Refused."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name", *kinds])
    sharing.own_person(page.known)  # only the owner makes releases; recipients can't share onward (acceptance line 50)
    return page, people_presenters.person_base(request.actor, page)


def recipient_of(item: Item) -> str:
    """Return the name of the agency that receives what a release shares."""
    agency = uuid.UUID(item.payload.recipient)
    return agencies.agency_names({agency})[agency]


def signing_of(request: ActingRequest, item: Item) -> Signing:
    """Return the content to be signed, in the current language, with the sentences that apply to this recipient."""
    return presenters.signing(item.payload, request.actor.agency_name, recipient_of(item), _keeper(request, item))


def _keeper(request: ActingRequest, item: Item) -> promises.Keeper:
    facts = agencies.law_facts(agency=uuid.UUID(item.payload.recipient))
    return promises.keeper(facts, clock.today(request.actor.zone))


@needs(READ_PERSON)
@require_safe
def release(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Show one release and what can be done with it."""
    page, context = person_of(request, ref, "identity.birth")
    _known, items = services.open_releases(actor=request.actor, ref=ref)
    item = services.release_in(items=items, series=series)
    state = queries.states_of(actor=request.actor, page=page, items=[item])[series]
    staff, form_in = translation.get_language() or "en", item.payload.text_language
    shown_in = form_in if "as_signed" in request.GET else staff
    with translation.override(shown_in):
        context |= {
            "signing": signing_of(request, item),
            "said": presenters.checked_statements(item.payload),
            "shown_in": shown_in,
        }
    context |= {
        "item": item,
        "signed_in": presenters.signed_in(item.payload),
        "other_language": "" if form_in == staff else language_name(staff if shown_in == form_in else form_in),
        "moves": RELEASE.actions(Status(item.payload.status)),
        "tag": presenters.tag(state),
        "signed_by": presenters.signed_by(item.payload),
        "reasons": [presenters.adult_reason()]
        if state == "adult_signature_needed" and not item.payload.pauses
        else presenters.reasons(item.payload),
        "restored": state == Status.SUSPENDED and item.payload.status == Status.ACTIVE and not item.payload.pauses,
        "declined_on": item.payload.declined_on,
        "signed_not_finished": bool(item.payload.held),
        # A new signature ends every pause except an unconfirmed revocation, which ends when staff ask the client.
        "sign_again": set(item.payload.pauses) != {Pause.WITHDRAWAL_UNCHECKED.value},
        "facts": presenters.facts(item.payload),
        "scans": [(scan, scan_words(scan)) for scan in scans_in(items, series)],
        "may_scan": is_signed(item.payload) and may(request.actor, SHARE_PERSON),
        "changed": people_presenters.changed(page, [item]),
        "recipient": recipient_of(item),
    }
    return render(request, "releases/release.html", context)


@needs(WITHDRAW_SHARE)
@require_http_methods(["GET", "POST"])
def withdraw(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Revoke a release. The release ends or is paused at once. Nothing else in the record is read, so any colleague can
    do this when the person asks."""
    actor = request.actor
    _known, item = services.find_release(actor=actor, ref=ref, series=series, action=WITHDRAW_SHARE)
    form = WithdrawForm(post_data(request), signed=presenters.speakers(item.payload))
    place: dict[str, Any] = {"actor": actor, "ref": ref, "series": series, "revision": item.revision}
    if request.method == "POST" and service_succeeds(form, lambda: services.withdraw(**place, **form.arguments())):
        return goes_on(request, "releases:stopped", ref, series)
    context = {"form": form, "item": item, "recipient": recipient_of(item), "ref": ref}
    return render(request, "releases/withdraw.html", context, status=status_of(form))


@needs(WITHDRAW_SHARE)
@require_safe
def stopped(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Show what was just stopped or paused, when that happened, and what the partner keeps."""
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series, action=WITHDRAW_SHARE)
    release = item.payload
    if release.status != Status.WITHDRAWN and not release.unchecked_by:
        return goes_on(request, "releases:release", ref, series)
    context = {
        "item": item,
        "ref": ref,
        "recipient": recipient_of(item),
        "for_good": release.status == Status.WITHDRAWN,
        "in_writing": release.ended_how == "oral",
        "may_open": request.actor.trained,
    }
    return render(request, "releases/stopped.html", context)


@needs(SHARE_PERSON)
@require_POST
def not_asked(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Record that the person did not ask to revoke the release."""
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    services.not_asked(actor=request.actor, ref=ref, series=series, revision=item.revision)
    return saved(
        request, N_("Saved. You recorded that this person didn't ask to stop sharing."), "releases:release", ref, series
    )


@needs(SHARE_PERSON)
@require_POST
def go_on(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Resume a release after a restore, once staff have asked the person and the person has not revoked it."""
    services.go_on_after_restore(actor=request.actor, ref=ref, series=series)
    return saved(request, N_("Saved. Sharing continues."), "releases:release", ref, series)


@needs(SHARE_PERSON)
@require_POST
def discard(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Discard a draft that the person does not want."""
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    services.discard(actor=request.actor, ref=ref, series=series, revision=item.revision)
    return saved(request, N_("Draft discarded. Nothing was shared."), "people:person", ref)


@needs(SHARE_PERSON)
@require_safe
def circle(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """List the people in a person's circle who may sign with or for them, and what staff know about them."""
    _page, context = person_of(request, ref)
    _known, members = suspension.circle(actor=request.actor, ref=ref)
    return render(request, "releases/circle.html", {**context, "rows": presenters.circle_rows(ref, members)})


@creates
@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def new_member(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Add someone to the person's circle."""
    return _member(request, ref, None)


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def member(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Edit a family member or other contact, and what staff know about them."""
    return _member(request, ref, series)


def _member(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID | None) -> HttpResponse:
    actor = request.actor
    page, context = person_of(request, ref)

    def read() -> CurrentEntry:
        _known, members = suspension.circle(actor=actor, ref=ref)
        item = next((one for one in members if one.series == series), None)
        if series is not None and item is None:
            raise Hidden
        return people_presenters.newest(page, item)

    def save(form: MemberForm, now: CurrentEntry) -> None:
        _save_member(request, ref, series, form, now)

    form, _now, done = edit_current(request, MemberForm, read, save)
    if done:
        return saved(request, N_("Contact saved."), "releases:circle", ref, kinds=["releases"])
    return render(request, "releases/member.html", {**context, "form": form}, status=status_of(form))


def _save_member(
    request: ActingRequest, ref: uuid.UUID, series: uuid.UUID | None, form: MemberForm, now: CurrentEntry
) -> None:
    place: dict[str, Any] = {"actor": request.actor, "ref": ref}
    chosen = form.chosen() if series is None else None
    if chosen is not None:
        suspension.add_to_member(**place, series=chosen, member=form.member())
        return
    try:
        suspension.record_member(
            **place, member=form.member(), series=series, revision=now.revision, another=form.another()
        )
    except Invalid as error:
        if like := error.data.get("like"):
            exact = any(same_name(each.payload.name, form.cleaned_data["name"]) for each in like)
            form.offer(presenters.around(like), exact=exact)
        raise


@needs(JOIN_RECORDS)
@require_http_methods(["GET", "POST"])
def same(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Find the person's other record, then join the two."""
    actor = request.actor
    _page, context = person_of(request, ref)
    form = SameForm(request.POST or None)
    found, more = [], False
    if request.POST.get("name", "").strip():
        looked = queries.could_be_the_same(actor=actor, ref=ref, name=request.POST["name"])
        found, more = [(str(one.ref), one.name) for one in looked.rows if one.mine], looked.more
        form.offer(found)
    chosen = request.POST.get("other")
    if chosen and service_succeeds(
        form, lambda: suspension.join(actor=actor, ref=ref, other=form.cleaned_data["other"])
    ):
        undo = reverse("releases:part", args=[ref])
        return saved(request, N_("The two records are joined."), "people:person", ref, undo=undo)
    context |= {"form": form, "looked": request.method == "POST", "found": found, "more": more}
    return render(request, "releases/same.html", context, status=status_of(form) if chosen else 200)


@needs(JOIN_RECORDS)
@require_POST
def part(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Separate two records that turned out to be about different people."""
    suspension.part(actor=request.actor, ref=ref)
    return saved(request, N_("The two records are separate again."), "people:person", ref)


@needs(SHARE_PERSON)
@require_safe
def form_pdf(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Return the printed form as a PDF."""
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    content = presenters.form_pdf(
        item.payload,
        recipient_of(item),
        _keeper(request, item),
        queries.statements_needed(actor=request.actor, release=item.payload),
        request.actor.agency_name,
        clock.now(),
    )
    return pdf_answer(content, "form.pdf")


@needs(PRINT_ACCOUNTING)
@require_http_methods(["GET", "POST"])
def accounting(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Show who saw what, when, and on what basis, when the person asks for it. If the last code check was too long ago,
    ask for a code first."""
    form = ConfirmForm(request.POST or None, request=request, action=PRINT_ACCOUNTING)
    if service_succeeds(form, lambda: require_fresh_factor(request.actor, PRINT_ACCOUNTING)):
        return goes_on(request, "releases:accounting", ref)
    if form.is_bound or "step_up_code" in form.fields:
        return _code_first(request, ref, form)
    page, context = person_of(request, ref, "contact.safe")
    lines, names, let_in = queries.accounting(actor=request.actor, ref=ref)
    found = presenters.accounting_list(presenters.accounting_rows(lines, names), request.GET)
    context |= {"table": presenters.accounting_table(found.shown), "found": found}
    context["let_in"] = [row for _assignment, row in people_presenters.let_in(let_in)]
    theirs = page.contact.language if page.contact else ""
    context["prints"] = [
        (code, language_name(code)) for code in sorted(TEXT_LANGUAGES, key=lambda code: code != theirs)
    ]
    return render(request, "releases/accounting.html", context)


def _code_first(request: ActingRequest, ref: uuid.UUID, form: ConfirmForm) -> HttpResponse:
    return confirm_page(
        request,
        form,
        heading=_("Disclosure history"),
        happens=[
            _("You'll see who outside the agency was given access and when they viewed the information."),
            _("The audit log will record that you opened the disclosure history."),
        ],
        button=_("Show disclosure history"),
        back=reverse("people:person", args=[ref]),
        back_words=_("This record"),
    )


@needs(PRINT_ACCOUNTING)
@require_safe
def accounting_pdf(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Return the printed disclosure history as a PDF, in the requested language."""
    if needs_step_up(PRINT_ACCOUNTING, request.actor.factor_at, clock.now()):
        return goes_on(request, "releases:accounting", ref)
    asked = request.GET.get("in", "")
    lang = asked if asked in TEXT_LANGUAGES else translation.get_language() or "en"
    with translation.override(lang):
        lines, names, let_in = queries.accounting(actor=request.actor, ref=ref)
        rows = presenters.accounting_rows(lines, names)
        inside = [row for _assignment, row in people_presenters.let_in(let_in)]
        content = presenters.accounting_pdf(rows, inside, request.actor.agency_name, clock.now(), lang)
    return pdf_answer(content, "accounting.pdf")
