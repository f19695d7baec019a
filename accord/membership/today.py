"""Lines on *Today* about colleagues who are waiting for access or keys, and agencies without a privacy officer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import (
    DRAFT_AGREEMENT,
    INVITE_AGENCY,
    INVITE_MEMBER,
    KEEP_RECOVERY,
)
from accord.access.rules import may
from accord.access.today import Part, Turn, today_of, waiting
from accord.core import clock
from accord.membership import queries, returning
from accord.membership.queries import INVITATION_LASTS, Absent
from accord.ui.components import Link, Row, Tag


def lines(actor: Actor) -> Iterator[Turn | Part]:
    """Yield the colleagues and agencies that people in the actor's roles have to act on or watch."""
    if may(actor, INVITE_MEMBER):
        yield from _colleagues(actor)
    if may(actor, DRAFT_AGREEMENT) or may(actor, INVITE_AGENCY):
        yield from _agencies(actor, queries.without_officer(actor=actor))


def _colleagues(actor: Actor) -> Iterator[Turn | Part]:
    begun = returning.started(actor=actor) if may(actor, KEEP_RECOVERY) else None
    if begun is not None:
        why = _("A colleague entered the words from the recovery sheet. You have one hour to confirm.")
        yield Turn(
            _("Confirm the use of the recovery key"), reverse("membership:confirm_recovery"), why, since=begun.at
        )
    for one in queries.colleagues_back(actor=actor):
        words = _("Restore access for %(name)s") % {"name": one.name}
        yield Turn(words, reverse("membership:colleague", args=[one.id]), _("This colleague reset their passphrase."))
    rows = list(_keys(actor))
    if rows:
        yield Part(_("Keys"), rows, more=Link(_("All staff"), reverse("membership:colleagues")))


def _agencies(actor: Actor, absent: Sequence[Absent]) -> Iterator[Turn | Part]:
    invites = bool(may(actor, INVITE_AGENCY))
    for one in absent:
        if invites and one.since + INVITATION_LASTS <= clock.now():
            words = _("Create a new code for %(agency)s") % {"agency": one.name}
            why = _("No privacy officer has joined yet, and codes expire after 7 days.")
            yield Turn(words, reverse("membership:hub_invite_again", args=[one.id]), why, since=one.since)
    more = Link(_("All agencies"), reverse("membership:hub")) if invites else None
    rows = [_absent(actor, one) for one in absent]
    yield Part(_("Agencies"), rows, _("Every agency has a privacy officer."), more)


def _absent(actor: Actor, one: Absent) -> Row:
    url = reverse("membership:hub_invite_again", args=[one.id]) if may(actor, INVITE_AGENCY) else ""
    words = _("No privacy officer has joined yet.")
    return Row(one.name, url, words, tag=Tag("wait", _("Invited")), turn=waiting(one.since, today_of(actor)))


def _keys(actor: Actor) -> Iterator[Row]:
    people = queries.colleagues(actor=actor)
    for one in people:
        if one.keys_waiting:
            words = ngettext("Needs %(n)d key", "Needs %(n)d keys", one.keys_waiting) % {"n": one.keys_waiting}
            who = _("A colleague who has the keys needs to sign in")
            yield Row(one.name, reverse("membership:colleague", args=[one.id]), words, turn=who)
    renew, _total = queries.keys_to_renew(actor=actor)
    if renew:
        words = ngettext("%(n)d key is due to be replaced", "%(n)d keys are due to be replaced", len(renew))
        why = _(
            "Someone who had this key has left. The key is replaced when a colleague whose role includes it signs in."
        )
        yield Row(words % {"n": len(renew)}, reverse("membership:colleagues"), why, tag=Tag("wait", _("Waiting")))
