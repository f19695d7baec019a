"""Turn what a page asks into blocks that templates draw: headings, questions with their controls, and tables of
questions. A form's text comes from strangers, so it is always treated as text here, never as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accord.formlib.paging import Asked, Copy, Heading, Item, RepeatHead
from accord.questionnaires.taking import (
    MARKS,
    looks,
    marks_name,
    name_of,
    plain_number,
    posted_day,
    span_of,
    typed,
)
from accord.ui.fields import MemorableDate
from accord.ui.words import day, months

MOST_RADIOS = 10
MOST_STEPS = 20  # a range with more steps is typed
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_TITLE = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_LOOKS = {"text": "text", "barcode": "text", "integer": "number", "decimal": "number", "geopoint": "text"}


@dataclass(frozen=True)
class Option:
    """One choice of a question, or a mark."""

    value: str
    words: str
    id: str
    checked: bool


@dataclass(frozen=True)
class Block:
    """Something that a template draws. `kind` is the name of the control, or heading, repeat, copy, or table.

    `id` belongs to the control that an error links to, and `extra` holds values that only some kinds of blocks have.
    """

    kind: str
    depth: int
    id: str = ""
    name: str = ""
    place: str = ""
    words: str = ""
    hint: str = ""
    guidance: str = ""
    value: str = ""
    error: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    marks: tuple[Option, ...] = ()
    marks_name: str = ""
    level: int = 0
    extra: Mapping[str, Any] | None = None

    @property
    def is_group(self) -> bool:
        """Return whether the control has several parts, so that the question is their legend."""
        return self.kind in _GROUPS

    @property
    def has_notes(self) -> bool:
        """Return whether there is something to draw between the question and its control."""
        return bool(self.hint or self.error or self.guidance)

    @property
    def described(self) -> str:
        """Return the ids of the hint and the error, for `aria-describedby`."""
        return " ".join(f"{self.id}-{part}" for part, there in (("hint", self.hint), ("error", self.error)) if there)


_GROUPS = {"radios", "checkboxes", "rank", "date", "datetime", "part_of_date"}


def plain(text: str) -> str:
    """Return a form's text without the tags and marks that authors write for other programs. The result is plain
    text."""
    return _TITLE.sub("", _BOLD.sub(r"\2", strip_tags(text))).strip()


def id_of(place: str) -> str:
    """Return the id of the control for a place. No name in a form has a tilde."""
    return "q" + place.replace("/", "~").replace("[", "~").replace("]", "")


def blocks(items: Iterable[Item], refusals: Mapping[str, str], post: QueryDict | None, *, level: int) -> list[Block]:
    """Return the blocks of a page. What was typed in a refused question (`refusals`, by place) is drawn again from the
    `post`. `level` is the level of the outermost headings."""
    found: list[Block] = []
    rows: list[Block] = []
    for item in items:
        if isinstance(item, Asked) and looks(item) & {"list-nolabel", "list-no-label"} and item.choices:
            rows.append(_question(item, refusals.get(item.place, ""), post))
            continue
        found += _tables(rows)
        rows = []
        if not (isinstance(item, Asked) and heads_table(item)):
            found.append(_block(item, refusals, post, level))
    return found + list(_tables(rows))


def heads_table(item: Asked) -> bool:
    """Return whether a question only shows its choices above a table. Tables draw their own heads."""
    return "label" in looks(item)


def _tables(rows: list[Block]) -> Iterator[Block]:
    """Yield tables of questions that follow each other and have the same choices."""
    while rows:
        first = [(one.value, one.words) for one in rows[0].options]
        same = 0
        while same < len(rows) and [(one.value, one.words) for one in rows[same].options] == first:
            same += 1
        yield Block("table", rows[0].depth, id=rows[0].id, options=rows[0].options, extra={"rows": rows[:same]})
        rows = rows[same:]


def _block(item: Item, refusals: Mapping[str, str], post: QueryDict | None, level: int) -> Block:
    here = min(level + item.depth, 6)
    match item:
        case Heading():
            return Block("heading", item.depth, words=plain(item.words), level=here)
        case RepeatHead():
            words = plain(item.words) or _("Entries")
            extra = {"add": f"add:{item.path}@{item.inside}" if item.may_add else "", "copies": item.copies}
            at = f"{id_of(item.inside)}--{item.path.rpartition('/')[2]}"
            return Block("repeat", item.depth, id=at, words=words, level=here, extra=extra)
        case Copy():
            words = f"{plain(item.words) or _('Entry')} {item.number}"
            extra = {"remove": f"remove:{item.place}" if item.may_remove else ""}
            return Block(
                "copy", item.depth, id=id_of(item.place), place=item.place, words=words, level=here, extra=extra
            )
        case _asked:
            return _question(item, refusals.get(item.place, ""), post)


def _question(item: Asked, error: str, post: QueryDict | None) -> Block:
    found = Block(
        kind=_kind(item),
        depth=item.depth,
        id=id_of(item.place),
        name=name_of(item.place),
        place=item.place,
        words=plain(item.label),
        hint=plain(item.hint) or _usual_hint(item),
        guidance=plain(item.guidance),
        value=typed(post, item) if error and post is not None and item.question.choices is None else item.value,
        error=error,
        required=item.required,
        options=tuple(_options(item)),
    )
    found = replace(found, extra=_extra(found, item, post if error else None))
    if not item.question.sensitive or item.read_only or item.question.kind == "note":
        return found
    marks = tuple(
        Option(f"mark:{mark}", words, f"{found.id}--{mark}", item.mark == mark)
        for mark, words in zip(MARKS, (_("Prefer not to answer"), _("Not asked")), strict=True)
    )
    return replace(found, marks=marks, marks_name=found.name if found.kind in _ONE_OF else marks_name(item.place))


_ONE_OF = {"radios", "select"}  # the marks are further choices of these


def _kind(item: Asked) -> str:
    kind, shown = item.question.kind, looks(item)
    if kind == "note":
        return "note"
    if item.read_only:
        return "fixed"
    match kind:
        case "select_one":
            few = len(item.choices) <= MOST_RADIOS
            return "radios" if few and not shown & {"minimal", "autocomplete"} else "select"
        case "select_multiple":
            return "checkboxes"
        case "range":
            start, end, step = span_of(item)
            return "select" if abs(end - start) / step <= MOST_STEPS else "number"
        case "date" if shown & {"year", "month-year"}:
            return "part_of_date"
        case "text" if "multiline" in shown:
            return "textarea"
        case "image" | "file":
            return "file"
        case "rank" | "date" | "time" | "datetime" | "acknowledge":
            return kind
        case _:
            return _LOOKS.get(kind, "text")


def _options(item: Asked) -> Iterator[Option]:
    place = id_of(item.place)
    if item.question.kind == "range" and _kind(item) == "select":
        start, end, step = span_of(item)
        count = int(abs(end - start) / step + 1e-9)
        down = -1 if end < start else 1
        numbers = [plain_number(start + down * number * step) for number in range(count + 1)]
        yield from (Option(one, one, f"{place}--{one}", one == item.value) for one in numbers)
        return
    several = item.question.kind == "select_multiple"
    chosen = set(item.value.split()) if several else {item.value}
    for number, (value, words) in enumerate(item.choices):
        yield Option(value, plain(words) or value, place if not number else f"{place}--{number}", value in chosen)


def _usual_hint(item: Asked) -> str:
    if item.read_only:
        return ""
    match item.question.kind:
        case "geopoint":
            return _("Latitude and longitude, such as 30.267 -97.743.")
        case "barcode":
            return _("Type the number under the bars.")
        case "rank":
            return _("Number the choices in order, starting with 1.")
        case "range" if _kind(item) == "number":
            start, end, _step = span_of(item)
            return _("A number from %(low)s to %(high)s.") % {"low": plain_number(start), "high": plain_number(end)}
        case _:
            return ""


def _extra(block: Block, item: Asked, post: QueryDict | None) -> dict[str, Any]:
    """Return what only this kind of control needs. `post` is given if its answer was refused."""
    shown, value = looks(item), item.value
    match block.kind:
        case "fixed":
            return {"words": _in_words(item)}
        case "radios" | "checkboxes":
            return {"in_line": bool(shown & {"likert", "horizontal", "columns-pack"})}
        case "number":
            whole = item.question.kind == "integer"
            return {"inputmode": "numeric" if whole and "-" not in value else "decimal"}
        case "text":
            return {"inputmode": "decimal" if "numbers" in shown else ""}
        case "rank":
            return {"ranks": _ranks(item, post)}
        case "date" | "datetime":
            return _date_parts(block, item, post)
        case "part_of_date":
            year, month, _day = posted_day(post, item) or [*value.split("-", 2), "", ""][:3] if post else _ymd(value)
            with_month = "month-year" in shown
            return {"year": year, "month": month.lstrip("0"), "months": months() if with_month else ()}
        case "time":
            return {"time": block.value[:5]}
        case "file":
            return {"accept": "image/jpeg,image/png" if item.question.kind == "image" else ""}
        case _:
            return {}


def _ymd(value: str) -> list[str]:
    return [*value.split("-", 2), "", ""][:3]


def _date_parts(block: Block, item: Asked, post: QueryDict | None) -> dict[str, Any]:
    written = item.value
    at = written.partition("T")[2][:5]
    if post is not None:
        written = "-".join(posted_day(post, item) or ())
        at = post.get(name_of(item.place, "time"), "")
    widget = MemorableDate()
    name = name_of(item.place, "day")
    attributes = {"id": block.id, **({"aria-describedby": block.described} if block.described else {})}
    return {
        "widget": widget.render(name, written.partition("T")[0] or None, attributes),
        "time": at,
        "time_name": name_of(item.place, "time"),
    }


def _ranks(item: Asked, post: QueryDict | None) -> list[dict[str, Any]]:
    order = item.value.split()
    found = []
    for number, option in enumerate(_options(item)):
        name = name_of(item.place, option.value)
        now = post.get(name, "") if post is not None else str(order.index(option.value) + 1) if order else ""
        places = [(str(each), str(each) == now) for each in range(1, len(item.choices) + 1)]
        found.append({"id": option.id, "name": name, "words": option.words, "places": places, "first": not number})
    return found


def _in_words(item: Asked) -> str:
    """Return the value of a question that can only be read."""
    words = {value: plain(said) for value, said in item.choices}
    if words:
        return ", ".join(words.get(value, value) for value in item.value.split())
    if item.question.kind == "date":
        return day_in_words(item.value)
    return item.value


def day_in_words(value: str) -> str:
    """Return a date like Nov. 30, 2026, or the value itself if it is not a date."""
    try:
        return day(date.fromisoformat(value[:10]))
    except ValueError:
        return value
