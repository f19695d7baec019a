"""Forms for bringing a form and for publishing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS
from accord.access.open_files import OpenFileField
from accord.agencies.forms import kind_label
from accord.questionnaires.tools import TO_LOAD, TOOLS


class WorkbookForm(forms.Form):
    """A form in a spreadsheet."""

    workbook = OpenFileField(
        endings=(".xlsx", ".xls"),
        label=_("Spreadsheet with your form"),
        help_text=_("An Excel file in the XLSForm format, up to 10 MB. Upload only the form, never anyone's answers."),
    )


class AttachForm(forms.Form):
    """A file that a form uses to look things up."""

    def __init__(self, *args: Any, wanted: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["attached"] = OpenFileField(
            endings=(".csv", ".xml"),
            label=_("The file %(name)s") % {"name": wanted},
            help_text=_("A table that the form uses to look things up, such as a list of districts. Up to 10 MB."),
        )


class PublishForm(forms.Form):
    """The kind of information that a form's answers belong to, if it isn't known yet."""

    kind = forms.ChoiceField(
        label=_("What kind of information are the answers?"),
        help_text=_(
            "Staff who can open this kind of information can read the answers. A release that covers this kind "
            "also covers the answers. You can't change this later."
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one kind of information.")},
    )

    tool = forms.ChoiceField(
        label=_("Is this a copy of a known screening tool?"),
        help_text=_("Choose a tool only if you have the owner's permission or need none. The register says which."),
        required=False,
        choices=[("", _("No")), *((code, TOOLS[code].name) for code in TO_LOAD)],
    )

    def __init__(self, *args: Any, kinds: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(code, kind_label(KINDS[code])) for code in kinds]
