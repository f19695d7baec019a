"""Signing on a handed-over device: staff prepare, the person signs or declines, and staff finish.

Each step is saved before the next. What the person signed is sealed with the draft at once (`Release.held`). Nothing is
checked while the person holds the device. Problems are found beforehand (`problems_before`) or shown only to staff
afterward (`problems_now`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accord.access.actors import Actor, require_fresh_factor
from accord.access.codes import SHARE_PERSON
from accord.accounts import sessions
from accord.accounts.sessions import Handed, SessionState
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Conflict
from accord.core.text import N_
from accord.people import services as people
from accord.people.codes import Birth
from accord.releases import queries, rules, services, suspension, suspension_rules
from accord.releases.codes import Problem, SignerCapacity
from accord.releases.entries import Release
from accord.releases.services import Signer, Signing
from accord.releases.workflows import RELEASE, Action, Status
from accord.sharing import services as records
from accord.sharing.queries import Item


@dataclass(frozen=True)
class Prepared:
    """The facts that staff record before anyone signs. `signs_too` is someone who signs with or for the person."""

    witness: str
    signs_too: Signer | None = None
    informed: bool = False
    interpreter_kind: str = ""
    interpreter_language: str = ""
    interpreter_promised: bool = False
    interpreter_ties: tuple[str, ...] = ()
    adult: str = ""


@dataclass(frozen=True)
class SignedForm:
    """The details that the person entered on the device: the boxes they checked, their name, and each signature as a
    mark."""

    statements: tuple[str, ...]
    name: str
    mark: str
    second_mark: str = ""


def record_age(*, actor: Actor, ref: uuid.UUID, years: int | None, before: Item | None) -> None:
    """Save an age that the person gave while signing. `before` is the current entry in the record."""
    if years is not None:
        people.correct(actor=actor, ref=ref, payload=Birth(years=str(years)), before=before)


def may_be_signed(release: Release) -> bool:
    """Return whether this release is a draft or paused and can therefore be signed."""
    return bool(RELEASE.actions(Status(release.status)) & {Action.ACTIVATE, Action.LIFT})


def prepare(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, prepared: Prepared, age: int | None
) -> None:
    """Save what staff recorded and clear any earlier attempt. Raises Invalid with everything that would prevent the
    release, so that no one signs for nothing."""
    signing = services.open_signing(actor=actor, ref=ref, series=series)
    _must_be_open(signing.item.payload)
    if problems := _expected(actor, signing, prepared, age):
        raise services.invalid(problems)
    rows = services.signatures_of(
        actor=actor, signing=signing, signers=(prepared.signs_too,) if prepared.signs_too else ()
    )
    release = replace(_said_before(signing, prepared), signs_too=rows[0]["signer"] if rows else "")
    records.write(
        actor=actor,
        known=signing.known,
        payload=release,
        series=series,
        revision=revision,
        facts=signing.facts,
    )


def expected(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, prepared: Prepared, age: int | None) -> list[Problem]:
    """Return every problem for which `prepare` would raise Invalid, without saving, so that a form can show all of them
    at once."""
    signing = services.open_signing(actor=actor, ref=ref, series=series)
    return _expected(actor, signing, prepared, age)


def _expected(actor: Actor, signing: Signing, prepared: Prepared, age: int | None) -> list[Problem]:
    release = _said_before(signing, prepared)
    if release.status != Status.DRAFT:
        return []
    around = (prepared.signs_too,) if prepared.signs_too else ()
    found = services.expected_of(actor=actor, signing=signing, signers=around)
    return problems_before(actor=actor, release=release, age=age, others=tuple(row for _key, _member, row in found))


def _said_before(signing: Signing, prepared: Prepared) -> Release:
    """Return the release with what staff recorded before anyone signs, and without any earlier attempt."""
    prepared_fields = {name: value for name, value in vars(prepared).items() if name not in ("signs_too", "adult")}
    release = replace(signing.item.payload, **prepared_fields, held=(), declined_on="")
    return replace(release, adult=prepared.adult) if prepared.adult else release


def _must_be_open(release: Release) -> None:
    if not may_be_signed(release):
        raise Conflict(N_("This release can't be signed now."), code="not_allowed_now")


def problems_before(
    *, actor: Actor, release: Release, age: int | None, others: tuple[dict[str, Any], ...]
) -> list[Problem]:
    """Return what would prevent this release even if everyone who must sign did so."""
    today = clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    facts = queries.facts_of(release=release, age=age)
    need = rules.who_signs(queries.as_draft(actor=actor, release=release), facts, law)
    alone = not isinstance(need, Problem) and not any(SignerCapacity.SELF in group for group in need.value.groups)
    own = () if alone else (_own_row(release, "", "", today),)
    expected = queries.as_draft(actor=actor, release=replace(release, signatures=(*own, *others)))
    return rules.problems_before_signing(expected, facts, law, today)


def _own_row(release: Release, name: str, mark: str, today: date) -> dict[str, Any]:
    signer = Signer(name, SignerCapacity.SELF.value, release.person_languages, mark)
    return services.signature_row(signer=signer, key=suspension_rules.THEMSELVES, version=release.version, today=today)


def hand_over(*, actor: Actor, state: SessionState, item: Item, path: str) -> None:
    """Lock this session to the page where the person signs."""
    _must_be_open(item.payload)
    sessions.hand_over(state, Handed(path, item.payload.text_language))
    actor.log("device-handed-over")


def take_back(*, actor: Actor, state: SessionState) -> None:
    """Unlock the session for staff. The caller must have checked a code."""
    sessions.take_back(state)
    actor.log("device-taken-back")


def is_done(release: Release) -> bool:
    """Return whether the person has signed or declined since the device was handed over."""
    return bool(release.held or release.declined_on)


def keep_signed(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, signed_form: SignedForm) -> None:
    """Seal what the person signed with the release, even if something is still missing. This shares nothing yet."""
    signing = services.open_signing(actor=actor, ref=ref, series=series)
    release = signing.item.payload
    _must_be_open(release)
    today = clock.today(actor.zone)
    own = (_own_row(release, signed_form.name, signed_form.mark, today),) if signed_form.mark else ()
    held = (*own, *_second(actor, signing, signed_form.second_mark))
    kept = replace(release, held=held, declined_on="", statements=signed_form.statements or release.statements)
    _save_release(actor, signing, kept)


def _second(actor: Actor, signing: Signing, mark: str) -> tuple[dict[str, Any], ...]:
    around = signing.item.payload.signs_too
    if not mark or around not in signing.record.circle:
        return ()
    member = signing.record.circle[around]
    signer = Signer(member.name, member.capacity, member.languages, mark, circle=uuid.UUID(around))
    return services.signatures_of(actor=actor, signing=signing, signers=(signer,))


def decline(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> None:
    """Record that the person does not want to sign. Nothing else changes."""
    signing = services.open_signing(actor=actor, ref=ref, series=series)
    _must_be_open(signing.item.payload)
    declined = replace(signing.item.payload, held=(), declined_on=clock.today(actor.zone).isoformat())
    _save_release(actor, signing, declined)


def _save_release(actor: Actor, signing: Signing, release: Release) -> None:
    records.write(
        actor=actor,
        known=signing.known,
        payload=release,
        series=signing.item.series,
        revision=signing.item.revision,
        facts=signing.facts,
    )


def sign_anew(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> None:
    """Start signing again. The earlier signatures stay in an old revision and have no effect."""
    signing = services.open_signing(actor=actor, ref=ref, series=series)
    _must_be_open(signing.item.payload)
    _save_release(actor, signing, replace(signing.item.payload, held=(), declined_on=""))


def problems_now(*, actor: Actor, signing: Signing, age: int | None) -> list[Problem]:
    """Return what prevents a signed release from beginning. Staff see this after they have the device back."""
    release = signing.item.payload
    rows = suspension_rules.with_flags_of_today(release.held, signing.record, signing.other)
    today = clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    form = queries.as_draft(actor=actor, release=replace(release, signatures=rows))
    return rules.problems_on_activation(form, queries.facts_of(release=release, age=age), law, today)


def finish(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, age: int | None, birth: date | None = None
) -> None:
    """Finish signing a release. A draft begins, and a paused release gets the person's new signature. Raises Invalid
    with `problems`, but keeps the signatures."""
    signing = services.open_signing(actor=actor, ref=ref, series=series)
    require_fresh_factor(actor, SHARE_PERSON)
    release = signing.item.payload
    if not release.held:
        raise Conflict(N_("No one has signed this yet."), code="not_signed")
    if release.status == Status.DRAFT:
        signed = replace(release, signatures=release.held, held=())
        services.begin(actor=actor, signing=signing, release=signed, revision=revision, age=age, birth=birth)
        return
    again = [
        {"witness": release.witness, "text_hash": release.text_hash}
        | {name: row[name] for name in ("name", "mark", "signed_on", "at")}
        for row in release.held
        if row["signer"] == suspension_rules.THEMSELVES
    ]
    kept = replace(release, signed_again=(*release.signed_again, *again), held=())
    records.write(actor=actor, known=signing.known, payload=kept, series=series, revision=revision)
    suspension.reconsider(actor=actor, known=signing.known)
