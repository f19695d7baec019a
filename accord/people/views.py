"""Pages about people: Today, My clients, search, new records, the person page, and access to records."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access import today as day_page
from accord.access.actors import Actor
from accord.access.codes import (
    ASSIGN_PERSON,
    FIND_PERSON,
    GRANT_ACCESS,
    INVITE_MEMBER,
    MEETS_PEOPLE,
    OPEN_RECORD,
    READ_PERSON,
    WRITE_PERSON,
)
from accord.access.forms import CurrentEntry, call_service, edit_current, post_data, service_succeeds, status_of
from accord.access.marks import creates, needs, signed_in
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import goes_on, saved
from accord.accounts import once
from accord.accounts import queries as accounts
from accord.agencies import queries as agencies
from accord.agreements import queries as agreements
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.membership import presenters as staff_words
from accord.membership import queries as membership
from accord.people import list_words, menu, presenters, queries, services, task_words, tasks
from accord.people import team as teams
from accord.people.forms import (
    AgeForm,
    AssignForm,
    BarForm,
    ContactForm,
    FindForm,
    LetInForm,
    NameForm,
    ReassignForm,
)
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.codes import record_number
from accord.signin.presenters import notice_rows
from accord.ui.components import Page, Step
from accord.ui.lists import number_of
from accord.work import queries as work
from accord.work import services as work_services


@signed_in
@require_safe
def today(request: ActingRequest) -> HttpResponse:
    """Show the items that the actor needs to answer and an overview for their role."""
    actor = request.actor
    helps = bool(may(actor, READ_PERSON))
    open_tasks = tasks.my_tasks(actor=actor) if helps or actor.roles & work.roles_with_tasks() else []
    turns, parts = day_page.day_of(actor=actor)
    context = {
        **_just_now(request, open_tasks),
        "todo": task_words.todo(open_tasks, turns, clock.today(actor.zone)),
        "intake": task_words.intake(queries.intake_list(actor=actor)) if may(actor, ASSIGN_PERSON) else [],
        "notices": notice_rows(accounts.notices_for(owner=actor.agency, membership=actor.membership), actor),
        "people": list_words.cards(queries.my_people(actor=actor, size=6)) if helps else [],
        "helps": helps,
        "first_day": _first_day(actor),
        "parts": parts,
        "search": menu.search(actor),
    }
    return render(request, "people/today.html", context)


def _first_day(actor: Actor) -> list[Step]:
    """Return a new agency's checklist until every step is done, for actors who can do the steps."""
    if not (actor.agency_kind in MEETS_PEOPLE and actor.roles & {"officer", "supervisor"}):
        return []
    started = queries.has_people(actor=actor)
    if started and not agencies.is_new(actor=actor):
        return []
    found = membership.first_day(actor=actor, agreed=bool(agreements.permitted_by_partner(actor=actor)))
    steps = staff_words.first_day(found, has_person=started, invites=bool(may(actor, INVITE_MEMBER)))
    return [] if all(step.state == "done" for step in steps) else steps


@signed_in
@require_POST
def finish_task(request: ActingRequest, task: uuid.UUID) -> HttpResponse:
    """Mark a task as done. The next page confirms this and offers to undo it."""
    work_services.finish_task(actor=request.actor, task=task)
    return goes_on(request, f"{reverse('people:today')}?done={task}")


@signed_in
@require_POST
def undo_task(request: ActingRequest, task: uuid.UUID) -> HttpResponse:
    """Reopen a task that was marked as done."""
    work_services.undo_task(actor=request.actor, task=task)
    return goes_on(request, f"{reverse('people:today')}?undone={task}")


@needs(READ_PERSON)
@require_safe
def done_tasks(request: ActingRequest) -> HttpResponse:
    """List tasks that the actor marked as done in the last month."""
    rows = task_words.done_tasks(tasks.my_done_tasks(actor=request.actor))
    return render(request, "people/done.html", {"tasks": rows})


def _just_now(request: ActingRequest, open_tasks: list[tasks.Todo]) -> dict[str, Any]:
    """Return the task that the previous page marked as done or reopened."""
    done, undone = (_id(request.GET.get(name, "")) for name in ("done", "undone"))
    just_done = tasks.my_done_tasks(actor=request.actor, only=done) if done else []
    back = [row for row in open_tasks if row.id == undone]
    return {"just_done": task_words.done_tasks(just_done), "back": task_words.tasks(back)}


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@needs(READ_PERSON)
@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    """List the actor's clients, one page at a time."""
    actor = request.actor
    total, own = sharing.my_people_count(actor=actor)
    asked, head = list_words.mine_head(request.GET, total, own, bool(may(actor, FIND_PERSON)))
    paging = _paging(request, {"": total, "own": own, "shared": total - own}[asked.show], asked.url(page="%d"))
    page = paging.number
    rows = queries.my_people(actor=actor, page=page, whose=asked.show, oldest=asked.sort == "oldest")
    context = {
        "cards": list_words.cards(rows),
        "found": head,
        "total": total,
        "page": paging if paging.pages > 1 else None,
        "oldest": asked.sort == "oldest",
        "may_open": bool(may(actor, OPEN_RECORD)),
    }
    return render(request, "people/mine.html", context)


