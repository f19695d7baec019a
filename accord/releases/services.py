"""Draft, sign, begin, revoke, and resume releases. The rules are in `rules.py`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accord.access.actors import Actor, require_fresh_factor
from accord.access.codes import KINDS, READ_PERSON, SHARE_PERSON, WITHDRAW_SHARE
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid
from accord.core.text import N_
from accord.releases import lifecycle, rules, suspension, suspension_rules
from accord.releases.codes import (
    Problem,
    RecordedAs,
    SignerCapacity,
    Task,
)
from accord.releases.entries import AFTER_SIGNING, CircleMember, Release
from accord.releases.queries import as_draft, facts_of
from accord.releases.signers import names_of, same_name
from accord.releases.workflows import RELEASE, Action, Status
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item, PersonRef
from accord.vault import sealing
from accord.work import services as work

TEMPLATE = "1"


@dataclass(frozen=True)
class Signer:
    """A signature as the form sends it. `mark` is the drawn line, `typed`, or `paper`. With `circle`, the signer is
    that entry in the person's circle, and the other fields are ignored. Without `circle`, a new entry is created from
    these fields."""

    name: str
    capacity: str
    languages: tuple[str, ...]
    mark: str
    court_paper: str = ""
    circle: uuid.UUID | None = None


@dataclass(frozen=True)
class Said:
    """The facts that the record keeps about a signing besides the signatures, such as the statements made, the staff
    witness, and the interpreter."""

    statements: tuple[str, ...] = ()
    witness: str = ""
    interpreter_kind: str = ""
    interpreter_language: str = ""
    interpreter_promised: bool = False
    interpreter_ties: tuple[str, ...] = ()
    informed: bool = False


def invalid(problems: list[Problem]) -> Invalid:
    """Return an error that attaches every problem to its form field."""
    fields: dict[str, Any] = {}
    for problem in problems:
        fields.setdefault(problem.field, []).append(problem)
    return Invalid(N_("This release can't be completed yet."), code=problems[0].code, fields=fields, problems=problems)


def draft(*, actor: Actor, ref: uuid.UUID, release: Release) -> uuid.UUID:
    """Save a new draft. Raises Invalid with every problem attached to its form field."""
    known = sharing.find_own(actor=actor, ref=ref)
    checked = _unsigned(release)
    _check_saving(actor, checked)
    return records.write(actor=actor, known=known, payload=checked)


def _unsigned(release: Release) -> Release:
    """Return the terms without statements or signatures that were about earlier terms."""
    draft = RELEASE.after(None, Action.DRAFT).value
    return replace(
        release, status=draft, version=1, signatures=(), statements=(), held=(), template=TEMPLATE, text_hash=""
    )


def discard(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int) -> None:
    """Discard a draft that the person does not want."""
    known, item = find_release(actor=actor, ref=ref, series=series)
    gone = replace(item.payload, status=_move(item.payload, Action.DISCARD))
    records.write(actor=actor, known=known, payload=gone, series=series, revision=revision)


def _move(release: Release, action: Action) -> str:
    """Return the status that an action leads to. Raises Conflict for an action that the workflow does not allow."""
    status = Status(release.status)
    if refused := rules.problems_with_move(status, action):
        raise Conflict(refused[0].in_words(_), code=refused[0].code)
    return RELEASE.after(status, action).value


def problems_on_saving(*, actor: Actor, release: Release) -> list[Problem]:
    """Return every reason why these terms can't be saved as a draft."""
    today = clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    return rules.problems_on_saving(as_draft(actor=actor, release=release), law, today)


def _check_saving(actor: Actor, release: Release) -> None:
    if problems := problems_on_saving(actor=actor, release=release):
        raise invalid(problems)


def find_release(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, action: str = READ_PERSON
) -> tuple[PersonRef, Item]:
    """Open one release for one of the agency's own clients, if the actor may take this action, and return it. Raises
    Hidden or Refused."""
    known, items = open_releases(actor=actor, ref=ref, action=action)
    return known, release_in(items=items, series=series)


def open_releases(*, actor: Actor, ref: uuid.UUID, action: str = READ_PERSON) -> tuple[PersonRef, list[Item]]:
    """Open all entries of the kind `releases` about one of the agency's own clients, if the actor may take this action,
    and return them. Raises Hidden or Refused."""
    known = sharing.find_own(actor=actor, ref=ref)
    decision = sharing.require_access(actor=actor, known=known, action=action, kind="releases")
    opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=["releases"])[known.ref]
    sharing.note_reading(actor=actor, known=known, kinds=["releases"], basis=decision.based_on)
    return known, list(opened.get("releases", ()))


def release_in(*, items: Iterable[Item], series: uuid.UUID) -> Item:
    """Return one release from entries that are already open. Raises Hidden."""
    for item in items:
        if item.series == series and item.type == Release.code:
            return item
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
    said: Said,
) -> None:
    """Begin a release that was signed on paper, or whose signatures the caller already has. Raises Invalid with
    `problems`."""
    signing = open_signing(actor=actor, ref=ref, series=series)
    require_fresh_factor(actor, SHARE_PERSON)
    rows = signatures_of(actor=actor, signing=signing, signers=signers)
    begin(
        actor=actor,
        signing=signing,
        release=replace(signing.item.payload, signatures=rows, **vars(said)),
        revision=revision,
        age=age,
        birth=birth,
    )


