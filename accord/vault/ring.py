"""The agency's keys that one session holds, which are only those that the membership's roles may use."""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accord.core.errors import Refused
from accord.core.text import N_
from accord.vault import sealing

VERIFY_BYTES = 32
SIGNING_KEY = "signing"  # signs the end of the agency's audit log; nothing is encrypted to it
LOG_KEY = "log"  # opens the details of the agency's own audit log
_DETAILS_BUCKET = 512
_DETAILS_LIMIT = 1 << 20


class NoKey(Refused):
    """The actor's role has no key for this kind. A role can't decrypt what it may not see."""

    code = "no_key"
    sentence = N_("Your role doesn't include this kind of information.")


@dataclass(frozen=True)
class Ring:
    """Secrets, keyed by (code, version). The kind key, the inbound pair, and, for some codes, other keys are derived
    from each secret.

    `closed` lists keys that this ring does not hold, because their seals were opened but held something other than the
    key.
    """

    agency: uuid.UUID
    secrets: Mapping[tuple[str, int], bytes]
    closed: frozenset[tuple[str, int]] = frozenset()
    _kind_keys: dict[tuple[str, int], bytes] = field(default_factory=dict, repr=False, compare=False)

    def codes(self) -> frozenset[str]:
        """Return the codes of the keys that this ring holds."""
        return frozenset(code for code, _ in self.secrets)

    def latest(self, code: str) -> int:
        """Return the newest version held. Raises NoKey."""
        versions = [version for held, version in self.secrets if held == code]
        if not versions:
            raise NoKey
        return max(versions)

    def versions(self, code: str) -> list[int]:
        """Return every version held, newest first, because entries written under an older version can still be read."""
        return sorted((version for held, version in self.secrets if held == code), reverse=True)

    def secret(self, code: str, version: int) -> bytes:
        """Return one secret. Raises NoKey."""
        try:
            return self.secrets[code, version]
        except KeyError:
            raise NoKey from None

    def kind_key(self, code: str, version: int) -> bytes:
        """Return the key that encrypts the owner's copies of data keys."""
        if (code, version) not in self._kind_keys:
            self._kind_keys[code, version] = sealing.derive(self.secret(code, version), "kind key")
        return self._kind_keys[code, version]

    def inbound(self, code: str, version: int) -> sealing.KeyPair:
        """Return the key pair that partners encrypt to. It is derived once per ring, which takes half a millisecond."""
        if (code, version) not in self._pairs:
            self._pairs[code, version] = inbound_pair(self.secret(code, version))
        return self._pairs[code, version]

    @cached_property
    def _pairs(self) -> dict[tuple[str, int], sealing.KeyPair]:
        return {}


def is_secret_of(public: bytes, secret: bytes) -> bool:
    """Return True if `public` is the public part of the ring key with this secret. Only the last bytes are compared."""
    return sealing.same(public[-VERIFY_BYTES:], sealing.verify_key(secret))


def inbound_pair(secret: bytes) -> sealing.KeyPair:
    """Return the inbound HPKE pair derived from a ring secret."""
    return sealing.KeyPair(sealing.derive(secret, "inbound"))


def public_side(code: str, secret: bytes) -> bytes:
    """Return a ring key's public part: the key to encrypt to, then 32 bytes that verify its signatures.

    The signing key's public part has no key to encrypt to. A ring key signs its own successor, and the signing key
    signs the end of the log.
    """
    towards = sealing.SUITE if code == SIGNING_KEY else inbound_pair(secret).public
    return towards + sealing.verify_key(secret)


def sign_successor(agency: uuid.UUID, code: str, version: int, public: bytes, predecessor: bytes) -> bytes:
    """Return the previous version's signature on this version."""
    return sealing.sign(predecessor, _successor(agency, code, version, public))


def follows(agency: uuid.UUID, code: str, version: int, public: bytes, signature: bytes, predecessor: bytes) -> bool:
    """Return True if a holder of the previous version, whose public part is `predecessor`, has signed this version."""
    return sealing.signed_by(predecessor[-VERIFY_BYTES:], signature, _successor(agency, code, version, public))


def _successor(agency: uuid.UUID, code: str, version: int, public: bytes) -> bytes:
    return sealing.bind("ring successor", agency.hex, code, version, public)


def seal_info(agency: uuid.UUID, membership: uuid.UUID, code: str, version: int) -> bytes:
    """Return the bytes that a ring seal is bound to."""
    return sealing.bind("ring seal", agency.hex, membership.hex, code, version)


def key_set_fingerprint(keys: Iterable[tuple[str, int, bytes]]) -> bytes:
    """Return one fingerprint for all of an agency's inbound keys (code, version, public)."""
    return sealing.digest(*(part for key in sorted(keys) for part in key))


def recovery_info(agency: uuid.UUID, recovery: uuid.UUID, code: str, version: int) -> bytes:
    """Return the bytes that a seal to the printed recovery key is bound to."""
    return sealing.bind("recovery seal", agency.hex, recovery.hex, code, version)


# Details of the audit log -----------------------------------------------------------------------------------------


def details_bound(chain: str, event: Mapping[str, Any]) -> bytes:
    """Return the bytes that an event's details are bound to. The details can't be decrypted in another log, or for
    another action or person.
    """
    return sealing.bind("log details", chain, event["action"], event["outcome"], *event.get("about", ()))


def seal_details(details: Mapping[str, Any], bound: bytes, ring: Ring) -> dict[str, Any]:
    """Encrypt an event's details under the agency's own log key. The result is short and quick to open. Raises
    NoKey."""
    version = ring.latest(LOG_KEY)
    return _stored("sealed", version, sealing.encrypt(ring.kind_key(LOG_KEY, version), _packed(details), bound))


def seal_details_towards(details: Mapping[str, Any], bound: bytes, version: int, public: bytes) -> dict[str, Any]:
    """Encrypt an event's details to the public log key, for another agency or for a role that can't open the log."""
    return _stored("sealed_in", version, sealing.seal_to(public, _packed(details), bound))


def open_details(chain: str, event: Mapping[str, Any], ring: Ring) -> dict[str, Any]:
    """Return an event's details, or an empty dict if this ring can't open them."""
    bound, version = details_bound(chain, event), event.get("key", 0)
    try:
        if "sealed" in event:
            packed = sealing.decrypt(ring.kind_key(LOG_KEY, version), base64.b64decode(event["sealed"]), bound)
        elif "sealed_in" in event:
            packed = ring.inbound(LOG_KEY, version).open(base64.b64decode(event["sealed_in"]), bound)
        else:
            return {}
        details = json.loads(zlib.decompressobj().decompress(packed, _DETAILS_LIMIT))
    except (NoKey, sealing.CannotOpen, ValueError, zlib.error):
        return {}
    # A partner's malformed details must not break the disclosure history of the agency that reads them.
    return {key: value for key, value in details.items() if _is_detail(value)} if isinstance(details, dict) else {}


def _is_detail(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _packed(details: Mapping[str, Any]) -> bytes:
    """Compress, then pad nearly all details to one size, so that their length does not show what was read."""
    text = zlib.compress(json.dumps(details, default=str).encode())
    return text + bytes(-len(text) % _DETAILS_BUCKET)


def _stored(way: str, version: int, sealed: bytes) -> dict[str, Any]:
    return {"key": version, way: base64.b64encode(sealed).decode()}
