"""The worker's part: write the messages that are due, and pass them to the mail server.

A message is sent within the transaction that marks it as sent. If the worker is killed before that, the message stays
in the outbox. If the worker is killed between the server's response and the commit, the next worker sends the same
message with the same Message-ID, which lets mailboxes recognize the duplicate. No mail protocol can do better.
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accord.core import clock
from accord.core.statements import call_sql, fetch
from accord.mail import queries
from accord.mail.codes import CODE, PLAIN, SUBJECTS, TEXTS, TLS, Server
from accord.vault.sealing import CannotOpen

PATIENCE = 20  # seconds to wait for each response from the server
# The server's codes for a wrong address (RFC 3463). Any other refusal can be a temporary server fault.
UNKNOWN = re.compile(rb"5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")

log = logging.getLogger("accord.mail")


def send_due() -> None:
    """Write the messages that are due, then send them one by one. Stop at the first one that has to wait."""
    if not queries.leaves():
        return
    with transaction.atomic():
        call_sql("mail_make")
    while _send_one():
        pass


def _send_one() -> bool:
    """Handle the next message that is due. Return True if another message can follow."""
    with transaction.atomic():
        due = fetch("select * from accord.mail_take()")
        if not due:
            return False
        (row,) = due
        answer = _hand_over(row)
        call_sql(answer, row.id)
    return answer != "mail_later"


def _hand_over(row: Any) -> str:
    """Send a message, and return the function that records the result: sent, refused, or later."""
    if settings.ACCORD_DEMO:
        return "mail_sent"  # the demo sends nothing, but a page shows what would have been sent
    server: Server = settings.ACCORD_MAIL
    try:
        to = queries.open_address(account=row.account, sealed=row.sealed)
        mail = message(server.sender, to, row.id, row.what, row.language)
    except (CannotOpen, ValueError, IndexError):
        return "mail_refused"  # one address that can't be used must not stop the others
    try:
        deliver(server, mail)
    except smtplib.SMTPRecipientsRefused as error:
        answers = [text for _code, text in error.recipients.values()]
        return "mail_refused" if all(UNKNOWN.match(text) for text in answers) else "mail_later"
    except (smtplib.SMTPException, OSError) as error:
        log.warning("The mail server did not take a message (%s). It waits.", type(error).__name__)
        return "mail_later"
    return "mail_sent"


def message(sender: str, to: str, which: UUID, what: str, language: str) -> EmailMessage:
    """Return a message in the account's language. Its text depends on `what` alone."""
    mail = EmailMessage()
    with translation.override(language):
        mail["Subject"], text = translation.gettext(SUBJECTS[what]), translation.gettext(TEXTS[what])
    if what == CODE:
        text %= {"code": queries.code_of(message=which)}
    mail["From"], mail["To"] = sender, to
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{queries.message_name(message=which)}@{sender.split('@')[1]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail["Content-Language"] = language  # last, because setting the content removes such headers
    return mail


def deliver(server: Server, mail: EmailMessage) -> None:
    """Pass a message to the mail server. Give only the sender's domain, never this machine's name.

    Raises SMTPException or OSError.
    """
    context = ssl.create_default_context()
    if server.security == TLS:
        post: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=server.domain, timeout=PATIENCE, context=context
        )
    else:
        post = smtplib.SMTP(server.host, server.port, local_hostname=server.domain, timeout=PATIENCE)
    try:
        if server.security not in (TLS, PLAIN):
            post.starttls(context=context)
        if server.user:
            post.login(server.user, server.password)
        post.send_message(mail)
        with suppress(smtplib.SMTPException, OSError):  # the server has the message, so no later error may resend it
            post.quit()
    finally:
        post.close()
