"""Bar charts. Each chart is an SVG inside the page, and a table with the same figures always follows.

Vega's SVG has no style attribute, so the content security policy allows it inline. Colors become classes, so that a
chart adapts to dark mode, forced colors, and print. A suppressed figure has words in place of a bar. It never looks
like zero or a blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET

import altair as alt
import vl_convert as vlc
from django.utils.safestring import SafeString, mark_safe

from accord.ui import words
from accord.ui.components import SUPPRESSED, Column, Suppressed, Table, Value

WIDE, NARROW = 480, 290
_STEP, _BAR, _TEXT = 56, 18, 16
_CLASSES: Final = {
    "#010101": "chart__bar",
    "#020202": "chart__label",
    "#030303": "chart__value",
    "#040404": "chart__hidden",
    "#050505": "chart__track",
}
_KEPT: Final = frozenset({"d", "transform", "text-anchor", "width", "height", "viewBox", "class"})
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its message (the title), the drawing in two widths, its text, and its table."""

    title: str
    wide: SafeString
    narrow: SafeString
    table: Table
    sentence: str


def bars(title: str, rows: Sequence[tuple[str, float | Suppressed]], *, label: str, unit: str, hidden: str) -> Chart:
    """Draw a bar for each row, in the order given.

    `title` is the message as a sentence. `label` is the heading of the name column, and `unit` is the heading of the
    figure column ("People"). `hidden` says why a figure is not shown ("fewer than 11, not shown"). Values must not be
    negative. A chart that is empty or has only suppressed figures shows only text.
    """
    shown = [(name, _in_words(value, hidden)) for name, value in rows]
    notes = (hidden,) if any(isinstance(value, Suppressed) for _, value in rows) else ()
    cells: list[tuple[Value, Value]] = [(name, SUPPRESSED if isinstance(v, Suppressed) else v) for name, v in rows]
    return Chart(
        title=title,
        wide=_draw(tuple(rows), tuple(shown), WIDE),
        narrow=_draw(tuple(rows), tuple(shown), NARROW),
        table=Table(title, (Column(label), Column(unit, numeric=True)), cells, notes),
        sentence="; ".join(f"{name}: {text}" for name, text in shown),
    )


def _in_words(value: float | Suppressed, hidden: str) -> str:
    return hidden if isinstance(value, Suppressed) else words.figure(value)


def warm_up() -> None:
    """Start the renderer, which takes a second or two. A server does this before anyone requests a page."""
    for width in (WIDE, NARROW):
        _draw((("", 1),), (("", ""),), width)


# A drawing takes 40 ms, and the same figures are viewed many times.
@lru_cache(maxsize=64)
def _draw(
    rows: tuple[tuple[str, float | Suppressed], ...], shown: tuple[tuple[str, str], ...], width: int
) -> SafeString:
    """Draw names and figures above their bars. Each bar has a full-width track, which makes a zero visible.

    This layout has room for long words on small screens.
    """
    values = [0 if isinstance(value, Suppressed) else value for _, value in rows]
    top = max([*values, 1])
    hidden = [isinstance(value, Suppressed) for _, value in rows]
    data = [
        {"y": y, "name": shown[y][0], "figure": shown[y][1], "value": value / top, "hidden": hidden[y]}
        for y, value in enumerate(values)
    ]
    filled = {**_spec(width), "data": {"values": data}, "height": _STEP * max(len(data), 1)}
    return _house_svg(vlc.vegalite_to_svg(filled))


@lru_cache(maxsize=2)
def _spec(width: int) -> dict[str, Any]:
    """Return the drawing without its data. It is built only once per width, because Altair's checks are slow."""
    base = alt.Chart(alt.InlineData(values=[])).encode(y=alt.Y("y:O", axis=None, scale=alt.Scale(padding=0)))
    length = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    counted = base.transform_filter("!datum.hidden")
    track = counted.mark_bar(color="#050505", height=_BAR, yOffset=12).encode(x=alt.value(0), x2=alt.value(width))
    bar = base.mark_bar(color="#010101", height=_BAR, yOffset=12).encode(x=length)
    name = base.mark_text(align="left", dy=-9, fontSize=_TEXT, color="#020202").encode(x=alt.value(0), text="name:N")
    at_end = counted.mark_text(align="right", dy=-9, fontSize=_TEXT, color="#030303")
    at_start = base.transform_filter("datum.hidden").mark_text(align="left", dy=14, fontSize=_TEXT, color="#040404")
    figure = at_end.encode(x=alt.value(width), text="figure:N") + at_start.encode(x=alt.value(0), text="figure:N")
    spec = (track + bar + name + figure).properties(width=width, height=_STEP, padding=0)
    found: dict[str, Any] = spec.configure_view(stroke=None).to_dict()
    return found


def _house_svg(svg: str) -> SafeString:
    """Return Vega's drawing with the page's own colors and type. Groups that only Vega needs are dropped."""
    root = ET.fromstring(svg)  # noqa: S314 - our own renderer's output
    bare = ET.Element("svg", {"viewBox": root.attrib["viewBox"], "width": root.attrib["width"], "aria-hidden": "true"})
    for element in root.iter():
        house_class = _CLASSES.get(element.get("fill", ""))
        if house_class:
            kept = {key: _short(value) for key, value in element.attrib.items() if key in _KEPT}
            child = ET.SubElement(bare, element.tag.removeprefix(f"{{{_SVG}}}"), {**kept, "class": house_class})
            child.text = element.text
    return mark_safe(ET.tostring(bare, encoding="unicode"))  # noqa: S308 - escaped by ElementTree


def _short(value: str) -> str:
    return re.sub(r"\d+\.\d{3,}", lambda match: f"{float(match[0]):.1f}", value)
