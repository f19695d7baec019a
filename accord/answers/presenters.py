"""Turn answers into rows and words. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.answers.codes import Answered, ByLanguage, Cells
from accord.core.text import ANSWERS
from accord.drafts.presenters import draft_row
from accord.drafts.queries import Draft
from accord.files.codes import MEDIA_WORDS
from accord.formlib.paging import Asked
from accord.people.presenters import kinds
from accord.people.queries import Page
from accord.questionnaires.asking import language_code, language_name
from accord.questionnaires.controls import id_of, plain
from accord.questionnaires.queries import VersionCard
from accord.sharing.queries import Item
from accord.ui.components import Link, Row
from accord.ui.words import moment


def title_of(payload: Answered) -> str:
    """Return the title of a finished form."""
    return payload.title or _("Can't be read")


def when(text: str) -> str:
    """Return a moment from an entry in words, or nothing if it can't be read."""
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        return ""


def form_rows(page: Page, cards: Iterable[VersionCard]) -> list[Row]:
    """Return the forms that can be begun, each with its kind and languages."""
    return [
        Row(
            card.title,
            reverse("answers:start", args=[page.known.ref, card.id]),
            " · ".join(part for part in (kinds([card.kind]), languages(card.languages)) if part),
        )
        for card in cards
    ]


def languages(names: Sequence[str]) -> str:
    """Return the names of languages without their codes."""
    return ", ".join(language_name(name) for name in names)


def unfinished_rows(found: Iterable[Draft]) -> list[Row]:
    """Return the actor's unfinished forms."""
    return [draft_row(draft) for draft in found]


def finished_row(page: Page, item: Item) -> Row:
    """Return finished answers as a row."""
    payload, language = item.payload, language_of(item, "", get_language() or "en")
    scores = ", ".join(f"{label}: {value}" for _name, label, value, _words in scores_of(payload, language))
    return Row(
        title_of(payload),
        reverse("answers:answers", args=[page.known.ref, item.series]),
        " · ".join(part for part in (kinds([item.kind]), scores) if part),
        aside=when(payload.finished),
    )


@dataclass(frozen=True)
class Answer:
    """A question with its answer, as it was asked. `kind` is heading, note, answer, or file."""

    kind: str
    depth: int
    words: str
    answer: str = ""
    url: str = ""


def scores_of(payload: Answered, language: str) -> tuple[Cells, ...]:
    """Return the scores in one language, as rows of name, label, value, and words."""
    return _in_language(payload.scores, language)


def _in_language(found: ByLanguage, language: str) -> tuple[Cells, ...]:
    return dict(found).get(language) or next((rows for _language, rows in found), ())


def as_asked(page: Page, item: Item, language: str, at: str = "") -> list[Answer]:
    """Return the questions and answers in one language, in order. `at` is the address where files can be downloaded,
    without the file's name."""
    payload: Answered = item.payload
    return [_answer(payload, line, at) for line in _in_language(payload.transcripts, language)]


def _answer(payload: Answered, line: Cells, at: str) -> Answer:
    kind, depth, _place, words, answer, code, mark = line
    held = payload.file_named(code) if code else None
    step = min(int(depth), 4) if depth.isdecimal() and len(depth) < 4 else 0
    if held is not None:
        about = f"{_(MEDIA_WORDS.get(held.media, ''))}, {filesizeformat(held.size)}"
        return Answer("file", step, plain(words), about, f"{at}{code}/" if at else "")
    said = _(ANSWERS[mark]) if mark in ANSWERS else plain(answer)
    return Answer(kind, step, plain(words), said or ("—" if kind == "answer" else ""))


def language_links(item: Item, shown: str, url: str) -> list[Link]:
    """Return links to the answers in the form's other languages."""
    names = [language for language, _lines in item.payload.transcripts if language]
    return [Link(language_name(name), f"{url}?language={number}") for number, name in enumerate(names) if name != shown]


def language_of(item: Item, asked: str, code: str) -> str:
    """Return the language to show answers in: the one that was asked for by its number, else the reader's own, else the
    one that the questions were asked in."""
    names = [language for language, _lines in item.payload.transcripts]
    if asked.isascii() and asked.isdecimal() and len(asked) < 5 and int(asked) < len(names):
        return names[int(asked)]
    return next((name for name in names if language_code(name) == code), item.payload.language)


def facts(item: Item) -> list[tuple[str, str]]:
    """Return what is known about finished answers as a whole."""
    payload: Answered = item.payload
    found = [
        (_("Finished"), when(payload.finished)),
        (_("Started"), when(payload.started)),
        (_("Asked in"), language_name(payload.language)),
        (_("Version of the form"), str(payload.number)),
        (_("Kind of information"), kinds([item.kind])),
    ]
    return [(words, answer) for words, answer in found if answer]


def missing_rows(place: str, found: Iterable[tuple[int, Asked]]) -> tuple[list[Row], list[Row]]:
    """Return the questions that keep a form from being finished, and those that are only unanswered. `place` is the
    address of the form's pages."""
    wrong: list[Row] = []
    empty: list[Row] = []
    for number, asked in found:
        url = f"{place}{number + 1}/#{id_of(asked.place)}"
        row = Row(plain(asked.label) or asked.node.name, url, plain(asked.message) or _why(asked))
        (wrong if asked.wrong else empty).append(row)
    return wrong, empty


def _why(asked: Asked) -> str:
    return {
        "missing": _("The form can't be finished without this answer."),
        "refused": _("This answer isn't accepted here. Change it."),
    }.get(asked.wrong, "")


def revision_rows(actor: Actor, page: Page, found: Sequence[Item]) -> list[Row]:
    """Return the revisions of finished answers, newest first: when each was saved, and who saved it."""
    ref, last = page.known.ref, len(found) - 1
    return [
        Row(
            _("Finished") if number == last else _("Corrected"),
            reverse("answers:old", args=[ref, item.series, item.revision])
            if number
            else reverse("answers:answers", args=[ref, item.series]),
            page.colleagues.get(item.by, ""),
            aside=moment(item.at),
        )
        for number, item in enumerate(found)
    ]


def typed_lines(asked: Iterable[Any], seen: Iterable[str]) -> list[tuple[str, str]]:
    """Return the questions that a page showed, with what was entered there."""
    places = set(seen)
    return [
        (plain(one.label), _chosen(one))
        for one in asked
        if isinstance(one, Asked) and one.place in places and (one.value or one.mark) and not one.read_only
    ]


def _chosen(asked: Asked) -> str:
    if asked.mark in ANSWERS:
        return _(ANSWERS[asked.mark])
    words = dict(asked.choices)
    return ", ".join(plain(words.get(value, value)) for value in asked.value.split()) if words else asked.value
