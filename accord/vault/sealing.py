"""All encryption. This is the only file in Accord that calls cryptography.

Every encrypted value starts with one byte for its suite, so that another suite (with FIPS algorithms, for example) can
be added while old values still open. Suite 1 is HPKE (RFC 9180) with ML-KEM-768 + X25519, HKDF-SHA-256, and
AES-256-GCM; AES-256-GCM with random 96-bit nonces for data keys; Argon2id (RFC 9106) for passphrases; Ed25519 for
signatures.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from accord.core.errors import Busy

SUITE = b"\x01"
SECRET_BYTES = 32
_NONCE_BYTES = 12
_MLKEM_SEED_BYTES = 64
_MLKEM_PUBLIC_BYTES = 1184
_X25519_PUBLIC_BYTES = 32
_PAD_TO = 128

_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class CannotOpen(Exception):
    """The key, the terms, or the bytes differ from those used for encryption. The error deliberately gives no more
    details."""


@dataclass(frozen=True)
class Argon:
    """The cost of guessing a passphrase: 64 MiB, 3 passes (RFC 9106 section 4, second recommendation), and one lane.

    One lane fills the same memory as many times as four lanes do, so a guess takes as much work, but less of that work
    can run in parallel. OWASP's password storage cheat sheet recommends one lane and at least 19 MiB. With more than
    one lane, this version of the library hangs when two threads of a process derive at once.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1

    def text(self) -> str:
        """Return the text that is stored with a wrapped key, so that each key opens at its own cost."""
        return f"argon2id:{self.memory_kib}:{self.passes}:{self.lanes}"

    @classmethod
    def parse(cls, text: str) -> Argon:
        name, memory, passes, lanes = text.split(":")
        if name != "argon2id":
            raise CannotOpen
        return cls(int(memory), int(passes), int(lanes))


def new_secret() -> bytes:
    """Return 32 bytes from the system's generator, which is the only source of randomness. It is never seeded."""
    return os.urandom(SECRET_BYTES)


def bind(*parts: str | int | bytes) -> bytes:
    """Join parts into one unambiguous byte string, each part preceded by its length, for associated data and HPKE
    info."""
    if _PLAIN.issuperset(map(type, parts)):  # the usual case, twice for every value that is opened
        plain = tuple(map(format, parts))
        bound = _lengths(tuple(map(len, plain))) % plain
        if bound.isascii():
            return bound.encode()
    texts = [part if isinstance(part, bytes) else f"{part}".encode() for part in parts]
    return b"".join([half for text in texts for half in (len(text).to_bytes(4, "big"), text)])


_PLAIN = frozenset({str, int, bool, float})


@lru_cache(maxsize=4096)
def _lengths(sizes: tuple[int, ...]) -> str:
    """Return a format string with each part's length and a place for the part. The parts are never cached."""
    return "".join(size.to_bytes(4, "big").decode("latin-1").replace("%", "%%") + "%s" for size in sizes)


def derive(secret: bytes, label: str, length: int = SECRET_BYTES) -> bytes:
    """Derive a subkey for one use. `secret` is already uniform, so HKDF's expand step alone is enough (RFC 5869 3.3)."""
    return HKDFExpand(hashes.SHA256(), length, b"accord " + label.encode()).derive(secret)


def digest(*parts: str | int | bytes) -> bytes:
    """Return the SHA-256 hash of the bound parts."""
    return hashlib.sha256(bind(*parts)).digest()


def keyed_hash(secret: bytes, *parts: str | int | bytes) -> bytes:
    """Return the HMAC-SHA-256 of the bound parts."""
    return hmac.new(secret, bind(*parts), hashlib.sha256).digest()


def same(one: bytes, other: bytes) -> bool:
    """Compare two values in constant time."""
    return hmac.compare_digest(one, other)


# One key, one value -----------------------------------------------------------------------------------------------


