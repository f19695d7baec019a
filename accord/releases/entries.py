"""A release as it is sealed: the form, its signatures and what became of it, revision by revision."""

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
    signatures: tuple[dict[str, Any], ...] = field(N_("Signatures"), default=(), sensitive=True)
    status: str = field(N_("Where it stands"), default="draft")
    rule_ids: tuple[str, ...] = field(N_("Rules it rests on"), default=())
    text_hash: str = field(N_("Hash of the signed text"))
    ended_how: str = field(N_("How it ended"))
    ended_on: str = field(N_("Ended on"))
