"""The preview of a form: every page can be tried out, and nothing is saved."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accord.access.codes import MANAGE_FORMS
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.core import clock
from accord.formlib import keeping
from accord.formlib.answering import Answers
from accord.formlib.model import Form
from accord.formlib.paging import Page, pages
from accord.formlib.scoring import scores
from accord.formlib.transcript import transcript
from accord.questionnaires import asking, presenters, queries, trying
from accord.questionnaires.queries import VersionCard
from accord.questionnaires.trying import Trial

STATE = "state"


@needs(MANAGE_FORMS)
@require_http_methods(["GET", "POST"])
def try_out(request: ActingRequest, version: uuid.UUID) -> HttpResponse:
    """Try out a version. The answers are in the page and are never saved."""
    card = queries.version(actor=request.actor, version=version)
    form = queries.form_of(actor=request.actor, card=card)
    trial = trying.opened(request.session_state, card, request.POST.get(STATE, "")) if request.POST else None
    answers = _answers(request, form, trial)
    if trial is None:
        page = asking.first_page(answers)
        return _shown(request, card, answers, page) if page else _end(request, card, answers)
    return _next(request, card, answers, pages(form)[trial.page])


def _answers(request: ActingRequest, form: Form, trial: Trial | None) -> Answers:
    zone = ZoneInfo(request.actor.zone)
    if trial is None:
        return Answers(form, clock.now(), zone, asking.preferred(form, request.LANGUAGE_CODE))
    return keeping.restored(form, trial.state, clock.now(), zone, trial.language)


def _next(request: ActingRequest, card: VersionCard, answers: Answers, page: Page) -> HttpResponse:
    """Read the page that was posted, and show the same page again, another page, or the end."""
    go = request.POST.get(asking.GO, asking.STAY)
    given = asking.read(request.POST, request.FILES, answers, page, _not_kept)
    focus = asking.step(answers, go)
    if asking.REDRAW in request.POST:
        return HttpResponse(_fragment(request, card, answers, page, given, focus=focus))
    if go == asking.NEXT and not given.refusals and not given.new:
        after = asking.page_after(answers, page.number)
        return _shown(request, card, answers, after) if after else _end(request, card, answers)
    if go == asking.BACK and not given.refusals:
        before = asking.page_before(answers, page.number)
        return _shown(request, card, answers, before or page)
    if go == asking.STOP:
        return _end(request, card, answers)
    return _shown(request, card, answers, page, given, focus=focus)


def _not_kept(_asked: object, upload: object) -> str:
    if getattr(upload, "fault", ""):
        raise ValidationError(_("This type of file isn't accepted. Choose a PDF, JPEG or PNG file."))
    return "file"  # the upload is dropped


def _fragment(
    request: ActingRequest,
    card: VersionCard,
    answers: Answers,
    page: Page,
    given: asking.Given | None,
    *,
    summary: bool = False,
    focus: str = "",
) -> str:
    trial = Trial(keeping.state(answers), answers.language, page.number)
    return asking.fragment(
        answers,
        page,
        given,
        summary=summary,
        focus=focus,
        stop_words=gettext_lazy("Stop and show the answers"),
        hidden={STATE: trying.sealed(request.session_state, card, trial)},
    )


def _shown(
    request: ActingRequest,
    card: VersionCard,
    answers: Answers,
    page: Page,
    given: asking.Given | None = None,
    focus: str = "",
) -> HttpResponse:
    refused = bool(given and given.refusals)
    context = {
        "card": card,
        "fragment": _fragment(request, card, answers, page, given, summary=refused, focus=focus),
        "files": asking.has_files(page),
    }
    return render(request, "questionnaires/try_out.html", context, status=422 if refused else 200)


def _end(request: ActingRequest, card: VersionCard, answers: Answers) -> HttpResponse:
    parts = presenters.answered(transcript(answers))
    context = {"card": card, "parts": parts, "scores": scores(answers)}
    return render(request, "questionnaires/try_out_end.html", context)
