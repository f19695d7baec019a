"""Turn a Django form field into data for `ui/_field.html`: its type of control, ids, errors, hint, and attributes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.core import clock
from accord.core.spans import BORN, Span, from_buddhist
from accord.core.text import ANSWERS
from accord.ui.words import day, month_first, months

# The order matters. CheckboxSelectMultiple is a subclass of RadioSelect, and SelectMultiple of Select.
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.SelectDateWidget, "group"),
    (forms.SelectMultiple, "select"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
)
_CLASSES = {"select": "usa-select", "textarea": "usa-textarea", "file": "file-input"}


_FIRST = {"radios": "_0", "checkboxes": "_0", "group": "_1"}  # the control an error links to; for a date, the month


class SensitiveChoiceField(forms.ChoiceField):
    """A question that may be too personal, with *Not asked*, *Doesn't know*, and *Prefers not to say* as extra answers.

    No answer is preselected. An entry keeps an `old` code that was chosen earlier, but old codes are no longer offered.
    """

    def __init__(
        self, *, choices: Iterable[tuple[str, Any]], old: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        self.old = dict(old or {})
        offered = [*choices, *((code, gettext_lazy(words)) for code, words in ANSWERS.items())]
        more.setdefault("error_messages", {"required": gettext_lazy("Choose one. “Not asked” is an answer, too.")})
        super().__init__(choices=offered, widget=forms.RadioSelect, **more)

    def keep(self, value: str) -> None:
        """Offer an old code again on the form for an entry that has it."""
        if value in self.old:
            self.choices: Any = [*self.choices, (value, self.old[value])]

    def valid_value(self, value: str) -> bool:
        """Return True if this is an offered answer or an old one."""
        return value in self.old or super().valid_value(value)


class OneOfGroupsField(forms.MultipleChoiceField):
    """A group of checkboxes that forms one question with the groups beside it.

    Any group may be left empty, but not all of them. So no group is marked "(optional)".
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **more)


def kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if getattr(widget, "template_name", "") == MemorableDate.template_name:
        return "group"
    return next((name for known, name in _KINDS if isinstance(widget, known)), "input")


def context(bound: BoundField, why: str = "", width: str = "") -> dict[str, Any]:
    """Return what `ui/_field.html` needs for a field. `aria-describedby` links errors and hints to the control."""
    name, identity = kind(bound), bound.auto_id or f"id_{bound.html_name}"
    is_code = isinstance(bound.field.widget, CodeInput)
    described = [
        f"{identity}-{part}"
        for part, present in (("why", why), ("hint", bound.help_text), ("error", bound.errors))
        if present
    ]
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if name not in ("radios", "checkboxes", "checkbox", "group", "hidden"):
        classes = [_CLASSES.get(name, "usa-input"), f"usa-input--{width}" if width else ""]
        classes += ["usa-input--error" if bound.errors else "", bound.field.widget.attrs.get("class", "")]
        attributes["class"] = " ".join(part for part in classes if part)
    if name == "checkbox":
        attributes["class"] = "usa-checkbox__input"
    boxes = {"radios": "usa-radio", "checkboxes": "usa-checkbox"}
    return {
        "bound": bound,
        "kind": name,
        "box": boxes.get(name, ""),  # the class for each choice, which the template draws itself
        "id": identity,
        "why": why,
        "described": attributes.get("aria-describedby", ""),
        "control": "" if name in boxes else bound.as_widget(attrs=attributes),
        # A code is left out only if a passkey is used instead. The word "optional" would suggest that a code is not
        # needed.
        "optional": not (bound.field.required or is_code or isinstance(bound.field, OneOfGroupsField))
        and name not in ("checkbox", "hidden"),
    }


def fill(bound: BoundField, sent: MultiValueDict[str, str]) -> None:
    """Fill a fresh form's field with the values that its control would have sent. Fields missing from `sent` don't
    change."""
    widget = bound.field.widget
    if not widget.value_omitted_from_data(sent, {}, bound.html_name):
        bound.initial = widget.value_from_datadict(sent, {}, bound.html_name)


def line(bound: BoundField, value: Any) -> str:
    """Return a field's label and its value in words, for comparison with another value."""
    names = {str(code): str(words) for code, words in getattr(bound.field, "choices", ())}
    if names:
        chosen = value if isinstance(value, list | tuple) else [value]
        words = ", ".join(names.get(str(code), "") for code in chosen)
    elif isinstance(bound.field, DayField):
        words = bound.field.in_words(value)
    elif isinstance(bound.field, forms.BooleanField):
        words = _("Yes") if value else ""
    else:
        words = "" if value is None else str(value)
    lead = str(bound.label)
    return f"{lead if lead.endswith('?') else lead + ':'} {words or '—'}"


def errors(form: BaseForm) -> list[dict[str, str]]:
    """Return a form's errors in field order, each with its sentence and its control's id."""
    found = [{"id": "", "sentence": str(sentence)} for sentence in form.non_field_errors()]
    for bound in form:
        anchor = bound.auto_id + _FIRST.get(kind(bound), "")
        label = str(bound.label)
        lead = label if label.endswith(("?", ":")) else f"{label}:"
        lead = "" if isinstance(bound.field, OneOfGroupsField) else lead  # the sentence is about all the groups
        found += [{"id": anchor, "sentence": f"{lead} {sentence}".lstrip()} for sentence in bound.errors]
    return found


# Characters that reverse the direction of the text after them, are invisible, or start a new line. They could make one
# name look like another. The joiners stay, because Persian and Hindi names need them.
_TRICKS = re.compile("[\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb]")


