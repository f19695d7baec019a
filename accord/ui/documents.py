"""PDF from a Typst template and data, bytes to bytes: nothing touches the disk. Tagged PDF/UA-1, fonts bundled."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse

_HERE = Path(__file__).parent / "typst"
_HOUSE = "house.typ"


@cache
def _fonts() -> typst.Fonts:
    """The bundled fonts and no other, so that a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_HERE / "fonts")])


def pdf(template: str, data: dict[str, Any], lang: str, *, at: datetime) -> bytes:
    """The PDF of `template` (Typst source, importing `house.typ`) filled with `data` (plain JSON), in `lang`.

    The template reads `data` as `#import "house.typ": data, house` and calls `#show: house.with(title: ...)`.
    `at` is the creation time written into the file: the same input gives the same bytes. Text in `data` is content
    and never code. Raises `typst.TypstError` when the template does not hold.
    """
    sources = {"main.typ": template.encode(), _HOUSE: (_HERE / _HOUSE).read_bytes()}
    result: bytes = typst.compile(
        sources,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "lang": lang},
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),
    )
    return result


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows, under this file name."""
    said = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=said)
