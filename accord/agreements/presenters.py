"""Text and rows for the agreement pages. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.agencies.presenters import kind_names
from accord.agreements.checks import PartnerKeys
from accord.agreements.coalitions import Asked, CoalitionCard, Member, Pair
from accord.agreements.codes import AGREEMENT_STATES, KEY_STATES
from accord.agreements.queries import AgreementCard, Party
from accord.agreements.workflows import AGREEMENT, AgreementAction, AgreementState
from accord.ui.components import Column, Deadline, Link, Row, Table, Tag, Value
from accord.ui.words import day
from accord.vault.codes import KeyState


@dataclass(frozen=True)
class AgreementLine:
    """One line of the agreement list: an agreement between two agencies, or a whole coalition agreement."""

    title: str
    url: str
    members: str
    state: AgreementState
    starts_at: datetime
    review_due_at: datetime
    turn: str
    ours: bool


def lines(cards: Sequence[AgreementCard], coalitions: Sequence[CoalitionCard], me: Any) -> list[AgreementLine]:
    """Return coalition agreements, then agreements between two agencies, in the order they were read."""
    found = [
        AgreementLine(
            title=card.title,
            url=reverse("agreements:coalition", args=[card.id]),
            members=", ".join(member.name for member in card.members if not member.left),
            state=card.state,
            starts_at=card.starts_at,
            review_due_at=card.review_due_at,
            turn=coalition_turn(card),
            ours=bool(card.to_sign or card.to_check),
        )
        for card in coalitions
    ]
    found += [
        AgreementLine(
            title=card.title,
            url=reverse("agreements:agreement", args=[card.id]),
            members=", ".join(party.name for party in card.parties),
            state=card.state,
            starts_at=card.starts_at,
            review_due_at=card.review_due_at,
            turn=turn(card),
            ours=_is_ours(card, card.party(me)),
        )
        for card in cards
    ]
    return found


def _is_ours(card: AgreementCard, party: Party | None) -> bool:
    if party is None or not AGREEMENT.allows(card.state, AgreementAction.CHECK_KEYS):
        return False
    return party.signed_at is None or party.checked_at is None


def state_tag(state: AgreementState) -> Tag:
    """Return an agreement's state as a tag."""
    color, words = AGREEMENT_STATES[state]
    return Tag(color, _(words))


def agreement_rows(found: Sequence[AgreementLine]) -> list[Row]:
    """Return a row for each agreement, with the agency that has to act next."""
    return [
        Row(
            title=line.title,
            url=line.url,
            detail=_("From %(start)s · yearly review due %(review)s")
            % {"start": day(line.starts_at), "review": day(line.review_due_at)},
            tag=state_tag(line.state),
            turn=line.turn,
        )
        for line in found
    ]


def turn(card: AgreementCard) -> str:
    """Return whose signature or key check is missing."""
    if card.state == AgreementState.WAITING:
        return _waits(party.name for party in card.parties if not party.signed_at)
    if card.state == AgreementState.KEYS:
        missing = ", ".join(party.name for party in card.parties if not party.checked_at)
        return _("Waiting for %(who)s to check keys by phone") % {"who": missing}
    return ""


def _waits(names: Any) -> str:
    return _("Waiting for %(who)s to sign") % {"who": ", ".join(names)}


# Coalition agreements -----------------------------------------------------------------------------------------------


def coalition_turn(card: CoalitionCard) -> str:
    """Return who has to act next in a coalition agreement, as seen by the reader's agency or by the office."""
    if card.ours is None:
        slow = [member.name for member in card.members if any(pair.signed_at is None for pair in member.live)]
        return _waits(slow) if slow else ""
    if card.ours.live and len(card.to_sign) == len(card.ours.live):
        return _("Your turn to sign")
    if card.to_sign:
        return _("Your turn to sign with %(who)s") % {"who": ", ".join(pair.name for pair in card.to_sign)}
    if card.to_check:
        return _("Your turn to check the keys for %(who)s") % {"who": ", ".join(pair.name for pair in card.to_check)}
    slow = [pair.name for pair in card.ours.live if pair.they_signed_at is None]
    return _waits(slow) if slow else ""


