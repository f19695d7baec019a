"""Pages for an agency's forms: the list, a form with its versions, uploading, publishing, and retiring."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.codes import MANAGE_FORMS, MEETS_PEOPLE
from accord.access.confirming import confirm
from accord.access.forms import call_service, post_data, service_succeeds, status_of
from accord.access.marks import creates, needs, takes_open_file
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.membership import queries as membership
from accord.questionnaires import presenters, queries, services
from accord.questionnaires.codes import SHIPPED, TOOL_RESULT
from accord.questionnaires.forms import AttachForm, PublishForm, WorkbookForm
from accord.questionnaires.workflows import VERSION, VersionAction

LOADED = N_("Form uploaded. Staff can't use this version until you publish it.")


@needs(MANAGE_FORMS)
@require_safe
def forms(request: ActingRequest) -> HttpResponse:
    """List the agency's forms."""
    cards = queries.forms(actor=request.actor)
    context = {
        "rows": presenters.rows([card for card in cards if card.retired_at is None]),
        "retired": presenters.rows([card for card in cards if card.retired_at is not None]),
        "may_add": request.actor.agency_kind in MEETS_PEOPLE,
    }
    return render(request, "questionnaires/forms.html", context)


@needs(MANAGE_FORMS)
@require_safe
def tools(request: ActingRequest) -> HttpResponse:
    """List the known screening tools, what their licenses allow, and which ones the agency has loaded."""
    cards = queries.forms(actor=request.actor)
    context = {
        "tools": presenters.tool_rows(cards),
        "code": TOOL_RESULT,
        "may_add": request.actor.agency_kind in MEETS_PEOPLE,
    }
    return render(request, "questionnaires/tools.html", context)


@needs(MANAGE_FORMS)
@takes_open_file
@creates
@require_http_methods(["GET", "POST"])
def add(request: ActingRequest) -> HttpResponse:
    """Upload a form, or choose one that comes with Accord."""
    form = WorkbookForm(post_data(request), request.FILES or None)
    made = call_service(
        form,
        lambda: services.add(
            actor=request.actor,
            name=form.cleaned_data["workbook"].name,
            content=form.cleaned_data["workbook"].content,
        ),
    )
    if made:
        return saved(request, LOADED, "questionnaires:version", made)
    context = {"form": form, "shipped": [(code, _(one.title)) for code, one in SHIPPED.items()]}
    return render(request, "questionnaires/add.html", context, status=status_of(form))


@needs(MANAGE_FORMS)
@creates
@require_POST
def add_shipped(request: ActingRequest) -> HttpResponse:
    """Add one of the forms that come with Accord."""
    made = services.add_shipped(actor=request.actor, code=request.POST.get("code", ""))
    return saved(request, N_("Form added. Try it out, then publish it."), "questionnaires:version", made)


@needs(MANAGE_FORMS)
@require_safe
def form(request: ActingRequest, questionnaire: uuid.UUID) -> HttpResponse:
    """Show a form with its versions."""
    card = queries.form(actor=request.actor, questionnaire=questionnaire)
    context = {
        "card": card,
        "kind": presenters.kind_name(card.kind),
        "versions": presenters.version_table(card),
        "is_open": card.retired_at is None,
    }
    return render(request, "questionnaires/form.html", context)


@needs(MANAGE_FORMS)
@takes_open_file
@creates
@require_http_methods(["GET", "POST"])
def load_again(request: ActingRequest, questionnaire: uuid.UUID) -> HttpResponse:
    """Upload the next version of a form, or the corrected spreadsheet of its draft."""
    card = queries.form(actor=request.actor, questionnaire=questionnaire)
    form = WorkbookForm(post_data(request), request.FILES or None)
    made = call_service(
        form,
        lambda: services.load_again(
            actor=request.actor,
            questionnaire=questionnaire,
            name=form.cleaned_data["workbook"].name,
            content=form.cleaned_data["workbook"].content,
        ),
    )
    if made:
        return saved(request, LOADED, "questionnaires:version", made)
    return render(request, "questionnaires/load_again.html", {"form": form, "card": card}, status=status_of(form))


