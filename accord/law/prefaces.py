"""What a screener says before the first question: who may learn the answers, what must be reported, and that nothing
depends on answering. All functions are pure. The table is docs/reference/specs/prefaces.md.

The sentences speak to the survivor. They are chosen from the agency's law, the screener's role and training, and the
person's age. No sentence promises more than the law packs say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from accord.core.text import N_
from accord.law.codes import Regime, Side
from accord.law.packs import AdvocatePrivilege, Report
from accord.law.rules import Law, due_after_screening, privileged, release_needed

CHILD = 17  # the reports that are due for a child are those for this age


class Protection(StrEnum):
    """How the law protects what someone tells a screener."""

    PRIVILEGED = "privileged"
    CONFIDENTIAL = "confidential"
    DISCOVERABLE = "discoverable"


@dataclass(frozen=True)
class Protected:
    """A protection, with the rules that it is based on. `trained` is the privilege that the screener would have with
    enough training and, if needed, a supervisor."""

    protection: Protection
    rule_ids: tuple[str, ...]
    trained: AdvocatePrivilege | None = None
    attorney: bool = False
    judge_may_look: bool = False


def protection(law: Law, roles: Collection[str], *, is_trained: bool) -> Protected:
    """Return how what is said to someone with these roles is protected. `is_trained` says that the screener has the hours
    of training, and the supervisor, that the law asks for."""
    if law.agency.side is Side.SYSTEMS:
        return Protected(Protection.DISCOVERABLE, ())
    if "attorney" in roles and Regime.ATTORNEY in law.regimes:
        return Protected(Protection.PRIVILEGED, _binding(law, Regime.ATTORNEY), attorney=True)
    possible = _privilege(law, roles, trained=True)
    if possible and is_trained:
        rule_id, privilege = possible
        return Protected(Protection.PRIVILEGED, (rule_id,), privilege, judge_may_look=privilege.judge_may_look_alone)
    return Protected(Protection.CONFIDENTIAL, release_needed(law).rule_ids, possible[1] if possible else None)


def _binding(law: Law, regime: Regime) -> tuple[str, ...]:
    return tuple(rule.id for rule in law.rules if getattr(rule.effect, "regime", None) is regime)


def _privilege(law: Law, roles: Collection[str], *, trained: bool) -> tuple[str, AdvocatePrivilege] | None:
    for rule_id, effect in law.of(AdvocatePrivilege):
        for role in sorted(roles):
            ruling = privileged(law, role, effect.hours if trained else 0, supervised=trained)
            if ruling.value:
                return rule_id, ruling.value
    return None


def who_may_learn(protected: Protected) -> list[str]:
    """Return the sentences about who may learn the answers. Each contains `%(agency)s`."""
    if protected.protection is Protection.DISCOVERABLE:
        return [
            N_(
                "%(agency)s works with the courts. Your answers may have to be given to prosecutors, defense attorneys or "
                "a court. I can't promise to keep them private."
            ),
            N_("If you would like to talk with an advocate outside %(agency)s first, we can call one now."),
        ]
    said = [
        N_(
            "Staff at %(agency)s who help you may read your answers. No one outside %(agency)s sees them unless you sign "
            "a release, the law requires it, or a court orders it."
        )
    ]
    if protected.protection is Protection.CONFIDENTIAL:
        return [*said, N_("What you tell me is confidential, but a court may still order %(agency)s to share it.")]
    if protected.attorney:
        said.append(
            N_(
                "What you tell me is protected by attorney-client privilege. A court usually can't make %(agency)s share "
                "it unless you agree."
            )
        )
    else:
        said.append(
            N_(
                "What you tell me is privileged by state law. A court usually can't make me or %(agency)s share it unless "
                "you agree."
            )
        )
    if protected.judge_may_look:
        said.append(N_("A judge may look at it in private to decide whether it is privileged."))
    return said


def must_be_reported(law: Law, age: tuple[int, int] | None) -> list[tuple[str, str, Report]]:
    """Return what the law requires to be reported when answers show trafficking: for each report a sentence, the rule's id,
    and the report. The sentence contains `%(authority)s` and `%(hours)d`.

    `age` is the lowest and the highest possible age, or None if it is not known.
    """
    found = [
        (rule_id, effect)
        for rule_id, effect in due_after_screening(law, CHILD if age is None else age[0])
        if isinstance(effect, Report)
    ]
    return [(_report_words(effect, age), rule_id, effect) for rule_id, effect in found]


def _report_words(report: Report, age: tuple[int, int] | None) -> str:
    if not report.under_age:
        return N_(
            "If you tell me that you were trafficked, the law says that we have to tell %(authority)s within %(hours)d "
            "hours."
        )
    if age is not None and age[1] < report.under_age:
        return N_(
            "You are under 18. If you tell me that someone abused or trafficked you, the law says that we have to tell "
            "%(authority)s within %(hours)d hours."
        )
    return N_(
        "If you are under 18 and tell me that someone abused or trafficked you, the law says that we have to tell "
        "%(authority)s within %(hours)d hours."
    )


def nothing_to_report(age: tuple[int, int] | None) -> str:
    """Return the sentence for someone if the law requires no report about them after a screening."""
    if age is not None and age[0] > CHILD:
        return N_(
            "You are an adult, and the law doesn't make us report what happened to you. If a child is in danger now, we "
            "may have to report that."
        )
    return N_("The law doesn't make us report your answers. If a child is in danger now, we may have to report that.")


ALWAYS = (
    N_("You can skip any question. Just say “skip.” You can take a break or stop at any time."),
    N_("You get the same help whatever you answer, and even if you answer nothing."),
)
"""Sentences that are always said."""
