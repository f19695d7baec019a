"""Releases of a person and the accounting of disclosures."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from accord.access.acting import Actor, require
from accord.access.codes import PRINT_ACCOUNTING, READ_PERSON
from accord.access.rules import may
from accord.agencies import queries as agencies
from accord.audit import queries as audit
from accord.core import clock
from accord.people.queries import Page, page, panel
from accord.releases import presenters, rules
from accord.releases.codes import TEXT_LANGUAGES, Statement
from accord.releases.entries import Release
from accord.releases.services import as_draft
from accord.sharing import queries as sharing
from accord.sharing.queries import Item


@panel("releases/_panel.html", "right", 1)
def releases_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Every release of an own person, newest first."""
    if not page.known.own or not page.decisions["releases"]:
        return None
    items = sorted(page.items.get("releases", ()), key=lambda item: item.at, reverse=True)
    names = {share.recipient: share.recipient_name for share in page.shares}
    names |= agencies.agency_names({uuid.UUID(item.payload.recipient) for item in items} - names.keys())
    rows = [
        presenters.row(
            reverse("releases:release", args=[page.known.ref, item.series]),
            item.payload,
            names[uuid.UUID(item.payload.recipient)],
            presenters.state_of(item.payload, [s for s in page.shares if s.basis_id == item.series]),
        )
        for item in items
    ]
    return {"rows": rows, "may_print": bool(may(actor.roles, PRINT_ACCOUNTING))}


def releases_of(*, actor: Actor, ref: uuid.UUID) -> tuple[Page, list[Item]]:
    """Every release of an own person, newest first, with her page. Raises what the page and the decision raise."""
    her = page(actor=actor, ref=ref)
    known = sharing.own_person(her.known)
    sharing.require(actor=actor, known=known, action=READ_PERSON, kind="releases")
    return her, sorted(her.items.get("releases", ()), key=lambda item: item.at, reverse=True)


def statements_needed(*, actor: Actor, release: Release) -> frozenset[Statement]:
    """What has to be said before this release is signed: the form shows exactly these."""
    law = agencies.law_of(agency=actor.agency, today=clock.today(actor.zone))
    return rules.statements_needed(as_draft(actor=actor, release=release), law).value


def default_terms(*, actor: Actor, language: str = "") -> dict[str, Any]:
    """What a new form proposes: from today, for as long as the law's default says, in the language she speaks best."""
    today = clock.today(actor.zone)
    law = agencies.law_of(agency=actor.agency, today=today)
    return {
        "start": today,
        "last_day": rules.default_last_day(today, law),
        "text_language": language if language in TEXT_LANGUAGES else "en",
        "person_languages": [language] if language else [],
    }


def kinds_offered(*, actor: Actor) -> list[str]:
    """Kinds that some agreement in force lets pass and that this actor's role opens."""
    offered = {kind for _id, _name, kinds in agencies.partners_with_kinds(actor=actor) for kind in kinds}
    return [kind for kind in offered if kind in actor.ring.codes() | (actor.inward or frozenset())]


def accounting(*, actor: Actor, ref: uuid.UUID) -> list[list[str]]:
    """Every disclosure of an own person, for her. Raises what `sharing` raises; the print is itself in the log."""
    require(actor, PRINT_ACCOUNTING)
    known = sharing.own_person(sharing.find(actor=actor, ref=ref))
    sharing.require(actor=actor, known=known, action=PRINT_ACCOUNTING)
    lines = audit.disclosures(owner=actor.agency, person=known.person, opens=actor.opens)
    partners = {uuid.UUID(str(line.details["to"])) for line in lines if line.details.get("to")}
    names = {str(agency): name for agency, name in agencies.agency_names(partners).items()}
    actor.log("accounting", about=[known.person])
    return presenters.accounting_rows(lines, names)
