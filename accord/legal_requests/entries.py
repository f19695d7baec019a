"""The sealed entry for a legal request or a report, with what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accord.core.text import N_
from accord.legal_requests.workflows import DisclosureStatus
from accord.sharing.codes import Payload, entry_type, field


@entry_type("disclosure", kind="releases")
@dataclass(frozen=True)
class Disclosure(Payload):
    """A legal request or a duty to report, with what it covers, what was handed over, and how the person was told."""

    basis: str = field(N_("Legal request or duty to report"), default="order")
    sender: str = field(N_("Who is asking"), sensitive=True)
    process: str = field(N_("Type of legal request"))
    citation: str = field(N_("Case number or law"))
    signed_by: str = field(N_("Who signed it"))
    received_on: str = field(N_("Received on"))
    due_on: str = field(N_("Response due"))
    says: str = field(N_("What the request asks for"), sensitive=True)
    listed: tuple[str, ...] = field(N_("Kinds of information requested"), default=())
    rule_id: str = field(N_("Rule requiring the report"))
    chosen: tuple[str, ...] = field(N_("What was handed over"), default=())
    taker: str = field(N_("Agency that received it"))
    outside: str = field(N_("Who received it outside this system"))
    disclosed_on: str = field(N_("Handed over on"))
    steps: tuple[dict[str, Any], ...] = field(N_("What was done and who did it"), default=(), sensitive=True)
    notice_attempt: str = field(N_("How we told the client, or how we tried to"))
    safety_steps: str = field(N_("What was done for the client's safety and privacy"))
    status: str = field(N_("Status"), default=DisclosureStatus.LOGGED.value)
    rule_ids: tuple[str, ...] = field(N_("Rules that apply"), default=())
