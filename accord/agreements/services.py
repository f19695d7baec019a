"""All changes to agreements and to partners' pinned keys."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import connection
from django.db.models import Q

from accord.access.actors import Actor, require
from accord.access.codes import DRAFT_AGREEMENT, KINDS, SIGN_AGREEMENT
from accord.agencies import queries as agencies
from accord.agencies.models import Agency
from accord.agreements import checks, coalitions, queries
from accord.agreements.codes import COALITION_KINDS
from accord.agreements.models import Permit, Pin, Signature
from accord.agreements.workflows import AGREEMENT, AgreementAction
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.vault import queries as vault_queries
from accord.vault import sealing

NONE_CHECKED: Mapping[uuid.UUID, str] = MappingProxyType({})


def draft_agreement(
    *, actor: Actor, title: str, starts_at: datetime, permits: Iterable[tuple[uuid.UUID, uuid.UUID, str]]
) -> uuid.UUID:
    """Draft an agreement on what these agencies can share. The draft binds no agency until all of them have signed."""
    require(actor, DRAFT_AGREEMENT)
    lines, agreement = set(permits), uuid.uuid4()
    takers = dict(Agency.objects.filter(owner__in={taker for _, taker, _ in lines}).values_list("owner", "kind"))
    for giver, taker, kind in lines:
        known = KINDS.get(kind)
        if giver == taker or known is None or known.never_shared or takers.get(taker) not in known.recipients:
            raise Invalid(
                N_(
                    "Choose two agencies. For each one, choose only kinds of information that the other agency is "
                    "allowed to receive."
                )
            )
    if not lines:
        raise Invalid(N_("Choose at least one kind of information, in either direction."))
    columns = [list(column) for column in zip(*sorted(lines, key=str), strict=True)]
    if not call_sql("agreement_draft", agreement, title, starts_at, starts_at + timedelta(days=365), *columns):
        raise Refused(code="role")
    actor.log(AGREEMENT.log(AgreementAction.DRAFT), agreement=str(agreement))
    return agreement


def sign_agreement(*, actor: Actor, agreement: uuid.UUID, checked: Mapping[uuid.UUID, str] = NONE_CHECKED) -> None:
    """Sign an agreement for the actor's agency. The signature takes effect once every other party's keys are checked.

    `checked` contains the six words of each partner whose keys the officer has just compared by phone. Raises Invalid,
    Hidden, or Refused.
    """
    matter = queries.matter(agreement=agreement)
    require(actor, SIGN_AGREEMENT, on=matter)
    others = matter.named - {actor.agency}
    if Signature.objects.filter(owner=actor.agency, agreement=agreement).exists():
        raise Refused(N_("Your agency has already signed this agreement."), code="signed")
    _check_all(actor, others, checked)
    ready = others <= checks.checked(actor=actor, partners=others)
    if not call_sql("agreement_sign", agreement, ready):
        raise Refused(code="role")
    actor.log(AGREEMENT.log(AgreementAction.SIGN), agreement=str(agreement))


def sign_coalition(
    *,
    actor: Actor,
    coalition: uuid.UUID,
    members: Collection[uuid.UUID],
    checked: Mapping[uuid.UUID, str] = NONE_CHECKED,
) -> None:
    """Sign a coalition agreement with the `members` that the officer saw and that this agency hasn't signed with yet.

    Each pair takes effect once that partner's keys are checked. Raises Invalid, Hidden, or Refused.
    """
    require(actor, SIGN_AGREEMENT)
    pairs = _pairs(actor, coalition)
    unsigned = {
        pair.id: pair.partner for pair in pairs if pair.signed_at is None and not pair.over and pair.partner in members
    }
    if not unsigned:
        raise Refused(N_("Your agency has already signed this agreement."), code="signed")
    _check_all(actor, set(unsigned.values()), checked)
    good = checks.checked(actor=actor, partners=set(unsigned.values()))
    for agreement, partner in unsigned.items():
        if not call_sql("agreement_sign", agreement, partner in good):
            raise Refused(code="role")
    actor.log(AGREEMENT.log(AgreementAction.SIGN), agreement=str(coalition))


def _pairs(actor: Actor, coalition: uuid.UUID) -> list[coalitions.Pair]:
    """Return the actor's agency's pairs in a coalition agreement. Raises Hidden if there are none."""
    pairs = coalitions.own_pairs(actor=actor, coalition=coalition)
    if not pairs:
        raise Hidden
    return pairs


def _check_all(actor: Actor, partners: Collection[uuid.UUID], words: Mapping[uuid.UUID, str]) -> None:
    for partner, partner_words in words.items():
        if partner not in partners:
            raise Hidden
        check_keys(actor=actor, partner=partner, words=partner_words)


def check_keys(*, actor: Actor, partner: uuid.UUID, words: str) -> None:
    """Record that the officer called a partner and that its six words match, and pin its current keys.

    Signed agreements that were waiting for this take effect. Raises Invalid if the keys no longer match `words`, and
    Refused if a pinned key was swapped without a new version.
    """
    require(actor, SIGN_AGREEMENT)
    keys = vault_queries.public_keys(agency=partner)
    if not keys:
        raise Invalid(N_("They have no keys yet because no one there has signed in."))
    if words != agencies.fingerprint_of(keys):
        raise Invalid(N_("Their keys changed while you were comparing the words. Compare the words again."))
    _pin(actor, partner, keys)
    others = checks.checked(actor=actor, partners=_waiting_with(actor, partner))
    if not call_sql("keys_check", partner, words, sorted(others)):
        raise Refused(code="role")
    if partner not in checks.checked(actor=actor, partners={partner}):
        raise Refused(
            N_(
                "One of their keys was changed, but its version number wasn't. Tell the operator, because someone "
                "may be posing as the agency."
            ),
            code="exchanged",
        )
    actor.log(AGREEMENT.log(AgreementAction.CHECK_KEYS), to=str(partner))


def _waiting_with(actor: Actor, partner: uuid.UUID) -> set[uuid.UUID]:
    """Return the other parties to every agreement with this partner that this agency has signed and that is waiting for
    key checks."""
    waiting = Signature.objects.filter(owner=actor.agency, checked_at=None, left_at=None).values("agreement")
    lines = Permit.objects.filter(agreement__in=waiting)
    shared = lines.filter(Q(giver=partner) | Q(taker=partner)).values("agreement")
    parties = Permit.objects.filter(agreement__in=shared).values_list("giver", "taker")
    return {party for line in parties for party in line} - {actor.agency, partner}


def _pin(actor: Actor, partner: uuid.UUID, keys: Mapping[tuple[str, int], bytes]) -> None:
    """Pin a partner's current public keys. Earlier pins stay."""
    known = set(Pin.objects.filter(owner=actor.agency, partner=partner).values_list("code", "version"))
    at = clock.now()
    Pin.objects.bulk_create(
        Pin(owner=actor.agency, partner=partner, code=code, version=version, public_hash=sealing.digest(public), at=at)
        for (code, version), public in keys.items()
        if (code, version) not in known
    )


