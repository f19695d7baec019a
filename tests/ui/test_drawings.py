"""Charts and documents: what is drawn, what is hidden, and that words never become code."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import translation
from pypdf import PdfReader

from accord.numbers import presenters
from accord.numbers.codes import BREAKDOWNS
from accord.ui import charts
from accord.ui.components import SUPPRESSED
from accord.ui.documents import pdf

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
ROWS = (("Labour", 164), ("Sex", 97), ("Both", SUPPRESSED), ("Other", 0))


@pytest.fixture(scope="module")
def chart():
    return charts.bars("More came out of labour", ROWS, label="Type", unit="People", hidden="fewer than 11, not shown")


def lengths(svg: str, of: str = "chart__bar") -> list[float]:
    """Return the widths of the bars, or of their tracks, from their paths."""
    paths = re.findall(rf'<path[^>]*class="{of}"[^>]*/>', svg)
    return [float(re.search(r"h(-?[\d.]+)", path)[1]) for path in paths]


def test_bars_are_as_long_as_their_figures(chart):
    labour, sex, *_rest = lengths(chart.wide)
    assert sex / labour == pytest.approx(97 / 164, abs=0.01)


def test_the_longest_bar_and_every_track_take_the_whole_width(chart):
    """A zero is seen as an empty track; a figure that is not shown has none."""
    for svg, width in ((chart.wide, charts.WIDE), (chart.narrow, charts.NARROW)):
        assert lengths(svg)[0] == width
        assert lengths(svg, "chart__track") == [width] * 3


def test_a_suppressed_figure_has_no_bar_and_says_so(chart):
    assert lengths(chart.wide)[2] == 0
    assert chart.wide.count("fewer than 11, not shown") == 1
    assert re.search(r'class="chart__hidden"[^>]*>fewer than 11, not shown<', chart.wide)
    assert chart.sentence == "Labour: 164; Sex: 97; Both: fewer than 11, not shown; Other: 0"
    assert chart.table.rows[2] == ("Both", SUPPRESSED)
    assert chart.table.notes == ("fewer than 11, not shown",)


def test_a_drawing_has_no_style_and_no_color_of_its_own(chart):
    for svg in (chart.wide, chart.narrow):
        assert not re.search(r"style=|fill=|font-family|#[0-9a-f]{3,6}", svg)


def test_words_in_a_chart_are_words():
    drawn = charts.bars("t", [("<script>&", 1)], label="k", unit="u", hidden="h")
    assert "<script>" not in drawn.wide
    assert "&lt;script&gt;&amp;" in drawn.wide


def test_a_chart_in_which_everything_is_hidden_still_draws():
    drawn = charts.bars("t", [("a", SUPPRESSED), ("b", SUPPRESSED)], label="k", unit="u", hidden="suppressed")
    assert lengths(drawn.wide) == [0, 0]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_words_for_a_hidden_figure_fit_a_phone(language):
    """A letter of a chart's type is 7.3 px wide on average; the drawing cuts off what is longer than its width."""
    with translation.override(language):
        drawn = presenters.chart(0, dict.fromkeys(BREAKDOWNS["age"]), None).narrow
    texts = re.findall(r"<text[^>]*>([^<]+)<", drawn)
    assert texts and max(texts, key=len) and len(max(texts, key=len)) * 7.3 <= charts.NARROW


LETTER = """
#import "house.typ": data, house, fact, note, sign
#show: house.with(title: data.title, agency: data.agency, foot: data.foot)
#fact(data.label, data.value)
#note[#data.value]
#table(columns: 2, table.header([A], [B]), [1], [2])
#sign(..data.lines)
"""
WORDS = {
    "title": "Permiso para compartir", "agency": "Harbor House", "foot": "Copia", "label": "Para quién",
    "value": '#panic("no") *b* $x$', "lines": ["Firma", "Fecha"],
}  # fmt: skip


def test_a_word_longer_than_a_line_stays_on_the_paper():
    """It is broken into lines, and every letter is there."""
    name = "Wolfeschlegelsteinhausenbergerdorff" * 4
    page = PdfReader(BytesIO(pdf(LETTER, {**WORDS, "value": name}, "en", at=AT))).pages[0]
    lines = [line.replace("\u200b", "") for line in page.extract_text().splitlines()]
    assert name not in lines
    assert max(map(len, lines)) < 100
    assert name in "".join(lines)


def test_a_document_is_tagged_titled_and_in_its_language():
    reader = PdfReader(BytesIO(pdf(LETTER, WORDS, "es", at=AT)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "es"
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Permiso para compartir"
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_words_in_a_document_are_words_and_not_code():
    text = PdfReader(BytesIO(pdf(LETTER, WORDS, "es", at=AT))).pages[0].extract_text()
    assert '#panic("no") *b* $x$' in text
    assert "Para quién" in text


def test_a_document_brings_its_fonts_and_is_the_same_every_time():
    first = pdf(LETTER, WORDS, "es", at=AT)
    assert first == pdf(LETTER, WORDS, "es", at=AT)
    fonts = PdfReader(BytesIO(first)).pages[0]["/Resources"]["/Font"]
    names = [str(font.get_object()["/BaseFont"]) for font in fonts.values()]
    assert names
    assert all("+PublicSans-" in name for name in names)
