"""Help lines for a person in danger, for pages that anyone can open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings

from accord.core.text import N_


@dataclass(frozen=True)
class HelpLine:
    """A help line to call, and to text if possible. Numbers are written the way people read them."""

    name: str
    call: str
    text: str = ""

    @property
    def call_url(self) -> str:
        """Return a link for calling the number, with +1 before a 10-digit US number."""
        digits = re.sub(r"\D", "", self.call)
        return f"tel:+1{digits}" if len(digits) == 10 else f"tel:+{digits}" if len(digits) == 11 else f"tel:{digits}"

    @property
    def text_url(self) -> str:
        return f"sms:{self.text}" if self.text else ""


EMERGENCY = "911"
# Polaris runs this line day and night in more than 200 languages. Source:
# https://humantraffickinghotline.org/en/contact
NATIONAL = HelpLine(N_("National Human Trafficking Hotline"), "1-888-373-7888", "233733")


def help_lines() -> tuple[HelpLine, ...]:
    """Return the help line set in `ACCORD_HELP_LINE` ("name, phone"), then the national one."""
    name, _comma, call = settings.ACCORD_HELP_LINE.rpartition(",")
    own = (HelpLine(name.strip(), call.strip()),) if name.strip() and call.strip() else ()
    return (*own, NATIONAL)
