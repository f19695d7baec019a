"""Create tagged PDF/UA-1 files with bundled fonts from a Typst template and data. Nothing is written to disk.

Any text can be printed. PDF/UA allows no character without a glyph. So characters that no font can draw are replaced,
and the document says so. Otherwise, people whose names use a script that our fonts lack could not get a document.
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
# Marks that reverse the order of the text after them, which could make one name look like another. Isolates stay.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e")
_FORBIDDEN = frozenset("\ufeff\ufffe")  # forbidden in PDF/UA, even if a font has them
_BEYOND_LATIN = "\u0250"  # every character below this one has a glyph, except controls
_INVISIBLE = frozenset({"Cc", "Cf"})
_MOST_LOOKS = 60  # limit on test runs of Typst to find bad characters, because the text can hold thousands of them


@cache
def _font_files() -> tuple[Path, ...]:
    folders = [_HERE / "fonts"]
    for package in FONT_PACKAGES:
        spec = importlib.util.find_spec(package)  # finds the folder without running any code
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
    """Isolate text of any direction inside a sentence, so that an Arabic name doesn't reorder the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def pdf(template: str, data: dict[str, Any], lang: str, *, at: datetime) -> bytes:
    """Return a PDF of `template` (Typst source that imports `house.typ`) filled with `data` (plain JSON), in `lang`.

    The template reads `data` with `#import "house.typ": data, house` and calls `#show: house.with(title: ...)`. `at` is
    the creation time in the file, so that the same input gives the same bytes. Text in `data` is content, never code,
    and can hold any character. Characters that can't be drawn are replaced, and the last line says so. Raises
    `typst.TypstError` for an invalid template.
    """
    clusters = {part for text in _texts(data) for part in _clusters(_printable(text)) if not part.isascii()}
    changes: tuple[Callable[[], Change], ...] = (
        lambda: _printable,
        # Two characters that each have a glyph can lack one as a pair, like a mark on a letter from another script.
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
    """Apply `change` to every string in the data, and add a sentence for the reader if a character was replaced."""
    changed = _each(data, change)
    with override(lang):
        headers = _("Some characters couldn't be printed. Each one appears as %(sign)s.") % {"sign": REPLACED}
    lost = sum(text.count(REPLACED) for text in _texts(changed)) > sum(text.count(REPLACED) for text in _texts(data))
    return {**changed, "replaced": headers if lost else ""}


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
    """Drop the characters that never have a glyph, and replace each character that no font can draw."""
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
    """Keep the characters that Public Sans has, and replace all others."""
    return "".join(each if each < _BEYOND_LATIN else REPLACED for each in _printable(text))


def _without(bad: set[str]) -> Change:
    return lambda text: "".join(each[0] + REPLACED if each in bad else each for each in _clusters(_printable(text)))


def _plain_where(failing: set[str]) -> Change:
    return lambda text: _plain(text) if _printable(text) in failing else _printable(text)


def _clusters(text: str) -> list[str]:
    """Return the letters in a string, each with its own marks."""
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
    """Use bisection to find the strings that Typst can't print. If there are too many of them, also return some strings
    that it could print."""
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
    """Return a response that shows the PDF in the browser, with this file name."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
