"""Declares what the `agreements` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import DRAFT_AGREEMENT, SIGN_AGREEMENT
from accord.core.rooms import Act, Action, Argument, LogLine, Notice, Page, Room, Sql, Today
from accord.core.text import N_

ROOM = Room(
    name="agreements",
    question="what have agencies agreed to share, and whose keys have they checked?",
    addresses=("agreements/",),
    arguments={
        "partner": Argument("an agency", hidden=False),
        "agreement": Argument("an agreement between two agencies"),
        "coalition": Argument("an agreement between several agencies"),
        "asked": Argument("a request for an agreement"),
    },
    actions=(
        Action(SIGN_AGREEMENT, N_("sign an agreement for the agency"), step_up=True),
        Action(DRAFT_AGREEMENT, N_("draft an agreement between agencies"), step_up=True),
    ),
    places={"agreements": "agreements:agreements"},
    menu=(Page("agreements:agreements", N_("Agreements"), order=2, under="membership:colleagues"),),
    today=Today("today.lines", order=2),
    log={
        "agreement-drafted": LogLine(N_("%(by)s drafted an agreement."), Act.AGENCY),
        "agreement-signed": LogLine(N_("%(by)s signed an agreement."), Act.AGENCY),
        "agreement-reviewed": LogLine(N_("%(by)s confirmed the yearly review of an agreement."), Act.AGENCY),
        "agreement-left": LogLine(N_("%(by)s ended an agreement."), Act.AGENCY),
        "keys-accepted": LogLine(N_("%(by)s checked the keys for %(other)s by phone."), Act.AGENCY),
        "agreement-asked": LogLine(N_("%(by)s asked the coalition's office for an agreement."), Act.AGENCY),
        "agreement-request-closed": LogLine(N_("%(by)s closed a request for an agreement."), Act.AGENCY),
    },
    notices={
        "agreement-drafted": Notice(
            N_("An agreement is waiting for your agency's signature."), page="agreements:agreements"
        ),
        "agreement-signed": Notice(
            N_("A partner agency signed an agreement with your agency."), page="agreements:agreements"
        ),
        "agreement-asked": Notice(
            N_("An agency has asked for an agreement."), page="agreements:agreements", needs=DRAFT_AGREEMENT
        ),
        "agreement-reviewed": Notice(
            N_("A partner agency confirmed the yearly review of an agreement."), page="agreements:agreements"
        ),
        "agreement-ended": Notice(
            N_("A partner agency ended an agreement. Nothing is shared under it anymore."), page="agreements:agreements"
        ),
    },
    sql=Sql(
        inner=("notify_parties(uuid, text)", "agreement_parties(uuid)", "coalition_members(uuid)"),
        readers=("agreement_in_force(uuid, uuid, text, timestamptz)", "agreements_mine()"),
    ),
)
