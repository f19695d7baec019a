"""Saving, signing, beginning and ending of releases, as the tables of the manual say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accord.law.codes import InterpreterTie, SignerCapacity, SignerFlag, Statement
from accord.people.rules import age_on
from accord.releases import lifecycle, rules
from accord.releases.codes import (
    Ability,
    Draft,
    Facts,
    Interpreter,
    InterpreterKind,
    Pause,
    Problem,
    Purpose,
    RecordedAs,
    Task,
)
from accord.releases.workflows import Action, Status

from .build import TODAY, adult, codes, form, harbor_law, recipient, signatures
from .tables import Row, cases


def day(cell: str, base: int) -> date | None:
    """Return a day from its distance to today."""
    return None if cell == "none" else TODAY + timedelta(days=int(cell or base))


def drafted(row: Row) -> Draft:
    """Return the draft of a row of the tables on saving."""
    return form(
        recipients=tuple(recipient(name) for name in row.list("recipients", "legal_aid")),
        purposes=frozenset(Purpose(p) for p in row.list("purposes", "legal_help")),
        kinds=row.set("kinds", "identity.name, needs"),
        start=day(row["first day"], 0),
        last_day=day(row["last day"], 30),
        reason_for_length="   " if row["reason"] == "(spaces)" else row["reason"],
    )


@cases("saving.md", "Saving")
def test_saving(row: Row) -> None:
    problems = rules.problems_on_saving(drafted(row), harbor_law(), TODAY)
    assert codes(problems) == ([] if row["outcome"] == "saved" else row.list("outcome"))
    assert all(problem.text for problem in problems)


@cases("saving.md", "Kinds and recipients")
def test_saving_kinds(row: Row) -> None:
    draft = form(recipients=(recipient(row["recipients"]),), kinds=row.set("kinds"))
    problems = rules.problems_on_saving(draft, harbor_law(), TODAY)
    assert codes(problems) == ([] if row["outcome"] == "saved" else row.list("outcome"))
    assert {rule for problem in problems for rule in problem.rule_ids} == row.set("rules")


def person(row: Row) -> Facts:
    """Return the person of a row of the table on signing."""
    ability, _, rest = row["ability"].partition(" ")
    return adult(
        age=int(row["age"]) if row["age"] else None,
        ability=Ability(ability) if ability in set(Ability) else Ability.FULL,
        ability_basis=rest.removesuffix(", not told").strip("()"),
        informed="not told" not in rest,
        emancipated=ability == "emancipated",
        deceased=ability == "deceased",
    )


@cases("signing.md", "Signing")
def test_signing(row: Row) -> None:
    purposes = frozenset(Purpose(p) for p in row.list("purposes", "legal_help"))
    draft, facts, law = form(purposes=purposes, signatures=signatures(row["signed by"])), person(row), harbor_law()
    problems = rules.problems_on_activation(draft, facts, law, TODAY)
    assert codes(problems) == ([] if row["outcome"] == "active" else row.list("outcome"))
    named = {rule for problem in problems for rule in problem.rule_ids}
    named |= set() if problems else set(rules.rules_relied_on(draft, facts, law))
    assert row.set("rules") <= named
    before = {problem.code for problem in rules.problems_before_signing(draft, facts, law, TODAY)}
    assert "signer_barred" not in before  # anyone who looks on while staff prepare is told nothing


def interpreter(cell: str) -> Interpreter | None:
    """Return an interpreter from "professional es family"."""
    if not cell:
        return None
    kind, language, *notes = cell.split()
    return Interpreter(
        kind=InterpreterKind(kind),
        language=language,
        promised_confidence="unpromised" not in notes,
        ties=frozenset(InterpreterTie(n) for n in notes if n != "unpromised"),
    )


@cases("activation.md", "Activation")
def test_activation(row: Row) -> None:
    whole = form()
    said = whole.statements - {Statement(s) for s in row.set("not said")} | {Statement(s) for s in row.set("said too")}
    draft = form(
        recorded_as=RecordedAs(row["recorded"] or "written"),
        statements=said,
        text_languages=row.set("text", "es"),
        interpreter=interpreter(row["interpreter"]),
        recipients=(recipient(row["recipients"] or "legal_aid"),),
        kinds=row.set("kinds", "identity.name, needs"),
        staff_witness="" if row["left out"] == "witness" else whole.staff_witness,
        template_version="" if row["left out"] == "template" else whole.template_version,
    )
    problems = rules.problems_on_activation(draft, adult(status=Status(row["status"] or "draft")), harbor_law(), TODAY)
    assert codes(problems) == ([] if row["outcome"] == "active" else row.list("outcome"))
    named = {value for problem in problems for name, value in problem.values if name == "statement"}
    assert len(named) == codes(problems).count("statement_missing")


def test_activation_checks_again_what_saving_checked() -> None:
    """Line 19: time has passed between saving and signing."""
    draft = form()
    assert draft.last_day is not None
    late = draft.last_day + timedelta(days=1)
    assert codes(rules.problems_on_activation(draft, adult(), harbor_law(late), late)) == ["already_past"]


def test_every_signer_must_know_the_text() -> None:
    """Line 37 applies to a parent as to the person."""
    young, parent = signatures("self, parent")
    draft = form(signatures=(young, replace(parent, languages=frozenset({"quc"}))))
    assert codes(rules.problems_on_activation(draft, adult(age=15), harbor_law(), TODAY)) == ["language"]


def test_an_infant_need_not_read_the_text() -> None:
    draft = form(signatures=signatures("parent"))
    infant = Facts(
        age=1, languages=frozenset(), ability=Ability.CANNOT_UNDERSTAND, ability_basis="infant", informed=True
    )
    assert rules.problems_on_activation(draft, infant, harbor_law(), TODAY) == []


def test_default_last_day_is_what_the_law_proposes() -> None:
    assert rules.default_last_day(date(2026, 3, 1), harbor_law()) == date(2026, 3, 31)


@cases("activation.md", "First and last moment")
def test_first_and_last_moment(row: Row) -> None:
    zone = row["zone"]
    moment = datetime.strptime(row["moment in that zone"], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))
    begins = rules.start_instant(date.fromisoformat(row["first day"]), zone)
    ends = rules.end_instant(date.fromisoformat(row["last day"]), zone)
    assert row["outcome"] == ("not yet" if moment < begins else "in force" if moment < ends else "over")


@cases("activation.md", "Turning 18")
def test_coming_of_age(row: Row) -> None:
    assert age_on(date.fromisoformat(row["born"]), date.fromisoformat(row["day"])) == int(row["age"])


@cases("activation.md", "The last day in force")
def test_last_day_in_force(row: Row) -> None:
    born = date.fromisoformat(row["born"]) if row["born"] else None
    last_day = date.fromisoformat(row["last day"])
    found = rules.last_day_in_force(last_day, signatures(row["signed by"]), born, harbor_law())
    assert found == date.fromisoformat(row["in force until"])


@cases("ending.md", "Refused moves")
def test_refused_moves(row: Row) -> None:
    assert codes(lifecycle.problems_with_move(Status(row["status"]), Action(row["action"]))) == [row["outcome"]]


@cases("ending.md", "Revoking")
def test_withdrawal(row: Row) -> None:
    done = lifecycle.withdraw(
        Status(row["status"]),
        SignerCapacity(row["who speaks"]),
        signatures("self, parent"),
        RecordedAs(row["how"]),
        checked=row["sure who"] == "yes",
    )
    if isinstance(done, Problem):
        assert done.code == row["becomes"]
    else:
        assert (done.status, done.tasks) == (Status(row["becomes"]), tuple(Task(t) for t in row.list("tasks")))


def known(row: Row) -> lifecycle.Known:
    """Return what is known today in a row of the table on pauses."""
    signer, *flags = row["recorded today"].split() or [""]
    return lifecycle.Known(
        birth=date.fromisoformat(row["born"]),
        flags=((signer, frozenset(SignerFlag(f) for f in flags)),) if signer not in ("", "unchecked") else (),
        merged_on=date.fromisoformat(row["joined on"]) if row["joined on"] else None,
        unchecked_withdrawal=signer == "unchecked",
    )


@cases("ending.md", "Pauses")
def test_pauses(row: Row) -> None:
    signed = [replace(s, signed_on=date(2026, 1, 5)) for s in signatures(row["signed by"])]
    if again := row["new signature"]:
        signed += [replace(s, signed_on=date.fromisoformat(again)) for s in signatures("self")]
    found = lifecycle.pauses(signed, known(row), harbor_law(), TODAY)
    assert found == {Pause(p) for p in row.list("paused for")}
    assert {lifecycle.PAUSE_TASKS[pause] for pause in found} == {Task(t) for t in row.list("task")}


def terms(cell: str) -> lifecycle.Terms:
    """Return terms from "active needs+health 03-01 06-30 later"."""
    status, kinds, start, last_day, *later = cell.split()
    return lifecycle.Terms(
        status=Status(status),
        kinds=frozenset(kinds.split("+")),
        purposes=frozenset({Purpose.HOUSING}),
        start=date.fromisoformat(f"2026-{start}"),
        last_day=date.fromisoformat(f"2026-{last_day}"),
        additions=bool(later),
    )


@cases("ending.md", "Records joined")
def test_records_joined(row: Row) -> None:
    members = (terms(row["first"]), terms(row["second"]))
    assert lifecycle.Joined(members).effective == terms(row["result"])
