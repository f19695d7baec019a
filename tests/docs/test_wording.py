"""Check the words of screen, documents and code against the list in docs/explanation/words.md.

The list refuses words that no one in the field says, British spelling, and "she" for a person who was not named.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.steps import catalog

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

# Everywhere: messages, templates, documents, docstrings, comments, names of tests.
ANYWHERE = (
    r"she|her|hers|herself|she's|he or she|whoever|whomever|whom|nobody|somebody|anybody|everybody|telephones?|"
    r"rescued?|prostitutes?|licence|colour\w*|defence|labour\w*|counsell\w+|organis\w+|authoris\w+|recognis\w+|"
    r"programmes?|centres?|practis\w+|"
    r"stands?(?! for\b| in for\b| alone\b)|rests|rest (?:on|upon)|"
    r"lies? (?:in|on|under|behind|beside|beneath|below|above|sealed|open|there|here|still|ahead|before|after|with|at)"
)
LET_IN = r"(?:lets?|letting) (?:\w+ ){0,2}?(?:back )?in(?! (?:the|a|an|its|their|one|any|this|that)\b)"
# On screen and in documents, where readers are not developers.
PROSE = rf"{ANYWHERE}|accounting|acting for|acts? for|help given|legal papers?|go(?:es)? on(?: with)?|{LET_IN}"
ENGLISH = re.compile(rf"\b(?:{PROSE})\b", re.IGNORECASE)
CODE = re.compile(rf"\b(?:{ANYWHERE}|{LET_IN})\b", re.IGNORECASE)
# The list itself, which has to name what it refuses.
LISTS = ("docs/explanation/words.md",)
SPANISH = re.compile(r"\b(ella|añad\w+|puls[ae]\w*)\b|[«»]", re.IGNORECASE)


Text = tuple[str, str]  # where it is, and what it says


def said() -> Iterator[Text]:
    """Yield every message in English with its Spanish."""
    for message in catalog.spanish():
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        spanish = message.string if isinstance(message.string, tuple) else (message.string,)
        yield from zip(english, spanish, strict=True)


def templates() -> Iterator[Text]:
    """Yield what a template says itself, outside of gettext: no tags, variables, comments or attributes of HTML."""
    for path in sorted((ROOT / "accord").rglob("templates/**/*")):
        if path.suffix in {".html", ".txt"}:
            text = re.sub(
                r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", " ", path.read_text("utf-8"), flags=re.DOTALL
            )
            text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
            shown = " ".join(re.findall(r"""(?:title|alt|aria-label|placeholder)=["']([^"']*)["']""", text))
            yield _place(path), shown + re.sub(r"<[^>]*>", " ", text)


def documents() -> Iterator[Text]:
    """Yield the prose of every page in Markdown that people wrote: no code, no addresses of links, no fences."""
    for path in pages():
        if _place(path) not in LISTS and "Made by `make docs`" not in path.read_text("utf-8"):
            yield _place(path), prose(path.read_text("utf-8"))


def made() -> Iterator[Text]:
    """Yield the prose of the pages that are made from docstrings, codes and help texts."""
    for path in pages():
        if "Made by `make docs`" in path.read_text("utf-8"):
            yield _place(path), prose(path.read_text("utf-8"))


def pages() -> list[Path]:
    """Return every Markdown file of the repository."""
    folders = ("docs", "accord", "tests", "tools", "bench", "requirements")
    return sorted([*ROOT.glob("*.md"), *(path for folder in folders for path in (ROOT / folder).rglob("*.md"))])


def prose(text: str) -> str:
    """Return what a page says in words. The word that no one is by default may be named in quotes."""
    for pattern in (r"```.*?```", r"`[^`]*`", r"<!--.*?-->", r"(?<=\])\([^)]*\)", r'"she"'):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return text


def comments(folder: str) -> Iterator[Text]:
    """Yield the docstrings and comments of Python and SQL under a folder, without code in backticks."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield _place(path), prose(ast.get_docstring(node) or "")
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield f"{_place(path)}:{token.start[0]}", prose(token.string)
    for path in sorted((ROOT / folder).rglob("*.sql")):
        for line in re.findall(r"--.*", path.read_text("utf-8")):
            yield _place(path), prose(line)


def names_of_tests() -> Iterator[Text]:
    """Yield the names of all tests and of their parameters' ids, as words."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in re.findall(
            r"^\s*(?:async )?def (test_\w+)|^class (Test\w+)", path.read_text("utf-8"), re.MULTILINE
        ):
            yield _place(path), "".join(name).replace("_", " ")


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def faults(pattern: re.Pattern[str], texts: Iterable[Text]) -> list[tuple[str, str, str]]:
    """Return each refused word with its place and the words around it. Names of placeholders are not said."""
    found = []
    for place, text in texts:
        words = PLACEHOLDER.sub("", text)
        found += [
            (place, hit[0], " ".join(words[max(0, hit.start() - 40) : hit.end() + 40].split()))
            for hit in pattern.finditer(words)
        ]
    return found


def test_no_message_says_what_the_list_refuses() -> None:
    assert faults(ENGLISH, ((english, english) for english, _ in said())) == []


def test_no_spanish_message_says_what_the_list_refuses() -> None:
    assert faults(SPANISH, said()) == []


@pytest.mark.parametrize("texts", [templates, documents], ids=lambda texts: texts.__name__)
def test_no_template_or_document_says_what_the_list_refuses(texts: Callable[[], Iterator[Text]]) -> None:
    assert len(list(texts())) > 50
    assert faults(ENGLISH, texts()) == []


@pytest.mark.parametrize("texts", [made, names_of_tests], ids=lambda texts: texts.__name__)
def test_no_made_page_or_name_of_a_test_says_what_the_list_refuses(texts: Callable[[], Iterator[Text]]) -> None:
    assert faults(CODE, texts()) == []


@pytest.mark.parametrize("folder", ["accord", "tests", "tools", "bench"])
def test_no_docstring_or_comment_says_what_the_list_refuses(folder: str) -> None:
    assert faults(CODE, comments(folder)) == []


@pytest.mark.parametrize(
    "text",
    ["Correct her name", "Nobody sees it", "It stands in the log", "A colleague is let in", "Let a colleague back in",
     "the disclosure lies sealed", "it rests on a release", "an organisation", "Call by telephone", "whoever reads it"],
)  # fmt: skip
def test_the_list_finds_a_fault(text: str) -> None:
    assert faults(ENGLISH, [("", text)])
    assert faults(CODE, [("", text)])


@pytest.mark.parametrize(
    "text",
    ["MOU stands for an agreement", "the rest of the page", "a REST interface", "Let the person in the room speak",
     "The word `her` is code", 'No one is "she" by default', "arrest her_name", "underlies it", "understands"],
)  # fmt: skip
def test_the_list_leaves_other_words_alone(text: str) -> None:
    assert faults(ENGLISH, [("", prose(text))]) == []


def test_docstrings_comments_and_names_are_read() -> None:
    read = [text for _, text in comments("tests/docs")]
    assert any("Check the words of screen" in text for text in read)
    assert any("The list itself, which has to name" in text for text in read)
    assert any("docstrings comments and names are read" in text for _, text in names_of_tests())
