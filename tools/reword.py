"""Change screen text everywhere at once: `python tools/messages.py reword TABLE`.

TABLE is a JSON list of rows {"old": "...", "new": "...", "es": "..."}. Leave out `es` to keep the Spanish, or `new` to
change only the Spanish. For a plural, each value is a list of two. The words change in the Python files and templates
in `accord`, in the catalogs, and where docs and tests quote a whole message.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
WORDS = {"gettext", "gettext_lazy", "gettext_noop", "_", "N_", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
WIDTH = 100
QUOTED = 12  # shorter text is not taken for a quotation, because words like "Name" are in too many sentences


@dataclass(frozen=True)
class Piece:
    """A literal in a Python file, with its first and last byte and its text."""

    begins: int
    ends: int
    column: int
    says: str


def pieces(text: str) -> Iterator[Piece]:
    """Yield every literal that is passed to gettext, with its byte positions in the file."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or _name(node.func) not in WORDS:
            continue
        for given in node.args:
            if isinstance(given, ast.Constant) and isinstance(given.value, str) and given.end_lineno is not None:
                begins = starts[given.lineno - 1] + given.col_offset
                ends = starts[given.end_lineno - 1] + (given.end_col_offset or 0)
                yield Piece(begins, ends, given.col_offset, given.value)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def in_python(text: str, changed: Mapping[str, str]) -> str:
    """Return the file with the new words in its literals. Long literals are split, and `ruff format` formats them."""
    data = text.encode()
    for piece in sorted(pieces(text), key=lambda each: -each.begins):
        if piece.says in changed:
            data = data[: piece.begins] + literal(changed[piece.says]).encode() + data[piece.ends :]
    return data.decode()


def literal(words: str) -> str:
    """Return a string as source text, in pieces of at most WIDTH characters that end with a space."""
    lines, line = [], ""
    for word in re.findall(r"\S+\s*|\s+", words):
        if line and len(line) + len(word) > WIDTH:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in lines)


def in_template(text: str, changed: Mapping[str, str]) -> str:
    """Return the template with the new words in `translate` and `blocktranslate`."""

    def short(found: re.Match[str]) -> str:
        quote, words = found[2], found[3]
        new = changed.get(words)
        if new is None:
            return found[0]
        return (
            f"{found[1]}{quote}{new}{quote}" if quote not in new else f"{found[1]}{_other(quote)}{new}{_other(quote)}"
        )

    def block(found: re.Match[str]) -> str:
        parts = re.split(r"(\{%\s*plural\s*%\})", found[2])
        trimmed = [re.sub(r"\s*\n\s*", " ", each.strip()) for each in parts] if " trimmed" in found[1] else parts
        said = [re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", each) for each in trimmed]
        if not any(each in changed for each in said):
            return found[0]
        new = [re.sub(r"%\((\w+)\)[sd]", r"{{ \1 }}", changed.get(each, each)) for each in said]
        return found[1] + "".join(new) + found[3]

    text = re.sub(r"(\{%\s*(?:translate|trans)\s+|\b_\()([\"'])(.*?)\2", short, text)
    return re.sub(r"(\{%\s*blocktranslate\b[^%]*%\})(.*?)(\{%\s*endblocktranslate\s*%\})", block, text, flags=re.DOTALL)


def _other(quote: str) -> str:
    return "'" if quote == '"' else '"'


def in_prose(text: str, changed: Mapping[str, str]) -> str:
    """Return docs or tests with the new words. Replaces old words in italics or quotes, and anywhere if they are long
    enough to be unambiguous."""
    there = sorted((old for old in changed if old in text), key=len, reverse=True)
    if not there:
        return text
    ways = [rf"\*(?P<i{n}>{re.escape(old)})\*" for n, old in enumerate(there)]
    ways += [
        rf"\"(?P<q{n}>{re.escape(old)})\"" for n, old in enumerate(there) if " " in old
    ]  # a lone word may be a code
    ways += [rf"(?<!\w)(?P<w{n}>{re.escape(old)})(?!\w)" for n, old in enumerate(there) if len(old) >= QUOTED]

    def put(found: re.Match[str]) -> str:
        new = changed[there[int(str(found.lastgroup)[1:])]]
        return {"i": f"*{new}*", "q": json.dumps(new, ensure_ascii=False), "w": new}[str(found.lastgroup)[0]]

    return re.sub("|".join(ways), put, text)  # in one pass, because new words may contain old ones


def sides(row: Mapping[str, object], name: str) -> list[str]:
    """Return one side of a row as a list, with singular and plural or a single sentence."""
    said = row.get(name, row["old"])
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def files() -> Iterator[tuple[Path, str]]:
    """Yield the files that may contain the words, each with its type: python, template or prose."""
    for path in sorted((HERE / "accord").rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield path, "python"
        elif "templates" in path.parts and path.suffix in {".html", ".txt", ".typ"}:
            yield path, "template"
    prose = [*(HERE / "docs").rglob("*.md"), *(HERE / "tests").rglob("*.py"), HERE / "README.md", HERE / "GLOSSARY.md"]
    for path in sorted(prose):
        if "adr" not in path.parts and "reference" not in path.parts:
            yield path, "prose"


def reword(rows: list[Mapping[str, object]]) -> list[Path]:
    """Change all text that quotes the old words, except in the catalogs. Returns the files that changed."""
    changed = {
        old: new for row in rows for old, new in zip(sides(row, "old"), sides(row, "new"), strict=True) if old != new
    }
    ways = {"python": in_python, "template": in_template, "prose": in_prose}
    touched = []
    for path, kind in files():
        before = path.read_text(encoding="utf-8")
        after = ways[kind](before, changed)
        if after != before:
            path.write_text(after, encoding="utf-8")
            touched.append(path)
    return touched
