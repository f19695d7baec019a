"""Codes for releases, the data types that the rules use, and every sentence that a rule can return.

Codes that law packs also use come from `accord.law.codes` and are re-exported here. Sentences are marked for
translation and contain placeholders such as `%(name)s`. Translate a sentence before filling in its values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accord.access.codes import KINDS
from accord.core.text import LANGUAGES, N_
from accord.law.codes import (
    PURPOSE_WORDS,
    STATEMENT_WORDS,
    InterpreterTie,
    Process,
    Purpose,
    SignerCapacity,
    SignerFlag,
    Situation,
    Statement,
)
from accord.law.rules import AgencyFacts
from accord.releases.workflows import Status

__all__ = [
    "ABILITY_WORDS",
    "BASIS_WORDS",
    "CAPACITY_WORDS",
    "CHANNEL_WORDS",
    "EVERYONE",
    "EVERYTHING",
    "FLAG_WORDS",
    "INTERPRETER_WORDS",
    "LANGUAGES",
    "PAUSE_WORDS",
    "PURPOSE_WORDS",
    "SENTENCES",
    "STATEMENT_WORDS",
    "TASK_WORDS",
    "TEXT_LANGUAGES",
    "Ability",
    "Basis",
    "Channel",
    "Draft",
    "Facts",
    "Interpreter",
    "InterpreterKind",
    "InterpreterTie",
    "Pause",
    "Problem",
    "Process",
    "Purpose",
    "Recipient",
    "RecordedAs",
    "Signature",
    "SignerCapacity",
    "SignerFlag",
    "Situation",
    "Statement",
    "Task",
    "problem",
]

# Languages of the form itself. Consent can be discussed in any of `LANGUAGES`.
TEXT_LANGUAGES = ("en", "es")

EVERYONE = "*"
"""The recipient code of a blanket form. It is always refused."""
EVERYTHING = "*"
"""The kind code of a blanket form. It is always refused."""


class Basis(StrEnum):
    """The basis for a share."""

    RELEASE = "release"
    ORDER = "order"
    MANDATE = "mandate"
    OFFICIAL = "official"


BASIS_WORDS = {
    Basis.RELEASE: N_("The person signed a release"),
    Basis.ORDER: N_("A judge ordered it or a law requires it"),
    Basis.MANDATE: N_("A law requires this report"),
    Basis.OFFICIAL: N_("A systems-based agency shares its own information"),
}


class Channel(StrEnum):
    """A way in which information reaches the recipient."""

    ACCORD = "accord"
    SPOKEN = "spoken"
    PAPER = "paper"


CHANNEL_WORDS = {
    Channel.ACCORD: N_("In this system"),
    Channel.SPOKEN: N_("Verbally"),
    Channel.PAPER: N_("On paper, in person"),
}


class RecordedAs(StrEnum):
    """The way in which consent was given or revoked."""

    WRITTEN = "written"
    ORAL = "oral"


class InterpreterKind(StrEnum):
    """The kind of interpreter."""

    PROFESSIONAL = "professional"
    TELEPHONE = "telephone"
    BILINGUAL_STAFF = "bilingual_staff"
    VOLUNTEER = "volunteer"
    OTHER = "other"


INTERPRETER_WORDS = {
    InterpreterKind.PROFESSIONAL: N_("A professional interpreter, in person"),
    InterpreterKind.TELEPHONE: N_("A professional interpreter, by phone or video"),
    InterpreterKind.BILINGUAL_STAFF: N_("A staff member who speaks the language"),
    InterpreterKind.VOLUNTEER: N_("A trained volunteer"),
    InterpreterKind.OTHER: N_("Someone else"),
}

CAPACITY_WORDS = {
    SignerCapacity.SELF: N_("The person"),
    SignerCapacity.PARENT: N_("A parent"),
    SignerCapacity.GUARDIAN: N_("A child's legal guardian"),
    SignerCapacity.COURT_GUARDIAN: N_("A court-appointed guardian"),
    SignerCapacity.RELATIVE: N_("A relative not appointed by a court"),
    SignerCapacity.OTHER: N_("Someone else"),
}


class Ability(StrEnum):
    """The person's ability to decide about a release."""

    FULL = "full"
    LEGAL_INCAPACITY = "legal_incapacity"
    CANNOT_UNDERSTAND = "cannot_understand"


