"""How many requests may wait for a passphrase to be checked. One is checked at a time in each process
(`vault/sealing.py`); who waits takes up a thread, and some threads have to stay free for everyone else's pages.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from accord.core.errors import Busy, Crowded

PLACES = 28
PLACES_FOR_ONE_SOURCE = 24
THREADS = 32
"""Of each worker: four more than can wait here."""

_lock = threading.Lock()
_waiting: Counter[str] = Counter()


@contextmanager
def place(source: str) -> Iterator[None]:
    """A place in the line, for a request from this network address. Raises Crowded or Busy instead of letting it wait.

    A network can hide a whole agency, so the limit is on those who wait at one moment and locks nobody out afterwards.
    """
    network = _network(source)
    with _lock:
        if _waiting.total() >= PLACES:
            raise Busy
        if _waiting[network] >= PLACES_FOR_ONE_SOURCE:
            raise Crowded
        _waiting[network] += 1
    try:
        yield
    finally:
        with _lock:
            _waiting[network] -= 1
            if not _waiting[network]:
                del _waiting[network]


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Read a network address; None for anything else. A server that listens for both kinds gets an IPv4 address inside an
    IPv6 one (RFC 4291, section 2.5.5.2): it is read as what it is, or all of IPv4 would look like one network."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _network(source: str) -> str:
    """An IPv6 customer has up to a whole /48 to send from (RFC 6177); it counts as one."""
    found = address(source)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 48), strict=False))
    return str(found or source)