class NameField(forms.CharField):
    """The name of a person or thing, on one line, with every character visible and in its original order."""

    default_error_messages = {"required": gettext_lazy("Enter a name.")}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        visible = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
        return " ".join(_TRICKS.sub("", visible).split())


class CodeInput(forms.TextInput):
    """A second-factor field that takes a typed code, or a passkey's answer if the browser supports passkeys.

    `passkey` is "get" (use one of the account's passkeys), "create" (create a new one), or "". The browser gets the
    challenge from `url` and posts the answer as `answer_name`. With `alone`, only the passkey button sends the form.
    """

    template_name = "ui/_code_input.html"

    def __init__(
        self, *, url: Any, passkey: str = "", answer_name: str = "passkey", alone: bool = False, **more: Any
    ) -> None:
        super().__init__(**more)
        self.url, self.passkey, self.answer_name, self.alone = url, passkey, answer_name, alone

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        label = (
            _("Create a passkey on this device or a security key") if self.passkey == "create" else _("Use my passkey")
        )
        shown = {"what": self.passkey, "name": self.answer_name, "label": label, "url": self.url, "alone": self.alone}
        return {**super().get_context(name, value, attrs), "passkey": shown if self.passkey else None}


class MemorableDate(forms.MultiWidget):
    """A date that a person remembers. The month is chosen by name, and the day and year are typed.

    Each part can be left empty. The parts appear in the reader's order: month first in English, day first in Spanish.
    Part 0 is always the day, part 1 the month, and part 2 the year.
    """

    template_name = "ui/_memorable_date.html"
    parts = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            [
                forms.TextInput({**number, "maxlength": 2, "class": "usa-input"}),
                forms.Select({"autocomplete": "off", "class": "usa-select"}),
                forms.TextInput({**number, "maxlength": 4, "class": "usa-input"}),
            ],
            attrs,
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed = value if isinstance(value, list | tuple) else self.decompress(value)
        choices = [("", "—"), *months()]
        if str(typed[1] or "") not in {str(code) for code, _words in choices}:
            choices.append((typed[1], str(typed[1])))  # an invalid month from a program is also shown again
        self.widgets[1].choices = choices
        context = super().get_context(name, value, attrs)
        shown = dict(zip(self.parts, context["widget"]["subwidgets"], strict=True))
        order = ("month", "day", "year") if month_first() else self.parts
        return {**context, "ordered": [(part, shown[part]) for part in order]}

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str):  # typed text that is not a date is shown again unchanged
            year, month, day_ = [*value.split("-", 2), "", ""][:3]
            return [day_, month.lstrip("0"), year]
        return [value.day, value.month, value.year] if value else [None, None, None]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        day_, month, year = (part.strip() for part in self._parts(data, files, name))
        return f"{year}-{month}-{day_}" if day_ or month or year else None

    def _parts(self, data: Any, files: Any, name: str) -> list[str]:
        return [part or "" for part in super().value_from_datadict(data, files, name)]


def typed_date(name: str, iso: str) -> dict[str, str]:
    """Return the data that `MemorableDate` sends for a date such as 2026-03-31, or 2026 if only the year is known."""
    year, month, day_ = [*iso.split("-", 2), "", ""][:3]
    return {f"{name}_0": day_, f"{name}_1": month, f"{name}_2": year}


class DayField(forms.DateField):
    """A day within a span of years around today, in the actor's time zone."""

    widget = MemorableDate

    def __init__(self, *, span: Span, **more: Any) -> None:
        self.span = span
        super().__init__(**more)
        self.error_messages["invalid"] = gettext_lazy(
            "Enter a valid date. Choose the month, then type the day and all four digits of the year."
        )

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is not None:
            self.check(found)
        return found

    def check(self, found: date) -> None:
        """Raise ValidationError for a date outside the span, with a hint if the year may be in the Buddhist Era."""
        today = clock.today(timezone.get_current_timezone_name())
        if self.span.fits(found, today):
            return
        words = [self._why(found, today)]
        if western := from_buddhist(found.year):
            values = {"year": found.year, "western": western}
            words.append(
                _("If you used the Buddhist calendar, the year %(year)d is %(western)d in the Western calendar.")
                % values
            )
        raise forms.ValidationError(" ".join(words), code="span")

    def _why(self, found: date, today: date) -> str:
        if found > today:
            if not self.span.ahead:
                return _("Choose today or an earlier date.")
            return _("Choose a date on or before %(day)s.") % {"day": day(self.span.last(today))}
        if not self.span.back:
            return _("Choose today or a later date.")
        return _("Choose a date on or after %(day)s.") % {"day": day(self.span.first(today))}

    def in_words(self, value: Any) -> str:
        """Return a value in words, for comparison with another value."""
        return day(value)


class BirthField(DayField):
    """A date of birth, or the year alone. The cleaned value is a date, or the year as a number."""

    def __init__(self, **more: Any) -> None:
        super().__init__(span=BORN, **more)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}--", value):
            return super().to_python(value)
        year = int(value[:4])
        today = clock.today(timezone.get_current_timezone_name())
        # A year is accepted if any day in it is accepted.
        self.check(min(max(date(max(year, 1), 1, 1), self.span.first(today)), date(max(year, 1), 12, 31)))
        return year

    def in_words(self, value: Any) -> str:
        text = str(value or "")
        return text[:4] if re.fullmatch(r"[0-9]{4}(--)?", text) else day(value)


def is_forgotten(bound: BoundField) -> bool:
    """Return True if the text typed in this field is not shown again with the form, or if it works only once."""
    widget = bound.field.widget
    if isinstance(widget, forms.PasswordInput):
        return not widget.render_value
    return isinstance(widget, (CodeInput, forms.FileInput)) or widget.attrs.get("autocomplete") == "username"
