"""What `releases` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, LogLine, Room
from accord.core.text import N_

ROOM = Room(
    name="releases",
    question="how does a share begin and end?",
    log={
        "device-handed-over": LogLine(N_("%(by)s handed the device over for reading and signing."), Act.SHARING),
        "device-taken-back": LogLine(N_("%(by)s took the device back."), Act.SHARING),
        "disclosed-outside": LogLine(
            N_("%(by)s disclosed something outside this system."), Act.SHARING, discloses=True
        ),
        "legal-paper-logged": LogLine(
            N_("%(by)s recorded a legal request about a person."), Act.SHARING, discloses=True
        ),
        "legal-paper-step": LogLine(N_("%(by)s recorded what was done about a legal request."), Act.SHARING),
        "legal-paper-ended": LogLine(
            N_("%(by)s recorded that nothing was handed over because of a legal request."), Act.SHARING, discloses=True
        ),
        "legal-paper-closed": LogLine(N_("%(by)s closed a legal request."), Act.SHARING),
        "accounting": LogLine(N_("%(by)s opened a disclosure history."), Act.READING),
    },
)
