"""PDF from a Typst template and data, bytes to bytes: nothing touches the disk. Tagged PDF/UA-1 with bundled fonts.

Any text can be printed. PDF/UA allows no character without a glyph. So characters that no font can draw are replaced,
and the document says so: a name in a script that we lack must not keep anyone from their own document.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accord.ui import glyphs

_HERE = Path(__file__).parent / "typst"
_HOUSE = "house.typ"
FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
REPLACED = "\N{REPLACEMENT CHARACTER}"

_NEW_LINES = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}")
# Marks that reverse the order of what follows: with them, one name could be made to read as another. Isolates stay.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e")
_FORBIDDEN = frozenset("\ufeff\ufffe")  # in PDF/UA, even if a font has them
_BEYOND_LATIN = "\u0250"  # below it every character except controls has a glyph
_INVISIBLE = frozenset({"Cc", "Cf"})
_MOST_LOOKS = 60  # limit on how often Typst is asked which character it was: a text can hold thousands


@cache
def _font_files() -> tuple[Path, ...]:
    folders = [_HERE / "fonts"]
    for package in FONT_PACKAGES:
        spec = importlib.util.find_spec(package)  # finds the folder, runs nothing
        folders += map(Path, (spec and spec.submodule_search_locations) or ())
    return tuple(sorted(file for folder in folders for file in folder.iterdir() if file.suffix in (".ttf", ".ttc")))


@cache
def _fonts() -> typst.Fonts:
    """Return only the bundled fonts, so that a document looks the same on every machine."""
    folders = sorted({str(file.parent) for file in _font_files()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def _drawn() -> list[glyphs.Range]:
    return glyphs.ranges(_font_files())


def isolated(text: str) -> str:
    """Isolate text of any direction so that it can go inside a sentence: an Arabic name doesn't reorder the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def pdf(template: str, data: dict[str, Any], lang: str, *, at: datetime) -> bytes:
    """Return the PDF of `template` (Typst source, importing `house.typ`) filled with `data` (plain JSON), in `lang`.

    The template reads `data` with `#import "house.typ": data, house` and calls `#show: house.with(title: ...)`. `at` is
    the creation time in the file: the same input gives the same bytes. Text in `data` is content, never code, and can
    hold any character: what can't be drawn is replaced, and a last line says so. Raises `typst.TypstError` for an
    invalid template.
    """
    clusters = {part for text in _texts(data) for part in _clusters(_printable(text)) if not part.isascii()}
    changes: tuple[Callable[[], Change], ...] = (
        lambda: _printable,
        # Characters with a glyph each can lack one together: a mark of one script on a letter of another.
        lambda: _without(_failing(clusters, at)),
        lambda: _plain_where(_failing(map(_printable, _texts(data)), at)),
        lambda: _plain,
    )
    for change in changes:
        try:
            return _compiled(template, _told(data, change(), lang), lang, at)
        except typst.TypstError as error:
            last = error
    raise last


def _compiled(template: str, data: dict[str, Any], lang: str, at: datetime) -> bytes:
    sources: Any = {"main.typ": template.encode(), _HOUSE: (_HERE / _HOUSE).read_bytes()}
    result: bytes = typst.compile(
        sources,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "lang": lang},
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),
    )
    return result


# What is printed ------------------------------------------------------------------------------------------------------


Change = Callable[[str], str]


def _told(data: dict[str, Any], change: Change, lang: str) -> dict[str, Any]:
    """Return the data with every text changed, and a sentence that says so if a character was replaced."""
    changed = _each(data, change)
    with override(lang):
        said = _("Some characters couldn't be printed. Each one appears as %(sign)s.") % {"sign": REPLACED}
    lost = sum(text.count(REPLACED) for text in _texts(changed)) > sum(text.count(REPLACED) for text in _texts(data))
    return {**changed, "replaced": said if lost else ""}


def _each(value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_each(inner, change) for inner in value]
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def _printable(text: str) -> str:
    """Return the text without characters that have no glyph by nature, and with a sign for each that no font can draw."""
    return "".join(map(_shape, text)) if not text.isascii() or not text.isprintable() else text


def _shape(sign: str) -> str:
    if sign in _NEW_LINES:
        return "\n"
    if sign in _TURNS or sign in _FORBIDDEN:
        return ""
    kind = unicodedata.category(sign)
    if kind not in ("Cc", "Cs") and (sign < _BEYOND_LATIN or glyphs.holds(_drawn(), ord(sign))):
        return sign
    if kind == "Zs" or sign == "\t":
        return " "
    selects = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return "" if kind in _INVISIBLE or selects else REPLACED


def _plain(text: str) -> str:
    """Keep the characters that Public Sans has, and replace every other one with a sign."""
    return "".join(each if each < _BEYOND_LATIN else REPLACED for each in _printable(text))


def _without(bad: set[str]) -> Change:
    return lambda text: "".join(each[0] + REPLACED if each in bad else each for each in _clusters(_printable(text)))


def _plain_where(failing: set[str]) -> Change:
    return lambda text: _plain(text) if _printable(text) in failing else _printable(text)


def _clusters(text: str) -> list[str]:
    """Return letters, each with the marks that belong to it."""
    found: list[str] = []
    for sign in text:
        if found and unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf"):
            found[-1] += sign
        else:
            found.append(sign)
    return found


ALONE = """
#import "house.typ": data, house
#show: house.with(title: "-")
#for text in data.texts { par(text) }
"""


def _failing(texts: Iterable[str], at: datetime) -> set[str]:
    """Return texts that Typst can't print, found by bisection. If there are too many, also some that it could print."""
    heap, found = [sorted(set(texts))], set()
    for _look in range(_MOST_LOOKS):
        part = heap.pop() if heap else []
        try:
            _compiled(ALONE, {"texts": part, "replaced": ""}, "en", at)
        except typst.TypstError:
            middle = len(part) // 2
            if middle:
                heap += [part[:middle], part[middle:]]
            else:
                found |= {*part}
        if not heap:
            return found
    return found.union(*heap)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF for the browser to show, with this file name."""
    said = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=said)
