"""Draw one page of a form and read what was posted from it. The preview and the room `answers` use this module.

Everything inside the `<form>` of a page is one fragment: progress, questions, and buttons. Each question that was drawn
posts its place as `seen`, so that an unchecked box can be told apart from a question that was not on the page. The
button that was pressed posts `go`. With JavaScript, a change posts the page with `redraw`, and the response replaces
the fragment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.core.errors import Conflict
from accord.core.text import N_
from accord.formlib import paging
from accord.formlib.answering import Answers
from accord.formlib.model import Form, Group, Question
from accord.formlib.paging import Asked, Page
from accord.formlib.xpath.limits import EvaluationFailed
from accord.questionnaires.controls import Block, blocks, heads_table, id_of, plain
from accord.questionnaires.loads import languages
from accord.questionnaires.taking import NotTaken, Taken, name_of, take

SEEN, GO, REDRAW, DROP = "seen", "go", "redraw", "drop"
NEXT, BACK, STOP, STAY = "next", "back", "stop", "stay"
ADD, REMOVE, LANGUAGE = "add:", "remove:", "language:"
ROUNDS = 8  # an answer can make further questions of the same page appear, which were posted too
_CODE = re.compile(r"\s*\(([A-Za-z]{2,3})(?:-[\w-]+)?\)\s*$")
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "sd", "ckb"}

Keep = Callable[[Asked, Any], str]  # takes a question and an upload, and returns the answer to save


class FormFails(Conflict):
    """An expression of the form fails or needs too many steps, so the page can't be shown with these answers."""

    code = "form_fails"
    sentence = N_(
        "The form can't continue with this answer, because one of its formulas fails. Tell the colleague who manages your forms."
    )


@dataclass(frozen=True)
class Given:
    """The result of reading a page: error sentences by place (`refusals`), and how many questions are now asked that
    weren't on the page. `post` has the text typed in the refused questions."""

    refusals: Mapping[str, str] = field(default_factory=dict)
    new: int = 0
    post: QueryDict | None = None


def read(post: QueryDict, files: Mapping[str, Any], answers: Answers, page: Page, keep: Keep) -> Given:
    """Save what was posted from a page in the answers. `keep` returns the answer for a file, or raises ValidationError
    with a sentence. Raises FormFails."""
    seen = set(post.getlist(SEEN))
    refusals: dict[str, str] = {}
    done: set[str] = set()
    now = _asked(answers, page)
    for _round in range(ROUNDS):
        items = [one for one in now if one.place in seen and one.place not in done]
        if not items:
            break
        for item in items:
            done.add(item.place)
            try:
                _give(answers, item, _taken(post, files, item, keep))
            except NotTaken as refused:
                refusals[item.place] = str(refused)
        now = _asked(answers, page)
    for item in now:
        if item.wrong == "refused" and item.place in seen:
            refusals.setdefault(item.place, plain(item.message) or _("This answer isn't accepted here. Change it."))
    return Given(refusals, sum(1 for item in now if item.place not in seen), post)


def _asked(answers: Answers, page: Page) -> list[Asked]:
    try:
        items = [item for item in paging.asked(answers, page) if isinstance(item, Asked)]
    except EvaluationFailed:
        raise FormFails from None
    return [item for item in items if not heads_table(item)]


def _taken(post: QueryDict, files: Mapping[str, Any], item: Asked, keep: Keep) -> Taken:
    if item.question.kind not in ("image", "file"):
        return take(post, item)
    upload = files.get(name_of(item.place))
    if upload is None:
        keeps = item.value and not post.get(name_of(item.place, DROP))
        return Taken(item.value) if keeps else take(post, item)
    try:
        return Taken(keep(item, upload))
    except ValidationError as refused:
        raise NotTaken(" ".join(refused.messages)) from None


def _give(answers: Answers, item: Asked, taken: Taken) -> None:
    """Save one answer. An answer that makes the form too large is taken back."""
    if item.read_only or not answers.shown(item.node) or (taken.value, taken.mark) == (item.value, item.mark):
        return
    try:
        if taken.mark or item.mark:
            answers.mark(item.node, taken.mark)
        if not taken.mark:
            answers.answer(item.node, taken.value)
    except EvaluationFailed:
        try:
            answers.answer(item.node, item.value)
        except EvaluationFailed:
            raise FormFails from None
        raise NotTaken(
            _("With this answer, the form gets too large or one of its formulas fails. Change the answer.")
        ) from None


def step(answers: Answers, go: str) -> str:
    """Apply the pressed button to the answers: add or remove a copy, or change the language. Return the id of the
    element that then gets the focus, or an empty string. A button that the form doesn't offer does nothing. Raises
    FormFails."""
    try:
        if go.startswith(ADD):
            path, _at, inside = go.removeprefix(ADD).partition("@")
            return _add(answers, path, inside)
        if go.startswith(REMOVE):
            return _remove(answers, go.removeprefix(REMOVE))
    except EvaluationFailed:
        raise FormFails from None
    if go.startswith(LANGUAGE) and go.removeprefix(LANGUAGE) in languages(answers.form):
        answers.language = go.removeprefix(LANGUAGE)
        answers.compute_all()
    return ""


