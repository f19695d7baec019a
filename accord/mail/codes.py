"""The mail server's settings, and the text of messages, which is the same for every notice (acceptance line 111)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from accord.core.errors import AccordError
from accord.core.text import N_

CODE, NEWS = "code", "news"
"""The two types of message: one with a code that confirms an address, and one that says there is something new."""

# Messages have no name, no place, no kind of agency, and no link, because links in messages teach people to click them.
# They do not even name Accord, because that would show what the reader works on.
SUBJECTS = {CODE: N_("Your code"), NEWS: N_("Something new for you")}
TEXTS = {
    CODE: N_(
        "Your code is %(code)s\n\nEnter it on the page where you asked for it. It works for one hour. If you "
        "didn't ask for a code, ignore this message."
    ),
    NEWS: N_(
        "There is something new for you. Sign in as usual to see it.\n\nThis message leaves out details on "
        "purpose. You can turn these messages off on your account page."
    ),
}

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"


class MailSettingsWrong(AccordError):
    """A mail setting is invalid or conflicts with another setting. The error message says which one."""

    code = "mail_settings"
    exit_code = 2


@dataclass(frozen=True)
class Server:
    """The mail server that accepts our mail, and the address that our mail comes from."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Server | None:
        """Return the server that the environment names, or None if this installation sends no mail.

        Raises MailSettingsWrong.
        """
        host = environment.get("ACCORD_MAIL_HOST", "")
        if not host:
            return None
        sender = environment.get("ACCORD_MAIL_FROM", "")
        if sender.count("@") != 1:
            raise MailSettingsWrong("ACCORD_MAIL_FROM must be the address that mail comes from.")
        security = environment.get("ACCORD_MAIL_TLS", STARTTLS)
        if security not in (STARTTLS, TLS, PLAIN):
            raise MailSettingsWrong("ACCORD_MAIL_TLS must be starttls, tls or none.")
        if security == PLAIN and not _is_this_machine(host):
            raise MailSettingsWrong("ACCORD_MAIL_TLS=none is only for a mail server on this machine.")
        port = int(environment.get("ACCORD_MAIL_PORT", "465" if security == TLS else "587"))
        user, password = environment.get("ACCORD_MAIL_USER", ""), environment.get("ACCORD_MAIL_PASSWORD", "")
        return cls(host, port, security, sender, user, password)

    @property
    def domain(self) -> str:
        """Return the sender's domain, which is all that a message may reveal about its origin."""
        return self.sender.split("@")[1]


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
