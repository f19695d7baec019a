"""Find whitespace in a template that a page never shows.

The loader (loading.py) leaves this whitespace out, and tools/templates.py adds line breaks only there. So formatting
never changes what a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements around which whitespace is never shown: blocks, elements that are never drawn, and form controls, which the
# style sheets place.
BLOCKS = _names("""
    address article aside blockquote body br button canvas col dd details dialog div dl dt fieldset figcaption figure
    footer form h h1 h2 h3 h4 h5 h6 head header hr html input label legend li link main meta nav ol optgroup option p
    path pre script section select style summary table tbody td template textarea tfoot th thead title tr ul
""")
# Elements that draw nothing themselves. At the start of a line, whitespace before and within them is never shown.
PLAIN = _names("a b code em i mark small span strong time")
# Our tags that draw a block. A tag that is not listed here is treated as a word in a sentence.
WITH_BODY = _names("alert card empty fact form unless_empty")
DRAWS_BLOCK = WITH_BODY | _names("""
    both_texts breadcrumbs buttons chart_figure data_table deadline error_summary explain facts field
    filters help_lines include just_saved list_head never pagination progress rows saved_message secret section_nav
    signature signing step_up steps timeline who_sees
""")
INLINE_INCLUDES = ("ui/_cell.html", "ui/_item.html", "ui/_line.html", "widget.template_name", "django/forms/")
# `error_prefix` draws a word in a title and includes its own space.
DRAWS_NOTHING = _names("comment csrf_token error_prefix extends get_current_language load")

_DJANGO = re.compile(
    r"{%\s*(?P<whole>blocktranslate|comment|verbatim)\b.*?%}.*?{%\s*end(?P=whole)\s*%}|{%.*?%}|{{.*?}}|{#.*?#}",
    re.DOTALL,
)
_HIDDEN = "\ue000-\uf8ff"  # while HTML is parsed, one of these characters replaces each Django tag
_HTML = re.compile(
    r"<!--.*?-->|<(?P<raw>pre|textarea|script|style)\b.*?</(?P=raw)\s*>"
    rf"|</?[a-zA-Z{_HIDDEN}](?:[^>\"']|\"[^\"]*\"|'[^']*')*>|<![^>]*>|[{_HIDDEN}]|\s+|[^<\s{_HIDDEN}]+|<",
    re.DOTALL,
)
_OPTIONAL = re.compile(rf" (?P<starts>[{_HIDDEN}])(?P<attribute>[a-z-]+(?:=\"[^\"]*\")?)(?P<ends>[{_HIDDEN}])")
_IN_TAG = re.compile(r"\"[^\"]*\"|'[^']*'|\s+(?P<end>/?>)|\s+")


@dataclass(frozen=True)
class Token:
    """A piece of a template. `part` is its role in the layout, and `name` is its element or tag.

    `part` is one of: open, close, void (HTML elements), if, else, endif (any Django tag with a body), block (draws a
    block), silent (draws nothing), space, word.
    """

    text: str
    part: str
    name: str = ""

    @property
    def breaks(self) -> bool:
        """Return True if whitespace beside this token is never shown."""
        return (self.part in {"open", "close", "void"} and self.name in BLOCKS) or self.part == "block"

    @property
    def draws(self) -> bool:
        """Return True if this token may draw something in a line of text."""
        return self.part not in {"space", "silent"} and not (self.part in {"open", "close"} and self.name in PLAIN)


def tokens(source: str) -> list[Token]:
    """Split a template into tokens, without losing a character."""
    django: list[str] = []

    def hide(found: re.Match[str]) -> str:
        django.append(found[0])
        return chr(0xE000 + len(django) - 1)

    hidden = _DJANGO.sub(hide, source)
    ends = {name for each in django for name in re.findall(r"^{%\s*end(\w+)", each)}
    found = []
    for match in _HTML.finditer(hidden):
        text = re.sub(f"[{_HIDDEN}]", lambda each: django[ord(each[0]) - 0xE000], match[0])
        if re.fullmatch(f"[{_HIDDEN}]", match[0]):
            found.append(_django_token(text, ends))
        else:
            found.append(_html_token(match[0], text))
    return found


def _html_token(hidden: str, text: str) -> Token:
    if not text.strip():
        return Token(text, "space")
    named = re.match(rf"</?([a-zA-Z]+[1-6]?|[{_HIDDEN}])", hidden)
    if hidden.startswith("<!"):
        return Token(text, "void" if hidden.lower().startswith("<!doctype") else "silent", "html")
    if not named:
        return Token(text, "word")
    name = named[1].lower()
    if hidden.startswith("</"):
        return Token(text, "close", name)
    if re.search(r"type=.hidden.", text):
        return Token(text, "silent", name)
    raw = re.match(r"<(pre|textarea|script|style)\b", hidden)
    void = raw or name in {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"} or hidden.endswith("/>")
    return Token(text, "void" if void else "open", name)


def _django_token(text: str, ends: set[str]) -> Token:
    if text.startswith("{{"):
        return Token(text, "word")
    if text.startswith("{#"):
        return Token(text, "silent", "comment")
    name = re.match(r"{%\s*(\w*)", text)[1]  # type: ignore[index]
    first = text.partition("%}")[0]
    if name in {"else", "elif", "empty"} and name not in ends:
        return Token(text, "else", name)
    if name == "empty" and len(first.split()) == 2:  # the branch of a loop, not our component
        return Token(text, "else", name)
    if name.startswith("end"):
        return Token(text, "endif", name[3:])
    if name in DRAWS_NOTHING or re.search(r"\sasvar\s|\sas\s+\w+\s*$", first):
        return Token(text, "silent", name)
    if name in ends and name not in {"blocktranslate", "verbatim"}:
        return Token(text, "if", name)
    if name == "include" and any(each in first for each in INLINE_INCLUDES):
        return Token(text, "word", name)
    return Token(text, "block" if name in DRAWS_BLOCK else "word", name)


@dataclass
class _Group:
    """A Django tag with a body, while it is being read: what came before it, and how each of its branches ends."""

    number: int
    name: str
    before: bool
    start: bool
    branches: list[bool] = field(default_factory=list)
    complete: bool = False

    def after(self) -> bool:
        if self.name in DRAWS_BLOCK:
            return True
        if self.name == "block":  # a page may put anything there
            return False
        skipped = self.name in {"if", "for"} and not self.complete
        return all(self.branches) and (self.before or not skipped)


def after_block(found: Sequence[Token]) -> list[bool]:
    """For each place between tokens, return True if the content drawn before it ends a block in every branch.

    There is one more place than there are tokens. The start of a template is treated as the end of a block.
    """
    loops: dict[int, bool] = {}
    while True:
        places, ends = _walk(found, loops)
        if ends == loops:
            return places
        loops = ends


def _walk(found: Sequence[Token], loops: dict[int, bool]) -> tuple[list[bool], dict[int, bool]]:
    """Return a result for each place between tokens, and whether each loop's body ends a block. `loops` holds the
    results of the previous walk."""
    now, places, groups, ends = True, [True], [], {}
    for number, token in enumerate(found):
        if token.part == "if":
            start = token.name in DRAWS_BLOCK or token.name == "block" or (now and loops.get(number, True))
            groups.append(_Group(number, token.name, now, start))
            now = start
        elif token.part == "else" and groups:
            groups[-1].branches.append(now)
            groups[-1].complete |= token.name in {"else", "empty"}
            now = groups[-1].start
        elif token.part == "endif" and groups:
            group = groups.pop()
            group.branches.append(now)
            if group.name == "for":
                ends[group.number] = all(group.branches)
            now = group.after()
        elif token.breaks:
            now = True
        elif token.draws:
            now = False
        places.append(now)
    return places, ends


_MIRROR = {"open": "close", "close": "open", "if": "endif", "endif": "if"}


def nothing_shown(found: Sequence[Token]) -> list[bool]:
    """For each place between tokens, return True if whitespace there is never shown."""
    forward = after_block(found)
    backward = after_block(_mirrored(found))[::-1]
    return [one or other for one, other in zip(forward, backward, strict=True)]


def _mirrored(found: Sequence[Token]) -> list[Token]:
    """Return the tokens in reverse order, with opening and closing parts swapped."""
    return [replace(token, part=_MIRROR.get(token.part, token.part)) for token in reversed(found)]


def gaps(found: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield each token, with True if the token is whitespace that is never shown.

    Whitespace around tags that draw nothing is treated as one gap. If a gap has several spaces, only one is shown.
    """
    shown_nothing = nothing_shown(found)
    spaced = False
    for number, token in enumerate(found):
        if token.part == "space":
            drop = spaced or shown_nothing[number] or shown_nothing[number + 1]
            spaced = True
            yield token, drop
        else:
            if token.part != "silent":
                spaced = False
            yield token, False


