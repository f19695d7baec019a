"""Lines on *Today* about forwarded legal requests that no one has opened."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import FORWARD_LEGAL_REQUEST
from accord.access.rules import may
from accord.access.today import Part, Turn, today_of, waiting
from accord.legal_requests import served, served_words
from accord.ui.components import Link, Row, Tag


def lines(actor: Actor) -> Iterator[Turn | Part]:
    """Yield the forwarded legal requests that no one has opened, for the operator."""
    if not may(actor, FORWARD_LEGAL_REQUEST):
        return
    rows = [
        Row(
            served_words.process_words(process),
            detail=_("Forwarded to %(agency)s") % {"agency": agency},
            tag=Tag("urgent", _("Not opened yet")),
            turn=waiting(since, today_of(actor)),
        )
        for process, agency, since in served.requests_unopened(actor=actor)
    ]
    more = Link(_("All legal requests"), reverse("legal_requests:hub"))
    yield Part(
        _("Legal requests that reached the hub"), rows, _("Every legal request that you forwarded was opened."), more
    )
