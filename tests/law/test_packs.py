"""A pack is refused on loading instead of half understood."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from accord.access.codes import KINDS, ROLES
from accord.core.errors import BadInput
from accord.law import codes as law_codes
from accord.law.codes import Process, Side
from accord.law.packs import AdvocatePrivilege, NeverShared, ReleaseLength, builtin, parse
from accord.law.rules import AgencyFacts, accepted_processes, compels, law_for
from accord.releases import codes
from tests.law.write_rules import as_table
from tests.spec.tables import SPECS

PACK = """
name: example
words: An example
jurisdiction: us
checked: 2026-11-21
rules:
  - id: example.length
    words: A release lasts a month.
    source: Nowhere
    start: 2020-01-01
    until: 2020-12-31
    effect: {ReleaseLength: {default_days: 30, reason_over_days: 90, refuse_over_days: 365}}
"""
EFFECT = PACK.strip().splitlines()[-1].strip()


def test_a_pack_is_read() -> None:
    [rule] = parse(PACK).rules
    assert rule.effect == ReleaseLength(default_days=30, reason_over_days=90, refuse_over_days=365)
    assert not rule.unverified


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2019, 12, 31), False), (date(2020, 1, 1), True), (date(2020, 12, 31), True), (date(2021, 1, 1), False)],
)
def test_first_and_last_day_of_a_rule_are_included(day: date, holds: bool) -> None:
    [rule] = parse(PACK).rules
    assert rule.in_force(day) is holds


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("until:", "untill:", "unknown ['untill']"),
        ("    source: Nowhere\n", "", "missing ['source']"),
        ("default_days: 30", "default_days: '30'", "expected int"),
        ("default_days: 30", "default_days: true", "expected int"),
        ("default_days: 30", "default_days: 100", "must rise"),
        ("until: 2020-12-31", "until: 2019-12-31", "ends before it starts"),
        ("start: 2020-01-01", "start: some day", "expected date"),
        ("ReleaseLength:", "ReleaseLenght:", "unknown effect"),
        (EFFECT, "effect: {}", "one effect"),
        (EFFECT, "effect: {NeverShared: {labels: [tattoo]}}", "tattoo"),
        (EFFECT, "effect: {NeverShared: {labels: sealed}}", "expected a list"),
        (EFFECT, "effect: {NeverShared: [sealed]}", "expected names and values"),
        ("rules:\n", "rules: none\nmore:\n", "list of rules"),
        ("name: example", "nom: example", "unknown ['nom']"),
        ("words: An example", "words: {", "not valid YAML"),
    ],
)
def test_a_pack_that_does_not_hold_is_refused(old: str, new: str, says: str) -> None:
    assert old in PACK
    with pytest.raises(BadInput, match=re.escape(says)):
        parse(PACK.replace(old, new, 1))


def test_an_id_is_used_once() -> None:
    rule = PACK.split("rules:\n")[1]
    with pytest.raises(BadInput, match="the same id"):
        parse(PACK + rule)


def test_our_own_decisions_are_marked() -> None:
    house, state, federal = (
        next(p for p in builtin() if p.name == n) for n in ("house", "riverbend-state", "us-federal")
    )
    assert all(rule.unverified for rule in house.rules)
    assert all("(made up" in rule.source for rule in state.rules)
    marked = {rule.id for rule in federal.rules if rule.unverified}
    assert {"us.minor-unable", "us.ferpa.consent", "us.part2.consent", "us.report.missing-foster-child"} <= marked
    assert not {"us.vawa.release-needed", "us.minor", "us.abuser-never-signs"} & marked


def test_the_packs_know_the_registries_words() -> None:
    effects = [rule.effect for pack in builtin() for rule in pack.rules]
    named = {kind for effect in effects for kind in getattr(effect, "kinds", ())}
    assert named <= set(KINDS)
    assert {role for e in effects if isinstance(e, AdvocatePrivilege) for role in e.roles} <= set(ROLES)
    never = {kind for e in effects if isinstance(e, NeverShared) for kind in e.kinds}
    assert never == {code for code, kind in KINDS.items() if kind.never_shared}
    assert {purpose for role in ROLES.values() for purpose in role.purposes} <= set(codes.Purpose)


def test_the_manual_lists_every_rule() -> None:
    """After a change: `python -m tests.law.write_rules`."""
    assert (SPECS / "rules.md").read_text(encoding="utf-8").endswith("\n\n" + as_table(builtin()))


def strings(*modules: str) -> set[str]:
    """Return every string constant in the source of these modules."""
    root = Path(codes.__file__).parents[2]
    trees = [ast.parse((root / name).read_text(encoding="utf-8")) for name in modules]
    return {
        n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def test_every_sentence_is_used_by_some_rule() -> None:
    said = strings(
        *(f"accord/{name}.py" for name in ("releases/rules", "releases/lifecycle", "legal_requests/rules", "law/rules"))
    )
    assert set(codes.SENTENCES) <= said


@pytest.mark.parametrize(
    ("words", "enum"),
    [
        (codes.BASIS_WORDS, codes.Basis),
        (codes.CAPACITY_WORDS, codes.SignerCapacity),
        (codes.CHANNEL_WORDS, codes.Channel),
        (codes.INTERPRETER_WORDS, codes.InterpreterKind),
        (codes.PAUSE_WORDS, codes.Pause),
        (codes.PURPOSE_WORDS, codes.Purpose),
        (codes.STATEMENT_WORDS, codes.Statement),
        (codes.TASK_WORDS, codes.Task),
        (law_codes.REGIME_WORDS, law_codes.Regime),
    ],
)
def test_every_code_has_words(words: Iterable[StrEnum], enum: type[StrEnum]) -> None:
    assert set(words) == set(enum)


def test_the_rules_know_no_django() -> None:
    code = "import sys, accord.releases.lifecycle; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("side", list(Side))
def test_without_a_rule_nothing_is_said_about_compelling(side: Side) -> None:
    """A police agency without grant rules was told that a judge's order compels nothing."""
    law = law_for(AgencyFacts(side=side, jurisdictions=frozenset({"us"})), date(2026, 11, 30))
    answers = {process: compels(law, process) for process in Process}
    if accepted_processes(law).rule_ids:
        assert answers[Process.JUDGE_ORDER] is True and answers[Process.ATTORNEY_SUBPOENA] is False
    else:
        assert set(answers.values()) == {None}
    assert compels(law, None) in (False, None)
