"""Pages for filling in a form about a person: choosing it, starting it, its pages, and the review at the end."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import WRITE_PERSON
from accord.access.forms import call_service, keep_what_was_written, post_data, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.saying import goes_on, saved
from accord.answers import presenters, queries, services
from accord.answers.codes import Cells
from accord.answers.forms import StartForm
from accord.answers.queries import Sitting
from accord.answers.services import NewerDraft
from accord.core import rooms
from accord.core.errors import Invalid
from accord.core.text import N_
from accord.drafts import queries as drafts
from accord.drafts.codes import KEPT_DAYS
from accord.formlib.paging import Page, asked, missing, pages
from accord.people import presenters as person
from accord.people import queries as people
from accord.questionnaires import asking
from accord.questionnaires import queries as forms
from accord.sharing import queries as sharing

REVISION = "draft_revision"
SAVED = N_("Answers saved. Your colleagues can't see them yet. Continue here or on Today.")


def _page(request: ActingRequest, ref: uuid.UUID, *kinds: str) -> people.Page:
    """Return a page about one of the agency's own people. A recipient is refused."""
    found = people.page(actor=request.actor, ref=ref, kinds=["identity.name", *kinds])
    sharing.own_person(found.known)
    return found


@needs(WRITE_PERSON)
@require_safe
def choose(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """List the forms that can be filled in with this person, and those that the user has begun."""
    about = _page(request, ref)
    begun = [one for one in drafts.drafts_about(actor=request.actor, known=about.known) if ":" in one.form]
    context = {
        **person.person_base(request.actor, about),
        "begun": presenters.unfinished_rows(one for one in begun if about.decisions[one.kind]),
        "rows": presenters.form_rows(about, queries.offered(actor=request.actor, page=about)),
    }
    return render(request, "answers/choose.html", context)


@needs(WRITE_PERSON)
@creates
@require_http_methods(["GET", "POST"])
def start(request: ActingRequest, ref: uuid.UUID, version: uuid.UUID) -> HttpResponse:
    """Show what has to be said before the first question, and begin the form."""
    actor = request.actor
    card = forms.version(actor=actor, version=version)
    preface = rooms.preface(card.kind)
    about = _page(request, ref, *(preface[0].kinds if preface else ()))
    sharing.require_access(actor=actor, known=about.known, action=WRITE_PERSON, kind=card.kind or None)
    language = asking.preferred(forms.form_of(actor=actor, card=card), request.LANGUAGE_CODE)
    form = StartForm(post_data(request), languages=card.languages, initial={"language": language})
    begun = call_service(
        form,
        lambda: services.begin(
            actor=actor,
            ref=ref,
            version=version,
            language=form.cleaned_data.get("language", language),
            post=request.POST,
        ),
    )
    if begun:
        return goes_on(request, "answers:resume", ref, begun)
    context = {
        **person.person_base(actor, about),
        "card": card,
        "form": form,
        "kept_days": KEPT_DAYS,
        "preface": preface[0].template if preface else "",
    }
    if preface:
        context |= preface[1](actor=actor, page=about, card=card)
    context["errors"] = form.errors
    return render(request, "answers/start.html", context, status=status_of(form))


@needs(WRITE_PERSON)
@require_safe
def resume(request: ActingRequest, ref: uuid.UUID, draft: uuid.UUID) -> HttpResponse:
    """Lead to the page of an unfinished form where the user stopped."""
    about = _page(request, ref)
    sitting = queries.sitting(actor=request.actor, known=about.known, draft=draft)
    at = asking.page_after(sitting.answers, sitting.kept.page - 1)
    return goes_on(request, *(_at(sitting, at.number) if at else _review_of(sitting)))


def _at(sitting: Sitting, number: int) -> tuple[Any, ...]:
    return ("answers:page", sitting.known.ref, sitting.draft.id, number + 1)


def _review_of(sitting: Sitting) -> tuple[Any, ...]:
    return ("answers:review", sitting.known.ref, sitting.draft.id)


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def page(request: ActingRequest, ref: uuid.UUID, draft: uuid.UUID, page: int) -> HttpResponse:
    """Show one page of an unfinished form, and save it. Page numbers start at 1."""
    about = _page(request, ref)
    sitting = queries.sitting(actor=request.actor, known=about.known, draft=draft)
    every = pages(sitting.answers.form)
    if request.method == "POST" and 1 <= page <= len(every):
        return _posted(request, about, sitting, every[page - 1])
    at = asking.page_after(sitting.answers, page - 2)
    if at is None:
        return goes_on(request, *_review_of(sitting))
    return _shown(request, about, sitting, at, sitting.draft.revision)


def _posted(request: ActingRequest, about: people.Page, sitting: Sitting, at: Page) -> HttpResponse:
    """Read what was posted from a page, save it, and go where the pressed button leads."""
    answers, go, new = sitting.answers, request.POST.get(asking.GO, asking.STAY), dict[str, Cells]()
    redraws = asking.REDRAW in request.POST
    only_draws = redraws and not go.startswith((asking.ADD, asking.REMOVE, asking.LANGUAGE))

    def keep(item: Any, upload: Any) -> str:
        if only_draws:
            return str(item.value)
        name, cells = services.keep_file(actor=request.actor, sitting=sitting, asked=item, upload=upload)
        new[name] = cells
        return name

    given = asking.read(request.POST, request.FILES, answers, at, keep)
    focus = asking.step(answers, go)
    if only_draws:
        return HttpResponse(_fragment(sitting, at, _seen(request), given, focus=focus))
    stays = given.refusals or (go == asking.NEXT and given.new)
    after = None if stays else _after(sitting, at, go)
    try:
        revision = services.save(
            actor=request.actor, sitting=sitting, page=(after or at).number, seen=_seen(request), new=new
        )
    except NewerDraft:
        return _newer(request, about, sitting, at)
    if redraws:
        return HttpResponse(_fragment(sitting, at, revision, given, focus=focus))
    if not stays and go == asking.STOP:
        return saved(request, SAVED, "people:person", about.known.ref)
    if not stays and go == asking.NEXT and after is None:
        return goes_on(request, *_review_of(sitting))
    if after is not None:
        return goes_on(request, *_at(sitting, after.number))
    keep_what_was_written(request)  # what was accepted stays saved, although the page shows what was not
    return _shown(request, about, sitting, at, revision, given, focus=focus)


def _after(sitting: Sitting, at: Page, go: str) -> Page | None:
    if go == asking.NEXT:
        return asking.page_after(sitting.answers, at.number)
    return asking.page_before(sitting.answers, at.number) if go == asking.BACK else None


def _seen(request: ActingRequest) -> int:
    """Return the revision of the draft that the page showed."""
    typed = request.POST.get(REVISION, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else 0


def _fragment(
    sitting: Sitting, at: Page, revision: int, given: asking.Given | None, *, summary: bool = False, focus: str = ""
) -> str:
    return asking.fragment(
        sitting.answers,
        at,
        given,
        summary=summary,
        focus=focus,
        stop_words=gettext_lazy("Save and stop"),
        hidden={REVISION: str(revision)},
    )


def _shown(
    request: ActingRequest,
    about: people.Page,
    sitting: Sitting,
    at: Page,
    revision: int,
    given: asking.Given | None = None,
    *,
    focus: str = "",
) -> HttpResponse:
    refused = bool(given and given.refusals)
    context = {
        **person.person_base(request.actor, about),
        "sitting": sitting,
        "fragment": _fragment(sitting, at, revision, given, summary=refused, focus=focus),
        "files": asking.has_files(at),
        "kept_days": KEPT_DAYS,
    }
    return render(request, "answers/page.html", context, status=422 if refused else 200)


def _newer(request: ActingRequest, about: people.Page, sitting: Sitting, at: Page) -> HttpResponse:
    """Say that there is a newer version, and show what was entered on this page."""
    lines = presenters.typed_lines(asked(sitting.answers, at), request.POST.getlist(asking.SEEN))
    context = {**person.person_base(request.actor, about), "sitting": sitting, "lines": lines}
    return render(request, "answers/newer.html", context, status=409)


@needs(WRITE_PERSON)
@creates
@require_http_methods(["GET", "POST"])
def review(request: ActingRequest, ref: uuid.UUID, draft: uuid.UUID) -> HttpResponse:
    """Show what is unanswered, and finish the form."""
    about = _page(request, ref)
    sitting = queries.sitting(actor=request.actor, known=about.known, draft=draft)
    status, problem = 200, ""
    if request.method == "POST":
        try:
            series = services.finish(actor=request.actor, sitting=sitting, seen=_seen(request))
        except NewerDraft:
            status, problem = 409, _("You continued this form on another page or device. Review it again.")
        except Invalid as error:
            status, problem = 422, _(error.sentence)
        else:
            words = N_("Correction saved.") if sitting.is_correction else N_("Form finished.")
            return saved(request, words, "answers:answers", ref, series, kinds=[sitting.draft.kind])
    place = reverse("answers:resume", args=[ref, draft])
    wrong, empty = presenters.missing_rows(place, missing(sitting.answers))
    last = asking.page_before(sitting.answers, len(pages(sitting.answers.form)))
    context = {
        **person.person_base(request.actor, about),
        "sitting": sitting,
        "problem": problem,
        "wrong": wrong,
        "empty": empty,
        "revision": sitting.draft.revision,
        "back": reverse("answers:page", args=[ref, draft, last.number + 1]) if last else "",
    }
    return render(request, "answers/review.html", context, status=status)
