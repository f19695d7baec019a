"""Receive files that are not about a person, such as a form without answers, and only for the views that say so.

All other uploads are sealed as they arrive (`accord/files/uploading.py`).
"""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from accord.vault.pieces import PIECE

LARGEST = 10_000_000  # bytes
LONGEST_NAME = 200


def refuse_strangers(request: Any) -> None:
    """Take files only from staff who are signed in and hold the device. Raises SkipFile."""
    state = getattr(request, "session_state", None)
    if state is None or not state.ticket or state.membership is None or state.handed is not None:
        raise SkipFile


def _takes_open_file(request: Any) -> bool:
    """Return whether the request's view has the mark. Uploads are read before Django looks for the view."""
    try:
        return getattr(resolve(request.path_info).func, "takes_open_file", False)
    except Resolver404:
        return False


class OpenUpload(UploadedFile):
    """An uploaded file that is not about a person. `content` is empty if the file is larger than `LARGEST`."""

    def __init__(self, name: str, content: bytes, *, large: bool) -> None:
        super().__init__(io.BytesIO(content), name, "", 1 if large else len(content))
        self.content, self.large = content, large


class OpenHandler(FileUploadHandler):
    """Receive a file for a view with the mark `takes_open_file`, in memory. Other files go to `SealingHandler`."""

    chunk_size = PIECE
    taken = False

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self.parts: list[bytes] | None = None
        if not _takes_open_file(self.request):
            return
        refuse_strangers(self.request)
        if self.taken:
            raise SkipFile  # these views take one file
        self.parts, self.large, self.taken = [], False, True
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep the bytes, unless the file is too large."""
        if self.parts is None:
            return raw_data
        self.large = self.large or start + len(raw_data) > LARGEST
        if self.large:
            self.parts.clear()
        else:
            self.parts.append(raw_data)
        return None

    def file_complete(self, file_size: int) -> OpenUpload | None:
        """Return the upload, or None if it is not for this handler."""
        if self.parts is None:
            return None
        content, self.parts = b"".join(self.parts), []
        return OpenUpload(self.file_name or "", content, large=self.large)


class OpenFileField(forms.FileField):
    """A file that is not about a person. Its value is an `OpenUpload`. `endings` lists the accepted endings of its
    name."""

    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("This file is empty. Choose another one."),
        "large": _("This file is larger than 10 MB. Remove pictures and unused sheets, then choose it again."),
    }

    def __init__(self, *, endings: tuple[str, ...], **more: Any) -> None:
        super().__init__(widget=forms.FileInput({"accept": ",".join(endings)}), max_length=LONGEST_NAME, **more)
        self.endings = endings

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the upload. Raises ValidationError if it is missing, empty, too large, or has another ending."""
        upload = super().clean(data, initial)
        if not isinstance(upload, OpenUpload):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if upload.large:
            raise forms.ValidationError(self.error_messages["large"], code="large")
        if not (upload.name or "").lower().endswith(self.endings):
            words = _("Choose a file of this type: %(endings)s") % {"endings": ", ".join(self.endings)}
            raise forms.ValidationError(words, code="ending")
        return upload