def review_agreement(*, actor: Actor, agreement: uuid.UUID) -> None:
    """Confirm the yearly review for the actor's agency. Once every party has, the next review is due a year later."""
    require(actor, SIGN_AGREEMENT, on=queries.matter(agreement=agreement))
    if not call_sql("agreement_review", agreement):
        raise Hidden
    actor.log(AGREEMENT.log(AgreementAction.REVIEW), agreement=str(agreement))


def end_agreement(*, actor: Actor, agreement: uuid.UUID) -> None:
    """End an agreement. Sharing under it stops in both directions when this transaction commits."""
    require(actor, SIGN_AGREEMENT, on=queries.matter(agreement=agreement))
    if not call_sql("agreement_leave", agreement):
        raise Hidden
    actor.log(AGREEMENT.log(AgreementAction.LEAVE), agreement=str(agreement))


def review_coalition(*, actor: Actor, coalition: uuid.UUID) -> None:
    """Confirm the yearly review with every member for which it is open. Raises Hidden if there are no such members."""
    require(actor, SIGN_AGREEMENT)
    done = [call_sql("agreement_review", pair.id) for pair in _pairs(actor, coalition) if pair.ours_to_review]
    if not any(done):
        raise Hidden
    actor.log(AGREEMENT.log(AgreementAction.REVIEW), agreement=str(coalition))


