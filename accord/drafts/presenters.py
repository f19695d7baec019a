"""Turn drafts into rows and words. This module loads no data and makes no decisions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.core.rooms import DraftFamily, draft_families, draft_forms
from accord.drafts.queries import Draft
from accord.ui.components import Link, Row
from accord.ui.words import day, moment


def page_of(draft: Draft) -> str:
    """Return the address of the form where the draft can be continued."""
    if draft.form in draft_forms():
        return reverse(draft_forms()[draft.form].page, args=[draft.person])
    return reverse(_family(draft).page, args=[draft.person, draft.id])


def title_of(draft: Draft) -> str:
    """Return the title of an unfinished form."""
    return draft.title or _((draft_forms().get(draft.form) or _family(draft)).words)


def _family(draft: Draft) -> DraftFamily:
    family, _titles = draft_families()[draft.form.partition(":")[0]]
    return family


def draft_row(draft: Draft, name: str = "") -> Row:
    """Return a draft as a row, with links to continue or discard it."""
    when = {"at": moment(draft.saved_at), "until": day(draft.kept_until)}
    url = page_of(draft)
    return Row(
        title_of(draft),
        url,
        " · ".join(part for part in (name, _("saved %(at)s") % when, _("kept until %(until)s") % when) if part),
        ways=(Link(_("Continue"), url), Link(_("Discard"), reverse("drafts:discard", args=[draft.id]))),
    )
