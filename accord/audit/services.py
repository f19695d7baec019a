"""Sign the log. Events themselves are appended by the acting transaction (access/trail.py)."""

from __future__ import annotations

import uuid

from django.db import connection

from accord.audit.models import SignedHead
from accord.vault import sealing


def sign_head(*, owner: uuid.UUID, key_version: int, secret: bytes) -> None:
    """Sign the current end of the actor's agency's chain, so that cutting or rewriting the chain up to this point is
    detected later."""
    with connection.cursor() as cursor:
        cursor.execute("select * from accord.audit_head()")
        head = cursor.fetchone()
    if head is not None:
        position, link = head[0], bytes(head[1])
        row = SignedHead(owner=owner, position=position, hash=link, key_version=key_version)
        row.signature = sealing.sign(secret, head_bound(owner, position, link))
        SignedHead.objects.bulk_create([row], ignore_conflicts=True)


def head_bound(owner: uuid.UUID, position: int, link: bytes) -> bytes:
    """Return the bytes that the signature covers."""
    return sealing.bind("audit head", owner.hex, position, link)