def member_table(card: CoalitionCard) -> Table:
    """Return a member table: the reader's pair with each member or, for the office, how many pairs each member
    signed."""
    rows = _own_rows(card.ours) if card.ours else [_office_row(member) for member in card.members]
    last = _("Next step") if card.ours else _("Key checks")
    return Table(_("Members"), (Column(_("Agency")), Column(_("Status")), Column(last)), rows)


def _own_rows(ours: Member) -> list[list[Value]]:
    newest: dict[Any, Pair] = {}
    for pair in ours.pairs:  # a member that left and came back has an ended pair and a live one
        if pair.partner not in newest or not pair.over:
            newest[pair.partner] = pair
    return [[pair.name, _pair_tag(pair), _pair_turn(pair)] for pair in newest.values()]


def _pair_tag(pair: Pair) -> Tag:
    if pair.they_left_at:
        return Tag("ended", _("Left on %(day)s") % {"day": day(pair.they_left_at)})
    if pair.left_at:
        return Tag("ended", _("Your agency left on %(day)s") % {"day": day(pair.left_at)})
    if pair.lapsed:
        return state_tag(AgreementState.LAPSED)
    if pair.in_force:
        return state_tag(AgreementState.IN_FORCE)
    both = pair.signed_at and pair.they_signed_at
    return state_tag(AgreementState.KEYS if both else AgreementState.WAITING)


def _pair_turn(pair: Pair) -> Value:
    if pair.over or pair.in_force:
        return ""
    if pair.signed_at is None:
        return _("Your turn to sign")
    if pair.checked_at is None:
        return Link(_("Your turn to check their keys"), reverse("agreements:check_keys", args=[pair.partner]))
    if pair.they_signed_at is None:
        return _("They sign next")
    return _("They check your keys next")


def _office_row(member: Member) -> list[Value]:
    if member.left:
        gone = max(pair.left_at for pair in member.pairs if pair.left_at)
        return [member.name, Tag("ended", _("Left on %(day)s") % {"day": day(gone)}), ""]
    total, signed = len(member.live), sum(pair.signed_at is not None for pair in member.live)
    words = {"n": signed, "total": total}
    said = _("Signed with %(n)d of %(total)d members") % words if signed else _("Not signed yet")
    state = Tag("ok", _("Signed")) if signed == total else Tag("wait", said)
    missing = sum(bool(pair.signed_at) and not pair.checked_at for pair in member.live)
    left = ngettext("%(n)d key check still needed", "%(n)d key checks still needed", missing) % {"n": missing}
    return [member.name, state, left if missing else ""]


def coalition_ways(card: CoalitionCard) -> list[dict[str, Any]]:
    """Return the terms of a coalition agreement, which are the same for every pair."""
    return [{"heading": _("Between any two members, in both directions"), "kinds": kind_names(card.kinds)}]


# Requests -----------------------------------------------------------------------------------------------------------


def request_rows(found: Sequence[Asked], me: Any) -> list[dict[str, Any]]:
    """Return open agreement requests, each with the URL that closes it."""
    return [
        {
            "title": _("%(agency)s has asked for an agreement with %(partner)s")
            % {"agency": one.name, "partner": one.partner_name}
            if one.partner
            else _("%(agency)s has asked to join the coalition agreement") % {"agency": one.name},
            "since": _("Since %(day)s") % {"day": day(one.at)},
            "turn": _("Waiting for the coalition's office") if one.agency == me else "",
            "close": reverse("agreements:close_request", args=[one.id]),
            "own": one.agency == me,
        }
        for one in found
    ]


# Agreements between two agencies ------------------------------------------------------------------------------------


def ways(card: AgreementCard) -> list[dict[str, Any]]:
    """Return what can be shared in each direction, as one entry if both directions are the same."""
    by_way: dict[tuple[str, str], list[str]] = {}
    for giver, taker, kind in card.permits:
        by_way.setdefault((giver, taker), []).append(kind)
    lists = {way: kind_names(kinds) for way, kinds in sorted(by_way.items())}
    if len(lists) == 2 and len({tuple(names) for names in lists.values()}) == 1:
        (one, other), names = next(iter(lists.items()))
        return [
            {
                "heading": _("Between %(one)s and %(other)s, in both directions") % {"one": one, "other": other},
                "kinds": names,
            }
        ]
    return [
        {"heading": _("From %(giver)s to %(taker)s") % {"giver": giver, "taker": taker}, "kinds": names}
        for (giver, taker), names in lists.items()
    ]


