"""Kinds of information, roles, and actions, with their names and descriptions. To add a kind, add one line to KINDS.

The vault, agreements, releases, the person page, the data dictionary, and the tests read these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from accord.core.rooms import actions
from accord.core.text import N_
from accord.vault.ring import LOG_KEY, SIGNING_KEY

COMMUNITY, SYSTEMS, SURVIVOR_LED = "community", "systems", "survivor_led"
BACKBONE, STATISTICS, FUNDER, HUB = "backbone", "statistics", "funder", "hub"

AGENCY_KINDS = {
    COMMUNITY: N_("Community-based agency (bound by client confidentiality)"),
    SYSTEMS: N_("Systems-based agency (records may be discoverable)"),
    SURVIVOR_LED: N_("Survivor-led group"),
    BACKBONE: N_("Coalition office"),
    STATISTICS: N_("Statistics unit"),
    FUNDER: N_("Funder"),
    HUB: N_("Hub host"),
}
MEETS_PEOPLE = frozenset({COMMUNITY, SYSTEMS, SURVIVOR_LED})


@dataclass(frozen=True)
class Role:
    """A role in an agency. `within` lists the kinds of agencies that have the role."""

    code: str
    name: str
    words: str
    within: frozenset[str]
    actions: frozenset[str]
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatRole:
    """A role on one of the coalition's bodies, and the actions it allows there. No role in an agency allows these
    actions."""

    name: str
    words: str
    actions: frozenset[str]


@dataclass(frozen=True)
class Kind:
    """The smallest unit of information that a release can cover. `opened_by` lists the roles that hold the agency's key
    for it."""

    code: str
    name: str
    words: str
    opened_by: frozenset[str]
    always_later: bool = False
    never_shared: bool = False
    recipients: frozenset[str] = field(default=MEETS_PEOPLE)


# Actions, named verb-noun. Each action's own room describes it in words and declares whether it needs a new code
# (`room.py`).
FIND_PERSON, OPEN_RECORD, READ_PERSON, WRITE_PERSON = "find-person", "open-record", "read-person", "write-person"
ASSIGN_PERSON, GRANT_ACCESS, SHARE_PERSON, WITHDRAW_SHARE = "assign", "grant", "share", "withdraw"
SHARE_OFFICIAL, JOIN_RECORDS = "share-official", "join-records"
PRINT_ACCOUNTING, READ_AUDIT = "print-accounting", "read-audit"
ERASE_PERSON = "erase-person"
INVITE_MEMBER, END_MEMBERSHIP, SIGN_AGREEMENT, DRAFT_AGREEMENT = "invite", "end-membership", "sign", "draft-agreement"
KEEP_RECOVERY = "keep-recovery"
INVITE_AGENCY, READ_HUB_LOG = "invite-agency", "read-hub-log"
CONNECT_SYSTEM = "connect-system"
FORWARD_LEGAL_REQUEST, READ_LEGAL_REQUESTS = "forward-legal-request", "read-legal-requests"
SUBMIT_TOTALS, SUM_TOTALS, REVIEW_TOTALS, READ_TOTALS = "submit-totals", "sum-totals", "review-totals", "read-totals"
KEEP_BODIES, NAME_REPRESENTATIVE = "keep-bodies", "name-representative"
MANAGE_FORMS = "manage-forms"
SCREEN_PERSON, HAND_OFF_SCREENING = "screen-person", "hand-off-screening"
READ_DECISIONS, RECORD_DECISION = "read-decisions", "record-decision"  # by a seat, not by a role: SEATS


_WORK = frozenset({FIND_PERSON, OPEN_RECORD, READ_PERSON, WRITE_PERSON, READ_TOTALS})
_HELP = frozenset(
    {
        *_WORK,
        SHARE_PERSON,
        WITHDRAW_SHARE,
        SCREEN_PERSON,
    }
)
_OFFICIAL = _WORK | {SHARE_OFFICIAL, WITHDRAW_SHARE}
_HELPERS = frozenset({COMMUNITY, SURVIVOR_LED})
_NOBODY: frozenset[str] = frozenset()
_ADDS = frozenset({OPEN_RECORD, WRITE_PERSON})
# Purposes (accord.law.codes.Purpose) that a role can choose. The first one is preset.
_CARE = (
    *("case_coordination", "safety_planning", "housing", "counselling", "benefits"),
    *("school_and_work", "compensation", "team_review"),
)

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "intake",
            N_("intake"),
            N_("searches by name, opens new records, receives shared records and assigns them"),
            MEETS_PEOPLE,
            _WORK | {ASSIGN_PERSON},
            _CARE,
        ),
        Role(
            "advocate",
            N_("advocate"),
            N_("handles all casework for assigned clients"),
            _HELPERS,
            _HELP,
            _CARE,
        ),
        Role(
            "survivor_leader",
            N_("survivor leader"),
            N_("provides peer support and serves on committees"),
            _HELPERS,
            _HELP,
            _CARE,
        ),
        Role(
            "system_advocate",
            N_("systems-based advocate"),
            N_("helps clients of a systems-based agency; the advocate's notes may be disclosed to the defense"),
            frozenset({SYSTEMS}),
            _WORK,
            _CARE,
        ),
        Role(
            "attorney",
            N_("attorney"),
            N_("provides legal help to assigned clients"),
            _HELPERS,
            _HELP,
            ("legal_help", "compensation", "benefits"),
        ),
        Role(
            "clinician",
            N_("clinician"),
            N_("provides health care to assigned clients"),
            _HELPERS,
            _HELP,
            ("health_care", "counselling", "substance_use_care"),
        ),
        Role(
            "investigator",
            N_("investigator"),
            N_("works on the agency's own cases and uses what other agencies share"),
            frozenset({SYSTEMS}),
            _OFFICIAL | {HAND_OFF_SCREENING},
            ("investigation", "team_review"),
        ),
        Role(
            "prosecutor",
            N_("prosecutor"),
            N_("works on the agency's own cases and uses what other agencies share"),
            frozenset({SYSTEMS}),
            _OFFICIAL | {HAND_OFF_SCREENING},
            ("prosecution", "team_review"),
        ),
        Role(
            "child_protection",
            N_("child protection worker"),
            N_("works on the agency's own cases and uses what other agencies share"),
            frozenset({SYSTEMS}),
            _OFFICIAL,
            ("child_protection", "team_review"),
        ),
        Role(
            "supervisor",
            N_("supervisor"),
            N_(
                "assigns clients, gives colleagues access with a reason on record, reviews who viewed what, and "
                "prints disclosure histories"
            ),
            MEETS_PEOPLE,
            _HELP
            | {ASSIGN_PERSON, GRANT_ACCESS, JOIN_RECORDS, PRINT_ACCOUNTING, READ_AUDIT, ERASE_PERSON, MANAGE_FORMS},
            _CARE,
        ),
        Role(
            "officer",
            N_("privacy officer"),
            N_("manages memberships, roles, agreements, keys and submitted totals"),
            frozenset(AGENCY_KINDS),
            frozenset(
                {
                    *(INVITE_MEMBER, END_MEMBERSHIP, KEEP_RECOVERY, SIGN_AGREEMENT),
                    *(READ_AUDIT, ERASE_PERSON, SUBMIT_TOTALS, READ_TOTALS, CONNECT_SYSTEM, READ_LEGAL_REQUESTS),
                    *(NAME_REPRESENTATIVE, MANAGE_FORMS),
                }
            ),
        ),
        Role(
            "coordinator",
            N_("coordinator"),
            N_("handles the coalition's own business"),
            frozenset({BACKBONE}),
            frozenset({DRAFT_AGREEMENT, READ_TOTALS, KEEP_BODIES}),
        ),
        Role(
            "analyst",
            N_("analyst"),
            N_("defines the totals and combines what agencies submit"),
            frozenset({STATISTICS}),
            frozenset({SUM_TOTALS, READ_TOTALS}),
        ),
        Role(
            "reviewer",
            N_("second reviewer"),
            N_("reviews all combined totals before they are published"),
            frozenset({STATISTICS}),
            frozenset({REVIEW_TOTALS, READ_TOTALS}),
        ),
        Role("monitor", N_("funder's monitor"), N_("sees totals only"), frozenset({FUNDER}), frozenset({READ_TOTALS})),
        Role(
            "operator",
            N_("operator"),
            N_(
                "runs the server, invites agencies, forwards legal requests without being able to reopen them, and "
                "reads the hub's own audit log"
            ),
            frozenset({HUB}),
            frozenset({INVITE_AGENCY, READ_HUB_LOG, FORWARD_LEGAL_REQUEST}),
        ),
        # Roles for connected systems. No agency can give these roles to a person, and none of them opens a kind by
        # itself.
        Role("machine_writer", N_("adds"), N_("opens records and adds to them"), _NOBODY, _ADDS),
        Role(
            "machine_reader",
            N_("reads"),
            N_("reads the kinds of information that the privacy officer chose"),
            _NOBODY,
            frozenset({READ_PERSON}),
        ),
        Role(
            "machine_releases",
            N_("drafts releases"),
            N_("drafts releases and revokes them when the person asks; a release takes effect only once it is signed"),
            _NOBODY,
            frozenset({SHARE_PERSON, WITHDRAW_SHARE}),
        ),
    )
}
MACHINE_ROLES = tuple(code for code, role in ROLES.items() if not role.within)
# What a connected system can add through the API, and what it can never read, no matter what is turned on.
MACHINES_WRITE = frozenset(
    {
        *("identity.name", "identity.birth", "contact.safe", "needs", "services", "exploitation", "notes.case"),
        "releases",
    }
)
MACHINES_NEVER_READ = frozenset({"notes.advocate", "legal.privileged", "linkage"})

_RECORDS = frozenset({READ_DECISIONS, RECORD_DECISION})
SEATS: dict[str, SeatRole] = {
    "chair": SeatRole(N_("chair"), N_("leads the committee, and reads and records its decisions"), _RECORDS),
    "secretary": SeatRole(N_("secretary"), N_("reads and records the committee's decisions"), _RECORDS),
    "member": SeatRole(
        N_("member"), N_("takes part in the committee and reads its decisions"), frozenset({READ_DECISIONS})
    ),
    "observer": SeatRole(
        N_("observer"),
        N_("attends meetings and reads the committee's decisions, but has no part in making them"),
        frozenset({READ_DECISIONS}),
    ),
}

_FIRST = frozenset({"intake", "advocate", "survivor_leader", "system_advocate", "attorney", "clinician", "supervisor"})
_JUSTICE = frozenset({"investigator", "prosecutor", "child_protection"})
_CLOSE = frozenset({"advocate", "survivor_leader", "attorney", "clinician", "supervisor"})
_EVERYONE = _FIRST | _JUSTICE

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("identity.name", N_("Name"), N_("current name and other names"), _EVERYONE),
        Kind("identity.birth", N_("Age"), N_("date of birth or age"), _EVERYONE),
        Kind(
            "contact.safe",
            N_("Safe contact"),
            N_("safe ways and times to make contact"),
            _EVERYONE,
            always_later=True,
        ),
        Kind("needs", N_("Needs"), N_("needs and personal goals"), _EVERYONE),
        Kind("services", N_("Services"), N_("services received, by date"), _CLOSE | {"system_advocate"}),
        Kind(
            "exploitation",
            N_("Type of trafficking"),
            N_("sex or labor trafficking, recorded as codes"),
            _CLOSE | _JUSTICE,
        ),
        Kind("screening", N_("Screening"), N_("answers to screening questions"), _CLOSE),
        Kind("notes.case", N_("Case notes"), N_("notes about the case"), _CLOSE | _JUSTICE | {"system_advocate"}),
        Kind(
            "notes.advocate",
            N_("Advocate's notes"),
            N_("notes covered by advocate privilege"),
            _CLOSE,
            never_shared=True,
        ),
        Kind(
            "releases",
            N_("Releases"),
            N_("signed releases, the agencies they're for, and any other basis for sharing"),
            _CLOSE | _JUSTICE | {"system_advocate"},
            never_shared=True,
        ),
        Kind("health", N_("Health"), N_("health information"), frozenset({"clinician"})),
        Kind("substance_use", N_("Substance use"), N_("treatment for substance use"), frozenset({"clinician"})),
        # In a systems-based agency, only the supervisor holds this key. It is the most restricted kind there, even when
        # a release names it (based on 8 USC 1367; house.immigration). Investigators and prosecutors must ask the
        # supervisor.
        Kind("immigration", N_("Immigration"), N_("immigration status and applications"), _CLOSE),
        Kind(
            "legal.privileged",
            N_("Attorney's file"),
            N_("attorney-client communications"),
            frozenset({"attorney"}),
            never_shared=True,
        ),
        Kind("justice", N_("Investigation and court"), N_("investigations and court cases"), _JUSTICE | {"attorney"}),
        Kind("education", N_("School"), N_("school records"), _CLOSE),
        Kind("juvenile", N_("Juvenile court"), N_("juvenile and dependency court matters"), _JUSTICE | {"attorney"}),
        Kind(
            "linkage",
            N_("Unduplicated count"),
            N_("information needed to count each person once"),
            _CLOSE,
            recipients=frozenset({STATISTICS}),
        ),
    )
}

# Ring keys that are not kinds. They are for search hashes, signing the end of the audit log, opening submitted totals,
# and reading log details (on a person's page, as a supervisor or privacy officer, or as the operator).
SEARCH_KEY, SUBMISSIONS_KEY = "search", "submissions"
RING_CODES: dict[str, frozenset[str]] = {
    **{code: kind.opened_by for code, kind in KINDS.items()},
    SEARCH_KEY: _EVERYONE,
    SIGNING_KEY: frozenset(code for code, role in ROLES.items() if role.within),
    SUBMISSIONS_KEY: frozenset({"officer", "analyst", "reviewer"}),
    LOG_KEY: _EVERYONE | {"officer", "operator"},
}


def holders(action: str) -> tuple[str, ...]:
    """Return the roles that include an action, sorted by code. Raises LookupError for an unknown action."""
    if action not in actions():
        raise LookupError(f"unknown action {action}")
    return tuple(sorted(code for code, role in ROLES.items() if action in role.actions))


def codes_opened_by(roles: frozenset[str] | set[str]) -> frozenset[str]:
    """Return every ring key that a holder of these roles may open."""
    return frozenset(code for code, openers in RING_CODES.items() if openers & set(roles))
