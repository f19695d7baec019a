"""How many requests may wait for a passphrase to be checked. One is checked at a time in each process
(`vault/sealing.py`); who waits takes up a thread, and some threads have to stay free for everyone else's pages.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

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


def _network(source: str) -> str:
    """An IPv6 customer has a whole /64 to send from; it counts as one."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else source