def encrypt(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """Encrypt under a symmetric key. The same `bound` is needed to decrypt."""
    nonce = os.urandom(_NONCE_BYTES)
    return SUITE + nonce + AESGCM(key).encrypt(nonce, plaintext, SUITE + bound)


def decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Decrypt the output of `encrypt`. Raises CannotOpen."""
    if sealed[:1] != SUITE:
        raise CannotOpen
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, SUITE + bound)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def pad(text: bytes) -> bytes:
    """Pad with spaces to a multiple of 128 bytes, so that the encrypted length reveals little about the text."""
    return text + b" " * (-len(text) % _PAD_TO)


# A key pair to encrypt to -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyPair:
    """An HPKE key pair derived from one 32-byte secret, so that the holder stores only 32 bytes."""

    secret: bytes

    @cached_property
    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        seed = derive(self.secret, "hpke pair", _MLKEM_SEED_BYTES + SECRET_BYTES)
        return (
            MLKEM768PrivateKey.from_seed_bytes(seed[:_MLKEM_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(seed[_MLKEM_SEED_BYTES:]),
        )

    @property
    def public(self) -> bytes:
        """Return the suite byte, ML-KEM-768 public key, and X25519 public key: 1,217 bytes."""
        lattice, curve = self._halves
        return SUITE + lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Decrypt the output of `seal_to` for this pair and the same `info`. Raises CannotOpen."""
        if sealed[:1] != SUITE:
            raise CannotOpen
        try:
            return _HPKE.decrypt(sealed[1:], hpke.MLKEM768X25519PrivateKey(*self._halves), info=SUITE + info)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error


def seal_to(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Encrypt to a public key. `info` holds the terms, and the value can't be decrypted with other terms.

    After its two halves, a ring key's public part holds bytes that verify its signatures. They are ignored here.
    """
    if public[:1] != SUITE:
        raise CannotOpen
    body = public[1:]
    key = hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(body[:_MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(body[_MLKEM_PUBLIC_BYTES : _MLKEM_PUBLIC_BYTES + _X25519_PUBLIC_BYTES]),
    )
    return SUITE + _HPKE.encrypt(plaintext, key, info=SUITE + info)


def sealed_to_a_pair(sealed_key: bytes) -> bool:
    """Return True if a sealed 32-byte key came from `seal_to` (1,169 bytes in suite 1), not `encrypt` (61 bytes).

    If this result is wrong, nothing opens, because both functions authenticate what they seal.
    """
    return len(sealed_key) > _MLKEM_PUBLIC_BYTES - _PAD_TO


# Signatures -------------------------------------------------------------------------------------------------------


def _signer(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derive(secret, "ed25519"))


def verify_key(secret: bytes) -> bytes:
    """Return the public half (32 bytes) of the signing key derived from `secret`."""
    return _signer(secret).public_key().public_bytes_raw()


def sign(secret: bytes, message: bytes) -> bytes:
    """Return an Ed25519 signature (64 bytes)."""
    return _signer(secret).sign(message)


def signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return True if the holder of `public` signed `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# Passphrases and codes --------------------------------------------------------------------------------------------


# Allows one derivation at a time in a process. Older wrapped keys use four lanes, and two derivations at once would
# hang forever. The lock also limits memory use to one derivation. Everything that derives must use this lock.
_DERIVING = threading.Lock()
LONGEST_WAIT_SECONDS = 30


def is_deriving() -> bool:
    """Return True if the next derivation would have to wait."""
    return _DERIVING.locked()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _DERIVING.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _DERIVING.release()


def passphrase_key(passphrase: str, salt: bytes, cost: Argon) -> bytes:
    """Derive the key from a passphrase. Extra spaces are ignored. Raises Busy after a long wait."""
    text = " ".join(unicodedata.normalize("NFKC", passphrase).split()).encode()
    kdf = Argon2id(
        salt=salt, length=SECRET_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    with _one_at_a_time():
        return kdf.derive(text)


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    """Return our list of 7,527 words, 12.8 bits each, with no word that could hurt or embarrass someone.

    It is adapted from EFF's long word list (Joseph Bonneau 2016, CC BY 3.0 US) and the BIP-39 list (MIT). See
    words-licenses.txt.
    """
    return _read_words("words.txt")


@lru_cache(maxsize=1)
def _words_before() -> tuple[str, ...]:
    """Return EFF's long word list (7,776 words), which is used only to read recovery sheets printed with it."""
    return _read_words("words_before.txt")


def _read_words(name: str) -> tuple[str, ...]:
    return tuple(resources.files("accord.vault").joinpath(name).read_text(encoding="ascii").split())


@lru_cache(maxsize=1)
def _word_set() -> frozenset[str]:
    return frozenset(_words())


def new_passphrase(count: int = 6) -> str:
    """Return different words drawn by the system's generator. Six words hold 77 bits."""
    return " ".join(secrets.SystemRandom().sample(_words(), count))


def is_proposal(passphrase: str, count: int = 6) -> bool:
    """Return True if `new_passphrase` could have drawn this passphrase: `count` different words from the list."""
    words = passphrase.split()
    return len(words) == count == len(set(words)) and set(words) <= _word_set()


SPELLED_WORDS = 21  # 270 bits (271 before), for a 256-bit secret, 8 bits to check it, and some unused space


def spell(secret: bytes) -> str:
    """Return 32 bytes as 21 words to print. The last encoded byte is a checksum."""
    number = int.from_bytes(secret + digest(secret)[:1], "big")
    words, chosen = _words(), []
    for _ in range(SPELLED_WORDS):
        number, index = divmod(number, len(words))
        chosen.append(words[index])
    return " ".join(chosen)


def unspell(text: str) -> list[bytes]:
    """Return the 32 bytes of a printed key, no matter how it was typed, even if the sheet was printed with the earlier
    word list.

    A typo gives an empty list. In rare cases, the list has two results, because the words can be read with both word
    lists. The caller compares each result with the stored public half.
    """
    typed = text.lower().split()
    read = (_unspelled(typed, words) for words in (_words(), _words_before()))
    return [secret for secret in read if secret is not None]


@lru_cache(maxsize=2)
def _places(words: tuple[str, ...]) -> dict[str, int]:
    return {word: index for index, word in enumerate(words)}


def _unspelled(typed: list[str], words: tuple[str, ...]) -> bytes | None:
    places = _places(words)
    number = 0
    if len(typed) != SPELLED_WORDS or not places.keys() >= set(typed):
        return None
    for word in reversed(typed):
        number = number * len(places) + places[word]
    if number >= 1 << 8 * (SECRET_BYTES + 1):
        return None
    whole = number.to_bytes(SECRET_BYTES + 1, "big")
    return whole[:-1] if same(digest(whole[:-1])[:1], whole[-1:]) else None


def fingerprint_words(data: bytes, count: int = 6) -> str:
    """Return a six-word fingerprint (77 bits) that two privacy officers can read to each other by phone."""
    number = int.from_bytes(hashlib.sha256(data).digest(), "big")
    words = _words()
    chosen = []
    for _ in range(count):
        number, index = divmod(number, len(words))
        chosen.append(words[index])
    return " ".join(chosen)


def totp(secret: bytes) -> TOTP:
    """Return an RFC 6238 generator with six digits, SHA-1, and 30 seconds, as authenticator apps expect."""
    return TOTP(secret, 6, hashes.SHA1(), 30, enforce_key_length=False)  # noqa: S303 - fixed by RFC 6238


def totp_step(secret: bytes, code: str, at: float) -> int | None:
    """Return the 30-second step of `code`, allowing one step of drift, or None. The caller refuses a used step."""
    clean = code.replace(" ", "").encode()
    step = int(at // 30)
    for candidate in (step, step - 1, step + 1):
        try:
            totp(secret).verify(clean, candidate * 30)
        except (InvalidToken, ValueError):
            continue
        return candidate
    return None
