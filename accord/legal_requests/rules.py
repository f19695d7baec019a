"""Pure rules: whether an order or a duty to report can be the basis of a disclosure."""

from __future__ import annotations

from dataclasses import dataclass

from accord.law import rules as law_rules
from accord.law.codes import Process
from accord.law.rules import Law
from accord.legal_requests.codes import Task
from accord.releases.codes import Problem, problem

# Bases other than a release


@dataclass(frozen=True, kw_only=True)
class Order:
    """A legal request that may compel a disclosure: what it lists and what staff chose to hand over."""

    process: Process | None
    citation: str
    listed: frozenset[str]
    chosen: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What staff did before closing a compelled or mandated disclosure."""

    notice_attempt: str
    safety_steps: str


def problems_with_order(order: Order, law: Law) -> list[Problem]:
    """Return the reasons why an order or statute can't be the basis of a disclosure."""
    if order.process is None:
        return [problem("no_process")]
    accepted = law_rules.accepted_processes(law)
    if order.process not in accepted.value:
        return [problem("not_a_court_order", accepted.rule_ids)]
    found = [] if order.citation.strip() else [problem("no_citation", accepted.rule_ids)]
    if not order.listed:
        found.append(problem("nothing_listed", accepted.rule_ids))
    elif beyond := order.chosen - order.listed:
        found.append(problem("not_listed", accepted.rule_ids, items=", ".join(sorted(beyond))))
    return found


def problems_with_report(rule_id: str, kinds: frozenset[str], law: Law) -> list[Problem]:
    """Return the reasons why a report to an authority can't be made without a release. Staff may report only what the
    law requires and lists."""
    report = law_rules.report(law, rule_id)
    if report is None:
        return [problem("report_unknown")]
    if not report.required:
        return [problem("report_only_permitted", (rule_id,))]
    beyond = kinds - report.kinds
    return [problem("not_listed", (rule_id,), items=", ".join(sorted(beyond)))] if beyond else []


TASKS_AFTER_DISCLOSURE = (Task.TELL_PERSON,)
"""Tasks that every compelled or mandated disclosure adds."""


def problems_on_closing(closing: Closing, law: Law) -> list[Problem]:
    """Return the reasons why a compelled or mandated disclosure can't be closed (28 CFR 94.115)."""
    ids = law_rules.accepted_processes(law).rule_ids
    found = [] if closing.notice_attempt.strip() else [problem("no_notice", ids)]
    return found if closing.safety_steps.strip() else [*found, problem("no_safety_steps", ids)]
