"""Manage translations without msgfmt: `python tools/messages.py extract | compile | check | reword TABLE`.

extract  reads the Python files and templates in `accord` and updates `accord/locale/*/LC_MESSAGES/django.po`. Keeps
         translations and the order of existing entries.
compile  writes the `.mo` files next to them (git-ignored, part of `make env`).
reword   changes words in the source, catalogs, docs and tests together (`tools/reword.py` describes TABLE).
check    lists messages that lack a translation, are fuzzy, lose a placeholder or are not extracted yet. Exits with 1
         if there are any.
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
SOURCE = HERE / "accord"
LOCALES = SOURCE / "locale"
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


def catalogs() -> list[Path]:
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def updated(path: Path) -> Catalog:
    """Return the catalog at `path`, updated from the source. Old entries keep their order, and new ones come
    after them."""
    old, wanted = read(path), template()
    new = Catalog(
        locale=old.locale,
        header_comment=old.header_comment,
        project="Accord",
        version="1",
        last_translator="Accord",
        language_team=str(old.locale),
        msgid_bugs_address="none",
        charset="utf-8",
        creation_date=old.revision_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    for known in [*old, *wanted]:
        message = wanted.get(known.id, known.context) if known.id else None
        if message is not None and new.get(message.id, message.context) is None:
            before = old.get(message.id, message.context)
            places = sorted(set(message.locations))
            new.add(
                message.id,
                before.string if before else None,
                places,
                before.flags - {"python-format"} if before else (),
                context=message.context,
            )
    return new


def text(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=118, include_lineno=False)
    return re.sub(rb'"Generated-By: .*\n', b"", buffer.getvalue())


def faults(path: Path) -> list[str]:
    """Return a catalog's faults, one sentence for each."""
    found = []
    for message in updated(path):
        if message.id:
            shown = message.id if isinstance(message.id, str) else message.id[0]
            found += [f"{path.parents[1].name}: {fault}: {shown!r}" for fault in _faults(message)]
    if text(updated(path)) != path.read_bytes():
        found.append(f"{path.parents[1].name}: not up to date; run `python tools/messages.py extract`")
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
        for path in catalogs():
            path.write_bytes(text(updated(path)))
    elif command == "reword" and table:
        import reword

        rows = json.loads(Path(table).read_text(encoding="utf-8"))
        for path in catalogs():
            path.write_bytes(renamed(path, rows))
        for changed in reword.reword(rows):
            print(changed.relative_to(HERE))
        template.cache_clear()
        for path in catalogs():
            path.write_bytes(text(updated(path)))
    elif command == "compile":
        for path in catalogs():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read(path))
    elif command == "check":
        found = [fault for path in catalogs() for fault in faults(path)]
        print("\n".join(found) or "Every message is translated.")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else main(""))
