"""Shares of a systems agency's own records without a release, based on a right to know and a need to know that
its officer confirms.

What a partner shared with the agency is never shared this way. An agency that needs releases can't share this way. The
rules are in `rules.py`.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from accord.access.actors import Actor, require_fresh_factor
from accord.access.codes import KINDS, READ_PERSON, SHARE_OFFICIAL, WITHDRAW_SHARE
from accord.agencies import queries as agencies
from accord.agreements.queries import permitted_kinds
from accord.core import clock
from accord.core.errors import Conflict, Hidden
from accord.core.text import N_
from accord.law import rules as law_rules
from accord.releases import rules
from accord.releases.codes import Basis, Draft, Purpose, Recipient
from accord.releases.entries import OfficialShare
from accord.releases.services import invalid
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.codes import ShareState
from accord.sharing.queries import Item, PersonRef, ShareCard


def share(*, actor: Actor, ref: uuid.UUID, terms: OfficialShare) -> uuid.UUID:
    """Share some kinds of information from one of the agency's own records with one partner through a given last day.
    Raises Invalid with `problems` if a confirmation, a reason, or an agreement is missing, or if this agency needs a
    release."""
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=SHARE_OFFICIAL, kind="releases")
    require_fresh_factor(actor, SHARE_OFFICIAL)
    today = clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    draft = _as_draft(actor, terms, today)
    if problems := rules.problems_on_sharing_own(draft, frozenset(terms.ticks), law, today):
        raise invalid(problems)
    kinds = tuple(code for code in KINDS if code in terms.kinds)
    shared = replace(terms, kinds=kinds, shared_on=today.isoformat(), rule_ids=law_rules.ticks_needed(law).rule_ids)
    series = records.write(actor=actor, known=known, payload=shared)
    records.begin_shares(
        actor=actor,
        known=known,
        kinds=kinds,
        recipient=uuid.UUID(terms.recipient),
        purposes=terms.purposes,
        starts_at=clock.now(),
        ends_at=rules.end_instant(date.fromisoformat(terms.last_day), actor.zone),
        additions=False,
        basis=Basis.OFFICIAL.value,
        basis_id=series,
    )
    return series


def _as_draft(actor: Actor, terms: OfficialShare, today: date) -> Draft:
    """Return the terms in the form that the release rules use, with one recipient, the chosen kinds, and a last day."""
    found = []
    if terms.recipient:
        partner = uuid.UUID(terms.recipient)
        permitted = frozenset(permitted_kinds(actor=actor, partner=partner)) or None
        facts = agencies.law_facts(agency=partner)
        found.append(Recipient(agency=terms.recipient, facts=facts, agreement_kinds=permitted))
    return Draft(
        recipients=tuple(found),
        purposes=frozenset(Purpose(code) for code in terms.purposes if code in list(Purpose)),
        kinds=frozenset(terms.kinds),
        start=today,
        last_day=date.fromisoformat(terms.last_day) if terms.last_day else None,
        reason_for_length=terms.reason,
    )


def find(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> tuple[PersonRef, Item, list[ShareCard]]:
    """Open and return one share of the agency's own records, with its current state. Raises Hidden or Refused."""
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=READ_PERSON, kind="releases")
    for item in sharing.read(actor=actor, known=known, kinds=["releases"]).get("releases", ()):
        if item.series == series and item.type == OfficialShare.code:
            return known, item, _cards(actor, known, series)
    raise Hidden


def _cards(actor: Actor, known: PersonRef, series: uuid.UUID) -> list[ShareCard]:
    cards = sharing.shares_of(actor=actor, known=known)
    return [card for card in cards if (card.basis, card.basis_id) == (Basis.OFFICIAL, series)]


def end(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> None:
    """End the share now, no matter which colleague started it."""
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=WITHDRAW_SHARE)
    cards = _cards(actor, known, series)
    if not cards:
        raise Hidden
    if all(card.state in (ShareState.REVOKED, ShareState.EXPIRED) for card in cards):
        raise Conflict(N_("This is no longer shared."), code="not_allowed_now")
    records.end_shares(actor=actor, known=known, shares=[card.id for card in cards])
