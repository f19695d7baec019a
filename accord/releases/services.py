"""How a share begins and ends: a release is drafted, signed, in force, withdrawn. The rules are in `rules.py`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accord.access.acting import Actor
from accord.access.codes import KINDS
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid
from accord.core.text import N_
from accord.people import services as people
from accord.releases import rules
from accord.releases.codes import (
    Ability,
    Draft,
    Facts,
    Interpreter,
    InterpreterKind,
    InterpreterTie,
    Problem,
    Purpose,
    Recipient,
    RecordedAs,
    Signature,
    SignerCapacity,
    SignerFlag,
    Statement,
    Status,
)
from accord.releases.entries import Release
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item, PersonRef
from accord.vault import sealing

TEMPLATE = "1"


@dataclass(frozen=True)
class Signer:
    """Somebody's signature as the form brings it. `mark` is the drawn line, `typed` or `paper`."""

    name: str
    capacity: str
    languages: tuple[str, ...]
    mark: str
    court_appointed: bool = False
    flags: tuple[str, ...] = ()


def _invalid(problems: list[Problem]) -> Invalid:
    fields: dict[str, Any] = {}
    for problem in problems:
        fields.setdefault(problem.field, []).append(problem)
    return Invalid(
        N_("This release cannot go on like this yet."), code=problems[0].code, fields=fields, problems=problems
    )


def as_draft(*, actor: Actor, release: Release) -> Draft:
    """A stored release as the rules read it."""
    recipient = uuid.UUID(release.recipient)
    permitted = frozenset(agencies.permitted_kinds(actor=actor, partner=recipient))
    return Draft(
        recipients=(
            Recipient(
                agency=release.recipient,
                facts=agencies.law_facts(agency=recipient),
                agreement_kinds=permitted or None,
            ),
        ),
        purposes=frozenset(Purpose(code) for code in release.purposes),
        kinds=frozenset(release.kinds),
        start=date.fromisoformat(release.start) if release.start else None,
        last_day=date.fromisoformat(release.last_day) if release.last_day else None,
        additions=release.additions,
        reason_for_length=release.reason_for_length,
        text_languages=frozenset({release.text_language}),
        template_version=release.template,
        version=release.version,
        recorded_as=RecordedAs(release.recorded_as),
        statements=frozenset(Statement(code) for code in release.statements),
        staff_witness=release.witness,
        interpreter=_interpreter(release),
        signatures=tuple(
            Signature(
                signer=row["name"],
                capacity=SignerCapacity(row["capacity"]),
                signed_on=date.fromisoformat(row["signed_on"]),
                version=row["version"],
                languages=frozenset(row["languages"]),
                court_appointed=row["court_appointed"],
                flags=frozenset(SignerFlag(flag) for flag in row["flags"]),
            )
            for row in release.signatures
        ),
    )


def _interpreter(release: Release) -> Interpreter | None:
    if not release.interpreter_kind:
        return None
    return Interpreter(
        kind=InterpreterKind(release.interpreter_kind),
        language=release.interpreter_language,
        promised_confidence=release.interpreter_promised,
        ties=frozenset(InterpreterTie(tie) for tie in release.interpreter_ties),
    )


def facts_of(*, release: Release, age: int | None) -> Facts:
    """What the agency knows of her, as the rules ask it."""
    return Facts(
        status=Status(release.status),
        age=age,
        languages=frozenset(release.person_languages),
        ability=Ability(release.ability),
        ability_basis=release.ability_basis,
        emancipated=release.emancipated,
        informed=release.informed,
    )


def draft(*, actor: Actor, ref: uuid.UUID, release: Release) -> uuid.UUID:
    """Save a new draft. Raises Invalid with every problem at its field."""
    known = sharing.own_person(sharing.find(actor=actor, ref=ref))
    checked = replace(release, status=Status.DRAFT.value, version=1, signatures=(), statements=(), template=TEMPLATE)
    _check_saving(actor, checked)
    return records.write(actor=actor, known=known, payload=checked)


def revise(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, release: Release) -> None:
    """Other terms make a new, unsigned version; what was signed stays as it was with its hash (acceptance line 18)."""
    known, item = find_release(actor=actor, ref=ref, series=series)
    if item.payload.status != Status.DRAFT.value:
        raise Conflict(N_("Signed terms stay as they are. Make a new release and have it signed."), code="signed")
    fresh = replace(
        release,
        status=Status.DRAFT.value,
        version=item.payload.version + 1,
        signatures=(),
        statements=(),
        template=TEMPLATE,
    )
    _check_saving(actor, fresh)
    records.write(actor=actor, known=known, payload=fresh, series=series, revision=revision)


