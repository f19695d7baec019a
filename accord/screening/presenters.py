"""Turn screens, determinations, and steps into rows and text. This module loads no data and makes no decisions."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import SYSTEMS
from accord.law.codes import Form
from accord.law.elements import Indicated
from accord.law.packs import Definition, Rule, builtin
from accord.people.queries import Page
from accord.screening.codes import (
    BASES,
    CLOSINGS,
    ELEMENTS,
    FORMS,
    INDICATED,
    OUTCOMES,
    RESULTS,
    STEPS,
    TOOLS,
    Determination,
    ScreeningStep,
    ScreenResult,
)
from accord.sharing.queries import Item
from accord.ui.components import Column, Row, Table, Tag
from accord.ui.words import day, moment

_STATE = {Indicated.YES: "wait", Indicated.ATTEMPT: "wait", Indicated.CANNOT_TELL: "plain", Indicated.NO: "plain"}


def of_type(page: Page, entry_type: str) -> list[Item]:
    """Return the screening entries of one type, newest first."""
    items = [item for item in page.items.get("screening", ()) if item.type == entry_type]
    return sorted(items, key=lambda item: item.at, reverse=True)


def base(actor: Actor) -> dict[str, Any]:
    """Return the note that a systems-based agency sees on every page where it records something about a screening
    (acceptance line 48)."""
    note = _("What you record here may be disclosed to the defense.") if actor.agency_kind == SYSTEMS else ""
    return {"note": note}


def determinations(page: Page) -> list[Row]:
    """List determinations, newest first, each with who made it, when, and on what basis."""
    return [_determination(item.payload) for item in of_type(page, Determination.code)]


def _determination(one: Determination) -> Row:
    return Row(
        title=_(OUTCOMES[one.outcome]),
        detail=_("%(basis)s · determined by %(who)s") % {"basis": _(BASES[one.basis]), "who": one.by},
        quote=one.note,
        aside=day(date.fromisoformat(one.day)) if one.day else "",
    )


def screens(page: Page) -> list[Row]:
    """List screens, newest first."""
    return [_screen(page, item.payload) for item in of_type(page, ScreenResult.code)]


def _screen(page: Page, one: ScreenResult) -> Row:
    return Row(
        title=one.title or _(TOOLS[one.tool]),
        url=_answers_url(page, one),
        detail=_(RESULTS[one.result]),
        aside=day(date.fromisoformat(one.day)) if one.day else "",
    )


def _answers_url(page: Page, one: ScreenResult) -> str:
    """Return the address of the answers to a form in Accord. Returns '' if a partner sealed something else there."""
    try:
        return reverse("answers:answers", args=[page.known.ref, uuid.UUID(one.answers)]) if one.answers else ""
    except ValueError:
        return ""


def tables(page: Page) -> list[Table]:
    """Return, for each screen with computed results, a table of what the answers indicate under each rule."""
    return [_table(item.payload) for item in of_type(page, ScreenResult.code) if item.payload.found]


def _table(one: ScreenResult) -> Table:
    rules = {rule.id: rule for pack in builtin() for rule in pack.rules}
    labels = (_("Law"), _("Form of trafficking"), _("What the answers indicate"), _("Still missing"))
    caption = _("%(tool)s, %(day)s") % {
        "tool": one.title or _(TOOLS[one.tool]),
        "day": day(date.fromisoformat(one.day)) if one.day else "",
    }
    rows = [_line(rules.get(rule), result, missing) for rule, result, missing in one.found]
    notes = [_("Accord calculated this from the answers. It isn't a finding, and help doesn't depend on it.")]
    if one.crossed == "yes":
        notes.append(
            _(
                "Someone helped this person cross a border. That alone may be smuggling, but it isn't trafficking. "
                "Trafficking doesn't require crossing a border."
            )
        )
    return Table(caption, tuple(Column(label) for label in labels), rows, notes=tuple(notes))


def _line(rule: Rule | None, result: str, missing: str) -> tuple[Any, ...]:
    form = rule.effect.form if rule and isinstance(rule.effect, Definition) else Form.ANY
    tag = Tag(_STATE.get(result, "plain"), _(INDICATED[result]))  # type: ignore[call-overload]
    return rule.source if rule else "", _(FORMS[form]), tag, "; ".join(_(ELEMENTS[each]) for each in missing.split())


def steps(page: Page, *, only_open: bool = False) -> list[Row]:
    """List the required steps, earliest due date first, and closed steps last."""
    items = sorted(of_type(page, ScreeningStep.code), key=lambda item: (bool(item.payload.closed), item.payload.due))
    return [_step(page, item) for item in items if not (only_open and item.payload.closed)]


def _step(page: Page, item: Item) -> Row:
    one = item.payload
    words = _(CLOSINGS[one.closed]) if one.closed else _("To do")
    due = _("due %(at)s") % {"at": moment(datetime.fromisoformat(one.due))} if one.due else ""
    closed = day(date.fromisoformat(one.closed_on)) if one.closed_on else ""
    own = page.known.own and not one.closed
    return Row(
        title=_(STEPS[one.step]),
        url=reverse("screening:close_step", args=[page.known.ref, item.series]) if own else "",
        tag=Tag("ok" if one.closed else "urgent", words),
        aside=closed if one.closed else due,
        quote=one.note,
    )


def step_facts(one: ScreeningStep) -> list[tuple[str, str]]:
    """Return when a step is due, what requires it, and where that is written."""
    rule = next((rule for pack in builtin() for rule in pack.rules if rule.id == one.rule), None)
    facts = [(_("Due"), moment(datetime.fromisoformat(one.due)) if one.due else "")]
    return [*facts, (_("Rule"), rule.words), (_("Source"), rule.source)] if rule else facts


def latest(page: Page) -> dict[str, Any]:
    """Return the newest determination and the newest screen for the person page."""
    made, done = determinations(page)[:1], screens(page)[:1]
    return {"determination": made[0] if made else None, "screen": done[0] if done else None}


def under_18(page: Page) -> str:
    """Return whether the person is under 18 today, as the form's answer, from the recorded age."""
    if page.age is None or page.age_at_most is None:
        return ""
    return "yes" if page.age_at_most < 18 else "no" if page.age >= 18 else ""
