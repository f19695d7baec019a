"""A person's releases and disclosure history."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from accord.access.actors import Actor, require
from accord.access.codes import KINDS, PRINT_ACCOUNTING, READ_PERSON
from accord.agencies import queries as agencies
from accord.agreements.queries import partners_with_kinds, permitted_kinds
from accord.agreements.reach import Reach, reach
from accord.audit import queries as audit
from accord.core import clock
from accord.law import rules as law_rules
from accord.law.codes import Purpose, Who
from accord.law.packs import ReleaseLength, ServiceAlone, Signers
from accord.law.rules import Law
from accord.people import queries as people
from accord.people.queries import Page
from accord.people.team import LetIn, let_in_undecided
from accord.releases import lifecycle, rules, suspension_rules
from accord.releases.codes import (
    TEXT_LANGUAGES,
    Ability,
    Draft,
    Facts,
    Interpreter,
    InterpreterKind,
    InterpreterTie,
    Pause,
    Problem,
    Recipient,
    RecordedAs,
    Statement,
)
from accord.releases.entries import Release
from accord.releases.fitting import Fit, fit
from accord.releases.fitting import last_days as offered_days
from accord.releases.workflows import Status
from accord.sharing import queries as sharing
from accord.sharing.codes import ShareState
from accord.sharing.queries import Item


def releases_of(*, actor: Actor, ref: uuid.UUID) -> tuple[Page, list[Item]]:
    """Return two things: every release for one of the agency's own clients, newest first, and the person page with the
    entries that the releases' states depend on. Raises Hidden, NoLonger, or Refused."""
    page = people.page(actor=actor, ref=ref, kinds=["releases", "identity.birth"])
    known = sharing.own_person(page.known)
    sharing.require_access(actor=actor, known=known, action=READ_PERSON, kind="releases")
    items = [item for item in page.items.get("releases", ()) if item.type == "release"]
    return page, sorted(items, key=lambda item: item.at, reverse=True)


def could_be_the_same(*, actor: Actor, ref: uuid.UUID, name: str) -> people.Search:
    """Return other records with a similar name, and whether some may be missing."""
    found = people.search_by_name(actor=actor, text=name)
    return people.Search([one for one in found.rows if one.ref != ref], found.more)


def as_draft(*, actor: Actor, release: Release) -> Draft:
    """Return a stored release in the form that the rules use."""
    recipient = uuid.UUID(release.recipient)
    permitted = frozenset(permitted_kinds(actor=actor, partner=recipient))
    return Draft(
        recipients=(
            Recipient(
                agency=release.recipient,
                facts=agencies.law_facts(agency=recipient),
                agreement_kinds=permitted or None,
            ),
        ),
        purposes=frozenset(Purpose(code) for code in release.purposes),
        kinds=frozenset(release.kinds),
        start=date.fromisoformat(release.start) if release.start else None,
        last_day=date.fromisoformat(release.last_day) if release.last_day else None,
        additions=release.additions,
        reason_for_length=release.reason_for_length,
        text_languages=frozenset({release.text_language}),
        template_version=release.template,
        version=release.version,
        recorded_as=RecordedAs(release.recorded_as),
        statements=frozenset(Statement(code) for code in release.statements),
        staff_witness=release.witness,
        interpreter=_interpreter(release),
        signatures=suspension_rules.signatures(release),
    )


def _interpreter(release: Release) -> Interpreter | None:
    if not release.interpreter_kind:
        return None
    return Interpreter(
        kind=InterpreterKind(release.interpreter_kind),
        language=release.interpreter_language,
        promised_confidence=release.interpreter_promised,
        ties=frozenset(InterpreterTie(tie) for tie in release.interpreter_ties),
    )


def facts_of(*, release: Release, age: int | None) -> Facts:
    """Return the facts that the agency knows about the person, in the form that the rules use."""
    return Facts(
        status=Status(release.status),
        age=age,
        adult={"yes": True, "no": False}.get(release.adult),
        languages=frozenset(release.person_languages),
        ability=Ability(release.ability),
        ability_basis=release.ability_basis,
        emancipated=release.emancipated,
        informed=release.informed,
    )


def statements_needed(*, actor: Actor, release: Release) -> frozenset[Statement]:
    """Return what must be said before this release is signed. The form shows exactly these statements."""
    law = agencies.law_of(agency=actor.agency, today=clock.today(actor.zone))
    return rules.statements_needed(as_draft(actor=actor, release=release), law).value


