"""Riverbend's coalition agreement. Grace drafts it, and every member signs except one, whose signature is due."""

from __future__ import annotations

from datetime import timedelta

from accord.accounts import services as accounts
from accord.agencies import checks, signing
from accord.agencies.coalitions import own_pairs
from accord.agencies.codes import COALITION_KINDS
from accord.core import clock
from accord.demo.riverbend import PERSONAS, Region

TITLE = "Riverbend Coalition"
SIGNED = ("harbor", "legal", "hospital", "survivors", "da")
DUE = "police"


def build(region: Region) -> None:
    """Draft the agreement, sign it for each of `SIGNED` with keys checked by phone, and leave `DUE` unsigned."""
    with region.as_("grace") as grace:
        members = [region.agencies[place] for place in (*SIGNED, DUE)]
        start = clock.now() - timedelta(days=1)
        coalition = signing.draft_coalition(
            actor=grace, title=TITLE, kinds=COALITION_KINDS, starts_at=start, members=members
        )
    for place in SIGNED:
        officer = next(p.user for p in PERSONAS if p.agency == place and "officer" in p.roles)
        with region.as_(officer) as actor:
            others = [pair.partner for pair in own_pairs(actor=actor, coalition=coalition)]
            found = checks.keys_of(actor=actor, partners=others)
            words = {one.agency: one.words for one in found if not one.good}
            signing.sign_coalition(actor=actor, coalition=coalition, members=others, checked=words)
    for persona in PERSONAS:
        if persona.agency in (*SIGNED, DUE):
            with region.as_(persona.user) as actor:
                accounts.see_notices(owner=actor.agency, membership=actor.membership)