ABILITY_WORDS = {
    Ability.FULL: N_("Yes"),
    Ability.LEGAL_INCAPACITY: N_("No, a court decided that they can't"),
    Ability.CANNOT_UNDERSTAND: N_("No, they can't understand it (for example, a baby)"),
}

FLAG_WORDS = {
    SignerFlag.ABUSER_OF_PERSON: N_("has harmed this person"),
    SignerFlag.ABUSER_OF_OTHER_PARENT: N_("has harmed this person's other parent"),
    SignerFlag.TRAFFICKER: N_("has exploited this person or someone else"),
}
"""Reasons why someone must not sign, for staff. These are never shown to the signer."""


STATUS_WORDS = {
    Status.DRAFT: N_("Not signed yet"),
    Status.ACTIVE: N_("In effect"),
    Status.SUSPENDED: N_("Paused"),
    Status.WITHDRAWN: N_("Revoked"),
    Status.DISCARDED: N_("Discarded"),
}


class Task(StrEnum):
    """A task that follows from a revocation, a pause, a correction, or the end of a release."""

    GET_IT_IN_WRITING = "get_it_in_writing"
    TELL_RECIPIENT_TO_STOP = "tell_recipient_to_stop"
    CHECK_WHO_SPOKE = "check_who_spoke"
    ASK_HER_AGAIN = "ask_her_again"
    RELEASE_ENDS = "release_ends"
    LOOK_AT_RELEASES = "look_at_releases"


TASK_WORDS = {
    Task.GET_IT_IN_WRITING: N_("Ask for the revocation in writing. The revocation is already in effect."),
    Task.TELL_RECIPIENT_TO_STOP: N_("Tell the other agency to stop using what it received."),
    Task.CHECK_WHO_SPOKE: N_("Find out whether this person asked to revoke the release."),
    Task.ASK_HER_AGAIN: N_("Ask whether this person still wants this release. If so, ask them to sign it."),
    Task.RELEASE_ENDS: N_("Sharing ends on this date. Check whether the release should be renewed."),
    Task.LOOK_AT_RELEASES: N_("This person's age or record was changed. Review what was signed."),
}


class Pause(StrEnum):
    """A reason why a release is suspended."""

    SIGNER_BARRED = "signer_barred"
    RECORDS_MERGED = "records_merged"
    CAME_OF_AGE = "came_of_age"
    WITHDRAWAL_UNCHECKED = "withdrawal_unchecked"


