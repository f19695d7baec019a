"""The components, loaded with `{% load ui %}`. Each component renders one `ui/_*.html` template. The gallery shows all
of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accord.core import clock, rooms
from accord.ui import components as c
from accord.ui import fields, help_line, words
from accord.ui.frame import NavItem
from accord.ui.icons import ICONS
from accord.ui.lists import Listed

register = template.Library()


@register.simple_tag(takes_context=True, name="csrf_token")
def form_tokens(context: template.Context) -> SafeString:
    """Add Django's `{% csrf_token %}` to a form, and for a signed-in user, two marks that identify this page.

    With these marks, a form that is sent twice from one page is saved once, and a form that is sent after its session
    ended is kept for its author.
    """
    tokens = CsrfTokenNode().render(context)
    request = getattr(context, "request", None)
    if request is None or getattr(request, "actor", None) is None:
        return tokens
    if not getattr(request, "once", ""):
        request.once = secrets.token_urlsafe(16)
    marks = {"once": request.once, "kept_for": getattr(context.get("frame"), "page_mark", "")}
    return tokens + format_html_join(
        "", '<input type="hidden" name="{}" value="{}">', ((name, value) for name, value in marks.items() if value)
    )


register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("clock", words.clock)
register.filter("distance", words.distance)
register.filter("figure", words.figure)


@register.simple_tag
def place(name: str) -> str:
    """Return the address of a higher room's page, by the name of its place (`core.rooms.Room.places`)."""
    return reverse(rooms.place(name))


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Render a decorative icon beside words, hidden from screen readers."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])


@register.simple_block_tag(takes_context=True)
def unless_empty(context: template.Context, content: str, template_name: str) -> str:
    """Render the content inside `template_name`, or nothing if the page left the block empty."""
    if not content.strip():
        return ""
    return render_to_string(template_name, {**context.flatten(), "content": content})


@register.inclusion_tag("ui/_tag.html", name="tag")
def state_tag(state: str | c.Tag, text: str = "") -> dict[str, Any]:
    """Render a state: `{% tag "ok" "In effect" %}` or `{% tag row.tag %}`."""
    tag = state if isinstance(state, c.Tag) else c.Tag(state, text)
    return {"tag": tag, "icon_name": c.STATES[tag.state]}


@register.simple_block_tag
def card(
    content: str,
    heading: str = "",
    level: int = 2,
    link: c.Link | None = None,
    tag: c.Tag | None = None,
    at: str = "",
    line: bool = False,
) -> str:
    """Render a titled box. `level` is its heading's level, and `link` appears at the upper right.

    `at` is the anchor that the page's menu links to. `line` renders an empty box on one line.
    """
    shown = {"content": content, "heading": heading, "level": level, "link": link, "tag": tag, "at": at, "line": line}
    return render_to_string("ui/_card.html", shown)


@register.simple_block_tag
def fact(content: str, label: str, action: str = "", url: str = "") -> str:
    """Render one large fact at the top of a page ("Safe contact"), with a link for its action beside the label."""
    return render_to_string("ui/_fact.html", {"content": content, "label": label, "action": action, "url": url})


@register.simple_block_tag
def alert(content: str, kind: str, heading: str = "") -> str:
    """Render a message in the page. `kind` is info, success, warning, or error.

    Screen readers announce warnings and errors right away.
    """
    return render_to_string("ui/_alert.html", {"content": content, "kind": kind, "heading": heading})


@register.simple_block_tag
def empty(content: str, heading: str, action: str = "", url: str = "") -> str:
    """Say that there is nothing here yet, and what to do first."""
    return render_to_string("ui/_empty.html", {"content": content, "heading": heading, "action": action, "url": url})


@register.inclusion_tag("ui/_saved.html", takes_context=True)
def just_saved(context: template.Context) -> dict[str, Any]:
    """Say once what the previous page saved, and who can see it now according to this page's strip."""
    request = getattr(context, "request", None)
    what = getattr(request, "just_saved", None)
    if what is None or request is None:
        return {}
    request.just_saved_shown = True
    around = {name: context.get(name, "") for name in ("csrf_token", "frame")}
    return {**_saved(what, context.get("strip")), **around, "focus": True}


def _saved(what: c.Saved, strip: c.WhoSees | None) -> dict[str, Any]:
    who = strip.sees_new(what.kinds) if strip and what.kinds else ""
    partner = (strip.names.get(what.partner) if strip else None) or _("The partner agency")
    sentence = _(what.sentence) % {"count": what.count, "partner": partner}
    return {"saved": what, "sentence": sentence, "who": who}


@register.inclusion_tag("ui/_saved.html")
def saved_message(what: c.Saved, strip: c.WhoSees | None = None) -> dict[str, Any]:
    """Render a confirmation as `just_saved` does, for the gallery."""
    return _saved(what, strip)