def _add(answers: Answers, path: str, inside: str) -> str:
    group, outer = answers.repeats.get(path), paging.found(answers, inside)
    if group is None or group.count or outer is None or not answers.shown(outer):
        return ""
    return id_of(answers.place(answers.add_repeat(path, outer)))


def _remove(answers: Answers, place: str) -> str:
    node = paging.found(answers, place)
    path = re.sub(r"\[\d+\]", "", place)
    group = answers.repeats.get(path)
    if node is None or group is None or group.count or node.parent is None:
        return ""
    outer = answers.place(node.parent)
    answers.remove_repeat(node)
    return f"{id_of(outer)}--{path.rpartition('/')[2]}"


# Pages ----------------------------------------------------------------------------------------------------------------


def first_page(answers: Answers) -> Page | None:
    """Return the first page that asks something, or None if no page does."""
    return page_after(answers, -1)


def page_after(answers: Answers, number: int) -> Page | None:
    """Return the next page after this number that asks something, or None after the last one. Raises FormFails."""
    return _next(answers, paging.pages(answers.form)[number + 1 :])


def page_before(answers: Answers, number: int) -> Page | None:
    """Return the page before this number that asks something, or None before the first one. Raises FormFails."""
    return _next(answers, reversed(paging.pages(answers.form)[:number]))


def _next(answers: Answers, pages: Any) -> Page | None:
    try:
        return next((page for page in pages if not paging.skipped(answers, page)), None)
    except EvaluationFailed:
        raise FormFails from None


# Drawing --------------------------------------------------------------------------------------------------------------


def language_code(language: str) -> str:
    """Return the code in a form's language name, such as es for `Español (es)`, or an empty string."""
    found = _CODE.search(language)
    return found[1].lower() if found else ""


def language_name(language: str) -> str:
    """Return a form's language name without its code."""
    return _CODE.sub("", language) or language


def fragment(
    answers: Answers,
    page: Page,
    given: Given | None = None,
    *,
    summary: bool = False,
    check: bool = False,
    focus: str = "",
    stop_words: Any = "",
    hidden: Mapping[str, str] | None = None,
) -> SafeString:
    """Return everything inside the `<form>` of a page, in the language of the form if Accord has it.

    `summary` lists the errors above the questions, and takes the focus. `check` also shows which required answers are
    missing. `focus` is the id of the element that gets the focus. `stop_words` (lazy) is the text of the button that
    saves and stops. Without it, there is no such button. `hidden` has additional fields. Raises FormFails.
    """
    given = given or Given()
    code = language_code(answers.language)
    known = {each for each, _name in settings.LANGUAGES}
    with translation.override(code if code in known else translation.get_language()):
        return SafeString(
            render_to_string(
                "questionnaires/_page.html",
                _context(answers, page, given, summary, check)
                | {"focus": focus, "stop_words": stop_words, "hidden": hidden or {}, "code": code},
            )
        )


def _context(answers: Answers, page: Page, given: Given, summary: bool, check: bool) -> dict[str, Any]:
    try:
        items = list(paging.asked(answers, page))
        pages = [one.number for one in paging.pages(answers.form) if not paging.skipped(answers, one)]
    except EvaluationFailed:
        raise FormFails from None
    refusals = dict(given.refusals)
    if check:
        refusals |= {
            one.place: plain(one.message) or _missing(one)
            for one in items
            if isinstance(one, Asked) and one.wrong and one.place not in refusals
        }
    title = plain(paging.title(answers, page))
    drawn = blocks(items, refusals, given.post, level=3 if title else 2)
    return {
        "title": title,
        "blocks": drawn,
        "errors": [{"id": one.id, "sentence": f"{one.words}: {one.error}"} for one in _with_errors(drawn)],
        "summary": summary,
        "new": given.new,
        "number": sum(1 for one in pages if one <= page.number),
        "total": len(pages),
        "is_first": pages[:1] == [page.number],
        "is_last": pages[-1:] == [page.number],
        "languages": [(one, language_name(one), language_code(one)) for one in languages(answers.form)],
        "language": answers.language,
        "direction": "rtl" if language_code(answers.language) in _RIGHT_TO_LEFT else "ltr",
    }


def _missing(item: Asked) -> str:
    return _("The form can't be finished without this answer.") if item.wrong == "missing" else ""


def _with_errors(drawn: list[Block]) -> list[Block]:
    every = [row for one in drawn for row in ((one.extra or {})["rows"] if one.kind == "table" else [one])]
    return [one for one in every if one.error]


def has_files(page: Page) -> bool:
    """Return whether a page can ask for a file, so that its form has to be able to send one."""
    return any(one.kind in ("image", "file") for one in _questions(page.parts))


def _questions(parts: tuple[Question | Group, ...]) -> Iterator[Question]:
    for part in parts:
        if isinstance(part, Question):
            yield part
        else:
            yield from _questions(part.parts)


def preferred(form: Form, code: str) -> str:
    """Return the form's language with this code or, if there is none, its default language."""
    offered = languages(form)
    same = (one for one in offered if language_code(one) == code)
    return next(same, form.default_language if form.default_language in offered else next(iter(offered), ""))