PAUSE_WORDS = {
    Pause.SIGNER_BARRED: (
        N_("Someone who signed is now recorded as having harmed this person or this person's other parent."),
        N_("The release resumes if that information turns out to be a mistake. Otherwise, create a new release."),
    ),
    Pause.RECORDS_MERGED: (
        N_("Two records for this person were joined, and this release allows more sharing than the other record does."),
        N_("The release resumes when this person signs again or when the records are separated."),
    ),
    Pause.CAME_OF_AGE: (
        N_("This person is an adult now, and someone else signed with them or for them."),
        N_("The release can resume only when this person signs it themselves."),
    ),
    Pause.WITHDRAWAL_UNCHECKED: (
        N_("Someone asked to revoke the release, and we haven't confirmed who asked."),
        N_(
            "The release ends if the client confirms the request. It resumes if the client says that they didn't "
            "make it."
        ),
    ),
}
"""The reason for each pause and what ends it."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A receiving agency, and the kinds that it may receive under an agreement in force (None if there is no
    agreement)."""

    agency: str
    facts: AgencyFacts
    agreement_kinds: frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One signature on one version of the form. `languages` contains the languages that the signer reads or understands
    well."""

    signer: str
    capacity: SignerCapacity
    signed_on: date
    version: int
    languages: frozenset[str]
    court_appointed: bool = False
    flags: frozenset[SignerFlag] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """An interpreter, the language they interpreted into, and whether they promised confidentiality before they
    began."""

    kind: InterpreterKind
    language: str
    promised_confidence: bool
    ties: frozenset[InterpreterTie] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A release as entered in the form. `last_day` is included in the period. `text_languages` are the languages of the
    signed text. `version` goes up each time the terms change, and a signature belongs to one version."""

    recipients: tuple[Recipient, ...]
    purposes: frozenset[Purpose]
    kinds: frozenset[str]
    start: date | None
    last_day: date | None
    channel: Channel = Channel.ACCORD
    additions: bool = False
    reason_for_length: str = ""
    text_languages: frozenset[str] = frozenset()
    template_version: str = ""
    version: int = 1
    recorded_as: RecordedAs = RecordedAs.WRITTEN
    statements: frozenset[Statement] = frozenset()
    staff_witness: str = ""
    interpreter: Interpreter | None = None
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the agency knows about the person when a release is about to begin. `age` is in whole years. If `age` is
    None, `adult` is the person's own answer (None if they are not sure). `informed` is true if someone tried to explain
    the release to a child who can't sign."""

    status: Status = Status.DRAFT
    age: int | None
    adult: bool | None = None
    languages: frozenset[str]
    ability: Ability = Ability.FULL
    ability_basis: str = ""
    emancipated: bool = False
    informed: bool = False
    deceased: bool = False


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that prevents a release, with a stable code, the form field, a sentence, and the rules that it is based
    on."""

    code: str
    field: str
    sentence: str
    rule_ids: tuple[str, ...] = ()
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def text(self) -> str:
        """Return the sentence in English with its values filled in."""
        return self.in_words(str)

    def in_words(self, translate: Callable[[str], str]) -> str:
        """Return the sentence and its values in another language. Kinds and states are shown by name, not by code."""
        shown = {name: self._value(name, value, translate) for name, value in self.values}
        return translate(self.sentence) % shown

    def _value(self, name: str, value: str | int, translate: Callable[[str], str]) -> str | int:
        if isinstance(value, int):
            return value
        if name in ("kind", "kinds", "items"):
            return ", ".join(translate(KINDS[one].name) if one in KINDS else one for one in value.split(", "))
        if name == "status":
            return translate(STATUS_WORDS[Status(value)])
        return translate(value) if name == "statement" else value


SENTENCES: Mapping[str, tuple[str, str]] = {
    # code: (field, sentence)
    "no_recipient": ("recipients", N_("Choose who will receive this.")),
    "one_recipient": ("recipients", N_("Each release names one agency. Create a separate release for each agency.")),
    "blanket_recipient": ("recipients", N_("A release names one agency. It can't cover all agencies.")),
    "blanket_kinds": ("kinds", N_("Choose what will be shared. A release can't cover everything.")),
    "no_agreement": ("recipients", N_("There is no active agreement with this agency, so nothing can be shared.")),
    "outside_agreement": ("kinds", N_("The agreement with this agency doesn't cover everything you chose: %(kinds)s.")),
    "no_purpose": ("purposes", N_("Choose what the information can be used for.")),
    "no_kind": ("kinds", N_("Choose what will be shared.")),
    "no_start": ("start", N_("Enter the first day.")),
    "no_last_day": ("last_day", N_("Enter the last day. A release always has an end date.")),
    "ends_before_start": ("last_day", N_("The last day is before the first day.")),
    "already_past": ("last_day", N_("The last day has passed. To share again, create a new release.")),
    "too_long": ("last_day", N_("The last day is more than %(days)d days away. Choose an earlier day.")),
    "reason_needed": ("reason_for_length", N_("This release lasts more than %(days)d days. Enter a reason.")),
    "never_shared": ("kinds", N_("This information is never shared with anyone: %(kind)s.")),
    "only_to": ("recipients", N_("By law, this agency can't receive this information: %(kind)s.")),
    "oral_only": ("recorded_as", N_("Verbal consent isn't enough. The release starts when it is signed.")),
    "no_template": ("template_version", N_("The form version isn't recorded.")),
    "no_witness": ("staff_witness", N_("Enter the staff witness's name.")),
    "statement_missing": ("statements", N_("Not yet recorded: “%(statement)s”")),
    "deceased": ("signatures", N_("No one can sign for a person who has died.")),
    "age_unknown": (
        "adult",
        N_("Before anyone signs, find out whether this person is an adult. By law, that determines who must sign."),
    ),
    "ability_basis_missing": ("signatures", N_("Enter the reason this person can't make this decision themselves.")),
    "nobody_can_sign": (
        "signatures",
        N_("No one can sign for an adult without a court decision. Wait until this person can sign."),
    ),
    "unsigned": ("signatures", N_("This person's own signature is missing.")),
    "minor_signature_missing": ("signatures", N_("The young person's own signature is missing.")),
    "guardian_signature_missing": ("signatures", N_("A parent's or guardian's signature is missing.")),
    "court_guardian_missing": ("signatures", N_("The court-appointed guardian's signature is missing.")),
    "not_informed": ("signatures", N_("Record that someone tried to explain this to the child.")),
    "signer_barred": (
        "signatures",
        N_("Someone who signed is recorded as having harmed this person or this person's other parent."),
    ),
    "signed_other_text": ("signatures", N_("The form was changed after it was signed. It must be signed again.")),
    "signed_in_future": ("signatures", N_("A signing date is in the future.")),
    "interpreter_tied": (
        "interpreter",
        N_(
            "This interpreter is family, another survivor, or connected to the people who harmed this person. "
            "Find another interpreter."
        ),
    ),
    "interpreter_confidence": ("interpreter", N_("The interpreter hasn't promised to keep this confidential.")),
    "no_text_language": ("text_languages", N_("The signed form's language isn't recorded.")),
    "language": (
        "text_languages",
        N_("Someone who has to sign doesn't understand the form's language. Find an interpreter."),
    ),
    "not_allowed_now": ("status", N_("You can't do this because of the release's status: %(status)s.")),
    "no_way_back": ("status", N_("This release was revoked. To share again, create a new release.")),
    "not_the_person": ("speaker", N_("Only the client, or someone who signed with or for them, can do this.")),
    "no_process": ("process", N_("Record the court order or the law that requires this.")),
    "not_a_court_order": (
        "process",
        N_(
            "Under the rules for your agency, this type of request doesn't require you to hand anything over. "
            "Ask your attorney how to respond."
        ),
    ),
    "no_citation": ("citation", N_("Enter the case number or the law that the request cites.")),
    "nothing_listed": ("items", N_("Record what the request asks for.")),
    "not_listed": ("items", N_("Don't hand over this information, because the request doesn't ask for it: %(items)s.")),
    "report_unknown": ("rule", N_("No law that applies to your agency requires this report.")),
    "report_only_permitted": ("rule", N_("The law allows this report but doesn't require it. You need a release.")),
    "no_reason": ("reason", N_("Enter why the recipient needs this information.")),
    "ticks_missing": ("ticks", N_("Confirm that the recipient has a right to know and needs to know.")),
    "no_notice": ("notice_attempt", N_("Record how you tried to notify the client.")),
    "no_safety_steps": ("safety_steps", N_("Record what was done for the client's safety and privacy.")),
}
"""Every sentence that a rule can return, by code, with its form field."""


def problem(code: str, rule_ids: tuple[str, ...] = (), **values: str | int) -> Problem:
    """Return the problem with this code. Raises KeyError for a code without a sentence."""
    field, sentence = SENTENCES[code]
    return Problem(
        code=code,
        field=field,
        sentence=sentence,
        rule_ids=rule_ids,
        values=tuple(sorted(values.items())),
    )