def who_signs(*, actor: Actor, release: Release, age: int | None) -> Signers | Problem:
    """Return the signatures that the form asks for, or a problem if no one can sign."""
    law = agencies.law_of(agency=actor.agency, today=clock.today(actor.zone))
    need = rules.who_signs(as_draft(actor=actor, release=release), facts_of(release=release, age=age), law)
    return need if isinstance(need, Problem) else need.value


def states_of(*, actor: Actor, page: Page, items: Sequence[Item]) -> dict[uuid.UUID, str]:
    """Return the state of each of these releases on the owner's page, by series."""
    today = clock.today(actor.zone)
    found = {
        item.series: _state_of(item.payload, [s for s in page.shares if s.basis_id == item.series]) for item in items
    }
    with_a_parent = {item.series: item.payload for item in items if _signed_for_a_minor(item.payload, today)}
    if with_a_parent:  # otherwise there is no need to look up the law
        law = agencies.law_of(agency=actor.agency, today=today)
        adult = [series for series, release in with_a_parent.items() if _needs_adult(page, release, law, today)]
        found |= dict.fromkeys(adult, "adult_signature_needed")
    return found


MOST_SHARED = (
    *(ShareState.IN_FORCE, ShareState.COMING, ShareState.SUSPENDED, ShareState.NEVER),
    *(ShareState.NO_AGREEMENT, ShareState.EXPIRED, ShareState.REVOKED),
)
AS_STATUS: dict[ShareState, str] = {
    ShareState.IN_FORCE: Status.ACTIVE,
    ShareState.REVOKED: Status.WITHDRAWN,
    ShareState.NEVER: Status.SUSPENDED,
}


def _state_of(release: Release, shares: Sequence[sharing.ShareCard]) -> str:
    """Return the state of a release. This is its own status or, while the release is active, the state of its
    shares."""
    if release.status != Status.ACTIVE:
        return "signed" if release.status == Status.DRAFT and release.held else release.status
    states = {share.state for share in shares}
    return AS_STATUS.get(first := next((one for one in MOST_SHARED if one in states), ShareState.EXPIRED), first)


def _signed_for_a_minor(release: Release, today: date) -> bool:
    """Return whether the release began with a parent's or guardian's signature and its last day has not passed."""
    begun = suspension_rules.begun(release) and date.fromisoformat(release.last_day) >= today
    return begun and any(row["capacity"] in rules.FOR_A_MINOR for row in release.signatures)


def _needs_adult(page: Page, release: Release, law: Law, today: date) -> bool:
    """Return whether the release is not in force today because the person came of age."""
    if Pause.CAME_OF_AGE in release.pauses:
        return True
    return page.birth is not None and lifecycle.came_of_age(
        suspension_rules.signatures(release), page.birth, law, today
    )


def age_to_sign(*, actor: Actor, page: Page) -> int | None:
    """Return the age that determines who signs. Return None if the age is unknown or could be on either side of
    majority. In that case, staff must ask."""
    law = law_rules.law_for(actor.facts, clock.today(actor.zone))
    return rules.age_to_sign(page.age, page.age_at_most, law)


def alone(*, actor: Actor, age: int | None) -> list[tuple[int, list[Purpose]]]:
    """Return the purposes for which the law lets a minor receive services without a parent or guardian, each with the
    age from which this applies. If `age` is known, purposes that apply only from a higher age are left out."""
    law = law_rules.law_for(actor.facts, clock.today(actor.zone))
    grants: dict[int, set[Purpose]] = {}
    for _id, effect in law.of(ServiceAlone):
        if effect.who is Who.MINOR and (age is None or effect.from_age <= age):
            grants.setdefault(effect.from_age, set()).update(effect.purposes)
    return [(years, sorted(grants[years])) for years in sorted(grants)]


def majority(*, actor: Actor) -> int:
    """Return the age of majority under the law that applies to the actor's agency."""
    law = law_rules.law_for(actor.facts, clock.today(actor.zone))
    return law_rules.majority_age(law).value


