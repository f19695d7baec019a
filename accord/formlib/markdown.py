"""Read a form that is written as text, with the sheets as Markdown tables.

The format is the one that pyxform reads. A row with a name in its first cell begins a sheet. In the rows below it, the
first cell is empty. The first of these rows is the header:

    | survey |
    |        | type | name | label          |
    |        | text | name | What's your name? |

Lines that don't start with a bar are ignored, so that a file can also have a title and a license.
"""

from __future__ import annotations

import re

from accord.formlib.problems import refuse

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]*---[\s|:-]*")


def sheets(content: bytes) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each sheet, keyed by sheet name. Raises Refused if the file is not UTF-8 text or has no
    table."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("the file is not UTF-8 text; save it as UTF-8") from None
    found: dict[str, list[tuple[str, ...]]] = {}
    rows: list[tuple[str, ...]] | None = None
    for line in map(str.strip, text.splitlines()):
        if not line.startswith("|") or _RULE.fullmatch(line):
            continue
        first, *cells = _cells(line)
        if first:
            if first in found:
                raise refuse(f"the sheet {first!r} is there twice; join them")
            rows = found[first] = []
        elif rows is None:
            raise refuse("the first table has no name; write | survey | above its header")
        else:
            rows.append(tuple(cells))
    if not found:
        raise refuse("the file has no tables; write | survey | and the questions below it")
    return found


def _cells(line: str) -> list[str]:
    pieces = _BAR.split(line)[1:]
    if not pieces[-1].strip():
        pieces.pop()
    return [piece.strip().replace(r"\|", "|") for piece in pieces]