def compact(source: str) -> str:
    """Return a template without whitespace that is never shown. Other whitespace becomes one space."""
    parts = []
    for token, drop in gaps(tokens(source)):
        if token.part == "space":
            parts.append("" if drop else " ")
        elif token.text.startswith("<") and token.part in {"open", "void", "silent"} and not _is_raw(token):
            parts.append(_in_tag(token.text))
        else:
            parts.append(token.text)
    return "".join(parts)


def _is_raw(token: Token) -> bool:
    return token.name in {"pre", "textarea", "style"} or token.text.startswith("<!--")


def _in_tag(text: str) -> str:
    """Return an element's tag on one line. The space before a conditional attribute moves inside the condition."""
    django: list[str] = []

    def hide(found: re.Match[str]) -> str:
        django.append(found[0])
        return chr(0xE000 + len(django) - 1)

    def shown(character: str) -> str:
        return django[ord(character) - 0xE000]

    def one(found: re.Match[str]) -> str:
        return found["end"] or (" " if found[0].isspace() else found[0])

    def inside(found: re.Match[str]) -> str:
        is_condition = shown(found["starts"]).startswith("{% if ") and shown(found["ends"]) == "{% endif %}"
        return f"{found['starts']} {found['attribute']}{found['ends']}" if is_condition else found[0]

    joined = _OPTIONAL.sub(inside, _IN_TAG.sub(one, _DJANGO.sub(hide, text)))
    return re.sub(f"[{_HIDDEN}]", lambda each: shown(each[0]), joined)
