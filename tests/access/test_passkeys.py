"""Passkeys through the pages: created, requested, used once. A wrong site, a replay or a copied key opens nothing."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from accord.access.acting import acting
from accord.accounts import passkeys, sessions
from accord.accounts import services as accounts
from accord.core.errors import Invalid
from accord.demo.riverbend import PASSPHRASE
from tests.region import World
from tests.steps.membership import code_of

USER_PRESENT, HAS_CREDENTIAL = 0x01, 0x40


@dataclass
class SoftKey:
    """An authenticator in software, with the browser's part: signs what it is asked and counts up (WebAuthn level 3)."""

    origin: str = "http://testserver"
    counter: int = 0
    id: bytes = b"a key of the tests"
    secret: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _said(self, kind: str, options: dict[str, Any], host: str, flags: int) -> tuple[bytes, bytes]:
        client = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        head = hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.counter)
        return json.dumps(client).encode(), head

    def _answer(self, **response: bytes) -> str:
        name = websafe_encode(self.id)
        parts = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": parts, "clientExtensionResults": {}}
        )

    def create(self, options: dict[str, Any]) -> str:
        client, head = self._said("webauthn.create", options, options["rp"]["id"], USER_PRESENT | HAS_CREDENTIAL)
        public = cbor.encode(dict(ES256.from_cryptography_key(self.secret.public_key())))
        data = head + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=attested)

    def get(self, options: dict[str, Any]) -> str:
        self.counter += 1
        client, head = self._said("webauthn.get", options, options["rpId"], USER_PRESENT)
        signature = self.secret.sign(head + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=head, signature=signature)


def options(client: Any, what: str) -> dict[str, Any]:
    asked: dict[str, Any] = client.post("/passkey/", {"what": what}).json()["publicKey"]
    assert len(websafe_decode(asked["challenge"])) >= 32
    return asked


@pytest.fixture
def key(fresh_world: World) -> SoftKey:
    """Return a passkey of Alma's."""
    made, client = SoftKey(), fresh_world.client("alma")
    answer = made.create(options(client, "create"))
    assert client.post("/account/passkeys/", {"name": "Blue key", "passkey": answer}).status_code == 302
    assert "Blue key" in client.get("/account/passkeys/").content.decode()
    return made


def half_way_in(world: World) -> Any:
    """Return a browser of Alma's after the passphrase and before the second step."""
    client = world.client()
    client.post("/sign-in/", {"user_name": "alma", "passphrase": PASSPHRASE})
    return client


def opens(client: Any, answer: str) -> bool:
    page = client.post("/second-factor/", {"code": "", "passkey": answer})
    assert page.status_code in (302, 422)
    return bool(page.status_code == 302)


def test_a_passkey_replaces_the_six_digits_once(fresh_world: World, key: SoftKey) -> None:
    client = half_way_in(fresh_world)
    assert "Use my passkey" in client.get("/second-factor/").content.decode()
    answer = key.get(options(client, "get"))
    assert opens(client, answer)
    assert client.get("/account/").status_code in (200, 302)
    assert not opens(half_way_in(fresh_world), answer)  # another session, another challenge
    again = half_way_in(fresh_world)
    fresh = key.get(options(again, "get"))
    assert opens(again, fresh) and not opens(half_way_in(fresh_world), fresh)


def test_the_passphrase_alone_adds_none(fresh_world: World, key: SoftKey) -> None:
    pending = half_way_in(fresh_world)
    other = SoftKey(id=b"the thief's key")
    assert pending.post("/enrol/", {"passkey": other.create(options(pending, "create"))}).status_code == 302
    assert pending.post(
        "/account/passkeys/", {"name": "x", "passkey": other.create(options(pending, "create"))}
    ).headers["Location"] in ("/second-factor/", "/sign-in/")
    state = fresh_world.session("alma")
    assert [each.name for each in passkeys.of_account(state=state)] == ["Blue key"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda key: setattr(key, "origin", "http://testserver.example"), id="another site"),
        pytest.param(lambda key: setattr(key, "secret", ec.generate_private_key(ec.SECP256R1())), id="another key"),
        pytest.param(lambda key: setattr(key, "id", b"an unknown key"), id="unknown"),
        pytest.param(lambda key: setattr(key, "counter", -1), id="a copy whose counter does not move"),
    ],
)
def test_what_does_not_fit_opens_nothing(fresh_world: World, key: SoftKey, spoil: Any) -> None:
    first = half_way_in(fresh_world)
    assert opens(first, key.get(options(first, "get")))
    spoil(key)
    client = half_way_in(fresh_world)
    assert not opens(client, key.get(options(client, "get")))
    assert client.get("/").headers["Location"] == "/second-factor/"


def test_nonsense_is_a_clear_sentence_and_counts_as_a_wrong_try(fresh_world: World, key: SoftKey) -> None:
    client = half_way_in(fresh_world)
    for nonsense in ("{", "[]", "{}", '{"id": 3}', '{"response": {}}'):
        page = client.post("/second-factor/", {"passkey": nonsense})
        assert page.status_code == 422 and "That passkey doesn&#x27;t work here" in page.content.decode()
    assert not opens(client, key.get(options(client, "get")))  # five wrong tries: locked
    fresh_world.move(minutes=16)
    client = half_way_in(fresh_world)
    assert opens(client, key.get(options(client, "get")))


def test_a_passkey_steps_up(fresh_world: World, key: SoftKey) -> None:
    client = fresh_world.client("alma")
    fresh_world.move(minutes=6)
    assert client.post("/account/recovery-codes/", {"step_up_code": ""}).status_code == 422
    answer = key.get(options(client, "get"))
    assert client.post("/account/recovery-codes/", {"step_up_passkey": answer}).status_code == 200


def test_a_new_account_may_start_with_a_passkey_and_gets_recovery_codes(fresh_world: World) -> None:
    accounts.create_account(user_name="newcomer", passphrase="words that no one would try")
    client = fresh_world.client()
    client.post("/sign-in/", {"user_name": "newcomer", "passphrase": "words that no one would try"})
    assert "Create a passkey" in client.get("/enrol/").content.decode()
    key = SoftKey()
    page = client.post("/enrol/", {"passkey": key.create(options(client, "create"))})
    assert page.status_code == 200 and len(page.context["codes"]) == 10
    state = sessions.load(sessions.from_cookie(client.cookies["accord_session"].value) or b"")
    assert state is not None and not state.pending and accounts.enrolled(state)
    (only,) = passkeys.of_account(state=state)
    with acting(state.ticket), pytest.raises(Invalid, match="only method for two-step verification"):
        passkeys.remove(state=state, passkey=only.id)


def test_one_is_removed_with_a_fresh_code_and_is_gone(fresh_world: World, key: SoftKey) -> None:
    client = fresh_world.client("alma")
    page = client.get("/account/passkeys/").content.decode()
    address = next(part for part in page.split('"') if part.endswith("/remove/"))
    fresh_world.move(minutes=6)
    assert client.post(address, {"step_up_code": "000000"}).status_code == 422
    # the six-digit code still works
    assert client.post(address, {"step_up_code": code_of(fresh_world, "alma")}).status_code == 302
    assert "Blue key" not in client.get("/account/passkeys/").content.decode()
    assert client.get(address).status_code == 404
