"""What goes over the wire: style and scripts packed, pages never."""

from __future__ import annotations

import gzip
from contextlib import closing
from typing import Any

import pytest

from accord.config.settings import ROOT
from tests.region import World

STATIC = ROOT / "accord" / "ui" / "static"


def body(answer: Any) -> bytes:
    with closing(answer):
        return b"".join(answer.streaming_content)


@pytest.mark.parametrize("path", ["ui/accord.css", "ui/js/page.js", "ui/img/mark.svg"])
def test_style_and_scripts_are_packed_for_whoever_takes_them(world: World, path: str) -> None:
    client = world.client()
    answer = client.get(f"/static/{path}", headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(body(answer)) == (STATIC / path).read_bytes()
    plain = client.get(f"/static/{path}")
    assert "Content-Encoding" not in plain.headers
    assert body(plain) == (STATIC / path).read_bytes()


def test_what_the_browser_has_is_not_sent_again(world: World) -> None:
    client = world.client()
    first = client.get("/static/ui/accord.css")
    first.close()
    seen = {"accept-encoding": "gzip", "if-modified-since": first.headers["Last-Modified"]}
    again = client.get("/static/ui/accord.css", headers=seen)
    assert again.status_code == 304 and body(again) == b""


def test_pages_are_not_packed(world: World) -> None:
    page = world.client("alma").get("/people/", headers={"accept-encoding": "gzip"})
    assert page.status_code == 200 and "Content-Encoding" not in page.headers
