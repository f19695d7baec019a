"""The measures that agencies count, and their breakdowns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accord.casework.codes import AGE_GROUPS, EXPLOITATION
from accord.core.text import N_
from accord.screening.codes import RESULTS, TOOLS

NEW, CONTINUING = "new", "continuing"
FIRST = {NEW: N_("New"), CONTINUING: N_("Continuing")}


@dataclass(frozen=True)
class Measure:
    """One measure. Its definition is shown next to every figure. If the definition changes, the measure gets a new
    version. `headline` contains `%(n)s` and `%(period)s`, and `hidden` contains `%(period)s`."""

    code: str
    version: int
    name: str
    definition: tuple[str, ...]
    kinds: tuple[str, ...]  # the kinds of information that must be opened to count it
    breakdowns: Mapping[str, Mapping[str, str]]
    breakdown_names: Mapping[str, str]
    cross: str  # the title of the table of the first breakdown by the second
    headline: str
    hidden: str
    duplicated: str


# Use at most three breakdowns, because more would lead to small cells and long tables.
BREAKDOWNS: dict[str, dict[str, str]] = {"age": AGE_GROUPS, "type": EXPLOITATION, "first": FIRST}
BREAKDOWN_NAMES = {"age": N_("Age"), "type": N_("Type of trafficking"), "first": N_("New or continuing")}
TOTAL = "*"

PEOPLE_SERVED = Measure(
    code="people_served",
    version=1,
    name=N_("People served"),
    definition=(
        N_("A person is counted once at each agency that served them on at least one day of the reporting period."),
        N_(
            "“New” means that the person's first service at that agency was during the reporting period. "
            "“Continuing” means that it was earlier."
        ),
        N_("Age is as of the last day of the reporting period."),
        N_("The type of trafficking is the most recent one on record. Many people are never asked about it."),
    ),
    kinds=("services", "exploitation", "identity.birth"),
    breakdowns=BREAKDOWNS,
    breakdown_names=BREAKDOWN_NAMES,
    cross=N_("Age by type of trafficking"),
    headline=N_("Agencies reported serving %(n)s people, %(period)s"),
    hidden=N_("People served, as counted by each agency, %(period)s"),
    duplicated=N_("This is a duplicated count. A person served by two agencies is counted twice."),
)
PEOPLE_SCREENED = Measure(
    code="people_screened",
    version=1,
    name=N_("People screened"),
    definition=(
        N_("A person is counted once at each agency that screened them on at least one day of the reporting period."),
        N_("If someone was screened more than once, the most recent screening counts."),
        N_(
            "The result is what the screening showed. It is not a determination, and no one is refused help because of it."
        ),
        N_("People who chose not to answer are counted as screened."),
    ),
    kinds=("screening",),
    breakdowns={"tool": TOOLS, "result": RESULTS},
    breakdown_names={"tool": N_("Form"), "result": N_("Result")},
    cross=N_("Form by result"),
    headline=N_("Agencies reported screening %(n)s people, %(period)s"),
    hidden=N_("People screened, as counted by each agency, %(period)s"),
    duplicated=N_("This is a duplicated count. A person screened by two agencies is counted twice."),
)
MEASURES = {measure.code: measure for measure in (PEOPLE_SERVED, PEOPLE_SCREENED)}
SUPPRESSION = N_(
    "A count is suppressed if it is from 1 to 10, comes from fewer than three agencies or almost "
    "entirely from one agency, or could be used to work out another suppressed count. Zero is shown as 0."
)

THRESHOLD, MIN_CONTRIBUTORS, DOMINANCE = 11, 3, 0.8
SHOWN = "published"  # the accord.statlib.protect status of a cell that may be shown
SLICE = 500  # people counted in one request