@dataclass(frozen=True)
class Signing:
    """A release that is being signed, with the records that the checks need."""

    known: PersonRef
    item: Item
    record: suspension_rules.Record
    other: suspension_rules.Record | None
    facts: sharing.DecisionFacts


def open_signing(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> Signing:
    """Read one release and the person's circle, including the joined record. Raises Hidden or Refused."""
    known = sharing.find_own(actor=actor, ref=ref)
    facts = sharing.decision_facts(actor=actor, known_ones=[known])
    kinds = ["releases", "identity.birth"]  # the kinds that make up the record below
    verdicts = sharing.require_access_to_all(actor=actor, known=known, action=READ_PERSON, kinds=kinds, facts=facts)
    record = suspension.open_record_undecided(actor=actor, known=known)
    item = release_in(items=record.releases, series=series)
    basis = sorted({rest for verdict in verdicts.values() for rest in verdict.based_on})
    sharing.note_reading(actor=actor, known=known, kinds=kinds, basis=basis)
    joined = suspension.other_record(actor=actor, known=known)
    other = suspension.open_record_undecided(actor=actor, known=joined[0]) if joined else None
    return Signing(known, item, record, other, facts)


def expected_of(
    *, actor: Actor, signing: Signing, signers: tuple[Signer, ...]
) -> list[tuple[str, CircleMember | None, dict[str, Any]]]:
    """Return each signer's entry key, entry (None for the person), and signature. This function saves nothing."""
    today, version = clock.today(actor.zone), signing.item.payload.version
    found = []
    for signer in signers:
        key, member = _member(signer, signing.record.circle)
        row = signature_row(signer=signer, key=key, member=member, version=version, today=today)
        found.append((key, member, row))
    return found


def signatures_of(*, actor: Actor, signing: Signing, signers: tuple[Signer, ...]) -> tuple[dict[str, Any], ...]:
    """Return each signature as it will be sealed. A signer who is not yet in the person's circle is added."""
    found = expected_of(actor=actor, signing=signing, signers=signers)
    for key, member, _row in found:
        if member is not None and key not in signing.record.circle:
            records.write(actor=actor, known=signing.known, payload=member, series=uuid.UUID(key), facts=signing.facts)
    return tuple(row for _key, _member_of, row in found)


def begin(
    *, actor: Actor, signing: Signing, release: Release, revision: int, age: int | None, birth: date | None
) -> None:
    """Check everything, seal the keys for the recipient, and save the signed text with its hash, in one transaction.
    Raises Invalid with `problems`."""
    today = clock.today(actor.zone)
    release = replace(
        release, signatures=suspension_rules.with_flags_of_today(release.signatures, signing.record, signing.other)
    )
    law = agencies.law_of(agency=actor.agency, today=today)
    form, facts = as_draft(actor=actor, release=release), facts_of(release=release, age=age)
    if problems := rules.problems_on_activation(form, facts, law, today):
        raise invalid(problems)
    signed = replace(
        release,
        status=_move(release, Action.ACTIVATE),
        rule_ids=rules.rules_relied_on(form, facts, law),
        held=(),
        declined_on="",
        text_hash=text_hash(release).hex(),
    )
    known, series = signing.known, signing.item.series
    records.write(actor=actor, known=known, payload=signed, series=series, revision=revision, facts=signing.facts)
    last_day = rules.last_day_in_force(date.fromisoformat(signed.last_day), form.signatures, birth, law)
    _begin(actor, known, series, signed, last_day, signing.facts)


def _member(signer: Signer, people_around: Mapping[str, CircleMember]) -> tuple[str, CircleMember | None]:
    """Return the signer: the person, or an entry in their circle. A name that is already listed always means that
    entry, so that what staff know about someone does not depend on a checkbox."""
    if signer.capacity == SignerCapacity.SELF:
        return suspension_rules.THEMSELVES, None
    if signer.circle is not None and str(signer.circle) in people_around:
        return str(signer.circle), people_around[str(signer.circle)]
    for key, member in people_around.items():
        if any(same_name(one, signer.name) for one in names_of(member)):
            return key, member
    made = CircleMember(signer.name, signer.capacity, signer.languages, signer.court_paper)
    return str(uuid.uuid4()), made


def signature_row(
    *, signer: Signer, key: str, version: int, today: date, member: CircleMember | None = None
) -> dict[str, Any]:
    """Return one signature as it will be sealed. `key` is the key of the signer's entry, or `THEMSELVES`."""
    court = signer.court_paper or (member.court_paper if member else "")
    return {
        "signer": key,
        "name": member.name if member else signer.name,
        "capacity": member.capacity if member else signer.capacity,
        "signed_on": today.isoformat(),
        "at": clock.now().isoformat(),
        "version": version,
        "languages": list((member.languages if member else ()) or signer.languages),
        "court_appointed": bool(court),
        "flags": list(member.flags) if member else [],
        "mark": signer.mark,
    }


def _begin(
    actor: Actor, known: PersonRef, series: uuid.UUID, release: Release, last_day: date, facts: sharing.DecisionFacts
) -> None:
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
        facts=facts,
    )
    # Every release gets this task. Otherwise, anyone with the database could tell from the task dates which releases
    # end on a birthday.
    days = (last_day - clock.today(actor.zone)).days
    work.add_task(actor=actor, about=known.person, code=Task.RELEASE_ENDS.value, days=days, matter=series)


