"""Any text can be printed: in the scripts of people's names unchanged, and anything unprintable with a note."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from accord.membership.presenters import RECOVERY_SHEET, recovery_sheet_pdf
from accord.releases.presenters import ACCOUNTING, FORM, accounting_pdf
from accord.ui import documents, glyphs
from accord.ui.components import Row

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
NAMES = {
    "Chinese": "王秀英",
    "Korean": "한인 여성 상담소",
    "Japanese": "さくら 花子",
    "Thai": "ก้อง สมศรี",
    "Lao": "ບຸນມີ",
    "Amharic": "ትግስት ሰላም",
    "Khmer": "សុខ ភារុណ",
    "Burmese": "မြန်မာ ခင်",
    "Tamil": "தமிழ் செல்வி",
    "Telugu": "తెలుగు",
    "Hindi": "क्षमा शर्मा",
    "Bengali": "বাংলা",
    "Punjabi": "ਪੰਜਾਬੀ",
    "Gujarati": "ગુજરાતી",
    "Kannada": "ಕನ್ನಡ",
    "Malayalam": "മലയാളം",
    "Sinhala": "සිංහල",
    "Arabic": "عائشة نور",
    "Hebrew": "שרה כהן",
    "Georgian": "ქართული",
    "Armenian": "Հայերեն",
    "Cyrillic": "Оксана Ґудзь",
    "Vietnamese": "Đặng Thị Ơn",
    "Cherokee": "ᏣᎳᎩ",
    "N'Ko": "ߒߞߏ",
    "Fulani": "𞤀𞤁𞤂𞤀𞤃",
    "Tibetan": "བོད་སྐད",
    "Assyrian": "ܐܪܡܝܐ",
    "Tamazight": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "Inuktitut": "ᐃᓄᒃᑎᑐᑦ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Rohingya": "𐴌𐴗𐴥𐴝",
    "Emoji": "🦋😀❤️",
    "K'iche'": "Kꞌicheꞌ Kʼicheʼ",
}


def accounting(text: str) -> bytes:
    """Return a disclosure history with this text everywhere someone types, including an agency's name."""
    row = ["Nov. 30, 2026", text, f"viewed it ({text})", "Name", "—"]
    inside = Row(title=text, quote=text, detail="Nov. 30", aside="—")
    return accounting_pdf([row], [inside], text, AT, "en")


def recovery(text: str) -> bytes:
    """Return a recovery key sheet of an agency and by an officer of this name."""
    return recovery_sheet_pdf("abbey abide able about", text, text, AT)


def release(text: str) -> bytes:
    """Return the paper form of a release, which names agencies and holds what a colleague wrote."""
    keys = ("agency", "foot", "beyond", "if_no", "sign_label", "day_label", "staff_label", "said_how")
    ours = {"title": "-", "said_title": "-"}  # headings come from the program and are never empty
    data = {**dict.fromkeys(keys, text), **ours, "facts": [[text, text]], "said": [text]}
    return documents.pdf(FORM, data, "es", at=AT)


DOCUMENTS = (accounting, recovery, release)


def read(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_these_are_all_documents_that_there_are() -> None:
    """Add any other document to DOCUMENTS."""
    product = Path(__file__).resolve().parents[2] / "accord"
    callers = {path.name for path in product.rglob("*.py") if "documents.pdf(" in path.read_text(encoding="utf-8")}
    templates = [path for path in product.rglob("*.py") if '#import "house.typ"' in path.read_text(encoding="utf-8")]
    assert callers == {"presenters.py"} and len(templates) == 3  # releases (two papers), agencies (one), documents
    assert len({RECOVERY_SHEET, ACCOUNTING, FORM}) == len(DOCUMENTS)


@pytest.mark.parametrize("script", NAMES)
def test_names_are_printed_as_they_are(script: str) -> None:
    name = NAMES[script]
    assert documents._printable(name) == name, "no sign of it is replaced"
    content = accounting(name)
    assert "couldn't be printed" not in read(content)
    page = pypdfium2.PdfDocument(content)[0]
    assert page.render(scale=0.5).to_numpy().min() < 100, "something is drawn"


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=[]), max_size=30))
@example(text="\ufeffA\x00\x07\ufffe\ud800\U0010ffff")
@example(text="x\u064by\u0951z\u1cda \u0351\u0902\u0ae3\u102e")
@example(text="\u202egnp.exe\u202c \u2067a")
@example(text="#panic() *a* $b$ <c> @d \\ // /* `")
@example(text="")
@example(text="\u200d\u200b\u2060\ufe0f")
@example(text="\r\n\t\v\f\x85\u2028\u2029")
def test_no_text_keeps_a_document_from_being_made(text: str) -> None:
    for document in DOCUMENTS:
        reader = PdfReader(BytesIO(document(text)))
        assert b"<pdfuaid:part>1<" in reader.trailer["/Root"]["/Metadata"].get_data()


@pytest.mark.prove
def test_every_sign_that_has_a_meaning_goes_through(proved: Callable[[str, int], None]) -> None:
    signs = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs")]
    for start in range(0, len(signs), 8192):
        recovery(" ".join(signs[start : start + 8192]))
    proved("signs of Unicode were printed or replaced", len(signs))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("\U00012000 Ruth", "� Ruth"),  # cuneiform: none of our fonts has it
        ("Ruth\x07\x00\ufeff", "Ruth"),  # invisible by nature: nothing is lost
        ("a\tb\u3000", "a b\u3000"),
        ("one\u2028two\rthree", "one\ntwo\nthree"),
        ("\u202eevil\u202c", "evil"),  # would reverse what follows
        ("\ud800", "�"),
    ],
)
def test_what_has_no_shape(text: str, printed: str) -> None:
    assert documents._printable(text) == printed
    assert ("couldn't be printed" in read(accounting(text))) is ("�" in printed)


def test_a_mark_of_another_script_costs_the_mark_alone() -> None:
    said = read(accounting("Ruth x\u064b Quill 王"))
    assert "Ruth x� Quill 王" in said and "couldn't be printed" in said


def test_it_is_said_in_the_language_of_the_document() -> None:
    assert "Algunos caracteres no se pudieron imprimir" in read(release("\U00012000"))


def test_right_to_left_text_leaves_the_words_around_it_in_order() -> None:
    """The name runs from right to left; the sentence around it runs from left to right."""
    content = accounting_pdf([], [Row(title="Sana", quote="عائشة", detail="(7)", aside="8")], "", AT, "en")
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    whole = page.get_text_range()
    places = {part: page.get_charbox(whole.index(part))[0] for part in ("Sana", "(7)", "8")}
    arabic = [page.get_charbox(n)[0] for n, sign in enumerate(whole) if unicodedata.bidirectional(sign) == "AL"]
    assert places["Sana"] < min(arabic) and max(arabic) < places["(7)"] < places["8"]
    assert "\N{FIRST STRONG ISOLATE}" not in read(content)


def test_what_the_fonts_cover_is_read_from_the_fonts() -> None:
    covered = documents._drawn()
    assert all(glyphs.holds(covered, ord(sign)) for name in NAMES.values() for sign in name if sign != "\ufe0f")
    assert not any(glyphs.holds(covered, code) for code in (0x12000, 0x10FFFF, 0xE000))
    assert covered == sorted(covered) and all(first <= last for first, last in covered)
