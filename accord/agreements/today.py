"""Lines on *Today*: agreements that need a signature, a key check, or a yearly review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import DRAFT_AGREEMENT, SIGN_AGREEMENT
from accord.access.rules import may
from accord.access.today import Part, Turn, today_of
from accord.agreements import coalitions, owed, presenters
from accord.agreements.coalitions import CoalitionCard
from accord.agreements.owed import Owed
from accord.agreements.workflows import AgreementState
from accord.ui.components import Link, Row, Tag
from accord.ui.words import day, distance

SHOWN = 12  # lines in each part


def lines(actor: Actor) -> Iterator[Turn | Part]:
    """Yield the agreements that people in the actor's roles have to act on or watch."""
    if not (may(actor, SIGN_AGREEMENT) or may(actor, DRAFT_AGREEMENT)):
        return
    found, joint = owed.agreements_owed(actor=actor), coalitions.coalitions(actor=actor)
    if may(actor, SIGN_AGREEMENT):
        yield from (turn for one in found for turn in _to_sign(actor, one))
        yield from (turn for card in joint for turn in _to_sign_with_all(card))
    if may(actor, DRAFT_AGREEMENT):
        more = Link(_("All agreements"), reverse("agreements:agreements"))
        rows = [Row(one["title"], reverse("agreements:agreements"), one["since"]) for one in _asked(actor)]
        rows += [row for card in joint for row in _coalition_rows(card)]
        rows += [row for one in found for row in _agreement_rows(actor, one)]
        yield Part(
            _("Agreements"), rows[:SHOWN], _("Every agreement is signed, and no yearly review is pending."), more
        )


def _to_sign(actor: Actor, one: Owed) -> Iterator[Turn]:
    url = reverse("agreements:agreement", args=[one.id])
    sign = reverse("agreements:sign_agreement", args=[one.id])
    others = _("With %(agencies)s") % {"agencies": ", ".join(n for n in one.parties if n != actor.agency_name)}
    if one.ours_to_sign:
        first = _("first day %(day)s") % {"day": day(one.starts_at)}
        yield Turn(_("Sign the agreement “%(title)s”") % {"title": one.title}, sign, f"{others} · {first}")
    elif one.ours_to_check:
        words = _("Check your partner's keys by phone: “%(title)s”") % {"title": one.title}
        yield Turn(
            words,
            reverse("agreements:keys"),
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
    title, url = {"title": card.title}, reverse("agreements:coalition", args=[card.id])
    if card.to_sign:
        words = _("With %(agencies)s") % {"agencies": ", ".join(pair.name for pair in card.to_sign)}
        yield Turn(
            _("Sign the agreement “%(title)s”") % title, reverse("agreements:sign_coalition", args=[card.id]), words
        )
    if card.to_check:
        words = _("With %(agencies)s") % {"agencies": ", ".join(pair.name for pair in card.to_check)}
        yield Turn(_("Check keys by phone: “%(title)s”") % title, reverse("agreements:keys"), words)
    if card.to_review:
        then = _(
            "If any agency hasn't confirmed the review within 30 days after this date, sharing stops until every "
            "agency has."
        )
        words = _("Confirm the yearly review of “%(title)s”") % title
        yield Turn(words, url, then, due=localdate(card.review_due_at))


def _coalition_rows(card: CoalitionCard) -> Iterator[Row]:
    if card.state != AgreementState.IN_FORCE and card.pairs:
        tag = presenters.state_tag(card.state)
        url = reverse("agreements:coalition", args=[card.id])
        yield Row(card.title, url, tag=tag, turn=presenters.coalition_turn(card))


def _asked(actor: Actor) -> list[dict[str, Any]]:
    return presenters.request_rows(coalitions.requests(actor=actor), actor.agency)


def _agreement_rows(actor: Actor, one: Owed) -> Iterator[Row]:
    url, today = reverse("agreements:agreement", args=[one.id]), today_of(actor)
    if one.unsigned:
        turn = _("Waiting for %(who)s to sign") % {"who": ", ".join(one.unsigned)}
        words = {"day": day(one.starts_at), "distance": distance(one.starts_at, today)}
        yield Row(one.title, url, _("First day %(day)s, %(distance)s") % words, turn=turn)
    elif one.unchecked:
        turn = _("Waiting for %(who)s to check keys by phone") % {"who": ", ".join(one.unchecked)}
        yield Row(one.title, url, turn=turn)
    elif one.unreviewed:
        late = Tag("urgent", _("Overdue")) if localdate(one.review_due_at) < today else None
        words = {"day": day(one.review_due_at), "distance": distance(one.review_due_at, today)}
        turn = _("Waiting for %(who)s to confirm") % {"who": ", ".join(one.unreviewed)}
        yield Row(one.title, url, _("Yearly review due %(day)s, %(distance)s") % words, tag=late, turn=turn)
