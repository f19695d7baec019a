"""Pages for finished forms: the answers as they were asked, their revisions, corrections, files, and exports."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accord.access.codes import READ_PERSON, WRITE_PERSON
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.saying import goes_on
from accord.answers import presenters, queries, services
from accord.core.errors import Hidden
from accord.files import queries as files
from accord.people import presenters as person
from accord.people.queries import Page
from accord.sharing.queries import Item


@needs(READ_PERSON)
@require_safe
def answers(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID) -> HttpResponse:
    """Show finished answers as they were asked."""
    about, item = queries.finished(actor=request.actor, ref=ref, series=answers)
    return _shown(request, about, item, reverse("answers:answers", args=[ref, answers]))


def _shown(request: ActingRequest, about: Page, item: Item, url: str, old: bool = False) -> HttpResponse:
    own = about.known.own
    language = presenters.language_of(item, request.GET.get("language", ""), request.LANGUAGE_CODE)
    at = reverse("answers:answers", args=[about.known.ref, item.series])
    context = {
        **person.person_base(request.actor, about),
        "item": item,
        "title": presenters.title_of(item.payload),
        "facts": presenters.facts(item),
        "said": [(words, said) for _code, words, said in item.payload.facts],
        "scores": presenters.scores_of(item.payload, language),
        "lines": presenters.as_asked(about, item, language, f"{at}files/" if own and not old else ""),
        "language": presenters.language_code(language),
        "languages": presenters.language_links(item, language, url),
        "at": at,
        "old": old,
        "changed": person.changed(about, [item]),
        "may_correct": own and not old,
    }
    return render(request, "answers/answers.html", context)


@needs(READ_PERSON)
@require_safe
def history(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID) -> HttpResponse:
    """List the revisions of finished answers: when each was saved, and who saved it."""
    about, item = queries.finished(actor=request.actor, ref=ref, series=answers)
    found = queries.revisions(actor=request.actor, known=about.known, item=item)
    context = {
        **person.person_base(request.actor, about),
        "title": presenters.title_of(item.payload),
        "at": reverse("answers:answers", args=[ref, answers]),
        "rows": presenters.revision_rows(request.actor, about, found),
    }
    return render(request, "answers/history.html", context)


@needs(READ_PERSON)
@require_safe
def old(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID, revision: int) -> HttpResponse:
    """Show an earlier revision of finished answers."""
    about, item = queries.finished(actor=request.actor, ref=ref, series=answers)
    for one in queries.revisions(actor=request.actor, known=about.known, item=item):
        if one.revision == revision:
            return _shown(request, about, one, request.path, old=True)
    raise Hidden


@needs(WRITE_PERSON)
@creates
@require_POST
def correct(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID) -> HttpResponse:
    """Begin to correct finished answers. Nothing changes until the correction is finished."""
    draft = services.correct(actor=request.actor, ref=ref, series=answers)
    return goes_on(request, "answers:resume", ref, draft)


@needs(READ_PERSON)
@require_safe
def csv(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID) -> HttpResponse:
    """Download finished answers as a CSV file."""
    return _export(request, ref, answers, "csv")


@needs(READ_PERSON)
@require_safe
def xlsx(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID) -> HttpResponse:
    """Download finished answers as a workbook."""
    return _export(request, ref, answers, "xlsx")


@needs(READ_PERSON)
@require_safe
def xml(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID) -> HttpResponse:
    """Download finished answers as the instance of an XForm."""
    return _export(request, ref, answers, "xml")


def _export(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID, ending: str) -> HttpResponse:
    """Return a file with a neutral name, which identifies no one."""
    content, media = services.export(actor=request.actor, ref=ref, series=answers, ending=ending)
    headers = {"Content-Disposition": f'attachment; filename="{_("answers")}.{ending}"'}
    return HttpResponse(content, content_type=media, headers=headers)


@needs(READ_PERSON)
@require_safe
def file(request: ActingRequest, ref: uuid.UUID, answers: uuid.UUID, name: str) -> HttpResponseBase:
    """Download a file that answers a question. Its file name identifies no one."""
    opened = services.open_file(actor=request.actor, ref=ref, series=answers, name=name)
    return files.answer(opened=opened, name=_("answer"))
