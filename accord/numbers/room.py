"""Declares what the `numbers` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import READ_TOTALS, REVIEW_TOTALS, SUBMIT_TOTALS, SUM_TOTALS
from accord.core.rooms import Act, Action, Argument, LogLine, Pace, Page, Room, Sql, Today
from accord.core.text import N_

ROOM = Room(
    name="numbers",
    question="how do totals leave an agency?",
    addresses=("numbers/", "statistics/"),
    arguments={
        "code": Argument("a half-year", hidden=False),
        "cell": Argument("a figure in a table", hidden=False),
    },
    actions=(
        Action(SUBMIT_TOTALS, N_("review the agency's totals and submit them")),
        Action(SUM_TOTALS, N_("combine the totals that agencies submitted")),
        Action(REVIEW_TOTALS, N_("review combined totals as the second reviewer and publish them"), step_up=True),
        Action(READ_TOTALS, N_("read published totals")),
    ),
    menu=(Page("numbers:home", N_("Reports"), order=3, icon="numbers", needs=READ_TOTALS, covers=("statistics/",)),),
    today=Today("today.lines", order=5),
    log={
        "listed-behind-figure": LogLine(
            N_("%(by)s opened the list of people counted in a total."), Act.READING, Pace.LIST
        ),
        "totals-counted": LogLine(N_("%(by)s calculated the agency's totals."), Act.AGENCY),
        "totals-submitted": LogLine(N_("%(by)s submitted the agency's totals."), Act.AGENCY),
        "totals-reopened": LogLine(N_("%(by)s reopened the agency's totals to correct them."), Act.AGENCY),
        "totals-submitted-by-agency": LogLine(N_("%(partner)s submitted its totals."), Act.AGENCY),
        "totals-reopened-by-agency": LogLine(N_("%(partner)s reopened its totals to correct them."), Act.AGENCY),
        "totals-summed": LogLine(N_("%(by)s combined the agencies' totals."), Act.AGENCY),
        "totals-sent-back": LogLine(N_("%(by)s sent combined totals back to the analyst."), Act.AGENCY),
        "totals-published": LogLine(N_("%(by)s published a table."), Act.AGENCY),
    },
    sql=Sql(
        readers=("totals_expected(text, integer, text)",),
        inner=("totals_decide(uuid, text)",),
    ),
    exchanges=("workflows.TOTALS",),
)
