"""Disclosures without a release: those that a judge orders or a statute compels, and reports that a law requires.

Every legal request is kept, whether or not it is valid. Anything that a request does not compel stays in the agency.
The rules are in `rules.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accord.access.actors import Actor, require_fresh_factor
from accord.access.codes import KINDS, SHARE_PERSON
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Hidden, Invalid
from accord.core.text import N_
from accord.law import rules as law_rules
from accord.law.codes import Process
from accord.law.rules import Law
from accord.legal_requests import rules
from accord.legal_requests.codes import Step, Task
from accord.legal_requests.entries import Disclosure
from accord.legal_requests.workflows import DISCLOSURE, DisclosureAction, DisclosureStatus
from accord.releases.codes import Basis, Problem, problem
from accord.releases.rules import end_instant
from accord.releases.services import invalid
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item, PersonRef
from accord.work import services as work

_NOT_YET: dict[str, Any] = dict.fromkeys(("notice_attempt", "safety_steps", "taker", "outside", "disclosed_on"), "")


@dataclass(frozen=True, kw_only=True)
class Taker:
    """The recipient: an agency on this hub, with purposes and a last day, or an outside recipient, given by name."""

    agency: uuid.UUID | None = None
    purposes: tuple[str, ...] = ()
    last_day: date | None = None
    outside: str = ""


def log_request(*, actor: Actor, ref: uuid.UUID, disclosure: Disclosure) -> uuid.UUID:
    """Record a legal request about one of the agency's own clients, or a duty to report. Nothing is disclosed yet. A
    request becomes part of the disclosure history at once and adds a task to answer it. Raises Hidden, Refused, or
    Invalid."""
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=SHARE_PERSON, kind="releases")
    today = clock.today(actor.zone)
    if disclosure.received_on > today.isoformat():
        raise Invalid(fields={"received_on": N_("Choose today or an earlier date.")})
    logged = DISCLOSURE.after(None, DisclosureAction.LOG)
    fresh = replace(disclosure, status=logged, chosen=(), rule_ids=(), steps=(), **_NOT_YET)
    series = records.write(actor=actor, known=known, payload=fresh)
    if disclosure.basis == Basis.ORDER:
        actor.log(DISCLOSURE.log(DisclosureAction.LOG), **_log_details(known, series, disclosure))
        left = (date.fromisoformat(disclosure.due_on) - today).days if disclosure.due_on else 1
        work.add_task(actor=actor, about=known.person, code=Task.ANSWER.value, days=max(left, 0), matter=series)
    return series


def _log_details(known: PersonRef, series: uuid.UUID, disclosure: Disclosure) -> dict[str, Any]:
    """Return the details for the log, without the text of the request. The disclosure history reads that text from the
    request itself."""
    return {
        "about": [known.person],
        "kinds": list(disclosure.listed),
        "paper": str(series),
        "basis": [f"paper:{series}"],
    }


def requests_of(items: Iterable[Item]) -> list[Item]:
    """Return the legal requests among these entries, newest first."""
    found = [item for item in items if item.type == "disclosure" and item.payload.basis == Basis.ORDER]
    return sorted(found, key=lambda item: (item.payload.received_on, item.at), reverse=True)


def add_step(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, step: str, on: date, words: str
) -> None:
    """Record a step taken on a legal request. `Step.NOTHING` closes the request because nothing was handed over."""
    known, item = find_request(actor=actor, ref=ref, series=series)
    today = clock.today(actor.zone)
    if step not in list(Step):
        raise Invalid(fields={"step": N_("Choose one.")})
    if on > today or on.isoformat() < item.payload.received_on:
        raise Invalid(fields={"on": N_("Choose a date between the day the request was received and today.")})
    moved = _move(item.payload, DisclosureAction.END) if step == Step.NOTHING else item.payload.status
    done = {"step": step, "on": on.isoformat(), "by": actor.name, "words": words.strip()}
    after = replace(item.payload, status=moved, steps=(*item.payload.steps, done))
    records.write(actor=actor, known=known, payload=after, series=series, revision=revision)
    actor.log("legal-paper-step", **_log_details(known, series, after))
    if step == Step.NOTHING:
        actor.log(DISCLOSURE.log(DisclosureAction.END), **_log_details(known, series, after))
        _over(actor, known, series)


def _over(actor: Actor, known: PersonRef, series: uuid.UUID) -> None:
    """Close the tasks for a closed legal request. Nothing else closes these tasks."""
    for task in (Task.ANSWER, *rules.TASKS_AFTER_DISCLOSURE):
        work.close_tasks(actor=actor, about=known.person, code=task.value, matter=series)


def may_compel(*, actor: Actor, disclosure: Disclosure) -> bool | None:
    """Return whether this kind of request can compel a disclosure under the rules that bind the actor's agency, or None
    if no rule covers it."""
    law = agencies.law_of(agency=actor.agency, today=clock.today(actor.zone))
    return law_rules.compels(law, Process(disclosure.process) if disclosure.process else None)


def find_request(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> tuple[PersonRef, Item]:
    """Open and return one legal request about one of the agency's own clients. Raises Hidden or Refused."""
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=SHARE_PERSON, kind="releases")
    for item in sharing.read(actor=actor, known=known, kinds=["releases"]).get("releases", ()):
        if item.series == series and item.type == "disclosure":
            return known, item
    raise Hidden