def leave_coalition(*, actor: Actor, coalition: uuid.UUID) -> None:
    """Leave a coalition agreement. Sharing under it with every other member stops when this transaction commits.

    The other members' pairs don't change. Raises Hidden.
    """
    require(actor, SIGN_AGREEMENT)
    pairs = [pair for pair in _pairs(actor, coalition) if not pair.left_at]
    done = [call_sql("agreement_leave" if pair.signed_at else "agreement_decline", pair.id) for pair in pairs]
    if not any(done):
        raise Hidden
    actor.log(AGREEMENT.log(AgreementAction.LEAVE), agreement=str(coalition))


# The coalition's office ---------------------------------------------------------------------------------------------


def draft_coalition(
    *, actor: Actor, title: str, kinds: Collection[str], starts_at: datetime, members: Collection[uuid.UUID]
) -> uuid.UUID:
    """Draft one agreement for any number of members, with the same terms between any two. Raises Invalid.

    It binds a pair only after both members have signed.
    """
    require(actor, DRAFT_AGREEMENT)
    if not kinds or not set(kinds) <= set(COALITION_KINDS):
        problem = N_("Choose at least one kind of information.")
        raise Invalid(problem, fields={"kinds": problem})
    if len(set(members)) < 2:
        problem = N_("Choose at least two agencies.")
        raise Invalid(problem, fields={"members": problem})
    coalition = uuid.uuid4()
    if not call_sql("coalition_draft", coalition, title, sorted(kinds), starts_at):
        raise Refused(code="role")
    actor.log(AGREEMENT.log(AgreementAction.DRAFT), agreement=str(coalition))
    _add(coalition, members, starts_at + timedelta(days=365))
    return coalition


def add_members(*, actor: Actor, coalition: uuid.UUID, members: Collection[uuid.UUID]) -> None:
    """Add members to a coalition agreement under its existing terms. The current members sign only with the new
    members."""
    require(actor, DRAFT_AGREEMENT)
    actor.log(AGREEMENT.log(AgreementAction.DRAFT), agreement=str(coalition))
    _add(coalition, members, clock.now() + timedelta(days=365))


def _add(coalition: uuid.UUID, members: Collection[uuid.UUID], review_due: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select accord.coalition_add(%s, %s::uuid[], %s)", [coalition, sorted(set(members)), review_due])
        if not cursor.fetchone()[0]:
            problem = N_("Choose agencies that work with clients and aren't members yet.")
            raise Invalid(problem, fields={"members": problem})


def ask_for_agreement(*, actor: Actor, partner: uuid.UUID | None) -> None:
    """Ask the coalition's office for an agreement with a partner or, if `partner` is None, to join the coalition
    agreement."""
    require(actor, SIGN_AGREEMENT)
    if not call_sql("agreement_ask", uuid.uuid4(), partner):
        problem = N_("Your agency has already asked for this. It's now up to the coalition's office to respond.")
        raise Invalid(problem, fields={"partner": problem})
    actor.log("agreement-asked", **({"to": str(partner)} if partner else {}))


def close_request(*, actor: Actor, request: uuid.UUID) -> None:
    """Close an agreement request, as the office that answered it or as the agency that asked. Raises Hidden."""
    if not call_sql("agreement_request_close", request):
        raise Hidden
    actor.log("agreement-request-closed")
