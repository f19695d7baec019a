"""Text for releases, in any language. The screen, the printed form, and the disclosure history use the same words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accord.access.codes import KINDS, ROLES, SHARE_PERSON
from accord.audit.queries import Line
from accord.core.text import N_
from accord.law import promises
from accord.law.codes import PURPOSE_WORDS, STATEMENT_WORDS, Purpose, SignerCapacity, SignerFlag, Statement
from accord.people.presenters import bases, kinds, purposes
from accord.releases.codes import (
    ABILITY_WORDS,
    CAPACITY_WORDS,
    FLAG_WORDS,
    INTERPRETER_WORDS,
    PAUSE_WORDS,
    Ability,
    InterpreterKind,
    Pause,
    Problem,
)
from accord.releases.entries import OfficialShare, Release
from accord.releases.queries import AS_STATUS
from accord.releases.workflows import Status
from accord.sharing.codes import ShareState
from accord.sharing.queries import Item, ShareCard
from accord.ui import documents
from accord.ui.components import Column, Row, Signing, Table, Tag
from accord.ui.lists import Choice, Listed, listed
from accord.ui.words import day, language_name, moment

STATES = {
    "adult_signature_needed": ("urgent", N_("Needs the client's own signature as an adult")),
    Status.DRAFT: ("wait", N_("Not signed yet")),
    "signed": ("wait", N_("Signed but not shared yet")),
    Status.ACTIVE: ("ok", N_("In effect")),
    ShareState.COMING: ("wait", N_("Not started yet")),
    ShareState.EXPIRED: ("ended", N_("Ended")),
    Status.WITHDRAWN: ("ended", N_("Revoked")),
    Status.SUSPENDED: ("urgent", N_("Paused")),
    ShareState.NO_AGREEMENT: ("urgent", N_("Paused: no active agreement")),
}

# The states above apply to releases and their shares, and each has its own tag.


def who_shares(agency_kind: str) -> str:
    """Return who can share information under a signed release, for a reader whose role does not allow this."""
    able = [role for role in ROLES.values() if agency_kind in role.within and SHARE_PERSON in role.actions]
    return _("Your role can't share with a signed release. These roles at your agency can: %(roles)s.") % {
        "roles": ", ".join(_(role.name) for role in able)
    }


def signing(release: Release, discloser: str, recipient: str, to: promises.Keeper) -> Signing:
    """Return the content to be signed. Call this function and render its result in the language of the form."""
    return Signing(
        title=_("May we share this?"),
        discloser=discloser,
        what=tuple(f"{_(KINDS[code].name)}: {_(KINDS[code].words)}" for code in KINDS if code in release.kinds),
        recipient=recipient,
        purpose="; ".join(_(PURPOSE_WORDS[Purpose(code)]) for code in release.purposes),
        since=date.fromisoformat(release.start),
        until=date.fromisoformat(release.last_day),
        if_no=_(
            "Nothing changes. You get the same help from us. If you say yes, you can stop sharing at any time. "
            "Just tell us. You don't have to put it in writing. That agency keeps what it has already seen."
        ),
        additions=_additions(release),
        lang=release.text_language,
        beyond=_(beyond) % {"recipient": recipient} if (beyond := promises.beyond(to)) else "",
    )


def _additions(release: Release) -> str:
    if release.additions:
        return _("This is also shared until the last day.")
    if "contact.safe" in release.kinds:
        return _("This is not shared, except for changes in how to reach you safely.")
    return _("This is not shared.")


def tag(state: str) -> Tag:
    """Return a release's state as a tag."""
    colour, words = STATES[state]
    return Tag(colour, _(words))


def reasons(release: Release) -> list[tuple[str, str]]:
    """Return the reasons why a release is paused and what will resume it, for staff."""
    return [(_(why), _(what)) for why, what in (PAUSE_WORDS[Pause(code)] for code in release.pauses)]


def problems(found: Iterable[Problem]) -> list[str]:
    """Return the problems that prevent a release, for staff. Never show this on a page that a signer sees."""
    return [one.in_words(_) for one in found]


def alone(found: Iterable[tuple[int, Iterable[Purpose]]]) -> list[str]:
    """Return what a young person can sign alone, with the age from which the law allows it."""
    return [
        _("A person who is %(age)d or older can sign alone if the release is only for this: %(purposes)s.")
        % {"age": age, "purposes": "; ".join(_(PURPOSE_WORDS[one]) for one in purposes)}
        for age, purposes in found
    ]