@register.inclusion_tag("ui/_who_sees.html")
def who_sees(strip: c.WhoSees, compact: bool = False) -> dict[str, Any]:
    """Render the strip that says who can see this. On a phone, `compact` leaves out what each agency sees."""
    return {"strip": strip, "compact": compact}


@register.inclusion_tag("ui/_help_lines.html", name="help_lines")
def help_lines_tag() -> dict[str, Any]:
    """Render the help lines that a person in danger can call or text now."""
    return {"emergency": help_line.EMERGENCY, "lines": help_line.help_lines()}


@register.inclusion_tag("ui/_explain.html")
def explain(explanation: c.Explanation, opened: bool = False) -> dict[str, Any]:
    return {"explanation": explanation, "opened": opened}


@register.inclusion_tag("ui/_rows.html")
def rows(items: Sequence[c.Row]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/_never.html")
def never(words: str) -> dict[str, Any]:
    """Render a warning that someone's safety depends on. It has an icon and words, so it does not depend on color."""
    return {"words": words}


@register.inclusion_tag("ui/_list_head.html", takes_context=True)
def list_head(context: template.Context, found: Listed) -> dict[str, Any]:
    """Render the search, filters, sort order, and download of a `lists.Listed`, and the message for when nothing
    matches."""
    return {"found": found, "csrf_token": context.get("csrf_token", "")}


@register.simple_block_tag(takes_context=True)
def form(context: template.Context, content: str, action: str = "", files: bool = False) -> str:
    """Render a form that posts to this page, or to `action`, with its tokens. `files` allows it to upload files."""
    shown = {"content": content, "action": action, "files": files, "tokens": form_tokens(context)}
    return render_to_string("ui/_form.html", shown)


@register.inclusion_tag("ui/_buttons.html")
def buttons(
    words_: str, kind: str = "", back: str = "", back_words: str = "", note: str = "", also: c.Button | None = None
) -> dict[str, Any]:
    """Render the button that sends the form, a second one (`also`), a `back` link, and a `note`, such as who will see
    the entry.

    `kind` is danger or outline.
    """
    back_words = back_words or _("Go back")
    return {"words": words_, "kind": kind, "back": back, "back_words": back_words, "note": note, "also": also}


@register.inclusion_tag("ui/_step_up.html", takes_context=True)
def step_up(context: template.Context, form: BaseForm) -> dict[str, Any]:
    """Render the field for a code, if the form asks for one now."""
    return {"form": form, "typed_before": context.get("typed_before")}


@register.inclusion_tag("ui/_field.html", takes_context=True)
def field(context: template.Context, bound: BoundField, why: str = "", width: str = "") -> dict[str, Any]:
    """Render a form field in USWDS markup. `why` says in one line why we ask. `width` is xs, sm, md, lg, xl, or 2xl."""
    if context.get("typed_before") is not None and not bound.form.is_bound:
        fields.fill(bound, context["typed_before"])
    return fields.context(bound, why, width)


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """Put "Error: " before the title of a page whose form was refused, so that a screen reader reads it first."""
    forms = (value for value in context.flatten().values() if isinstance(value, BaseForm))
    return _("Error:") + " " if any(form.is_bound and form.errors for form in forms) else ""


@register.inclusion_tag("ui/_error_summary.html", takes_context=True)
def error_summary(context: template.Context, form: BaseForm) -> dict[str, Any]:
    """Render a form's errors above it, and both versions if someone else saved first.

    If the form holds what was written before the session ended, say so once.
    """
    again = context.get("typed_before") is not None and not form.is_bound
    opens = all(fields.is_forgotten(bound) for bound in form.visible_fields())
    lost = getattr(form, "lost_race", None)
    return {"errors": fields.errors(form), "typed_before": again, "lost": lost, "opens": opens}


@register.inclusion_tag("ui/_breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """Render `{% breadcrumbs "People" people_url "My clients" mine_url %}`, with words and addresses in turn."""
    return {"links": [c.Link(words_, url) for words_, url in zip(parts[::2], parts[1::2], strict=True)]}


@register.inclusion_tag("ui/_table.html")
def data_table(table: c.Table, quiet: bool = False) -> dict[str, Any]:
    """Render a table, or cards on a phone. `quiet` hides the caption from view if a heading says the same thing. A
    column with no values is left out."""
    rows = [list(zip(table.columns, row, strict=True)) for row in table.rows]
    kept = [n for n in range(len(table.columns)) if n == 0 or not rows or any(row[n][1] != "" for row in rows)]
    columns = [table.columns[n] for n in kept]
    return {"table": table, "quiet": quiet, "columns": columns, "cells": [[row[n] for n in kept] for row in rows]}


@register.inclusion_tag("ui/_progress.html")
def progress(label: str, done: int, total: int, left: str = "", note: str = "") -> dict[str, Any]:
    """Render the progress of a long task. `left` is the time left in words. `note` says what happens if the user
    leaves."""
    return {"label": label, "done": done, "total": total, "left": left, "note": note}


@register.inclusion_tag("ui/_deadline.html")
def deadline(item: c.Deadline, today: date | None = None) -> dict[str, Any]:
    """Render a date with its law and consequence. It is marked as urgent starting one week before the date."""
    days = (item.when - (today or timezone.localdate(clock.now()))).days
    state = "urgent" if days <= 7 else "wait" if days <= 30 else "plain"
    return {"deadline": item, "state": state, "late": days < 0, "distance": words.distance(item.when, today)}


@register.inclusion_tag("ui/_figure.html")
def chart_figure(chart: Any, source: str = "") -> dict[str, Any]:
    """Render a `charts.Chart` with its table below. `source` names the agencies, the period, and the counting
    method."""
    return {"chart": chart, "source": source}


@register.inclusion_tag("ui/_facts.html")
def facts(items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Render a list of names with their values."""
    return {"items": items}


@register.inclusion_tag("ui/_steps.html")
def steps(items: Sequence[c.Step]) -> dict[str, Any]:
    return {"steps": items}


@register.inclusion_tag("ui/_timeline.html")
def timeline(events: Sequence[c.Event]) -> dict[str, Any]:
    return {"events": events}


@register.inclusion_tag("ui/_signing.html")
def signing(what: c.Signing, quiet: bool = False) -> dict[str, Any]:
    """Render the text that a person signs. Use it inside `translation.override(signing.lang)`, so that its labels are
    also in the signer's language.

    `quiet` leaves out the title if the page's heading says the same thing.
    """
    return {"signing": what, "quiet": quiet}


@register.inclusion_tag("ui/_signature.html", takes_context=True)
def signature(context: template.Context, name: str, form: BaseForm | None = None) -> dict[str, Any]:
    """Render a signature field. The field `name` posts the drawing as a PNG data URL.

    `{name}_typed` posts the typed name, and `{name}_i_sign` posts the checkbox. If the `form` was refused or sent too
    late, show again what was drawn and written.
    """
    data = (form.data if form else None) or context.get("typed_before") or {}
    sent = {part: data.get(f"{name}{part}", "") for part in ("", "_typed", "_i_sign")}
    error = (form.errors.get(name) or [""])[0] if form else ""
    return {"name": name, "drawn": sent[""], "typed": sent["_typed"], "i_sign": bool(sent["_i_sign"]), "error": error}


@register.inclusion_tag("ui/_secret.html")
def secret(label: str, parts: Sequence[str], note: str = "", numbered: bool = False) -> dict[str, Any]:
    """Render something to copy by hand: one-time codes, or the six words of a passphrase (`numbered`)."""
    return {"label": label, "parts": parts, "note": note, "numbered": numbered}


@register.inclusion_tag("ui/_section_nav.html")
def section_nav(label: str, items: Sequence[NavItem]) -> dict[str, Any]:
    """Render links to the parts of one item's page ("Needs", "Plan", "Services", ...)."""
    return {"label": label, "items": items}


@register.inclusion_tag("ui/_filters.html")
def filters(label: str, items: Sequence[NavItem]) -> dict[str, Any]:
    """Render two or three plain links that filter a list."""
    return {"label": label, "items": items}


@register.inclusion_tag("ui/_pagination.html")
def pagination(page: c.Page) -> dict[str, Any]:
    return {"page": page}


@register.inclusion_tag("ui/_both_texts.html")
def both_texts(yours: str, theirs: str) -> dict[str, Any]:
    """Render two versions that people wrote at the same time, line by line, and mark the lines that differ."""
    mine, others = yours.split("\n"), theirs.split("\n")
    same = SequenceMatcher(None, mine, others, autojunk=False).get_matching_blocks()
    mine_same = {block.a + n for block in same for n in range(block.size)}
    others_same = {block.b + n for block in same for n in range(block.size)}
    return {
        "yours": [(text, place not in mine_same) for place, text in enumerate(mine)],
        "theirs": [(text, place not in others_same) for place, text in enumerate(others)],
    }


register.filter("with_code", words.with_code)


@register.filter
def is_link(value: object) -> bool:
    return isinstance(value, c.Link)


@register.filter
def cell_kind(value: object) -> str:
    """Return the type of value in a table cell. The order matters, because a datetime is also a date."""
    kinds = (
        (c.Tag, "tag"),
        (c.Link, "link"),
        (c.Suppressed, "suppressed"),
        (bool, "text"),
        (int | float, "number"),
        (datetime, "moment"),
        (date, "day"),
        (type(None), "nothing"),
    )
    return next((name for known, name in kinds if isinstance(value, known)), "text")