@needs(MANAGE_FORMS)
@require_http_methods(["GET", "POST"])
def retire(request: ActingRequest, questionnaire: uuid.UUID) -> HttpResponse:
    """Retire a form."""
    card = queries.form(actor=request.actor, questionnaire=questionnaire)
    back = reverse("questionnaires:form", args=[questionnaire])
    return confirm(
        request,
        MANAGE_FORMS,
        lambda: services.retire(actor=request.actor, questionnaire=questionnaire),
        back,
        confirmation=N_("Form retired."),
        heading=_("Retire “%(title)s”") % {"title": card.title},
        happens=[
            _("Your staff can't start this form anymore."),
            _("Staff can still finish answers that they have already started."),
            _("Finished answers stay in the records, with the questions that were asked."),
        ],
        button=_("Retire this form"),
        danger=True,
        back=back,
        back_words=card.title,
    )


@needs(MANAGE_FORMS)
@require_safe
def version(request: ActingRequest, version: uuid.UUID) -> HttpResponse:
    """Show a version: its facts, its problems and warnings, and what can be done with it."""
    card = queries.version(actor=request.actor, version=version)
    names = membership.colleague_names(actor=request.actor)
    context = {
        "card": card,
        "tag": presenters.state_tag(card),
        "facts": presenters.facts(card, names),
        "is_draft": VERSION.allows(card.state, VersionAction.LOAD),
        "may_publish": VERSION.allows(card.state, VersionAction.PUBLISH) and not card.problems,
        "problems": presenters.problem_table(_("Problems"), card.problems) if card.problems else None,
        "warnings": presenters.problem_table(_("Warnings"), card.warnings) if card.warnings else None,
    }
    return render(request, "questionnaires/version.html", context)


@needs(MANAGE_FORMS)
@takes_open_file
@creates
@require_http_methods(["GET", "POST"])
def attach(request: ActingRequest, version: uuid.UUID) -> HttpResponse:
    """Upload the next file that a draft still needs."""
    card = queries.version(actor=request.actor, version=version)
    if not card.missing:
        raise Hidden
    wanted = card.missing[0]
    form = AttachForm(post_data(request), request.FILES or None, wanted=wanted)
    if service_succeeds(
        form,
        lambda: services.attach(
            actor=request.actor, card=card, wanted=wanted, content=form.cleaned_data["attached"].content
        ),
    ):
        return saved(request, N_("File added."), "questionnaires:version", version)
    return render(request, "questionnaires/attach.html", {"form": form, "card": card}, status=status_of(form))


@needs(MANAGE_FORMS)
@require_http_methods(["GET", "POST"])
def publish(request: ActingRequest, version: uuid.UUID) -> HttpResponse:
    """Publish a version, and choose the kind of information that the answers belong to."""
    card = queries.version(actor=request.actor, version=version)
    offered = queries.kinds_to_publish(actor=request.actor, card=card)
    preset = SHIPPED[card.source].kind if card.source in SHIPPED else ""
    preset = "screening" if card.source == TOOL_RESULT else preset
    form = PublishForm(post_data(request), kinds=offered, initial={"kind": card.kind or preset})
    if service_succeeds(form, lambda: services.publish(actor=request.actor, card=card, **form.cleaned_data)):
        return saved(
            request, N_("Form published. Your staff can use it now."), "questionnaires:form", card.questionnaire
        )
    return render(request, "questionnaires/publish.html", {"form": form, "card": card}, status=status_of(form))


@needs(MANAGE_FORMS)
@require_safe
def workbook(request: ActingRequest, version: uuid.UUID) -> HttpResponse:
    """Download the spreadsheet of a version."""
    name, content = queries.download(actor=request.actor, card=queries.version(actor=request.actor, version=version))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


@needs(MANAGE_FORMS)
@require_http_methods(["GET", "POST"])
def discard(request: ActingRequest, version: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    card = queries.version(actor=request.actor, version=version)
    return confirm(
        request,
        MANAGE_FORMS,
        lambda: services.discard(actor=request.actor, card=card),
        reverse("questionnaires:forms"),
        confirmation=N_("Draft deleted."),
        heading=_("Delete the draft of “%(title)s”") % {"title": card.title},
        happens=[_("The spreadsheet is deleted. Published versions stay.")],
        button=_("Delete the draft"),
        danger=True,
        back=reverse("questionnaires:version", args=[version]),
        back_words=card.title,
    )