def text_hash(release: Release) -> bytes:
    """Return the hash of everything above the signatures, and of the interpreter, the witness, and the signers."""
    signed = {name: value for name, value in asdict(release).items() if name not in AFTER_SIGNING}
    return sealing.digest(json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


# Ending, pausing, resuming ----------------------------------------------------------------------------------------


def withdraw(
    *,
    actor: Actor,
    ref: uuid.UUID,
    series: uuid.UUID,
    revision: int,
    how: str,
    checked: bool,
    speaker: str = SignerCapacity.SELF.value,
) -> None:
    """Revoke a release for the person, or for someone who signed with or for them. The revocation may be verbal, takes
    effect at once, and is final. If staff are not sure who is asking, the release is paused at once. It ends when the
    person confirms (call this function again with `checked`) and resumes if they say that they did not ask
    (`not_asked`)."""
    known, item = find_release(actor=actor, ref=ref, series=series, action=WITHDRAW_SHARE)
    release = item.payload
    done = lifecycle.withdraw(
        Status(release.status),
        SignerCapacity(speaker),
        suspension_rules.signatures(release),
        RecordedAs(how),
        checked=checked,
    )
    if isinstance(done, Problem):
        if done.code == "not_allowed_now":
            raise Conflict(N_("This release isn't active."), code=done.code)
        raise invalid([done])
    today = clock.today(actor.zone).isoformat()
    if done.pause is not None:
        asked = replace(release, unchecked_by=speaker, unchecked_on=today)
        records.write_undecided(actor=actor, known=known, payload=asked, series=series, revision=revision)
    else:
        ended = replace(release, status=done.status.value, pauses=(), ended_how=how, ended_by=speaker, ended_on=today)
        records.write_undecided(actor=actor, known=known, payload=ended, series=series, revision=revision)
        _end_shares(actor, known, {series})
        _end_in_other_record(actor, known, release, ended)
    for task in done.tasks:
        # the notice that the share ended tells the recipient to stop, and the pause adds its own task
        if task not in (Task.TELL_RECIPIENT_TO_STOP, Task.CHECK_WHO_SPOKE):
            work.add_task(actor=actor, about=known.person, code=task.value, days=7)
    suspension.reconsider(actor=actor, known=known)


def _end_shares(actor: Actor, known: PersonRef, series: Collection[uuid.UUID]) -> None:
    shares = [card.id for card in sharing.shares_of(actor=actor, known=known) if card.basis_id in series]
    records.end_shares_undecided(actor=actor, known=known, shares=shares)


def _end_in_other_record(actor: Actor, known: PersonRef, release: Release, ended: Release) -> None:
    """Revoke the same sharing in the joined record. It stays revoked if the records are separated later."""
    joined = suspension.other_record(actor=actor, known=known)
    if joined is None:
        return
    same = suspension.same_terms_undecided(actor=actor, known=known, release=release)
    how = {name: getattr(ended, name) for name in ("status", "ended_how", "ended_by", "ended_on")}
    for series, item in same.items():
        gone = replace(item.payload, pauses=(), **how)
        records.write_undecided(actor=actor, known=joined[0], payload=gone, series=series, revision=item.revision)
    _end_shares(actor, joined[0], same)


def not_asked(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int) -> None:
    """Clear an unconfirmed revocation because the person says that they did not ask. The release resumes unless
    something else pauses it."""
    known, item = find_release(actor=actor, ref=ref, series=series, action=SHARE_PERSON)
    _move(item.payload, Action.LIFT)
    if not item.payload.unchecked_by:
        raise Conflict(N_("No one has asked to revoke this release."), code="no_doubt")
    clear = replace(item.payload, unchecked_by="", unchecked_on="")
    records.write(actor=actor, known=known, payload=clear, series=series, revision=revision)
    suspension.reconsider(actor=actor, known=known)


def go_on_after_restore(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> None:
    """Resume a release after an older copy of the keys was restored. The release may have been revoked since that
    copy was made, so staff ask the person first."""
    known, item = find_release(actor=actor, ref=ref, series=series, action=SHARE_PERSON)
    cards = [card for card in sharing.shares_of(actor=actor, known=known) if card.basis_id == series]
    if item.payload.status != Status.ACTIVE or item.payload.pauses or not any(card.suspended_from for card in cards):
        raise Conflict(N_("This release isn't waiting for confirmation."), code="not_restored")
    records.suspend_shares_undecided(actor=actor, known=known, since=dict.fromkeys(card.id for card in cards))
    suspension.reconsider(actor=actor, known=known)
