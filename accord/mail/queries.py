"""What the account holder sees of their mail, and what the operator sees of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from accord.access.actors import Actor
from accord.core import clock
from accord.core.statements import fetch
from accord.vault import sealing

CODE_WORKS_FOR = timedelta(hours=1)  # the same in mail_try


@dataclass(frozen=True)
class Address:
    """An account's own address. `confirming`: a code was mailed and still works."""

    text: str
    confirmed: bool
    confirming: bool
    refused: bool


def leaves() -> bool:
    """Return True if this installation sends mail, or is the demo, which shows what it would have sent."""
    return settings.ACCORD_DEMO or settings.ACCORD_MAIL is not None


def address(*, actor: Actor) -> Address | None:
    """Return the actor's own address, or None."""
    for row in fetch("select * from accord.mail_address()"):
        fresh = clock.now() - row.asked_at < CODE_WORKS_FOR
        text = open_address(account=actor.account, sealed=row.sealed)
        confirmed = row.confirmed_at is not None
        return Address(text, confirmed, not confirmed and fresh, row.refused_at is not None)
    return None


def messages(*, actor: Actor) -> list[Any]:
    """Return what was written to the actor in the last day, newest first: id, what, made_at, sent_at, dropped_at."""
    return fetch("select * from accord.mail_mine()")


def waiting() -> Any:
    """Return how many messages are waiting, were tried, and were dropped after a try. Zeros without the operator's role."""
    (row,) = fetch("select * from accord.mail_waiting()")
    return row


def _key() -> bytes:
    return sealing.derive(settings.HOST_KEY, "mail")


def seal_address(*, account: UUID, text: str) -> bytes:
    """Encrypt an address under the host's key. All addresses are padded to one of a few lengths."""
    return sealing.encrypt(_key(), sealing.pad(text.encode()), sealing.bind("mail address", account.hex))


def open_address(*, account: UUID, sealed: bytes) -> str:
    """Decrypt an address."""
    text = sealing.decrypt(_key(), bytes(sealed), sealing.bind("mail address", account.hex))
    return text.decode().strip()


def message_name(*, message: UUID) -> str:
    """Return the name of a message in its Message-ID: the same at every try, and no one without the host's key can tell
    which row it is."""
    return sealing.keyed_hash(_key(), "message id", message.bytes).hex()[:32]


def code_of(*, message: UUID) -> str:
    """Return the six digits of a message. They follow from its id and the host's key, so no code is stored."""
    return f"{int.from_bytes(sealing.keyed_hash(_key(), 'code', message.bytes)[:8]) % 1_000_000:06}"
