"""Changes to an agency's own settings."""

from __future__ import annotations

from accord.access.actors import Actor, require, require_role
from accord.access.codes import INVITE_MEMBER, SIGN_AGREEMENT
from accord.agencies.codes import ZONES
from accord.agencies.models import ContactLine
from accord.core import clock
from accord.core.errors import Invalid
from accord.core.statements import call_sql
from accord.core.text import N_


def change_zone(*, actor: Actor, zone: str) -> None:
    """Change the agency's time zone. Raises Invalid for an unknown zone."""
    require(actor, INVITE_MEMBER)
    if zone not in ZONES or not call_sql("agency_zone", zone):
        raise Invalid(fields={"zone": N_("Choose a time zone.")})
    actor.log("time-zone-changed")


def write_contact_line(*, actor: Actor, role: str, phone: str, hours: str) -> None:
    """Set the contact line that partners call about what the actor's agency shares. Raises Refused or Invalid."""
    require_role(actor, SIGN_AGREEMENT)
    needed = {"role": N_("Enter who to ask for: a role or a name."), "phone": N_("Enter a phone number.")}
    fields = {name: words for name, words in needed.items() if not {"role": role, "phone": phone}[name].strip()}
    if fields:
        raise Invalid(fields=fields)
    line = {"role": role.strip(), "phone": phone.strip(), "hours": hours.strip(), "at": clock.now()}
    rows = ContactLine.objects.filter(owner=actor.agency)
    if not rows.update(**line, by=actor.membership):
        ContactLine.objects.create(owner=actor.agency, **line, by=actor.membership)
    actor.log("contact-line-changed")
