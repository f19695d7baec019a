"""Which network address the log names: the peer's, or the one that a known proxy reports."""

from __future__ import annotations

import json
from ipaddress import ip_network

import pytest
from django.test import RequestFactory, override_settings

from accord.access.middleware import source_of
from tests.region import World

PROXIES = [ip_network("10.0.0.1"), ip_network("2001:db8::/64")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.4", "192.0.2.7"),  # a claim by a stranger
        ("10.0.0.1", "198.51.100.4", "198.51.100.4"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.4", "198.51.100.4"),  # the first address that anyone can write
        ("10.0.0.1", "198.51.100.4, 2001:db8::5", "198.51.100.4"),  # two of our own proxies
        ("10.0.0.1", "198.51.100.4, garbage", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("", "198.51.100.4", ""),
    ],
)
def test_the_source_is_the_first_address_that_is_not_our_proxy(peer: str, forwarded: str, source: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(ACCORD_PROXIES=PROXIES):
        assert source_of(request) == source


def test_the_log_has_it(world: World) -> None:
    with override_settings(ACCORD_PROXIES=PROXIES):
        world.client("adele").get("/nothing/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.4")
        world.client("adele").get("/nothing/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.5")
    with world.owner() as owner:
        rows = owner.execute("select source, line from audit_event order by at desc, position desc limit 2").fetchall()
    assert [source for source, _ in rows] == ["192.0.2.7", "198.51.100.4"]
    assert all(json.loads(line)["source"] == source for source, line in rows)
