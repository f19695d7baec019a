"""Entries about sharing: releases, the people who may sign with or for a person, official shares, and legal requests.
Each change to a release is sealed as a new revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accord.core.text import N_
from accord.releases.workflows import Status
from accord.sharing.codes import Payload, entry_type, field


@entry_type("release", kind="releases")
@dataclass(frozen=True)
class Release(Payload):
    """A release for one recipient, with its kinds, purposes, period, form language, and signatures."""

    recipient: str = field(N_("Recipient"))
    kinds: tuple[str, ...] = field(N_("What is shared"), default=())
    purposes: tuple[str, ...] = field(N_("What the information can be used for"), default=())
    start: str = field(N_("First day"))
    last_day: str = field(N_("Last day"))
    additions: bool = field(N_("Include what is added later"), default=False)
    reason_for_length: str = field(N_("Why the release lasts this long"))
    text_language: str = field(N_("Form language"), default="en")
    person_languages: tuple[str, ...] = field(N_("Languages they read or understand well"), default=())
    template: str = field(N_("Form version"))
    version: int = field(N_("Terms version"), default=1)
    recorded_as: str = field(N_("Recorded as"), default="written")
    statements: tuple[str, ...] = field(N_("What was discussed"), default=())
    witness: str = field(N_("Staff present"))
    interpreter_kind: str = field(N_("Interpreter"))
    interpreter_language: str = field(N_("Interpreted into"))
    interpreter_promised: bool = field(N_("Interpreter promised confidentiality"), default=False)
    interpreter_ties: tuple[str, ...] = field(N_("Interpreter's connection to the client"), default=(), sensitive=True)
    ability: str = field(N_("Can make this decision themselves"), default="full", sensitive=True)
    ability_basis: str = field(N_("What that answer is based on"), sensitive=True)
    emancipated: bool = field(N_("Emancipated"), default=False)
    informed: bool = field(N_("The child was told"), default=False)
    adult: str = field(N_("Adult or minor, if the age is unknown"))
    signs_too: str = field(N_("Parent or guardian who signs"))
    held: tuple[dict[str, Any], ...] = field(N_("Signed but not yet finished by staff"), default=(), sensitive=True)
    declined_on: str = field(N_("Date the client decided not to sign"))
    signatures: tuple[dict[str, Any], ...] = field(N_("Signatures"), default=(), sensitive=True)
    signed_again: tuple[dict[str, Any], ...] = field(N_("Client signed again after a pause"), default=())
    pauses: tuple[str, ...] = field(N_("Why it is paused"), default=(), sensitive=True)
    unchecked_by: str = field(N_("Who may have asked to revoke the release"))
    unchecked_on: str = field(N_("Asked on"))
    status: str = field(N_("Status"), default=Status.DRAFT.value)
    rule_ids: tuple[str, ...] = field(N_("Rules that apply"), default=())
    text_hash: str = field(N_("Signed text hash"))
    ended_how: str = field(N_("How it ended"))
    ended_by: str = field(N_("Who ended it"))
    ended_on: str = field(N_("Ended on"))


AFTER_SIGNING = frozenset({"status", "text_hash", "rule_ids", "held", "signed_again", "pauses"}) | {
    *("declined_on", "unchecked_by", "unchecked_on", "ended_how", "ended_by", "ended_on")
}
"""Fields that change after signing. The hash of the signed text covers all other fields."""


@entry_type("circle", kind="releases")
@dataclass(frozen=True)
class CircleMember(Payload):
    """Someone close to the person who may sign with or for them. This entry never leaves the agency and is never shown
    to a signer."""

    name: str = field(N_("Name"), sensitive=True)
    capacity: str = field(N_("Relationship to this person"), default="parent")
    languages: tuple[str, ...] = field(N_("Languages they read or understand well"), default=())
    court_paper: str = field(N_("Court document we saw"), sensitive=True)
    flags: tuple[str, ...] = field(N_("What we know"), default=(), sensitive=True)
    basis: str = field(N_("How we know"), sensitive=True)
    others: str = field(N_("Other names"), sensitive=True)


@entry_type("official_share", kind="releases")
@dataclass(frozen=True)
class OfficialShare(Payload):
    """A systems agency's share of its own records: the recipient, the purpose, the reason, and what its officer
    confirmed."""

    recipient: str = field(N_("Recipient"))
    kinds: tuple[str, ...] = field(N_("What is shared"), default=())
    purposes: tuple[str, ...] = field(N_("What the information can be used for"), default=())
    last_day: str = field(N_("Last day"))
    reason: str = field(N_("Why the recipient needs the information"), sensitive=True)
    ticks: tuple[str, ...] = field(N_("What was confirmed"), default=())
    shared_on: str = field(N_("Shared on"))
    rule_ids: tuple[str, ...] = field(N_("Rules that apply"), default=())
