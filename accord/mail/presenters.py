"""The demo's list of messages that would have been sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.mail import queries, sending
from accord.ui.words import moment

DEMO_SENDER = "notices@example.org"


@dataclass(frozen=True)
class Letter:
    """A message as the recipient would have seen it."""

    subject: str
    text: str
    state: str


def letters(*, actor: Actor, language: str) -> list[Letter]:
    """Return the actor's messages from the last 24 hours."""
    found = queries.address(actor=actor)
    to = found.text if found else ""
    return [_letter(row, to, language) for row in queries.messages(actor=actor)]


def _letter(row: Any, to: str, language: str) -> Letter:
    mail = sending.message(DEMO_SENDER, to, row.id, row.what, language)
    if row.sent_at is not None:
        state = _("Would have been sent on %(moment)s") % {"moment": moment(row.sent_at)}
    elif row.dropped_at is not None:
        state = _("Not sent because it was no longer needed")
    else:
        state = _("Waiting")
    return Letter(str(mail["Subject"]), mail.get_content(), state)
