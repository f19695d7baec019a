"""Notices as rows of a list."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.rules import may
from accord.accounts.codes import NOTICE_PAGES, NOTICES
from accord.accounts.models import Notice
from accord.ui.components import Row
from accord.ui.words import day


def notice_rows(rows: Iterable[Notice], actor: Actor) -> list[Row]:
    """Return neutral words and the day, with a link if the actor may open the page."""
    return [Row(title=_(NOTICES[row.code]), aside=day(row.at), url=_url(row.code, actor)) for row in rows]


def _url(code: str, actor: Actor) -> str:
    page, action = NOTICE_PAGES.get(code, ("", None))
    if not page or (action and not may(actor.roles, action)):
        return ""
    return reverse(page)
