"""Passkeys as a second factor (WebAuthn level 3). A passkey answers a challenge, but only the passphrase opens keys.

The library checks what the browser sends. Challenges and counters are in the database, so no answer works twice.
"""

from __future__ import annotations

import base64
import json
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.core.errors import Invalid, Refused
from accord.core.text import N_
from accord.vault import sealing

DOES_NOT_FIT = N_("That passkey doesn't work here, or the request timed out. Try again.")
LAST_FACTOR = N_("This is your only method for two-step verification. Set up another one before you remove it.")

LONGEST_ANSWER = 20_000
# Errors that a bad answer can cause: not JSON, nested too deeply, wrong fields, wrong bytes.
UNFIT = (ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError, OverflowError, struct.error)


@dataclass(frozen=True)
class Site:
    """The web address that the user sees. A passkey belongs to the host, and its answer must come from the origin."""

    host: str
    origin: str

    @classmethod
    def of(cls, request: HttpRequest) -> Site:
        """Return the site that this request was sent to. The settings must allow its host name."""
        origin = f"{request.scheme}://{request.get_host()}"
        return cls(urlsplit(origin).hostname or "", origin)


@dataclass(frozen=True)
class Passkey:
    """One passkey of the session's own account."""

    id: uuid.UUID
    name: str
    made_at: datetime
    used_at: datetime | None
    credential: AttestedCredentialData


def _bound(account: uuid.UUID, passkey: uuid.UUID) -> bytes:
    return sealing.bind("passkey", account.hex, passkey.hex)


def _server(site: Site) -> Fido2Server:
    # Attestation would reveal the make of the passkey, which nothing here needs.
    relying_party = PublicKeyCredentialRpEntity(id=site.host, name="Accord")
    return Fido2Server(
        relying_party,
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: origin == site.origin,
    )


def of_account(*, state: SessionState) -> list[Passkey]:
    """Return the passkeys of the session's account, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, sealed, made_at, used_at from accord.account_passkeys(%s, %s)",
            [state.human, sessions.proof_of(state.account_secret)],
        )
        rows = cursor.fetchall()
    return [_opened(state.human, *row) for row in rows]


def _opened(
    account: uuid.UUID, passkey: uuid.UUID, sealed: bytes, made_at: datetime, used_at: datetime | None
) -> Passkey:
    kept = json.loads(sealing.decrypt(settings.HOST_KEY, bytes(sealed), _bound(account, passkey)))
    credential = AttestedCredentialData(base64.b64decode(kept["credential"]))
    return Passkey(passkey, kept["name"], made_at, used_at, credential)


# Challenge and answer ---------------------------------------------------------------------------------------------


def offer(*, state: SessionState, site: Site, user_name: str) -> dict[str, Any]:
    """Return what the browser needs to create a new passkey, with a challenge that this session can answer once."""
    user = PublicKeyCredentialUserEntity(id=state.human.bytes, name=user_name, display_name=user_name)
    held = [each.credential for each in of_account(state=state)]
    options, asked = _server(site).register_begin(user, held, user_verification=UserVerificationRequirement.PREFERRED)
    _remember(state, asked)
    return dict(options)


def ask(*, state: SessionState, site: Site) -> dict[str, Any]:
    """Return what the browser needs to answer with a passkey of this account."""
    held = [each.credential for each in of_account(state=state)]
    options, asked = _server(site).authenticate_begin(held, user_verification=UserVerificationRequirement.PREFERRED)
    _remember(state, asked)
    return dict(options)


def _remember(state: SessionState, asked: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.session_challenge(%s, %s, %s)",
            [sessions.row_of(state.secret), sessions.proof_of(state.account_secret), asked["challenge"]],
        )


def _asked(state: SessionState) -> dict[str, Any]:
    """Return and remove the open challenge, so that it can't be answered twice. Raises Invalid if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.session_take_challenge(%s, %s)",
            [sessions.row_of(state.secret), sessions.proof_of(state.account_secret)],
        )
        challenge = cursor.fetchone()[0]
    if challenge is None:
        raise Invalid(DOES_NOT_FIT, fields={"code": DOES_NOT_FIT})
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.PREFERRED}


def _read(answer: str) -> Any:
    """Parse what the browser sent. Raises ValueError if it is invalid or too long."""
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    return json.loads(answer)


def add(
    *, state: SessionState, site: Site, name: str, answer: str, first_codes: Sequence[bytes] | None = None
) -> uuid.UUID:
    """Store a new passkey. `first_codes` are hashes of the recovery codes created with the account's first second
    factor.

    Raises Invalid if the answer doesn't fit the challenge, and Refused if an existing second factor was not verified.
    """
    asked = _asked(state)
    try:
        made = _server(site).register_complete(asked, _read(answer))
    except UNFIT as error:
        raise Invalid(DOES_NOT_FIT, fields={"code": DOES_NOT_FIT}) from error
    if made.credential_data is None:
        raise Invalid(DOES_NOT_FIT, fields={"code": DOES_NOT_FIT})
    passkey = uuid.uuid4()
    kept = {"name": name, "credential": base64.b64encode(bytes(made.credential_data)).decode()}
    sealed = sealing.encrypt(settings.HOST_KEY, json.dumps(kept).encode(), _bound(state.human, passkey))
    proof = sessions.proof_of(state.account_secret)
    codes = list(first_codes) if first_codes is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.account_add_passkey(%s, %s, %s, %s, %s, %s::bytea[])",
            [state.human, proof, passkey, sealed, made.counter, codes],
        )
        if not cursor.fetchone()[0]:
            raise Refused(
                N_("Complete two-step verification with your current method before you set up another one."),
                code="enrolled",
            )
    return passkey


def accepts(*, state: SessionState, site: Site, answer: str) -> bool:
    """Return True if this answer comes from one of the account's passkeys. The passkey's counter advances, which
    reveals copies of the passkey."""
    try:
        asked = _asked(state)
        response = AuthenticationResponse.from_dict(_read(answer))
        held = of_account(state=state)
        used = _server(site).authenticate_complete(asked, [each.credential for each in held], response)
    except (Invalid, *UNFIT):
        return False
    passkey = next(each.id for each in held if each.credential.credential_id == used.credential_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.account_use_passkey(%s, %s, %s, %s)",
            [
                state.human,
                sessions.proof_of(state.account_secret),
                passkey,
                response.response.authenticator_data.counter,
            ],
        )
        return bool(cursor.fetchone()[0])


def remove(*, state: SessionState, passkey: uuid.UUID) -> None:
    """Remove one passkey. Raises Invalid if it is the account's only second factor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.account_drop_passkey(%s, %s, %s)",
            [state.human, sessions.proof_of(state.account_secret), passkey],
        )
        if not cursor.fetchone()[0]:
            raise Invalid(LAST_FACTOR)