def adult_reason() -> tuple[str, str]:
    """Return why nothing is shared after a birthday and what to do, for staff."""
    return (
        _("This person is an adult now, and someone else signed with them or for them."),
        _(
            "Ask whether this person still wants to share this information. It can be shared again only under a "
            "release they sign themselves."
        ),
    )


def marks(release: Release) -> list[Mark]:
    """Return the signatures that staff have not finalized yet, each with its signer, capacity, drawing, and date."""
    return [
        Mark(
            name=row["name"],
            capacity=_(CAPACITY_WORDS[SignerCapacity(row["capacity"])]),
            drawing=row["mark"] if row["mark"].startswith("data:image/png;base64,") else "",
            on=date.fromisoformat(row["signed_on"]),
        )
        for row in release.held
    ]


@dataclass(frozen=True)
class Mark:
    """One signature. `drawing` is a picture, or '' for a typed name or a paper form."""

    name: str
    capacity: str
    drawing: str
    on: date


def signed_by(release: Release) -> list[tuple[str, str, date]]:
    """Return the name, capacity, and date for each signature, including signatures that staff have not
    finalized yet."""
    first = [(row["name"], row["capacity"], row["signed_on"]) for row in [*release.signatures, *release.held]]
    again = [(row["name"], SignerCapacity.SELF.value, row["signed_on"]) for row in release.signed_again]
    return [
        (name, _(CAPACITY_WORDS[SignerCapacity(capacity)]), date.fromisoformat(on))
        for name, capacity, on in first + again
    ]


def facts(release: Release) -> list[tuple[str, str]]:
    """Return what staff recorded besides the terms and the signatures, leaving out empty fields."""
    interpreter = INTERPRETER_WORDS[InterpreterKind(release.interpreter_kind)] if release.interpreter_kind else ""
    facts_shown = [
        (_("Why the release lasts this long"), release.reason_for_length),
        (_("Can they make this decision themselves?"), _(ABILITY_WORDS[Ability(release.ability)])),
        (_("What that answer is based on"), release.ability_basis),
        (_("Treated as an adult by a court or the law"), _("Yes") if release.emancipated else ""),
        (_("Staff witness"), release.witness),
        (_("Interpreter"), _(interpreter) if interpreter else ""),
        (_("Interpreted into"), language_name(release.interpreter_language)),
        (_("Interpreter promised confidentiality"), _("Yes") if interpreter and release.interpreter_promised else ""),
        (_("Form language"), language_name(release.text_language)),
        (
            _("Languages they read or understand well"),
            ", ".join(language_name(one) for one in release.person_languages),
        ),
    ]
    return [(name, value) for name, value in facts_shown if value]


def checked_statements(release: Release) -> list[str]:
    """Return the statements that were checked before signing, in words."""
    return [_(STATEMENT_WORDS[statement]) for statement in Statement if statement in release.statements]


def signed_in(release: Release) -> str:
    """Return the language in which a release was read and signed, or '' if no one has signed it."""
    if not (release.signatures or release.held):
        return ""
    return _("Read and signed in %(language)s.") % {"language": language_name(release.text_language)}


def speakers(release: Release) -> list[tuple[str, str]]:
    """Return who else may revoke the release: the people who signed with or for the person."""
    others = [(row["capacity"], row["name"]) for row in release.signatures if row["capacity"] != SignerCapacity.SELF]
    return [
        (capacity, f"{name} ({_(CAPACITY_WORDS[SignerCapacity(capacity)])})") for capacity, name in dict(others).items()
    ]


def around(members: Iterable[Item]) -> list[tuple[str, str]]:
    """Return the people in the person's circle as choices on the signing page, with only the name and relationship and
    never what staff know about them."""
    return [
        (str(one.series), f"{one.payload.name} ({_(CAPACITY_WORDS[SignerCapacity(one.payload.capacity)])})")
        for one in members
    ]


def circle_rows(ref: uuid.UUID, members: Iterable[Item]) -> list[Row]:
    """Return the people in the person's circle as rows, for staff."""
    return [
        Row(
            title=one.payload.name,
            url=reverse("releases:member", args=[ref, one.series]),
            detail=" · ".join(
                part
                for part in (
                    _(CAPACITY_WORDS[SignerCapacity(one.payload.capacity)]),
                    ", ".join(_(FLAG_WORDS[SignerFlag(flag)]) for flag in one.payload.flags),
                )
                if part
            ),
            tag=Tag("urgent", _("Must not sign")) if one.payload.flags else None,
        )
        for one in members
    ]


