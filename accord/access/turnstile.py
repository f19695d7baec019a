"""Limit how many requests wait for a passphrase check.

Each process checks one passphrase at a time (`vault/sealing.py`). A waiting request holds a thread, and some threads
must stay free for all other pages.
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
"""Threads per worker. This is four more than can wait for a passphrase check."""

_lock = threading.Lock()
_waiting: Counter[str] = Counter()


@contextmanager
def place(source: str) -> Iterator[None]:
    """Hold a place in line for a request from this network address. Raises Crowded or Busy if there is no place left.

    A whole agency can share one network, so the limit counts only requests that are waiting now. No one is locked out
    later.
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
    """Parse a network address. Return None for anything else.

    A server that listens on both IPv4 and IPv6 receives IPv4 addresses inside IPv6 addresses (RFC 4291, section
    2.5.5.2). These addresses are unwrapped, because otherwise all of IPv4 would look like one network.
    """
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _network(source: str) -> str:
    """Return an address's network. An IPv6 customer can send from a whole /48 (RFC 6177), so a /48 is treated as one
    network.
    """
    found = address(source)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 48), strict=False))
    return str(found or source)