def parties(card: AgreementCard) -> list[str]:
    """Return the parties' names."""
    return [party.name for party in card.parties]


def readers(keeper: str, named: Sequence[str]) -> Table:
    """Return the agencies whose staff can see a matter, each with the reason."""
    rows = [[name, _("Party")] for name in named]
    rows += [[keeper, _("Coalition's office, which drafts and keeps the agreement")]] if keeper not in named else []
    return Table("", (Column(_("Agency")), Column(_("Why"))), rows)


def signatures(card: AgreementCard) -> Table:
    """Return who has signed, and who has confirmed the last review."""
    rows: list[list[Value]] = []
    for party in card.parties:
        state: Value = _("not yet")
        if party.left_at:
            state = Tag("ended", _("Left on %(day)s") % {"day": day(party.left_at)})
        elif party.signed_at:
            state = _("signed on %(day)s") % {"day": day(party.signed_at)}
            if not party.checked_at:
                state = Tag("wait", _("signed on %(day)s, key check still needed") % {"day": day(party.signed_at)})
        rows.append([party.name, state, day(party.reviewed_at) or _("not yet")])
    columns = (Column(_("Agency")), Column(_("Signature")), Column(_("Last review confirmed")))
    return Table(_("Signatures"), columns, rows)


def review(card: AgreementCard) -> Deadline:
    """Return the yearly review as a deadline."""
    return Deadline(
        _("Yearly review"),
        localdate(card.review_due_at),
        _("Coalition rule: every agreement is reviewed once a year."),
        _(
            "Each agency has to confirm the review. If any agency hasn't confirmed it within 30 days after this "
            "date, sharing stops until every agency has."
        ),
    )


# Keys ---------------------------------------------------------------------------------------------------------------


def key_cards(keys: Sequence[PartnerKeys]) -> list[dict[str, Any]]:
    """Return each partner's keys as six words, with who checked them and when."""
    return [
        {
            "name": one.name,
            "words": one.words.split(),
            "tag": Tag(KEY_STATES[one.state][0], _(KEY_STATES[one.state][1])),
            "checked": checked_by(one),
            "check_url": reverse("agreements:check_keys", args=[one.agency])
            if one.state in (KeyState.NONE, KeyState.NEW)
            else "",
        }
        for one in keys
    ]


def checked_by(one: PartnerKeys) -> str:
    """Return when a partner's keys were checked and who checked them, or '' if they never were."""
    if one.checked_at is None:
        return ""
    return _("Checked on %(day)s by %(who)s") % {"day": day(one.checked_at), "who": one.by or _("a colleague")}


def key_rows(keys: Sequence[PartnerKeys]) -> list[Row]:
    """Return partners' keys as rows, with the unchecked keys first."""
    ordered = sorted(keys, key=lambda one: (one.good, one.name))
    return [
        Row(
            title=one.name,
            url=reverse("agreements:check_keys", args=[one.agency]) if one.words else "",
            detail=checked_by(one) or one.words,
            tag=Tag(KEY_STATES[one.state][0], _(KEY_STATES[one.state][1])),
        )
        for one in ordered
    ]


def ticks(keys: Sequence[PartnerKeys], ticked: Collection[str]) -> list[dict[str, Any]]:
    """Return each partner's words for the signing page, each with a checkbox or a note of who already checked the
    words."""
    return [
        {
            "name": one.name,
            "words": one.words.split(),
            "value": tick(one),
            "ticked": tick(one) in ticked,
            "good": one.good,
            "checked": checked_by(one),
            "new": one.state == KeyState.NEW,
        }
        for one in keys
    ]


def tick(one: PartnerKeys) -> str:
    """Return the value of a checkbox: the partner and the words shown on the page."""
    return f"{one.agency} {one.words}"
