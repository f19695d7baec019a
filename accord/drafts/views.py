"""The page that asks for confirmation before it discards a draft."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accord.access.codes import WRITE_PERSON
from accord.access.confirming import confirm
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.core.rooms import place
from accord.core.text import N_
from accord.drafts import presenters, queries, services
from accord.ui.words import moment


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def discard(request: ActingRequest, draft: uuid.UUID) -> HttpResponse:
    """Ask for confirmation, then delete one of the user's drafts."""
    found = queries.own_draft(actor=request.actor, draft=draft)
    which = {"what": presenters.title_of(found), "at": moment(found.saved_at)}
    return confirm(
        request,
        WRITE_PERSON,
        lambda: services.discard(actor=request.actor, draft=draft),
        place("home"),
        confirmation=N_("Draft discarded."),
        heading=_("Discard this draft?"),
        happens=[
            _("%(what)s, saved %(at)s") % which,
            _("Your draft will be deleted. This can't be undone."),
        ],
        button=_("Discard"),
        danger=True,
        back=presenters.page_of(found),
        back_words=which["what"],
    )
