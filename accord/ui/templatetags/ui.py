"""`{% load ui %}`: the components. Each draws one template of `ui/_*.html`; the gallery shows every one in every state."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accord.ui import components as c
from accord.ui import fields, words
from accord.ui.icons import ICONS

register = template.Library()

register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("clock", words.clock)
register.filter("distance", words.distance)
register.filter("figure", words.figure)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An ornament beside words, hidden from screen readers."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])


@register.simple_block_tag(takes_context=True)
def unless_empty(context: template.Context, content: str, template_name: str) -> str:
    """The content inside `template_name`, or nothing at all when the page has left the block empty."""
    if not content.strip():
        return ""
    return render_to_string(template_name, {**context.flatten(), "content": content})


@register.inclusion_tag("ui/_tag.html", name="tag")
def state_tag(state: str | c.Tag, text: str = "") -> dict[str, Any]:
    """`{% tag "ok" "In force" %}` or `{% tag row.tag %}`."""
    tag = state if isinstance(state, c.Tag) else c.Tag(state, text)
    return {"tag": tag, "icon_name": c.STATES[tag.state]}


@register.simple_block_tag
def card(content: str, heading: str = "", level: int = 2, link: c.Link | None = None, tag: c.Tag | None = None) -> str:
    """A titled surface. `level` is that of its heading; `link` stands at its upper right."""
    return render_to_string(
        "ui/_card.html", {"content": content, "heading": heading, "level": level, "link": link, "tag": tag}
    )


@register.simple_block_tag
def fact(content: str, label: str) -> str:
    """One large fact at the head of a page ("Safe contact now")."""
    return render_to_string("ui/_fact.html", {"content": content, "label": label})


@register.simple_block_tag
def alert(content: str, kind: str, heading: str = "") -> str:
    """A message in the page. `kind` is info, success, warning or error; the last two are announced at once."""
    return render_to_string("ui/_alert.html", {"content": content, "kind": kind, "heading": heading})


@register.simple_block_tag
def empty(content: str, heading: str, action: str = "", url: str = "") -> str:
    """Nothing here yet, and the first thing to do about it."""
    return render_to_string("ui/_empty.html", {"content": content, "heading": heading, "action": action, "url": url})


@register.inclusion_tag("ui/_who_sees.html")
def who_sees(strip: c.WhoSees) -> dict[str, Any]:
    return {"strip": strip}


@register.inclusion_tag("ui/_explain.html")
def explain(explanation: c.Explanation, opened: bool = False) -> dict[str, Any]:
    return {"explanation": explanation, "opened": opened}


@register.inclusion_tag("ui/_rows.html")
def rows(items: list[c.Row]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, why: str = "", width: str = "") -> dict[str, Any]:
    """A form field in USWDS markup. `why` says in one line why we ask; `width` is xs, sm, md, lg, xl or 2xl."""
    return fields.context(bound, why, width)


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    return {"errors": fields.errors(form)}


@register.inclusion_tag("ui/_breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """`{% breadcrumbs "People" people_url "My people" mine_url %}`: words and address in turn; the page itself is left out."""
    return {"links": [c.Link(words_, url) for words_, url in zip(parts[::2], parts[1::2], strict=True)]}


@register.filter
def is_link(value: object) -> bool:
    return isinstance(value, c.Link)
