"""Birth dates and words for sex: read correctly, reported as unknown, or refused. Never read as something else."""

from __future__ import annotations

from collections import Counter

import pytest

from accord.statlib.link import dates, sex, tokens
from accord.statlib.link.dates import Birth
from accord.statlib.link.normalise import Person
from accord.statlib.link.survey import survey
from tests.statistics.linkage import KEY

YEAR = 2026


@pytest.mark.parametrize(
    "text",
    [
        *("1990-02-05", "١٩٩٠-٠٢-٠٥", "۱۹۹۰-۰۲-۰۵", "१९९०-०२-०५", "๑๙๙๐-๐๒-๐๕", "၁၉၉၀-၀၂-၀၅", "១៩៩០-០២-០៥"),
        *(
            "１９９０－０２－０５",
            "1990\u201302\u201305",
            "\u200f1990-02-05\u200e",
            "19900205",
            "١٩٩٠٠٢٠٥",
            "1990/02/05",
        ),
    ],
)
def test_digits_of_every_script_are_digits(text: str) -> None:
    assert dates.birth(text) == Birth("1990", "0205")
    assert dates.fault(text, YEAR) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31121999", "eight digits"),
        ("12311999", "eight digits"),
        ("20011999", "eight digits"),
        ("01021999", "eight digits"),
        ("19991345", "eight digits"),
        ("٣١١٢١٩٩٩", "eight digits"),
        ("2542-01-05", "Thai calendar"),
        ("2569", "Thai calendar"),
        ("25420105", "Thai calendar"),
        ("1378-05-14", "Persian or the Islamic calendar"),
        ("2027-01-01", "in the future"),
        ("3112-12-31", "in the future"),
        ("1850-01-01", "before 1900"),
        ("0099-01-01", "before 1900"),
        ("12/31/1999", "write the year first"),
        ("99", "write the year first"),
        ("²⁰⁰⁰", ""),
    ],
)
def test_a_date_that_cannot_be_is_refused(text: str, why: str) -> None:
    assert why in dates.fault(text, YEAR)
    assert bool(dates.fault(text, YEAR)) == bool(why)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        *(
            (text, None)
            for text in ("0000-00-00", "00000000", "0000", "9999-12-31", "99991231", "1111-11-11", "11111111")
        ),
        *((text, None) for text in ("2000-00-00", "1900-01-01", "1900", "")),
        ("1987-00-00", Birth("1987", "")),
        ("19870000", Birth("1987", "")),
        ("1987-04-00", Birth("1987", "")),
        ("2000-01-01", Birth("2000", "")),
        ("1945-04-93", Birth("1945", "0493")),
    ],
)
def test_placeholders_are_unknown_and_zeros_are_unknown_parts(text: str, known: Birth | None) -> None:
    assert dates.fault(text, YEAR) == ""
    assert dates.birth(text) == known


def test_a_date_that_too_many_share_is_a_habit() -> None:
    whole = Counter({f"{1970 + n % 40}-{n % 12 + 1:02d}-{n % 28 + 1:02d}": 2 for n in range(300)})
    assert dates.overused(whole | {"2000-01-01": 60, "1999-09-09": 30}) == {"2000-01-01", "1999-09-09"}
    estimated = Counter({f"{1970 + n}-01-01": 25 for n in range(40)})
    assert dates.overused(whole | estimated) == frozenset()
    assert dates.overused({"1990-01-01": 200, "1991-01-01": 150}) == frozenset()  # nothing to see here


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        *(
            (word, "f")
            for word in ("F", "female", "Mujer", "MUJER ", "Femenino", "Women", "女", "หญิง", "Nữ", "أنثى", "2")
        ),
        *((word, "m") for word in ("M", "Male", "Hombre", "H", "varon", "Varón", "Masculino", "男", "ذكر", "m.", "1")),
        *((word, "x") for word in ("Non-binary", "non binary", "X", "Otro")),
        *(
            (word, "")
            for word in ("Unknown", "U", "N/A", "n/a", "", "-", "?", "0", "9", "Desconocido", "banana", "Mary")
        ),
    ],
)
def test_sex_is_a_word_and_not_its_first_letter(word: str, letter: str) -> None:
    assert sex.letter(word) == letter


def test_the_meaning_of_a_letter_follows_from_the_others() -> None:
    found, told = sex.meanings(Counter({"H": 5, "M": 7, "": 2}))
    assert (found["H"], found["M"], found[""]) == ("m", "f", "")
    assert told == [sex.HM_TOLD]
    found, told = sex.meanings(Counter({"1": 5, "2": 7, "9": 2}))
    assert (found["1"], found["2"], found["9"], told) == ("m", "f", "", [sex.CODES_TOLD])
    found, told = sex.meanings(Counter({"0": 5, "1": 7}))
    assert set(found.values()) == {""} and told[0].startswith("7 entries under sex")
    found, told = sex.meanings(Counter({"V": 5, "M": 7}))
    assert set(found.values()) == {""} and sex.VM_TOLD in told


def test_what_was_read_as_unknown_is_reported_with_its_count() -> None:
    births = {"0000-00-00": 3, "9999-12-31": 2, "1990-01-01": 4, "1991": 5, "1990-05-06": 6}
    told = survey(births, {"F": 1, "Unknown": 2, "blue": 3}).notes
    assert [sentence.split()[0] for sentence in told] == ["5", "4", "3"]
    assert "placeholders" in told[0] and "year alone" in told[1] and "sex" in told[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Person("Ana", "Cruz", "١٩٩٠-٠٢-٠٥", "Mujer"), Person("Ana", "Cruz", "1990-02-05", "F")),
        (Person("Ana", "Cruz", "9999-12-31", "N/A"), Person("Ana", "Cruz", "", "")),
    ],
)
def test_tokens_are_of_what_was_meant(one: Person, other: Person) -> None:
    kinds = tokens.kinds_of("joined")
    first, second = (tokens.encode([person], KEY, kinds) for person in (one, other))
    assert all((a == b).all() for a, b in zip(first.tokens, second.tokens, strict=True))
