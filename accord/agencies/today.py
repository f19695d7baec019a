"""Lines on *Today*: what privacy officers must sign or restore, and what the office and the hub are waiting for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import (
    DRAFT_AGREEMENT,
    FORWARD_PAPER,
    INVITE_AGENCY,
    INVITE_MEMBER,
    KEEP_RECOVERY,
    SIGN_AGREEMENT,
)
from accord.access.rules import may
from accord.access.today import Part, Turn, today_of, waiting
from accord.agencies import agreement_words, coalitions, owed, presenters, queries, returning
from accord.agencies.coalitions import CoalitionCard
from accord.agencies.owed import Absent, Owed
from accord.agencies.queries import INVITATION_LASTS
from accord.agencies.workflows import AgreementState
from accord.core import clock
from accord.ui.components import Link, Row, Tag
from accord.ui.words import day, distance

SHOWN = 12  # lines in each part


def lines(actor: Actor) -> Iterator[Turn | Part]:
    """Yield the agreements, colleagues, agencies, and forwarded legal requests that the actor's roles have to act on or
    watch."""
    if may(actor, SIGN_AGREEMENT) or may(actor, DRAFT_AGREEMENT):
        yield from _agreements(actor, owed.agreements_owed(actor=actor))
    if may(actor, INVITE_MEMBER):
        yield from _colleagues(actor)
    if may(actor, DRAFT_AGREEMENT) or may(actor, INVITE_AGENCY):
        yield from _agencies(actor, owed.without_officer(actor=actor))
    if may(actor, FORWARD_PAPER):
        yield _forwarded(actor)


def _agreements(actor: Actor, found: Sequence[Owed]) -> Iterator[Turn | Part]:
    joint = coalitions.coalitions(actor=actor)
    if may(actor, SIGN_AGREEMENT):
        yield from (turn for one in found for turn in _to_sign(actor, one))
        yield from (turn for card in joint for turn in _to_sign_with_all(card))
    if may(actor, DRAFT_AGREEMENT):
        more = Link(_("All agreements"), reverse("agencies:agreements"))
        rows = [Row(one["title"], reverse("agencies:agreements"), one["since"]) for one in _asked(actor)]
        rows += [row for card in joint for row in _coalition_rows(card)]
        rows += [row for one in found for row in _agreement_rows(actor, one)]
        yield Part(
            _("Agreements"), rows[:SHOWN], _("Every agreement is signed, and no yearly review is pending."), more
        )


def _to_sign(actor: Actor, one: Owed) -> Iterator[Turn]:
    url = reverse("agencies:agreement", args=[one.id])
    sign = reverse("agencies:sign_agreement", args=[one.id])
    others = _("With %(agencies)s") % {"agencies": ", ".join(n for n in one.parties if n != actor.agency_name)}
    if one.ours_to_sign:
        first = _("first day %(day)s") % {"day": day(one.starts_at)}
        yield Turn(_("Sign the agreement “%(title)s”") % {"title": one.title}, sign, f"{others} · {first}")
    elif one.ours_to_check:
        words = _("Check your partner's keys by phone: “%(title)s”") % {"title": one.title}
        yield Turn(
            words,
            reverse("agencies:keys"),
            _("The agreement is signed, but nothing can be shared until you check their keys."),
        )
    elif one.ours_to_review:
        words = _("Confirm the yearly review of “%(title)s”") % {"title": one.title}
        then = _(
            "If any agency hasn't confirmed the review within 30 days after this date, sharing stops until every "
            "agency has."
        )
        yield Turn(words, url, f"{others} · {then}", due=localdate(one.review_due_at))


def _to_sign_with_all(card: CoalitionCard) -> Iterator[Turn]:
    title, url = {"title": card.title}, reverse("agencies:coalition", args=[card.id])
    if card.to_sign:
        words = _("With %(agencies)s") % {"agencies": ", ".join(pair.name for pair in card.to_sign)}
        yield Turn(
            _("Sign the agreement “%(title)s”") % title, reverse("agencies:sign_coalition", args=[card.id]), words
        )
    if card.to_check:
        words = _("With %(agencies)s") % {"agencies": ", ".join(pair.name for pair in card.to_check)}
        yield Turn(_("Check keys by phone: “%(title)s”") % title, reverse("agencies:keys"), words)
    if card.to_review:
        then = _(
            "If any agency hasn't confirmed the review within 30 days after this date, sharing stops until every "
            "agency has."
        )
        words = _("Confirm the yearly review of “%(title)s”") % title
        yield Turn(words, url, then, due=localdate(card.review_due_at))


def _coalition_rows(card: CoalitionCard) -> Iterator[Row]:
    if card.state != AgreementState.IN_FORCE and card.pairs:
        tag = agreement_words.state_tag(card.state)
        url = reverse("agencies:coalition", args=[card.id])
        yield Row(card.title, url, tag=tag, turn=agreement_words.coalition_turn(card))


def _asked(actor: Actor) -> list[dict[str, Any]]:
    return agreement_words.request_rows(coalitions.requests(actor=actor), actor.agency)


def _colleagues(actor: Actor) -> Iterator[Turn | Part]:
    begun = returning.started(actor=actor) if may(actor, KEEP_RECOVERY) else None
    if begun is not None:
        why = _("A colleague entered the words from the recovery sheet. You have one hour to confirm.")
        yield Turn(_("Confirm the use of the recovery key"), reverse("agencies:confirm_recovery"), why, since=begun.at)
    for one in queries.colleagues_back(actor=actor):
        words = _("Restore access for %(name)s") % {"name": one.name}
        yield Turn(words, reverse("agencies:colleague", args=[one.id]), _("They have a new passphrase after a reset."))
    rows = list(_keys(actor))
    if rows:
        yield Part(_("Keys"), rows, more=Link(_("All staff"), reverse("agencies:colleagues")))


def _agencies(actor: Actor, absent: Sequence[Absent]) -> Iterator[Turn | Part]:
    invites = bool(may(actor, INVITE_AGENCY))
    for one in absent:
        if invites and one.since + INVITATION_LASTS <= clock.now():
            words = _("Create a new code for %(agency)s") % {"agency": one.name}
            why = _("No privacy officer has joined yet, and codes expire after 7 days.")
            yield Turn(words, reverse("agencies:hub_invite_again", args=[one.id]), why, since=one.since)
    more = Link(_("All agencies"), reverse("agencies:hub")) if invites else None
    rows = [_absent(actor, one) for one in absent]
    yield Part(_("Agencies"), rows, _("Every agency has a privacy officer."), more)


def _agreement_rows(actor: Actor, one: Owed) -> Iterator[Row]:
    url, today = reverse("agencies:agreement", args=[one.id]), today_of(actor)
    if one.unsigned:
        turn = _("Waiting for %(who)s to sign") % {"who": ", ".join(one.unsigned)}
        said = {"day": day(one.starts_at), "distance": distance(one.starts_at, today)}
        yield Row(one.title, url, _("First day %(day)s, %(distance)s") % said, turn=turn)
    elif one.unchecked:
        turn = _("Waiting for %(who)s to check keys by phone") % {"who": ", ".join(one.unchecked)}
        yield Row(one.title, url, turn=turn)
    elif one.unreviewed:
        late = Tag("urgent", _("Overdue")) if localdate(one.review_due_at) < today else None
        said = {"day": day(one.review_due_at), "distance": distance(one.review_due_at, today)}
        turn = _("Waiting for %(who)s to confirm") % {"who": ", ".join(one.unreviewed)}
        yield Row(one.title, url, _("Yearly review due %(day)s, %(distance)s") % said, tag=late, turn=turn)


def _absent(actor: Actor, one: Absent) -> Row:
    url = reverse("agencies:hub_invite_again", args=[one.id]) if may(actor, INVITE_AGENCY) else ""
    words = _("No privacy officer has joined yet.")
    return Row(one.name, url, words, tag=Tag("wait", _("Invited")), turn=waiting(one.since, today_of(actor)))


def _forwarded(actor: Actor) -> Part:
    rows = [
        Row(
            presenters.process_words(process),
            detail=_("Forwarded to %(agency)s") % {"agency": agency},
            tag=Tag("urgent", _("Not opened yet")),
            turn=waiting(since, today_of(actor)),
        )
        for process, agency, since in owed.requests_unopened(actor=actor)
    ]
    more = Link(_("All legal requests"), reverse("agencies:hub_papers"))
    return Part(
        _("Legal requests that reached the hub"), rows, _("Every legal request that you forwarded was opened."), more
    )


def _keys(actor: Actor) -> Iterator[Row]:
    people = queries.colleagues(actor=actor)
    for one in people:
        if one.keys_waiting:
            words = ngettext("Needs %(n)d key", "Needs %(n)d keys", one.keys_waiting) % {"n": one.keys_waiting}
            who = _("A colleague who has the keys needs to sign in")
            yield Row(one.name, reverse("agencies:colleague", args=[one.id]), words, turn=who)
    renew, _total = queries.keys_to_renew(actor=actor)
    if renew:
        words = ngettext("%(n)d key is due to be replaced", "%(n)d keys are due to be replaced", len(renew))
        why = _(
            "Someone who had this key has left. The key is replaced when a colleague whose role includes it signs in."
        )
        yield Row(words % {"n": len(renew)}, reverse("agencies:colleagues"), why, tag=Tag("wait", _("Waiting")))
