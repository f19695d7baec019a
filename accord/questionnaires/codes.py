"""The kinds of information that a form's answers can belong to, and the forms that Accord ships."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from accord.core.text import N_

# Answers are sealed as this kind, so releases, roles, and the audit log treat them like everything else of the kind.
# Names, safe contact, and releases have their own pages, because other rules depend on them.
FORM_KINDS: tuple[str, ...] = (
    *("needs", "services", "screening", "notes.case", "notes.advocate", "health", "substance_use"),
    *("immigration", "legal.privileged", "education", "justice", "juvenile"),
)

UPLOADED = "uploaded"  # the source of a form that an agency brought


@dataclass(frozen=True)
class Shipped:
    """A form that comes with Accord. Its questions are in `shipped/CODE.md`. `kind` is preset for its answers."""

    title: str
    kind: str


# A safety plan names hiding places and code words, so it is preset to a kind that is never shared. A release that covers
# "Needs" must not pass it on.
SHIPPED: dict[str, Shipped] = {
    "adult-screen": Shipped(N_("Adult screening"), "screening"),
    "youth-screen": Shipped(N_("Youth screening"), "screening"),
    "needs-assessment": Shipped(N_("Needs assessment"), "needs"),
    "safety-plan": Shipped(N_("Safety plan"), "notes.advocate"),
    "peer-check-in": Shipped(N_("Peer support check-in"), "needs"),
}


TOOL_RESULT = "tool-result"  # a shipped form that keeps only the result of a licensed tool


def source_of(code: str) -> bytes:
    """Return the source of a shipped form. Raises LookupError for an unknown code."""
    if code not in (*SHIPPED, TOOL_RESULT):
        raise LookupError(code)
    return resources.files("accord.questionnaires").joinpath("shipped", f"{code}.md").read_bytes()
