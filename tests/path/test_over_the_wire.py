"""What goes over the wire: style and scripts compressed, pages never."""

from __future__ import annotations

import gzip
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from accord.config import fingerprint
from accord.config.settings import ROOT
from accord.people import services as people
from accord.people.codes import PersonName, SafeContact
from tests.region import World

STATIC = ROOT / "accord" / "ui" / "static"
FONT = re.compile(r'url\("(fonts/[^"]+)"\)')
ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def body(answer: Any) -> bytes:
    with closing(answer):
        return b"".join(answer.streaming_content)


@pytest.mark.parametrize("path", ["ui/accord.css", "ui/js/page.js", "ui/img/mark.svg"])
def test_style_and_scripts_are_compressed_for_browsers_that_take_it(world: World, path: str) -> None:
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


def test_what_a_page_asks_for_may_be_kept_for_good(world: World) -> None:
    """The address changes with the files, so an old one is never wrong; the plain address is asked again after an hour."""
    client = world.client()
    style = next(found for found in ASSET.findall(client.get("/sign-in/").content) if found.endswith(b".css")).decode()
    assert re.fullmatch(r"/static/[0-9a-f]{12}/ui/accord\.css", style)
    for path, kept in (
        (style, "max-age=315360000, public, immutable"),
        ("/static/ui/accord.css", "max-age=3600, public"),
    ):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == kept
        assert body(answer) == (STATIC / "ui/accord.css").read_bytes()
    font = client.get(f"{style.removesuffix('accord.css')}fonts/PublicSans-Regular.woff2")
    assert "immutable" in font.headers["Cache-Control"]
    font.close()


@pytest.mark.parametrize("change", ["name", "bytes"])
def test_the_mark_changes_with_a_name_and_with_a_byte(tmp_path: Path, change: str) -> None:
    file = tmp_path / "a.css"
    file.write_bytes(b"x")
    before = fingerprint.of(tmp_path)
    assert fingerprint.of(tmp_path) == before
    file.rename(tmp_path / "b.css") if change == "name" else file.write_bytes(b"y")
    assert fingerprint.of(tmp_path) != before


def test_pages_are_not_packed(world: World) -> None:
    page = world.client("alma").get("/people/", headers={"accept-encoding": "gzip"})
    assert page.status_code == 200 and "Content-Encoding" not in page.headers


FIRST_VISIT, LATER = 150 * 1024, 30 * 1024


@pytest.mark.parametrize(
    "path",
    ["/", "/people/", "/people/{own}/", "/people/{own}/forms/new/", "/people/{own}/forms/new/4/", "/agreements/"],
)
def test_a_page_is_small_enough_for_a_bad_line(world: World, path: str) -> None:
    """At most 150 KB on the first visit, with style, scripts and every font that the style may ask for, compressed as
    sent; 30 KB later. Pages themselves are never compressed."""
    with world.as_("alma") as alma:
        own = people.open_record(actor=alma, name=PersonName(used="Maria"), contact=SafeContact("text", "555-0100")).ref
    client = world.client("alma")
    page = client.get(path.format(own=own)).content
    style = (STATIC / "ui" / "accord.css").read_text(encoding="utf-8")
    parts = {found.decode() for found in ASSET.findall(page)} | {f"/static/ui/{font}" for font in FONT.findall(style)}
    assert any(part.endswith(".css") for part in parts) and any(part.endswith(".js") for part in parts)
    assert any(part.endswith(".woff2") for part in parts)
    assert len(page) <= LATER
    assert len(page) + sum(len(body(asked_packed(client, part))) for part in parts) <= FIRST_VISIT


def asked_packed(client: Any, path: str) -> Any:
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200, path
    return answer
