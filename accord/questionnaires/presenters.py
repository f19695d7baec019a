"""Text and rows for forms and their versions. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.agencies.presenters import kind_names
from accord.core.text import ANSWERS
from accord.formlib.problems import Problem
from accord.formlib.transcript import Line
from accord.questionnaires.codes import TOOL_RESULT
from accord.questionnaires.controls import plain
from accord.questionnaires.queries import FormCard, VersionCard
from accord.questionnaires.tools import TOOLS, USES, Tool, Use
from accord.questionnaires.workflows import VersionState
from accord.ui.components import Column, Link, Row, Table, Tag, Value
from accord.ui.words import day


def state_tag(card: VersionCard) -> Tag:
    """Return a tag with the state of a version."""
    match card.state:
        case VersionState.PUBLISHED:
            return Tag("ok", _("In use"))
        case VersionState.REPLACED:
            return Tag("ended", _("Replaced"))
        case VersionState.RETIRED:
            return Tag("ended", _("Retired"))
        case _draft:
            return Tag("urgent", _("Has problems")) if card.problems else Tag("wait", _("Draft"))


def kind_name(code: str) -> str:
    """Return the name of a kind of information, or an empty string."""
    return ", ".join(kind_names([code])) if code else ""


def rows(cards: Sequence[FormCard]) -> list[Row]:
    """Return each form as a row: the kind of its answers, its languages, and who has to act next."""
    return [_row(card) for card in cards]


def _row(card: FormCard) -> Row:
    shown = card.published or card.versions[0]
    facts = [kind_name(card.kind), _languages(shown), _asks(shown), _("Version %(n)d") % {"n": shown.number}]
    return Row(
        title=card.title,
        url=reverse("questionnaires:form", args=[card.id]),
        detail=" · ".join(part for part in facts if part),
        tag=state_tag(shown),
        turn=_turn(card),
    )


def _turn(card: FormCard) -> str:
    if card.draft is None:
        return ""
    if card.draft.problems:
        return _("Version %(n)d can't be used yet. Correct the spreadsheet and upload it again.") % {
            "n": card.draft.number
        }
    return _("Version %(n)d is ready to try out and publish.") % {"n": card.draft.number}


def _languages(card: VersionCard) -> str:
    return ", ".join(card.languages)


def _asks(card: VersionCard) -> str:
    return ngettext("%(n)d question", "%(n)d questions", card.asks) % {"n": card.asks} if card.asks else ""


def facts(card: VersionCard, names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """Return the facts about a version, as pairs of a label and a value."""
    found = [
        (_("Kind of information"), kind_name(card.kind)),
        (_("Questions"), str(card.asks or "")),
        (_("Languages"), _languages(card)),
        (_("File"), card.file_name),
        (_("Uploaded"), _by_on(names.get(card.by, ""), day(card.loaded_at))),
    ]
    if card.published_at and card.published_by:
        found.append((_("Published"), _by_on(names.get(card.published_by, ""), day(card.published_at))))
    if card.ended_at:
        found.append((_("Ended"), day(card.ended_at)))
    return [(label, value) for label, value in found if value]


def _by_on(name: str, when: str) -> str:
    return _("%(day)s by %(name)s") % {"day": when, "name": name} if name else when


def version_table(card: FormCard) -> Table:
    """Return a form's versions as a table."""
    columns = tuple(Column(label) for label in (_("Version"), _("Status"), _("Questions"), _("Since")))
    lines: list[list[Value]] = [
        [
            Link(_("Version %(n)d") % {"n": one.number}, reverse("questionnaires:version", args=[one.id])),
            state_tag(one),
            one.asks,
            day(one.published_at or one.loaded_at),
        ]
        for one in card.versions
    ]
    return Table(_("Versions"), columns, lines)


def problem_table(title: str, problems: Sequence[Problem]) -> Table:
    """Return problems or warnings as a table: the sheet, the row, and what to do."""
    columns = tuple(Column(label) for label in (_("Sheet"), _("Row"), _("What to do")))
    return Table(title, columns, [[one.sheet, str(one.row or ""), _sentence(one.message)] for one in problems])


def _sentence(message: str) -> str:
    text = message[:1].upper() + message[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def answered(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return a transcript in parts. Each part has a heading, and pairs of a question and its answer."""
    parts: list[dict[str, Any]] = [{"heading": "", "pairs": []}]
    for line in lines:
        if line.kind == "heading":
            parts.append({"heading": plain(line.words), "pairs": []})
        elif line.kind == "answer":
            answer = _(ANSWERS[line.mark]) if line.mark in ANSWERS else line.answer
            parts[-1]["pairs"].append((plain(line.words), plain(answer) or "—"))
    return [part for part in parts if part["heading"] or part["pairs"]]


def tool_rows(cards: Sequence[FormCard]) -> list[dict[str, Any]]:
    """Return the known tools with what may be done with each, and the agency's forms that are copies of it."""
    return [
        {
            "code": tool.code,
            "name": tool.name,
            "tag": Tag("ok", _("Loaded")) if _copies(tool, cards) else None,
            "forms": _copies(tool, cards),
            "use": _(USES[tool.use]),
            "result_only": tool.use is Use.RESULT,
            "facts": [
                (_("Owner"), tool.owner),
                (_("For"), _(tool.people)),
                (_("Validation"), _(tool.validation)),
                (_("License"), _(tool.license)),
                (_("Source"), tool.source),
            ],
        }
        for tool in TOOLS.values()
    ]


def _copies(tool: Tool, cards: Sequence[FormCard]) -> list[Link]:
    return [
        Link(card.title, reverse("questionnaires:form", args=[card.id]))
        for card in cards
        if card.tool == tool.code or (tool.use is Use.RESULT and card.source == TOOL_RESULT and card.kind)
    ]
