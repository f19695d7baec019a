"""Queries for the mail settings that account holders see and the mail totals that the operator sees."""

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

CODE_WORKS_FOR = timedelta(hours=1)  # the same as in mail_try


@dataclass(frozen=True)
class Address:
    """An account's own address. `confirming` is True while an emailed code still works."""

    text: str
    confirmed: bool
    confirming: bool
    refused: bool


def leaves() -> bool:
    """Return True if this installation sends mail or is the demo, which shows the messages it would have sent."""
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
    """Return the actor's messages from the last day, newest first: id, what, made_at, sent_at, dropped_at."""
    return fetch("select * from accord.mail_mine()")


def waiting() -> Any:
    """Return how many messages are waiting, how many of these have been tried, and how many were dropped after a failed
    attempt. All three are 0 without the operator role."""
    (row,) = fetch("select * from accord.mail_waiting()")
    return row


def _key() -> bytes:
    return sealing.derive(settings.HOST_KEY, "mail")


def seal_address(*, account: UUID, text: str) -> bytes:
    """Encrypt an address under the host's key. Every address is padded to one of a few lengths."""
    return sealing.encrypt(_key(), sealing.pad(text.encode()), sealing.bind("mail address", account.hex))


def open_address(*, account: UUID, sealed: bytes) -> str:
    """Decrypt an address."""
    text = sealing.decrypt(_key(), bytes(sealed), sealing.bind("mail address", account.hex))
    return text.decode().strip()


def message_name(*, message: UUID) -> str:
    """Return a message's name for its Message-ID.

    The name is the same on every attempt. Only someone with the host's key can match it to a row.
    """
    return sealing.keyed_hash(_key(), "message id", message.bytes).hex()[:32]


def code_of(*, message: UUID) -> str:
    """Return a message's six-digit code, which is derived from its id and the host's key. No code is stored."""
    return f"{int.from_bytes(sealing.keyed_hash(_key(), 'code', message.bytes)[:8]) % 1_000_000:06}"
