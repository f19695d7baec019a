"""Record the result of a screen, a determination, and the steps that follow."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accord.access.actors import Actor, require
from accord.access.codes import SCREEN_PERSON
from accord.answers.codes import Answered
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid
from accord.core.spans import HAPPENED
from accord.core.statements import lock
from accord.core.text import N_
from accord.formlib.answering import Answers
from accord.law.rules import law_for
from accord.people import queries as people
from accord.questionnaires import queries as forms
from accord.screening import queries, rules
from accord.screening.codes import (
    BASES,
    CLOSINGS,
    OUTCOMES,
    POSITIVE,
    RESULTS,
    TOOLS,
    UNDER_18,
    Determination,
    ScreeningStep,
    ScreenResult,
)
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item, PersonRef
from accord.work import services as work

TASK = "do_step"


def record_screen(*, actor: Actor, ref: uuid.UUID, screen: ScreenResult, then: str = "unknown") -> uuid.UUID:
    """Record the result of a screen. A positive result about a minor opens the steps that follow. `then` says whether the
    person was under 18 when it happened."""
    known = _own(actor, ref)
    if screen.tool not in TOOLS or screen.result not in RESULTS:
        raise Invalid(N_("Choose the form and its result."), fields={"result": N_("Choose one.")})
    _check_day(actor, screen.day)
    series = records.write(actor=actor, known=known, payload=screen)
    if rules.is_positive(screen):
        _open_steps(actor, known, then=then)
    return series


def on_finished(
    *, actor: Actor, known: PersonRef, series: uuid.UUID, revision: int, payload: Answered, answers: Answers
) -> None:
    """Compute what the answers to a finished or corrected screening indicate, and keep it next to the answers. A positive
    result about a minor opens the steps that follow."""
    if payload.kind != "screening":
        return
    require(actor, SCREEN_PERSON)
    queries.raise_if_handed_off(actor=actor)
    told = rules.answers_in(answers.form.tables.get("elements", ()), answers.export())
    found = compute(actor=actor, known=known, told=told) if told else ()
    marks = [(answer, mark) for _language, lines in payload.transcripts[:1] for *_, answer, _code, mark in lines]
    source = forms.version(actor=actor, version=uuid.UUID(payload.version)).source
    screen = ScreenResult(
        tool=source if source in TOOLS else "other",
        title=payload.title,
        answers=series.hex,
        day=_local(datetime.fromisoformat(payload.finished), actor.zone).isoformat(),
        result="declined" if rules.declined(marks) else rules.result_of(found),
        found=found,
        crossed=rules.crossing(told),
    )
    before = [item for item in _items(actor, known, ScreenResult.code) if item.payload.answers == series.hex]
    earlier = before[-1] if before else None
    records.write(
        actor=actor,
        known=known,
        payload=screen,
        series=earlier.series if earlier else None,
        revision=earlier.revision if earlier else 0,
    )
    if rules.is_positive(screen):
        _open_steps(actor, known, then="yes" if told.get("under18") else "unknown")


def compute(*, actor: Actor, known: PersonRef, told: Mapping[str, bool | None]) -> tuple[tuple[str, str, str], ...]:
    """Return what these answers, and the recorded age, indicate under each definition of the agency's law."""
    ages = people.ages(actor=actor, known=known)
    law = law_for(actor.facts, clock.today(actor.zone))
    return rules.computed(law, rules.with_age(told, ages.most if ages else None))


def determine(*, actor: Actor, ref: uuid.UUID, determination: Determination) -> uuid.UUID:
    """Record what the actor determined. A positive determination about a minor opens the steps that follow."""
    known = _own(actor, ref)
    if determination.outcome not in OUTCOMES or determination.basis not in BASES:
        raise Invalid(N_("Choose a determination and its basis."), fields={"outcome": N_("Choose one.")})
    if determination.under_18 not in UNDER_18:
        raise Invalid(fields={"under_18": N_("Choose one.")})
    if determination.basis == "other" and not determination.note:
        raise Invalid(fields={"note": N_("Describe the basis.")})
    _check_day(actor, determination.day)
    series = records.write(actor=actor, known=known, payload=determination)
    if determination.outcome in POSITIVE:
        _open_steps(actor, known, now=determination.under_18)
    return series


def close_step(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, closed: str, day: str, note: str
) -> None:
    """Record that a step was done, or why it isn't needed. Its task closes. Raises Conflict if a colleague saved
    first."""
    known = _own(actor, ref)
    before = _step(actor, known, series).payload
    if closed not in CLOSINGS:
        raise Invalid(N_("Choose what happened."), fields={"closed": N_("Choose one.")})
    if closed == "not_needed" and not note:
        raise Invalid(fields={"note": N_("Say why it isn't needed.")})
    _check_day(actor, day)
    step = ScreeningStep(before.step, before.rule, before.due, closed, day, note)
    records.write(actor=actor, known=known, payload=step, series=series, revision=revision)
    work.close_tasks(actor=actor, code=TASK, matter=series)


def _own(actor: Actor, ref: uuid.UUID) -> PersonRef:
    """Return one of the agency's own people if the actor may screen them. Raises Hidden or Refused."""
    known = sharing.find_own(actor=actor, ref=ref)
    require(actor, SCREEN_PERSON)
    queries.raise_if_handed_off(actor=actor)
    return known


def _check_day(actor: Actor, day: str) -> None:
    if not day or not HAPPENED.fits(date.fromisoformat(day), clock.today(actor.zone)):
        raise Invalid(fields={"day": N_("Choose today or an earlier date.")})


def _step(actor: Actor, known: PersonRef, series: uuid.UUID) -> Item:
    for item in _items(actor, known, ScreeningStep.code):
        if item.series == series:
            if item.payload.closed:
                raise Conflict(N_("This step is already closed."), code="closed")
            return item
    raise Hidden


def _items(actor: Actor, known: PersonRef, entry_type: str) -> Sequence[Item]:
    items = sharing.read(actor=actor, known=known, kinds=["screening"]).get("screening", [])
    return [item for item in items if item.type == entry_type]


def _open_steps(actor: Actor, known: PersonRef, **under_18: str) -> None:
    """Open each step that the law or the agency requires now, unless it was opened before. A step is a sealed entry, and
    its task says only that a step is due."""
    lock(f"steps {known.person}")  # two colleagues at once would each open every step
    ages = people.ages(actor=actor, known=known)
    age = rules.age_for_steps(ages.most if ages else None, **under_18)
    now, today = clock.now(), clock.today(actor.zone)
    opened = {(item.payload.rule, item.payload.step) for item in _items(actor, known, ScreeningStep.code)}
    for rule_id, name, hours in rules.steps(law_for(actor.facts, today), age):
        if (rule_id, name) in opened:
            continue
        due = now + timedelta(hours=hours)
        step = ScreeningStep(name, rule_id, due.isoformat(timespec="seconds"))
        series = records.write(actor=actor, known=known, payload=step)
        days = (_local(due, actor.zone) - today).days
        work.add_task(actor=actor, code=TASK, days=days, about=known.person, matter=series)


def _local(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
