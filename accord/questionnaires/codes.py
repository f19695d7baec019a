"""The kinds of information that a form's answers can belong to, and the forms that Accord ships."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

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


SHIPPED: dict[str, Shipped] = {}


def source_of(code: str) -> bytes:
    """Return the source of a shipped form. Raises LookupError for an unknown code."""
    if code not in SHIPPED:
        raise LookupError(code)
    return resources.files("accord.questionnaires").joinpath("shipped", f"{code}.md").read_bytes()