def row(url: str, release: Release, recipient: str, state: str) -> Row:
    """Return one release as a row."""
    detail = _("%(kinds)s · %(start)s to %(end)s · %(purposes)s") % {
        "kinds": kinds(release.kinds),
        "start": day(date.fromisoformat(release.start)),
        "end": day(date.fromisoformat(release.last_day)),
        "purposes": purposes(release.purposes),
    }
    return Row(title=recipient, url=url, detail=detail, tag=tag(state))


def official_row(url: str, shares: list[ShareCard]) -> Row:
    """Return a share of the agency's own records with one partner as a row."""
    first = shares[0]
    detail = _("%(kinds)s · until %(end)s · %(purposes)s") % {
        "kinds": kinds(share.kind for share in shares),
        "end": day(first.last_day),
        "purposes": purposes(first.purposes),
    }
    return Row(title=first.recipient_name, url=url, detail=detail, tag=official_tag(shares))


def official_tag(shares: list[ShareCard]) -> Tag:
    """Return the state of a share of the agency's own records as a tag."""
    state = shares[0].state
    if state is ShareState.REVOKED:
        return Tag("ended", _("Ended"))
    return tag(AS_STATUS.get(state, state))


def official_facts(terms: OfficialShare, recipient: str) -> list[tuple[str, str]]:
    """Return what was shared, why, and what the officer confirmed."""
    ticks = {"right_to_know": _("The recipient has a right to know"), "need_to_know": _("The recipient needs to know")}
    return [
        (_("Who receives it"), recipient),
        (_("What is shared"), kinds(terms.kinds)),
        (_("What it is for"), purposes(terms.purposes)),
        (_("Shared on"), day(terms.shared_on)),
        (_("Last day"), day(terms.last_day)),
        (_("Why the recipient needs the information"), terms.reason),
        (_("What was confirmed"), "; ".join(ticks[code] for code in terms.ticks if code in ticks)),
        (_("Rules that apply"), ", ".join(terms.rule_ids)),
    ]


# On paper ---------------------------------------------------------------------------------------------------------

FORM = """
#import "house.typ": data, house, fact, note, sign
#show: house.with(title: data.title, agency: data.agency, foot: data.foot, size: 13pt)
#for (label, value) in data.facts { fact(label, value) }
#if data.beyond != "" { note(data.beyond) }
#note(data.if_no)
== #data.said_title
#data.said_how
#list(marker: box(width: 0.8em, height: 0.8em, stroke: 0.6pt), ..data.said)
#sign(data.sign_label, data.day_label)
#sign(data.staff_label, data.day_label)
"""

ACCOUNTING = """
#import "house.typ": data, house, note
#show: house.with(title: data.title, agency: data.agency, foot: data.foot)
#note(data.intro)
#if data.rows.len() == 0 [#data.none] else [
#table(columns: (auto, auto, 1fr, 1fr, auto), table.header(..data.columns.map(c => strong(c))), ..data.rows.flatten())
]
#if data.inside.len() > 0 [
== #data.inside_title
#list(..data.inside)
]
== #data.words_title
#list(..data.words)
#note(data.ask)
"""


def form_pdf(
    release: Release, recipient: str, to: promises.Keeper, statements: frozenset[Statement], agency: str, at: datetime
) -> bytes:
    """Return the printed form, with the same data and words as the screen. The form does not name the person. It has
    boxes to check for everything that must be discussed."""
    with translation.override(release.text_language):
        shown = signing(release, agency, recipient, to)
        checked = [_(STATEMENT_WORDS[statement]) for statement in Statement if statement in statements]
        data = {
            "title": shown.title,
            "agency": agency,
            "foot": _("Release of information · form %(version)s") % {"version": release.template},
            "facts": [
                [_("What is shared"), "\n".join(shown.what)],
                [_("Who shares it"), shown.discloser],
                [_("Who receives it"), shown.recipient],
                [_("What it is for"), shown.purpose],
                [_("First day it is shared"), day(shown.since)],
                [_("Last day it is shared"), day(shown.until)],
                [_("What we add later"), shown.additions],
            ],
            "beyond": shown.beyond,
            "if_no": _("If you say no:") + " " + shown.if_no,
            "said_title": _("What we talked about"),
            "said_how": _(
                "Check each box if the statement is true. If a statement isn't true, you don't have to sign."
            ),
            "said": checked,
            "sign_label": _("Signature"),
            "day_label": _("Day"),
            "staff_label": _("Staff present"),
        }
        return documents.pdf(FORM, data, release.text_language, at=at)


