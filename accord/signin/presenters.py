"""Notices as list rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.rules import may
from accord.accounts.queries import Notice
from accord.core.rooms import notices
from accord.ui.components import Row
from accord.ui.words import moment


def notice_rows(rows: Sequence[Notice], actor: Actor) -> list[Row]:
    """Return a row for each notice, with a neutral sentence, the time, and the agencies or record number that the
    notice is about. The row links to the notice's page if the actor may open it. The setting `ACCORD_NOTICES` names the
    function that looks up agencies and records."""
    about = import_string(settings.ACCORD_NOTICES)(actor, rows) if rows else {}
    return [
        Row(_(notices()[row.code].words), _url(row.code, actor), about.get(row.id, ""), aside=moment(row.at))
        for row in rows
    ]


def _url(code: str, actor: Actor) -> str:
    notice = notices()[code]
    if not notice.page or (notice.needs and not may(actor, notice.needs)):
        return ""
    return reverse(notice.page)