def disclose(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, kinds: Collection[str], to: Taker
) -> None:
    """Hand over only what the request or the law lists, and add a task to tell the person. Raises Invalid with
    `problems` if the request compels nothing or does not list all of these kinds."""
    known, item = find_request(actor=actor, ref=ref, series=series)
    require_fresh_factor(actor, SHARE_PERSON)
    disclosure, today = item.payload, clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    moved = _move(disclosure, DisclosureAction.DISCLOSE)
    chosen = frozenset(kinds)
    problems = [*_problems(disclosure, chosen, law), *_problems_with_taker(disclosure, chosen, to, law)]
    if problems:
        raise invalid(problems)
    done = replace(
        disclosure,
        status=moved,
        chosen=tuple(code for code in KINDS if code in chosen),
        taker=str(to.agency or ""),
        outside=to.outside,
        disclosed_on=today.isoformat(),
        rule_ids=_rule_ids(disclosure, law),
    )
    records.write(actor=actor, known=known, payload=done, series=series, revision=revision)
    if to.agency is None:
        basis = [f"{disclosure.basis}:{series}"]
        actor.log(
            DISCLOSURE.log(DisclosureAction.DISCLOSE),
            about=[known.person],
            kinds=list(done.chosen),
            to=str(series),
            basis=basis,
        )
    else:
        _begin(actor, known, series, done, to)
    for task in rules.TASKS_AFTER_DISCLOSURE:
        work.add_task(actor=actor, about=known.person, code=task.value, days=1, matter=series)


def close(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, notice_attempt: str, safety_steps: str
) -> None:
    """Close a disclosure. First, the record must show how staff told or tried to tell the person, and what they did for
    the person's safety."""
    known, item = find_request(actor=actor, ref=ref, series=series)
    law = agencies.law_of(agency=actor.agency, today=clock.today(actor.zone))
    moved = _move(item.payload, DisclosureAction.CLOSE)
    closing = rules.Closing(notice_attempt=notice_attempt, safety_steps=safety_steps)
    if problems := rules.problems_on_closing(closing, law):
        raise invalid(problems)
    closed = replace(item.payload, status=moved, notice_attempt=notice_attempt, safety_steps=safety_steps)
    records.write(actor=actor, known=known, payload=closed, series=series, revision=revision)
    _over(actor, known, series)
    if closed.basis == Basis.ORDER:
        actor.log(DISCLOSURE.log(DisclosureAction.CLOSE), **_log_details(known, series, closed))


def _move(disclosure: Disclosure, action: DisclosureAction) -> DisclosureStatus:
    return DISCLOSURE.after(DisclosureStatus(disclosure.status), action)


def _problems(disclosure: Disclosure, chosen: frozenset[str], law: Law) -> list[Problem]:
    if not chosen:
        return [problem("no_kind")]
    if disclosure.basis == Basis.MANDATE:
        return rules.problems_with_report(disclosure.rule_id, chosen, law)
    order = rules.Order(
        process=Process(disclosure.process) if disclosure.process else None,
        citation=disclosure.citation,
        listed=frozenset(disclosure.listed),
        chosen=chosen,
    )
    return rules.problems_with_order(order, law)


def _problems_with_taker(disclosure: Disclosure, chosen: frozenset[str], to: Taker, law: Law) -> list[Problem]:
    """Return every problem with the recipient. A duty to report specifies its recipients. A law that prevents an agency
    from receiving a kind applies even to an order."""
    if to.agency is None:
        return [] if to.outside.strip() else [problem("no_recipient")]
    if to.last_day is None:
        return [problem("no_last_day")]
    facts = agencies.law_facts(agency=to.agency)
    report = law_rules.report(law, disclosure.rule_id) if disclosure.basis == Basis.MANDATE else None
    if report is not None and not report.to & {trait.value for trait in facts.traits}:
        return [problem("only_to", (disclosure.rule_id,), kind=", ".join(sorted(chosen)))]
    verdicts = {kind: law_rules.may_pass(law, kind, facts) for kind in sorted(chosen)}
    return [
        problem(reason, verdict.rule_ids, kind=kind)
        for kind, verdict in verdicts.items()
        for reason in sorted(verdict.reasons)
    ]


def _rule_ids(disclosure: Disclosure, law: Law) -> tuple[str, ...]:
    if disclosure.basis == Basis.MANDATE:
        return (disclosure.rule_id,)
    return law_rules.accepted_processes(law).rule_ids


def _begin(actor: Actor, known: PersonRef, series: uuid.UUID, disclosure: Disclosure, to: Taker) -> None:
    assert to.agency is not None and to.last_day is not None
    terms: dict[str, Any] = {"purposes": to.purposes, "additions": False, "basis": disclosure.basis, "basis_id": series}
    records.begin_shares(
        actor=actor,
        known=known,
        kinds=disclosure.chosen,
        recipient=to.agency,
        starts_at=clock.now(),
        ends_at=end_instant(to.last_day, actor.zone),
        **terms,
    )