@dataclass(frozen=True)
class Partner:
    """An agency on the first page of a new release. `number` identifies it in the URL. `open` is true if the actor can
    share with it now."""

    number: int
    reach: Reach
    facts: law_rules.AgencyFacts
    fit: Fit

    @property
    def agency(self) -> uuid.UUID:
        """Return the id of the agency."""
        return self.reach.agency

    @property
    def open(self) -> bool:
        """Return whether an agreement is in force and at least one kind may be shared."""
        return bool(self.fit.kinds or self.fit.sensitive)


def partners_for(*, actor: Actor) -> list[Partner]:
    """Return every other agency that works with people, sorted by name, with what a release to it can offer."""
    law, opens = law_rules.law_for(actor.facts, clock.today(actor.zone)), _opens(actor)
    found = []
    for number, one in enumerate(reach(actor=actor), 1):
        facts = agencies.facts_from(kind=one.kind, traits=one.traits, jurisdictions=one.jurisdictions)
        fitting = fit(kind=one.kind, to=facts, agreed=one.kinds, opens=opens, law=law)
        found.append(Partner(number, one, facts, fitting))
    return found


def last_days(*, actor: Actor, partner: Partner) -> tuple[date, ...]:
    """Return the last days that the form offers for a release to this partner, earliest first."""
    until = partner.reach.until
    # the agreement pauses during this day, so the last full day is the day before
    whole = localdate(until) - timedelta(days=1) if until else None
    return offered_days(clock.today(actor.zone), release_length(actor=actor), whole)


def release_length(*, actor: Actor) -> ReleaseLength:
    """Return how long a release may last under the law of the actor's agency."""
    return law_rules.release_length(law_rules.law_for(actor.facts, clock.today(actor.zone))).value


def default_terms(*, actor: Actor, language: str = "") -> dict[str, Any]:
    """Return the values filled in on a new form, such as today's date, the law's usual length, and the language in the
    person's record."""
    today = clock.today(actor.zone)
    law = law_rules.law_for(actor.facts, today)
    return {
        "start": today,
        "until": rules.default_last_day(today, law).isoformat(),
        "text_language": language if language in TEXT_LANGUAGES else "",
        "reads": language,
        "ability": "full",
    }


def _opens(actor: Actor) -> frozenset[str]:
    return frozenset(actor.ring.codes() | (actor.inward or frozenset()))


def offered(*, actor: Actor) -> tuple[list[tuple[uuid.UUID, str]], list[str]]:
    """Return two lists: the partners with an agreement in force, sorted by name, and the kinds that their agreements
    cover and the actor's role can open."""
    ways = partners_with_kinds(actor=actor)
    opens = _opens(actor)
    kinds = {kind for _agency, _name, permitted in ways for kind in permitted}
    return [(agency, name) for agency, name, _kinds in ways], [kind for kind in KINDS if kind in kinds & opens]


def kinds_offered(*, actor: Actor) -> list[str]:
    """Return the kinds that at least one agreement in force covers and the actor's role can open."""
    return offered(actor=actor)[1]


def may_share_own(*, actor: Actor) -> bool:
    """Return whether the law lets the actor's agency share its own records at all, once an officer has given every
    confirmation."""
    law = law_rules.law_for(actor.facts, clock.today(actor.zone))
    return not rules.problems_with_official_share(law_rules.ticks_needed(law).value, law)


def accounting(*, actor: Actor, ref: uuid.UUID) -> tuple[list[audit.Line], dict[str, str], tuple[LetIn, ...]]:
    """Return the history to show to one of the agency's own clients: every disclosure, the recipients' names, and every
    colleague who was given access. Reading this history is logged, too. Raises Hidden or Refused."""
    require(actor, PRINT_ACCOUNTING)
    known = sharing.find_own(actor=actor, ref=ref)
    sharing.require_access(actor=actor, known=known, action=PRINT_ACCOUNTING)
    lines = audit.disclosures(owner=actor.agency, person=known.person, opens=actor.opens)
    partners = {uuid.UUID(str(line.details["to"])) for line in lines if line.details.get("to")}
    names = {str(agency): name for agency, name in agencies.agency_names(partners).items()}
    opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=["releases"])[known.ref].get(
        "releases", []
    )
    names |= {str(item.series): item.payload.outside for item in opened if item.type == "disclosure"}
    names |= {f"paper:{item.series}": item.payload.sender for item in opened if item.type == "disclosure"}
    actor.log("accounting", about=[known.person])
    return lines, names, let_in_undecided(actor=actor, known=known)
