"""Turn an audit log event into a sentence. The sentence never names a client, because the log holds no names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accord.audit.queries import Line
from accord.core import rooms
from accord.core.text import N_

# Refused requests. The first covers both "does not exist" and "not available". The log does not show which it was.
REFUSALS = {
    "not_found": N_("%(by)s tried to open something that doesn't exist or isn't available to them."),
    "no_longer": N_("%(by)s tried to open something that is no longer shared."),
    "status_403": N_("%(by)s tried to do something their role doesn't include."),
    "status_409": N_("%(by)s tried to save after another change had already been saved. Nothing was overwritten."),
    "status_422": N_("%(by)s submitted a form that had a problem."),
    "status_429": N_("%(by)s was asked to wait after too many requests in a short time."),
}


def sentence(line: Line, names: dict[str, str]) -> str:
    """Return the event as a sentence, or its code if it has none. `names` holds the names of colleagues and agencies,
    by id."""
    known = rooms.log_lines().get(line.action)
    words = (known.words if known else "") if line.outcome == "done" else REFUSALS.get(line.outcome, "")
    other = names.get(str(line.details.get("to", "")), _("a colleague"))
    values = {
        "by": line.by or _("Someone"),
        "partner": line.partner,
        "other": other,
    }
    return _(words) % values if words else f"{values['by']}: {line.action} ({line.outcome})"