def _paging(request: ActingRequest, total: int, url: str) -> Page:
    pages = max(1, -(-total // queries.PAGE))
    number = number_of(request.GET, "page") or 1
    return Page(number if number <= pages else 1, pages, url, total)


@needs(FIND_PERSON)
@require_http_methods(["GET", "POST"])
def find(request: ActingRequest) -> HttpResponse:
    """Search by name, to avoid opening a second record for the same person."""
    form = FindForm(request.POST or None)
    found = call_service(form, lambda: queries.search_by_name(actor=request.actor, text=form.cleaned_data["name"]))
    context: dict[str, Any] = {"form": form, "found": None}
    if found:
        context |= list_words.search(found, form.cleaned_data["name"], bool(may(request.actor, GRANT_ACCESS)))
    context["promise"] = presenters.search_promise()
    return render(request, "people/find.html", context)


@creates
@needs(OPEN_RECORD)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Open a record. Only a name is required. If the user just searched for a name, the form is filled in with that
    name from the request body."""
    queries.record_can_be_opened(actor=request.actor)  # checked before the user fills in the form
    prefill = request.POST.get(once.PREFILL)
    data = None if prefill else request.POST or None
    name, age, contact = NameForm(data, initial={"used": prefill or ""}), AgeForm(data), ContactForm(data)
    if data and all([name.is_valid(), age.is_valid(), contact.is_valid()]):
        day = clock.today(request.actor.zone).isoformat()
        known = call_service(
            name,
            lambda: services.open_record(
                actor=request.actor, name=name.payload(), birth=age.payload(), contact=contact.payload(day)
            ),
        )
        if known:
            return saved(request, N_("Record opened."), "people:person", known.ref, kinds=["identity.name"])
    context = {"name": name, "age": age, "contact": contact}
    context["promise"] = presenters.record_promise(request.actor, clock.today(request.actor.zone))
    return render(request, "people/new.html", context, status=status_of(name))


@needs(READ_PERSON)
@require_safe
def person(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Show a person's page with what the actor may see, and who else can see it."""
    page = queries.page(actor=request.actor, ref=ref, kinds=queries.kinds_shown())
    context = presenters.person(request.actor, page)
    context["looked"] = presenters.looked(queries.looked_at(actor=request.actor, page=page))
    context["panels"] = queries.panels(actor=request.actor, page=page)
    context["jumps"] = menu.jumps(context["panels"])
    context["steps"] = menu.next_steps(tasks.next_of(actor=request.actor, page=page), context["jumps"])
    return render(request, "people/person.html", context)


@needs(READ_PERSON)
@require_safe
def why(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Explain why the actor can or can't see each kind. Responds with 404 if the actor may not know that the
    person exists."""
    page = queries.page(actor=request.actor, ref=ref, kinds=["identity.name"])
    context = {**presenters.person_base(request.actor, page), "table": presenters.reasons(page)}
    context["strip"] = replace(context["strip"], why_url="")  # the link would lead to this same page
    return render(request, "people/why.html", context)


Save = Callable[[Any, CurrentEntry], None]
KIND_OF = {"name_item": "identity.name", "birth_item": "identity.birth", "contact_item": "contact.safe"}


def _edit(
    request: ActingRequest, ref: uuid.UUID, form_class: Any, item_name: str, save: Save, confirmation: str
) -> HttpResponse:
    def read() -> CurrentEntry:
        page = queries.page(actor=request.actor, ref=ref, kinds=["identity.name", KIND_OF[item_name]])
        if not page.known.own:
            raise Hidden
        return presenters.edited(page, getattr(page, item_name))

    form, now, done = edit_current(request, form_class, read, save)
    if done:
        return saved(request, confirmation, "people:person", ref, kinds=[KIND_OF[item_name]])
    around = presenters.contact_base if item_name == "contact_item" else presenters.person_base
    context = {**around(request.actor, now.page), "form": form, "what": item_name}
    return render(request, "people/edit.html", context, status=status_of(form))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def edit_name(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Correct a name."""

    def save(form: NameForm, now: CurrentEntry) -> None:
        services.correct(actor=request.actor, ref=ref, payload=form.payload(), before=now.item)

    return _edit(request, ref, NameForm, "name_item", save, N_("Name saved."))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def edit_age(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Correct an age."""

    def save(form: AgeForm, now: CurrentEntry) -> None:
        services.correct(actor=request.actor, ref=ref, payload=form.payload(), before=now.item)

    return _edit(request, ref, AgeForm, "birth_item", save, N_("Age saved."))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def edit_contact(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Update safe contact. The form shows every warning, and the saved entry replaces them all."""
    day = clock.today(request.actor.zone).isoformat()

    def save(form: ContactForm, now: CurrentEntry) -> None:
        before, old = now.page.items.get("contact.safe", ()), now.item
        services.correct_contact(
            actor=request.actor, ref=ref, contact=form.payload(day, old.payload if old else None), before=before
        )

    return _edit(request, ref, ContactForm, "contact_item", save, N_("Safe contact saved."))


@needs(ASSIGN_PERSON)
@require_http_methods(["GET", "POST"])
def reassign(request: ActingRequest) -> HttpResponse:
    """Reassign people whose colleague has left."""
    actor = request.actor
    people = list_words.left_behind(queries.left_behind(actor=actor))
    posted = post_data(request)
    form = ReassignForm(posted, people=people, colleagues=_colleagues(actor))
    done = service_succeeds(form, lambda: services.take_up(actor=actor, **form.cleaned_data))
    if done:
        return saved(request, N_("Assigned. The colleague you chose can now open these records."), "people:reassign")
    return render(request, "people/reassign.html", {"form": form, "people": people}, status=status_of(form))


@needs(ASSIGN_PERSON)
@require_http_methods(["GET", "POST"])
def assign(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Assign a colleague or a connected system to a person."""
    people = _colleagues(request.actor)
    people += [
        (str(system), _("%(name)s (a connected system)") % {"name": name})
        for system, name in membership.machine_names(actor=request.actor).items()
    ]
    form = AssignForm(request.POST or None, colleagues=people)
    done = service_succeeds(
        form, lambda: records.assign(actor=request.actor, ref=ref, membership=form.cleaned_data["membership"])
    )
    if done:
        return saved(request, N_("Assigned. The colleague you chose can now open this record."), "people:today")
    queries.must_know(actor=request.actor, ref=ref)
    return render(request, "people/assign.html", {"form": form, "number": record_number(ref)}, status=status_of(form))


def _colleagues(actor: Actor) -> list[tuple[str, str]]:
    return [(str(c.id), c.name) for c in membership.colleagues(actor=actor) if not c.ended_at]


@needs(GRANT_ACCESS)
@require_safe
def agency_people(request: ActingRequest) -> HttpResponse:
    """List everyone the agency serves and who is assigned to them, for a supervisor."""
    asked, head = list_words.agency_head(request.GET)
    found, total = queries.agency_people(
        actor=request.actor,
        page=number_of(request.GET, "page") or 1,
        nobody=asked.show == "nobody",
        oldest=asked.sort == "oldest",
    )
    paging = _paging(request, total, asked.url(page="%d"))
    context = {
        "rows": list_words.found_rows(found, lets_in=True),
        "found": head,
        "total": total,
        "asked": asked.show,
        "paging": paging if paging.pages > 1 else None,
    }
    return render(request, "people/all.html", context)


@creates
@needs(GRANT_ACCESS)
@require_http_methods(["GET", "POST"])
def team(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Show who works with a person, and give a colleague access with a reason on record."""
    return _team(request, ref, "let_in")


@needs(GRANT_ACCESS)
@require_POST
def bar(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Bar a colleague who is related to the person or has a conflict of interest."""
    return _team(request, ref, "bar")


SAID_OF_TEAM = {
    "let_in": N_("Access granted. The colleague you chose can now open this record."),
    "bar": N_("Access blocked. This record is now hidden from the colleague you chose."),
}


def _team(request: ActingRequest, ref: uuid.UUID, what: str) -> HttpResponse:
    actor = request.actor
    found = teams.team(actor=actor, ref=ref)
    people = _colleagues(actor)
    posted = post_data(request)
    let_in = LetInForm(posted if what == "let_in" else None, request=request, action=GRANT_ACCESS, colleagues=people)
    barring = BarForm(posted if what == "bar" else None, colleagues=people)
    form, call = {
        "let_in": (let_in, lambda: records.grant(actor=actor, ref=ref, **let_in.terms())),
        "bar": (barring, lambda: records.bar(actor=actor, ref=ref, membership=barring.cleaned_data["barred"])),
    }[what]
    if service_succeeds(form, call):
        still_visible = sharing.find_many(actor=actor, refs=[ref])
        return saved(request, SAID_OF_TEAM[what], *(("people:team", ref) if still_visible else ("people:today",)))
    context = {"team": found, "let_in_form": let_in, "bar_form": barring, "let_in": presenters.let_in(found.let_in)}
    return render(request, "people/team.html", context, status=status_of(form))


@needs(GRANT_ACCESS)
@require_POST
def end_assignment(request: ActingRequest, ref: uuid.UUID, assignment: uuid.UUID) -> HttpResponse:
    """End an assignment, an access grant, or a bar."""
    records.end_assignment(actor=request.actor, ref=ref, assignment=assignment)
    return saved(request, N_("Change saved. This page shows who has access now."), "people:team", ref)


@needs(READ_PERSON)
@require_http_methods(["GET", "POST"])
def step_back(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Recuse the actor from working with a person. From then on, the agency's record of this person is hidden from the
    actor."""
    page = queries.page(actor=request.actor, ref=ref, kinds=["identity.name"])
    if not page.known.own:
        raise Hidden
    if request.method == "POST":
        records.bar(actor=request.actor, ref=ref, membership=request.actor.membership)
        return saved(request, N_("This record is now hidden from you."), "people:today")
    return render(request, "people/step_back.html", presenters.person_base(request.actor, page))
