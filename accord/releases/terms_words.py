"""Text about the partners for a release: who they are, what a release to them offers, or why none is possible."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.codes import AGENCY_KINDS, KINDS
from accord.agreements.reach import RUNS, Help
from accord.agreements.workflows import AgreementState
from accord.core.text import N_
from accord.law import promises
from accord.releases.queries import Partner
from accord.ui.components import Row, Tag
from accord.ui.words import day

NO_WAY = {
    "none": N_("There is no agreement between our agencies yet."),
    AgreementState.WAITING: N_("Not everyone has signed the agreement yet."),
    AgreementState.KEYS: N_("The agreement is signed, but the keys haven't been checked by phone yet."),
    AgreementState.COMING: N_("The agreement is signed. It starts on %(day)s."),
    AgreementState.LAPSED: N_("The agreement is paused because its yearly review is overdue."),
    AgreementState.ENDED: N_("The agreement has ended."),
}
"""The reason why nothing can be shared with an agency, by the state of the agreement that is closest to being in
force."""


def partner_rows(ref: uuid.UUID, partners: Iterable[Partner]) -> list[Row]:
    """Return the partners that can be chosen, each with its kind of agency."""
    return [
        Row(
            title=one.reach.name,
            url=reverse("releases:terms", args=[ref, one.number]),
            detail=_(AGENCY_KINDS[one.reach.kind]),
        )
        for one in partners
        if one.open
    ]


def closed_rows(partners: Iterable[Partner]) -> list[Row]:
    """Return the partners that can't be chosen, each with the reason."""
    return [
        Row(title=one.reach.name, detail=_why_not(one), tag=Tag("plain", _("Can't be chosen now")))
        for one in partners
        if not one.open
    ]


def _why_not(one: Partner) -> str:
    if one.reach.state in RUNS:
        if one.fit.barred:
            return _("By law, you can't share this information with this agency: %(kinds)s.") % {
                "kinds": ", ".join(_(KINDS[code].name) for code in one.fit.barred)
            }
        return _(
            "The agreement doesn't cover anything your role has access to. Ask your supervisor to share what it covers."
        )
    starts = day(one.reach.starts_at.date()) if one.reach.starts_at else ""
    words = _(NO_WAY[one.reach.state]) % {"day": starts}
    if not one.reach.missing:
        return words
    return f"{words} " + _("Still waiting for %(agencies)s.") % {"agencies": ", ".join(one.reach.missing)}


def what_to_do(who: Help) -> list[str]:
    """Return what staff can do without an agreement, and who can help."""
    lines = []
    if who.officers:
        lines.append(
            ngettext(
                "Talk to your agency's privacy officer: %(names)s. Only they can sign an agreement.",
                "Talk to your agency's privacy officers: %(names)s. Only they can sign an agreement.",
                len(who.officers),
            )
            % {"names": ", ".join(who.officers)}
        )
    if who.office:
        lines.append(_("%(office)s drafts agreements. Your privacy officer can ask for one.") % {"office": who.office})
    lines.append(_("Until then, you can give the person the partner's phone number or call the partner together."))
    return lines


def last_days(days: Sequence[date], today: date) -> list[tuple[date, str]]:
    """Return each last day with its label, which gives the date and the number of days until then."""
    words = [ngettext("%(day)s (%(n)d day)", "%(day)s (%(n)d days)", (one - today).days) for one in days]
    return [
        (one, words_of_day % {"day": day(one), "n": (one - today).days})
        for one, words_of_day in zip(days, words, strict=True)
    ]


def about_partner(one: Partner) -> str:
    """Return one line about the partner for the top of the terms page."""
    return _(AGENCY_KINDS[one.reach.kind])


def beyond(one: Partner, today: date) -> str:
    """Return who else may see what this partner receives, or '' if there is nothing to say."""
    sentence = promises.beyond(promises.keeper(one.facts, today))
    return _(sentence) % {"recipient": one.reach.name} if sentence else ""
