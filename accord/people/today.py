"""The parts of Today about people: unassigned people, erasures, legal requests, and the supervisor's team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import ASSIGN_PERSON, ERASE_PERSON, GRANT_ACCESS, READ_AUDIT, READ_LEGAL_REQUESTS, ROLES
from accord.access.rules import may
from accord.access.today import Part, Turn, due_row, today_of
from accord.core.rooms import tasks
from accord.drafts import queries as drafts
from accord.drafts.presenters import draft_row
from accord.people import caseload
from accord.people.queries import names_to_go_on
from accord.sharing import assignments
from accord.sharing.codes import record_number
from accord.ui.components import Link, Row, Tag
from accord.ui.words import day, distance


def lines(actor: Actor) -> Iterator[Turn | Part]:
    """Return the items about people that need an answer and the actor's drafts. A supervisor also gets the team and its
    escalated tasks. A privacy officer who is not a supervisor gets the agency's legal requests instead."""
    yield from _turns(actor)
    yield from _unfinished(actor)
    if may(actor, GRANT_ACCESS):
        pending = caseload.pending(actor=actor)
        yield from (_escalated(task) for task in pending if task.escalated)
        yield _team(actor)
        yield _pending(actor, [task for task in pending if not task.escalated])
    elif may(actor, READ_LEGAL_REQUESTS) and may(actor, ERASE_PERSON):
        rows = list(_requests(actor))
        if rows:
            yield Part(_("Legal requests"), rows)


def _turns(actor: Actor) -> Iterator[Turn]:
    """Return clients left unassigned after a colleague left, and erasures that need a second person."""
    if may(actor, ASSIGN_PERSON):
        left = len(assignments.left_behind(actor=actor))
        if left:
            words = ngettext("%(n)d person is unassigned.", "%(n)d people are unassigned.", left)
            why = _("This happens when a colleague leaves or when a connected system adds a record.")
            yield Turn(words % {"n": left}, reverse("people:reassign"), why, button=_("Assign someone"))
    if may(actor, ERASE_PERSON):
        asked = caseload.erasures_asked(actor=actor)
        if asked.theirs:
            words = ngettext(
                "Confirm or decline %(n)d erasure request", "Confirm or decline %(n)d erasure requests", asked.theirs
            )
            why = _("A colleague asked for this. Nothing is erased until a second person confirms it.")
            yield Turn(words % {"n": asked.theirs}, reverse("people:erasures"), why, since=asked.since)


def _unfinished(actor: Actor) -> Iterator[Part]:
    """Return the forms that the actor saved unfinished, each with the person's name."""
    found = drafts.own_drafts(actor=actor)
    if found:
        names = names_to_go_on(actor=actor, refs={draft.person for draft in found})
        yield Part(_("Unfinished"), [draft_row(draft, names.get(draft.person, "")) for draft in found])


def _team(actor: Actor) -> Part:
    rows = [
        Row(
            one.name,
            detail=" · ".join(_load(one)),
            tag=Tag("urgent", _("%(n)d overdue") % {"n": one.late}) if one.late else None,
        )
        for one in caseload.team(actor=actor)
    ]
    more = Link(_("All clients"), reverse("people:all"))
    return Part(_("Your team"), [*rows, *_counted(actor)], _("No clients are assigned yet."), more)


def _load(one: caseload.Load) -> Iterator[str]:
    yield ngettext("%(n)d client", "%(n)d clients", one.people) % {"n": one.people}
    if one.soon:
        yield ngettext("%(n)d task due within 7 days", "%(n)d tasks due within 7 days", one.soon) % {"n": one.soon}


def _counted(actor: Actor) -> Iterator[Row]:
    found = caseload.counts(actor=actor)
    wait = Tag("wait", _("To check"))
    everyone = reverse("people:all")
    for count, title, detail, url in (
        (
            found.unassigned,
            ngettext("%(n)d record is unassigned", "%(n)d records are unassigned", found.unassigned),
            _("No one is assigned right now."),
            f"{everyone}?show=nobody",
        ),
        (
            found.stale,
            ngettext("Confirm %(n)d safe contact again", "Confirm %(n)d safe contacts again", found.stale),
            _(
                "No safe contact is recorded, or it hasn't been updated for 60 days. The assigned colleague should "
                "ask again."
            ),
            everyone,
        ),
        (
            found.ending,
            ngettext("%(n)d release ends within 7 days", "%(n)d releases end within 7 days", found.ending),
            _("The colleague who got the signature has a task to ask about renewal."),
            everyone,
        ),
        (
            found.granted,
            ngettext(
                "%(n)d access grant, with its reason recorded",
                "%(n)d access grants, with their reasons recorded",
                found.granted,
            ),
            _("This access was given in the last 7 days. Review the reasons on each person's page."),
            reverse("membership:log") if may(actor, READ_AUDIT) else "",
        ),
    ):
        if count:
            yield Row(title % {"n": count}, url, detail, tag=wait)


def _escalated(task: caseload.Pending) -> Turn:
    """Return a colleague's overdue task that needs an answer from the supervisor."""
    row = _of_team(task)
    return Turn(row.title, row.url, row.detail, due=task.due_on)


def _of_team(task: caseload.Pending) -> Row:
    role = _(ROLES[task.role].name) if task.role else ""
    values = {"who": role or task.who or _("a former colleague")}
    if task.person is None:
        return Row(_(tasks()[task.code].words), detail=_("Assigned to %(names)s") % {"names": values["who"]})
    values["number"] = record_number(task.person)
    detail = _("Record %(number)s · assigned to %(who)s") % values
    return Row(_(tasks()[task.code].words), reverse("people:team", args=[task.person]), detail)


def _pending(actor: Actor, pending: Sequence[caseload.Pending]) -> Part:
    today = today_of(actor)
    rows = [due_row(_of_team(task), task.due_on, today) for task in pending]
    return Part(
        _("The team's tasks"), [*_requests(actor), *rows], _("None of the team's tasks are late or due within 7 days.")
    )


def _requests(actor: Actor) -> Iterator[Row]:
    open_ones, due, first = caseload.legal_requests(actor=actor)
    if open_ones and due:
        words: Any = ngettext("%(n)d legal request is open", "%(n)d legal requests are open", open_ones)
        late = due < today_of(actor)
        response = _("First response due %(day)s, %(distance)s") % {
            "day": day(due),
            "distance": distance(due, today_of(actor)),
        }
        who = _("The colleague who recorded the request should respond together with your attorney.")
        url = reverse("people:team", args=[first]) if may(actor, GRANT_ACCESS) else ""
        yield Row(words % {"n": open_ones}, url, who, tag=Tag("urgent", _("Overdue")) if late else None, turn=response)
