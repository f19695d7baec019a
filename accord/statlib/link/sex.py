"""Words for sex and gender in the languages that lists use. A word means female, male, another gender, or unknown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

FEMALE, MALE, OTHER, UNKNOWN = "f", "m", "x", ""
WORDS = {
    FEMALE: (
        "f w female woman women girl lady feminine transgender-female trans-woman "  # English
        "mujer femenino femenina fem hembra niña señora mulher feminino menina "  # Spanish, Portuguese
        "femme féminin fille fanm fi frau weiblich weib donna femmina vrouw kobieta femeie "
        "babae nữ gái perempuan wanita kadın жінка женщина жен ж девочка "
        "女 女性 女子 여 여성 여자 หญิง स्त्री महिला औरत নারী মহিলা స్త్రీ మహిళ பெண் ស្រី အမျိုးသမီး မ ሴት أنثى انثى امرأة زن عورت"
    ),
    MALE: (
        "m male man men boy masculine transgender-male trans-man "
        "h hombre masculino masc varón macho niño señor homem menino "
        "homme masculin garçon gason mann männlich uomo maschio mężczyzna bărbat "
        "lalaki nam trai laki-laki pria erkek чоловік мужчина муж м мальчик "
        "男 男性 男子 남 남성 남자 ชาย पुरुष পুরুষ పురుషుడు ஆண் ប្រុស အမျိုးသား ကျား ወንድ ذكر رجل مرد"
    ),
    OTHER: "x other nonbinary non-binary nb intersex diverse divers otro otra otre no-binario no-binaria autre",
    UNKNOWN: (
        "u unk unknown na n/a none null nil nan missing undisclosed refused declined - -- ? . unspecified not-known "
        "not-given not-stated not-asked not-collected prefer-not-to-say client-refused data-not-collected "
        "desconocido desconocida ignorado nd s/d sin-dato sin-datos no-sabe no-consta inconnu unbekannt"
    ),
}
MAN_AND_WOMAN, VARON_O_VROUW, ISO = ("h", "m"), ("v", "m"), {"1": MALE, "2": FEMALE, "0": UNKNOWN, "9": UNKNOWN}
CODES_TOLD = (
    "sex is written as 1 and 2, read as male and female (ISO/IEC 5218). If they mean something else, write words"
)
HM_TOLD = "sex is written as H and M; they were read as hombre and mujer"
VM_TOLD = "sex is written as V and M, which mean two things (varón, mujer; vrouw, man); it was read as unknown"


def plain(text: str) -> str:
    """Return a word in the form used in the table: lowercase without accents, one hyphen between words, no period at
    the end."""
    folded = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.casefold()))
    return "-".join(re.split(r"[\s_-]+", folded.strip(" _-."))) or text.strip()


@cache
def table() -> dict[str, str]:
    """Return the letter for each word."""
    return {plain(word): letter for letter, words in WORDS.items() for word in words.split()}


@lru_cache(1 << 12)
def letter(text: str) -> str:
    """Return `f`, `m`, `x`, or an empty string (not known) for one word, without looking at the rest of the list."""
    word = plain(text)
    return table().get(word, ISO.get(word, UNKNOWN))


def meanings(words: Mapping[str, int]) -> tuple[dict[str, str], list[str]]:
    """Return what the words in one whole list mean (text -> letter), and messages for the list's owner. `words` maps
    each word to its number of records. If a letter can mean two things, the other words in the list show which meaning
    applies. For example, M means mujer if the list also has H."""
    found = {text: letter(text) for text in words}
    by_word = {plain(text) for text in words}
    notes = []
    if by_word >= set(MAN_AND_WOMAN) and "f" not in by_word:
        found |= {text: FEMALE for text in words if plain(text) == "m"}
        notes.append(HM_TOLD)
    if by_word >= set(VARON_O_VROUW) and not by_word & {"f", "h"}:
        found |= {text: UNKNOWN for text in words if plain(text) in VARON_O_VROUW}
        notes.append(VM_TOLD)
    if "1" in by_word and "0" in by_word and "2" not in by_word:
        found |= {text: UNKNOWN for text in words if plain(text) in ISO}
    elif by_word & {"1", "2"}:
        notes.append(CODES_TOLD)
    strange = {text: number for text, number in words.items() if text.strip() and not known(text, found)}
    if strange:
        notes.append(
            f"{sum(strange.values()):,} entries under sex are not known words (such as female, male, mujer, "
            "hombre, F, M, X); they were read as unknown"
        )
    return found, notes


def known(text: str, found: Mapping[str, str]) -> bool:
    """Return whether a word has a meaning, even if the meaning is "not known"."""
    word = plain(text)
    return bool(found[text]) or word in table() or (word in ISO and word in "09")
