"""Manage translations without msgfmt: `python tools/messages.py extract | compile | check | reword TABLE`.

extract  reads the Python files and templates in `accord` and updates each room's catalogs,
         `accord/*/locale/*/LC_MESSAGES/django.po`. Keeps translations, also when a message moves to another room.
compile  writes the `.mo` files next to them (git-ignored, part of `make env`).
reword   changes words in the source, catalogs, docs and tests together (`tools/reword.py` describes TABLE).
check    lists messages that lack a translation, are fuzzy, lose a placeholder or are not extracted yet. Exits with 1
         if there are any.

A message is in the catalog of the lowest room that uses it. Entries are in alphabetical order, so two branches that add
messages seldom change the same lines.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))  # as a script, it finds its own folder only

from accord.config.rooms import LINES  # noqa: E402

SOURCE = HERE / "accord"
ROOMS = [name for line in reversed(LINES) for name in sorted(line)]  # from the bottom up
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "N_": None,  # core.text: words in modules that do not import Django
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]|<[^>]+>")


def sources() -> Iterator[tuple[str, bytes]]:
    """Yield every file that may contain screen text, as Python. Templates go through Django's `templatize`."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(HERE).as_posix(), path.read_bytes()
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.suffix in {".html", ".txt", ".typ"}:
            name = path.relative_to(HERE).as_posix()
            python = templatize(path.read_text(encoding="utf-8"), origin=name)
            yield name, re.sub(r"^[ \t]+", "", python, flags=re.MULTILINE).encode()  # indented HTML is not valid Python


@cache
def template() -> Catalog:
    """Return the messages in the source now."""
    catalog = Catalog(project="Accord", charset="utf-8")
    for name, text in sources():
        for _line, message, comments, context in extract("python", BytesIO(text), KEYWORDS, ["Translators:"]):
            catalog.add(message, None, [(name, None)], auto_comments=comments, context=context)
    return catalog


def catalogs(root: Path = SOURCE) -> list[Path]:
    return sorted(root.glob("*/locale/*/LC_MESSAGES/django.po"))


def languages() -> list[str]:
    return sorted({language_of(path) for path in catalogs()})


def language_of(path: Path) -> str:
    return path.parents[1].name


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language_of(path))


def room_of(message: Message) -> str:
    """Return the lowest room that uses a message."""
    return min((name.split("/")[1] for name, _line in message.locations), key=ROOMS.index)


def updated(language: str, root: Path = SOURCE) -> dict[Path, Catalog]:
    """Return a language's catalogs under `root`, updated from the source, each with the path where it belongs."""
    known = {
        (_first(message), message.context): message
        for path in catalogs(root)
        if language_of(path) == language
        for message in read(path)
    }
    new: dict[Path, Catalog] = {}
    for message in sorted(template(), key=lambda each: (_first(each), each.context or "")):
        if not message.id:
            continue
        path = root / room_of(message) / "locale" / language / "LC_MESSAGES" / "django.po"
        catalog = new.setdefault(path, _empty(language))
        before = known.get((_first(message), message.context))
        catalog.add(
            message.id,
            before.string if before and before.pluralizable == message.pluralizable else None,
            sorted(set(message.locations)),
            before.flags - {"python-format"} if before else (),
            context=message.context,
        )
    return new


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        header_comment="# docs/how-to/translate.md tells how to translate.",
        project="Accord",
        version="1",
        last_translator="Accord",
        language_team=language,
        msgid_bugs_address="none",
        charset="utf-8",
        fuzzy=False,
    )


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def save(language: str) -> None:
    """Write a language's catalogs, and delete those that hold no message anymore."""
    new = updated(language)
    for path in catalogs():
        if language_of(path) == language and path not in new:
            path.unlink()
    for path, catalog in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text(catalog))


def text(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=118, include_lineno=False)
    return re.sub(rb'"(Generated-By|POT-Creation-Date|PO-Revision-Date): .*\n', b"", buffer.getvalue())


def faults(language: str, root: Path = SOURCE) -> list[str]:
    """Return the faults of a language's catalogs, one sentence for each."""
    new = updated(language, root)
    found = [
        f"{language}: {fault}: {_first(message)!r}"
        for catalog in new.values()
        for message in catalog
        if message.id
        for fault in _faults(message)
    ]
    kept = {path: path.read_bytes() for path in catalogs(root) if language_of(path) == language}
    if kept != {path: text(catalog) for path, catalog in new.items()}:
        found.append(f"{language}: not up to date; run `python tools/messages.py extract`")
    return found


def _faults(message: Message) -> Iterator[str]:
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(given):
        yield "no translation"
        return
    if message.fuzzy:
        yield "fuzzy"
    # In both languages, the singular may say "one" instead of the number.
    for asked, words in zip(message.id if message.pluralizable else (message.id,), given, strict=True):
        if set(PLACEHOLDER.findall(words)) != set(PLACEHOLDER.findall(asked)):
            yield f"placeholders differ in {words!r}"


def renamed(path: Path, rows: list[dict[str, object]]) -> bytes:
    """Return a catalog with the rows' new words. Each entry keeps its Spanish unless the row has its own."""
    from reword import sides  # in this folder, and needed only for rewording

    catalog = read(path)
    for row in rows:
        old, new = (tuple(sides(row, side)) for side in ("old", "new"))
        before = catalog.get(old[0])
        if before is None:
            continue
        said = row.get("es", before.string)
        identity = new if len(new) > 1 else new[0]
        known = catalog.get(new[0])
        if known is not None and new != old:
            known.string = said if "es" in row else known.string or said
        else:
            before.id, before.string = identity, tuple(said) if isinstance(said, list) else said
    return text(catalog)


def main(command: str, table: str = "") -> int:
    settings.configure(USE_I18N=True)
    if command == "extract":
        for language in languages():
            save(language)
    elif command == "reword" and table:
        import reword

        rows = json.loads(Path(table).read_text(encoding="utf-8"))
        for path in catalogs():
            path.write_bytes(renamed(path, rows))
        for changed in reword.reword(rows):
            print(changed.relative_to(HERE))
        template.cache_clear()
        for language in languages():
            save(language)
    elif command == "compile":
        for path in catalogs():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read(path))
    elif command == "check":
        found = [fault for language in languages() for fault in faults(language)]
        print("\n".join(found) or "Every message is translated.")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else main(""))
