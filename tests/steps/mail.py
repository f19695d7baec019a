"""A mail server for tests, and steps of a staff member who gets email."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from importlib import import_module

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.test import override_settings

from accord.mail.codes import PLAIN, Server
from tests.doors.own_server import free_port
from tests.region import World
from tests.steps.worker import later, run

SENDER = "notices@example.org"


class Mailbox:
    """The messages a mail server accepted, in order, and the addresses it refuses."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.says_to_all = ""
        self.says_at_the_end = "221 Bye"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept or refuse an address."""
        if self.says_to_all:
            return self.says_to_all
        if address in self.refuses:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the message."""
        self.taken.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        """End the connection."""
        return self.says_at_the_end

    def to(self, address: str) -> dict[str, EmailMessage]:
        """Return the messages to an address as a mailbox shows them: one for each Message-ID."""
        return {str(mail["Message-ID"]): mail for mail in self.taken if mail["To"] == address}


@contextmanager
def sends_to(port: int, security: str = PLAIN) -> Iterator[None]:
    """Make this installation send mail to a server on this port."""
    with no_demo(Server("127.0.0.1", port, security, SENDER)):
        yield


@contextmanager
def no_demo(server: Server | None) -> Iterator[None]:
    """Make this a real installation instead of a demo, with this mail server or none."""
    import_module(settings.ROOT_URLCONF)  # before the override, because only a demo has the component gallery's address
    with override_settings(ACCORD_DEMO=False, ACCORD_MAIL=server):
        yield


@contextmanager
def mail_server(port: int = 0) -> Iterator[Mailbox]:
    """Run a mail server, and make this installation send mail to it."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        with sends_to(controller.port):
            yield mailbox
    finally:
        controller.stop()


def code_in(mail: EmailMessage) -> str:
    """Return the six-digit code in a message."""
    (code,) = re.findall(r"\b\d{6}\b", mail.get_content())
    return code


def turn_on(world: World, user: str, mailbox: Mailbox, address: str = "") -> str:
    """Ask for mail and confirm the address, as a staff member would. Returns the address."""
    client, address = world.client(user), address or f"{user}@example.com"
    assert client.post("/mail/", {"address": address}).status_code == 302
    run(world, "mail_send")
    code = code_in(list(mailbox.to(address).values())[-1])
    assert client.post("/mail/code/", {"code": code}).status_code == 302
    mailbox.taken.clear()
    later(world, minutes=1)
    return address


def notify(world: World, user: str, code: str = "agreement-signed") -> None:
    """Write a notice for one staff member."""
    with world.owner() as owner:
        owner.execute(
            "insert into accounts_notice (owner, id, membership, origin, code, at) select m.owner, gen_random_uuid(), m.id, "
            "m.owner, %s, accord.now() from membership_membership m where m.id = %s",
            [code, world.memberships[user]],
        )