def accounting_rows(lines: list[Line], recipients: dict[str, str]) -> list[list[str]]:
    """List who saw or received what, when, and on what basis. The page and the printout use the same list."""
    words = {
        "share-begun": _("was given access"),
        "share-ended": _("access ended"),
        "share-paused": _("access paused"),
        "disclosed-outside": _("received it outside this system"),
        "share-resumed": _("access resumed"),
        "read-by-partner": _("viewed it"),
        "legal-paper-logged": _("asked for it in a legal request"),
        "legal-paper-ended": _("was given nothing in response to that request"),
    }
    words_of_basis = {**bases(), "paper": _("legal request")}
    rows: dict[tuple[str, ...], tuple[list[str], set[str]]] = {}
    for line in lines:
        known_as = line.details.get("to") or f"paper:{line.details.get('paper', '')}"
        who = line.partner or recipients.get(str(known_as), "")
        what = words[line.action] + (f" ({line.by})" if line.partner else "")
        codes_of_basis = sorted({rest.partition(":")[0] for rest in line.basis} - {"share"})
        basis = ", ".join(words_of_basis.get(code, code) for code in codes_of_basis) or "—"
        row = [moment(line.at), who, what, "", basis]
        rows.setdefault(tuple(row), (row, set()))[1].update(line.kinds)
    return [[*row[:3], kinds(codes), row[4]] for row, codes in rows.values()]


def accounting_columns() -> list[str]:
    """Return the column headings of the disclosure history."""
    return [_("When"), _("Who"), _("What happened"), _("What"), _("Based on")]


def accounting_table(rows: Sequence[list[str]]) -> Table:
    """Return the disclosure history as a table for the screen."""
    return Table("", tuple(Column(label) for label in accounting_columns()), rows)


def _of_agency(name: str, row: list[str]) -> bool:
    return row[1] == name


def accounting_list(rows: list[list[str]], query: Mapping[str, str]) -> Listed:
    """Return the disclosure history, filtered and sorted as requested. URLs use numbers for agencies because they must
    not reveal who helps the person. The printout always contains everything."""
    who = sorted({row[1] for row in rows if row[1]})
    shows = [Choice("", _("Everyone"))]
    shows += [Choice(str(n), name, partial(_of_agency, name)) for n, name in enumerate(who, 1)]
    place = {id(row): n for n, row in enumerate(rows)}
    sorts = [
        Choice("", _("Oldest"), lambda row: place[id(row)]),
        Choice("newest", _("Newest"), lambda row: -place[id(row)]),
    ]
    return listed(query, rows, shows=shows, sorts=sorts, search=("", " ".join), file=False)


def accounting_pdf(rows: list[list[str]], let_in: list[Row], agency: str, at: datetime, lang: str) -> bytes:
    """Return the printed disclosure history, for the person."""
    data = {
        "title": _("Disclosure history"),
        "agency": agency,
        "foot": moment(at),
        "intro": _(
            "This is our record of who outside our agency was given access to information about you, and when "
            "they viewed it."
        ),
        "none": _("No one outside our agency was given access."),
        "columns": accounting_columns(),
        "rows": rows,
        "inside_title": _("Our staff who were given access by a supervisor"),
        "inside": [
            f"{documents.isolated(row.title)}: {documents.isolated(row.quote)} ({row.detail}, {row.aside})"
            for row in let_in
        ],
        "words_title": _("What these words mean"),
        "words": [
            _("“Release” means the form you signed so that we could share something."),
            _("“Was given access” means that, from that time on, the agency could open what is listed."),
            _(
                "“Viewed it” means that someone at that agency opened what is listed. That person's name is next to "
                "the entry."
            ),
            _(
                "“Access ended” and “access paused” mean that, from that time on, the agency could no longer open "
                "what is listed. The agency keeps anything it already read or printed."
            ),
        ],
        "ask": _("To ask questions or stop sharing, contact %(agency)s. Phone: ____________________")
        % {"agency": agency},
    }
    return documents.pdf(ACCOUNTING, data, lang, at=at)
