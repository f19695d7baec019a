"""The person page panels for releases, legal requests, and the joined record."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from accord.access.actors import Actor
from accord.access.codes import PRINT_ACCOUNTING, SHARE_OFFICIAL, SHARE_PERSON, WITHDRAW_SHARE
from accord.access.rules import may
from accord.agencies import queries as agencies
from accord.people.queries import Page
from accord.releases import presenters
from accord.releases.codes import Basis
from accord.releases.queries import states_of
from accord.releases.workflows import RELEASE, Action, Status
from accord.sharing import queries as sharing
from accord.sharing.assignments import joined_with
from accord.ui.components import Row


def releases_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """List every release for one of the agency's own clients, newest first."""
    if not page.known.own or not page.decisions["releases"]:
        return None
    ways = {"may_share": SHARE_PERSON, "may_print": PRINT_ACCOUNTING, "may_share_own": SHARE_OFFICIAL}
    items = [item for item in page.items.get("releases", ()) if item.type == "release"]
    items = sorted((i for i in items if i.payload.status != Status.DISCARDED), key=lambda item: item.at, reverse=True)
    names = {share.recipient: share.recipient_name for share in page.shares}
    names |= agencies.agency_names({uuid.UUID(item.payload.recipient) for item in items} - names.keys())
    states = states_of(actor=actor, page=page, items=items)
    ends = bool(may(actor, WITHDRAW_SHARE))
    rows = [
        (
            presenters.row(
                reverse("releases:release", args=[page.known.ref, item.series]),
                item.payload,
                names[uuid.UUID(item.payload.recipient)],
                states[item.series],
            ),
            reverse("releases:withdraw", args=[page.known.ref, item.series])
            if ends and RELEASE.allows(Status(item.payload.status), Action.WITHDRAW)
            else "",
        )
        for item in items
    ]
    allowed = {name: bool(may(actor, action)) for name, action in ways.items()}
    over = [row for row, _stop in rows if row.tag and row.tag.state == "ended"]
    running = [each for each in rows if each[0] not in over]
    official = _official_rows(page)
    instead = "" if allowed["may_share"] else presenters.who_shares(actor.agency_kind)
    nothing = not (items or official or allowed["may_share_own"])
    return {"rows": running, "over": over, "official": official, "instead": instead, "nothing": nothing, **allowed}


def _official_rows(page: Page) -> list[Row]:
    """List shares of the agency's own records, newest first."""
    found: dict[uuid.UUID, list[sharing.ShareCard]] = {}
    for share in page.shares:
        if share.basis == Basis.OFFICIAL:
            found.setdefault(share.basis_id, []).append(share)
    place = page.known.ref
    return [
        presenters.official_row(reverse("releases:official", args=[place, series]), shares)
        for series, shares in found.items()
    ]


def joined_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Link to the person's other record, if two records are joined. Each page shows only its own record."""
    other = joined_with(actor=actor, person=page.known.person) if page.known.own else None
    if other is None:
        return None
    return {"url": reverse("people:person", args=[other.person]), "since": localdate(other.at)}
