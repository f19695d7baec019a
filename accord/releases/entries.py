"""A release as it is sealed: the form, its signatures and what became of it, revision by revision; and the people around
her who may sign with her or for her."""

from __future__ import annotations

from typing import Any

from accord.core.text import N_
from accord.sharing.codes import entry_type, field


@entry_type("release", kind="releases")
class Release:
    """One release: one recipient, named kinds and purposes, a period, who signed what in which language."""

    recipient: str = field(N_("For"))
    kinds: tuple[str, ...] = field(N_("What is shared"), default=())
    purposes: tuple[str, ...] = field(N_("What it may be used for"), default=())
    start: str = field(N_("From"))
    last_day: str = field(N_("Until and including"))
    additions: bool = field(N_("Also what is added later"), default=False)
    reason_for_length: str = field(N_("Why so long"))
    text_language: str = field(N_("Language of the form"), default="en")
    person_languages: tuple[str, ...] = field(N_("Languages she reads or hears well"), default=())
    template: str = field(N_("Version of the form"))
    version: int = field(N_("Version of these terms"), default=1)
    recorded_as: str = field(N_("Recorded as"), default="written")
    statements: tuple[str, ...] = field(N_("What was said"), default=())
    witness: str = field(N_("Staff present"))
    interpreter_kind: str = field(N_("Interpreter"))
    interpreter_language: str = field(N_("Interpreted into"))
    interpreter_promised: bool = field(N_("Interpreter promised confidence"), default=False)
    interpreter_ties: tuple[str, ...] = field(N_("Interpreter's ties"), default=(), sensitive=True)
    ability: str = field(N_("Whether she can decide this"), default="full", sensitive=True)
    ability_basis: str = field(N_("On what that rests"), sensitive=True)
    emancipated: bool = field(N_("Emancipated"), default=False)
    informed: bool = field(N_("The child was told"), default=False)
    adult: str = field(N_("Adult or not, where no age is known"))
    signs_too: str = field(N_("Parent or guardian who signs, by their entry"))
    held: tuple[dict[str, Any], ...] = field(N_("Signed, and not finished by staff yet"), default=(), sensitive=True)
    declined_on: str = field(N_("Decided not to sign on"))
    signatures: tuple[dict[str, Any], ...] = field(N_("Signatures"), default=(), sensitive=True)
    signed_again: tuple[dict[str, Any], ...] = field(N_("Signed by her again, after a pause"), default=())
    pauses: tuple[str, ...] = field(N_("Why it rests"), default=(), sensitive=True)
    unchecked_by: str = field(N_("Who seems to have asked to end it"))
    unchecked_on: str = field(N_("Asked on"))
    status: str = field(N_("Where it stands"), default="draft")
    rule_ids: tuple[str, ...] = field(N_("Rules it rests on"), default=())
    text_hash: str = field(N_("Hash of the signed text"))
    ended_how: str = field(N_("How it ended"))
    ended_by: str = field(N_("Who ended it"))
    ended_on: str = field(N_("Ended on"))


AFTER_SIGNING = frozenset({"status", "text_hash", "rule_ids", "held", "signed_again", "pauses"}) | {
    *("declined_on", "unchecked_by", "unchecked_on", "ended_how", "ended_by", "ended_on")
}
"""What changes with a release after it was signed; all else is covered by the hash of what was signed."""


@entry_type("circle", kind="releases")
class CircleMember:
    """Somebody around her who may sign with her or for her. Never leaves the agency, and is shown to no signer."""

    name: str = field(N_("Name"), sensitive=True)
    capacity: str = field(N_("Who this is"), default="parent")
    languages: tuple[str, ...] = field(N_("Languages she or he reads or hears well"), default=())
    court_paper: str = field(N_("Court's paper that was seen"), sensitive=True)
    flags: tuple[str, ...] = field(N_("What we know"), default=(), sensitive=True)
    basis: str = field(N_("From where we know it"), sensitive=True)
    others: str = field(N_("Other names"), sensitive=True)


@entry_type("official_share", kind="releases")
class OfficialShare:
    """What a systems agency shares of its own: with whom, what for, why, and what its officer confirmed."""

    recipient: str = field(N_("For"))
    kinds: tuple[str, ...] = field(N_("What is shared"), default=())
    purposes: tuple[str, ...] = field(N_("What it may be used for"), default=())
    last_day: str = field(N_("Until and including"))
    reason: str = field(N_("Why they need it"), sensitive=True)
    ticks: tuple[str, ...] = field(N_("What was confirmed"), default=())
    shared_on: str = field(N_("Shared on"))
    rule_ids: tuple[str, ...] = field(N_("Rules it rests on"), default=())


@entry_type("disclosure", kind="releases")
class Disclosure:
    """A paper that demands something, or a duty to report: what it names, what was handed over, and how she was told."""

    basis: str = field(N_("Order, or duty to report"), default="order")
    sender: str = field(N_("Who asks"), sensitive=True)
    process: str = field(N_("What kind of paper"))
    citation: str = field(N_("Number of the order, or the statute"))
    signed_by: str = field(N_("Who signed the paper"))
    received_on: str = field(N_("Received on"))
    due_on: str = field(N_("An answer is due"))
    says: str = field(N_("What it asks for"), sensitive=True)
    listed: tuple[str, ...] = field(N_("What the paper names"), default=())
    rule_id: str = field(N_("Rule that requires the report"))
    chosen: tuple[str, ...] = field(N_("What was handed over"), default=())
    taker: str = field(N_("To which agency"))
    outside: str = field(N_("To whom, outside this system"))
    disclosed_on: str = field(N_("Handed over on"))
    steps: tuple[dict[str, Any], ...] = field(N_("What was done about it, by whom"), default=(), sensitive=True)
    notice_attempt: str = field(N_("How she was told, or how that was tried"))
    safety_steps: str = field(N_("What was done for her safety and privacy"))
    status: str = field(N_("Where it stands"), default="logged")
    rule_ids: tuple[str, ...] = field(N_("Rules it rests on"), default=())