def _check_saving(actor: Actor, release: Release) -> None:
    today = clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    problems = rules.problems_on_saving(as_draft(actor=actor, release=release), law, today)
    if problems:
        raise _invalid(problems)


def find_release(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> tuple[PersonRef, Item]:
    """One release of an own person, opened. Raises Hidden."""
    known = sharing.own_person(sharing.find(actor=actor, ref=ref))
    sharing.require(actor=actor, known=known, action="read-person", kind="releases")
    for item in sharing.read(actor=actor, known=known, kinds=["releases"]).get("releases", ()):
        if item.series == series:
            return known, item
    raise Hidden


def sign(
    *,
    actor: Actor,
    ref: uuid.UUID,
    series: uuid.UUID,
    revision: int,
    signers: tuple[Signer, ...],
    age: int | None,
    birth: date | None = None,
    recorded_as: str = RecordedAs.WRITTEN.value,
    **said: Any,
) -> None:
    """Signed: check everything, seal the keys to the recipient, keep the signed text with its hash. All in one transaction."""
    known, item = find_release(actor=actor, ref=ref, series=series)
    today = clock.today(actor.zone)
    signatures = tuple(
        {
            "name": signer.name,
            "capacity": signer.capacity,
            "signed_on": today.isoformat(),
            "version": item.payload.version,
            "languages": signer.languages,
            "court_appointed": signer.court_appointed,
            "flags": signer.flags,
            "mark": signer.mark,
        }
        for signer in signers
    )
    release = replace(item.payload, signatures=signatures, recorded_as=recorded_as, **said)
    law = agencies.law_of(agency=actor.agency, today=today)
    form, facts = as_draft(actor=actor, release=release), facts_of(release=release, age=age)
    problems = rules.problems_on_activation(form, facts, law, today)
    if problems:
        raise _invalid(problems)
    signed = replace(
        release,
        status=Status.ACTIVE.value,
        rule_ids=rules.rules_relied_on(form, facts, law),
        text_hash=text_hash(release).hex(),
    )
    records.write(actor=actor, known=known, payload=signed, series=series, revision=revision)
    last_day = rules.last_day_in_force(date.fromisoformat(signed.last_day), form.signatures, birth, law)
    _begin(actor, known, series, signed, last_day)


def _begin(actor: Actor, known: PersonRef, series: uuid.UUID, release: Release, last_day: date) -> None:
    records.begin_shares(
        actor=actor,
        known=known,
        kinds=[code for code in KINDS if code in release.kinds],
        recipient=uuid.UUID(release.recipient),
        purposes=release.purposes,
        starts_at=rules.start_instant(date.fromisoformat(release.start), actor.zone),
        ends_at=rules.end_instant(last_day, actor.zone),
        additions=release.additions,
        basis="release",
        basis_id=series,
    )


def text_hash(release: Release) -> bytes:
    """The hash of everything that was above the signature."""
    return sealing.digest(
        *(release.template, release.text_language, release.recipient, release.start, release.last_day),
        *(",".join(sorted(part)) for part in (release.kinds, release.purposes, release.statements)),
        *(str(release.additions), release.reason_for_length, release.version),
    )


def withdraw(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, how: str, checked: bool) -> None:
    """She takes it back, by word of mouth or in writing: at once and for good; the written follow-up is a task."""
    known, item = find_release(actor=actor, ref=ref, series=series)
    if item.payload.status != Status.ACTIVE.value:
        raise Conflict(N_("This release is not in force."), code="not_active")
    if not checked:
        raise Invalid(
            N_("Make sure that it is she who asks."), fields={"checked": N_("Say how you know that it is she.")}
        )
    ended = replace(
        item.payload, status=Status.WITHDRAWN.value, ended_how=how, ended_on=clock.today(actor.zone).isoformat()
    )
    records.write(actor=actor, known=known, payload=ended, series=series, revision=revision)
    shares = [card.id for card in sharing.shares_of(actor=actor, known=known) if card.basis_id == series]
    records.end_shares(actor=actor, known=known, shares=shares)
    if how == RecordedAs.ORAL.value:
        people.add_task(actor=actor, person=known.person, code="get_it_in_writing", days=7)
