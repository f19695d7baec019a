"""Clean and seal an upload while it arrives, so that only sealed bytes are written to the temporary folder.

A file that is not about a person is kept in memory instead, and only for the views that say so."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from accord.files.codes import LARGEST, MEDIA, media_of
from accord.files.pictures import Broken, Cleaner, cleaner
from accord.vault.pieces import PIECE, Sealer

OPEN_LARGEST = 10_000_000  # bytes
LONGEST_NAME = 200
LONGEST_MARK = max(len(mark) for mark, _ending in MEDIA.values())


class SealedUpload(UploadedFile):
    """An uploaded file in sealed pieces. Its name is dropped, because it could identify a person, and so is anything
    that a camera added.

    `size` is in bytes, as the file is stored. `fault` is the code of the error if a form has to refuse the file.
    """

    def __init__(self, sealer: Sealer, spool: Any, lengths: list[int], media: str, size: int, fault: str = "") -> None:
        super().__init__(spool, "file", media, size)
        self.sealer, self.lengths, self.media, self.fault = sealer, lengths, media, fault

    def sealed(self) -> Iterator[bytes]:
        """Yield the sealed pieces in order."""
        self.file.seek(0)
        for length in self.lengths:
            yield self.file.read(length)


def _refuse_strangers(request: Any) -> None:
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
    """An uploaded file that is not about a person. `content` is empty if the file is larger than `OPEN_LARGEST`."""

    def __init__(self, name: str, content: bytes, *, large: bool) -> None:
        super().__init__(io.BytesIO(content), name, "", 1 if large else len(content))
        self.content, self.large = content, large


class OpenHandler(FileUploadHandler):
    """Receive a file for a view with the mark `takes_open_file`, in memory. Other files go to `SealingHandler`."""

    chunk_size = PIECE

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self.parts: list[bytes] | None = None
        if not _takes_open_file(self.request):
            return
        _refuse_strangers(self.request)
        self.parts, self.large = [], False
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep the bytes, unless the file is too large."""
        if self.parts is None:
            return raw_data
        self.large = self.large or start + len(raw_data) > OPEN_LARGEST
        if self.large:
            self.parts.clear()
        else:
            self.parts.append(raw_data)
        return None

    def file_complete(self, file_size: int) -> OpenUpload | None:
        """Return the upload, or None if it is not for this handler."""
        if self.parts is None:
            return None
        return OpenUpload(self.file_name or "", b"".join(self.parts), large=self.large)


class SealingHandler(FileUploadHandler):
    """Receive files for Django (`FILE_UPLOAD_HANDLERS`), only from staff who are signed in and hold the device."""

    chunk_size = PIECE

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        _refuse_strangers(self.request)
        self.lengths: list[int] = []
        self.sealer, self.spool = Sealer(), tempfile.TemporaryFile()  # noqa: SIM115 - the upload closes it
        self.first, self.media, self.fault, self.size = b"", "", "", 0
        self.cleaner: Cleaner | None = None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Clean and seal the bytes that have arrived. After a fault, everything is dropped."""
        if self.cleaner is None:
            self.first += raw_data
            if len(self.first) >= LONGEST_MARK:
                self._begin()
        elif start + len(raw_data) > LARGEST:
            self.fault = self.fault or "large"
        else:
            self._clean(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        """Return the upload. A form refuses an upload with a fault, so its last piece does not matter."""
        if self.cleaner is None:
            self._begin()
        self._clean(b"", last=True)
        self._spool_piece(self.sealer.finish())
        size = file_size if self.fault else self.size  # Django takes a size of 0 for an empty file
        return SealedUpload(self.sealer, self.spool, self.lengths, self.media, size, self.fault)

    def _begin(self) -> None:
        self.media = media_of(self.first)
        self.cleaner = cleaner(self.media)
        self.fault = "" if self.media else "media"
        self._clean(self.first)

    def _clean(self, data: bytes, *, last: bool = False) -> None:
        if self.fault or self.cleaner is None:
            return
        try:
            kept = self.cleaner.finish() if last else self.cleaner.add(data)
        except Broken:
            self.fault = "broken"
            return
        self.size += len(kept)
        for piece in self.sealer.add(kept):
            self._spool_piece(piece)

    def _spool_piece(self, piece: bytes) -> None:
        self.spool.write(piece)
        self.lengths.append(len(piece))


def seal(content: bytes) -> SealedUpload:
    """Seal content that was made here, and return it as if it had been uploaded."""
    sealer, spool = Sealer(), tempfile.TemporaryFile()  # noqa: SIM115 - the upload closes it
    lengths = [spool.write(piece) for piece in (*sealer.add(content), sealer.finish())]
    return SealedUpload(sealer, spool, lengths, media_of(content), len(content))


class SealedFileField(forms.FileField):
    """A PDF, JPEG, or PNG file of at most 25 MB. Its value is a `SealedUpload`."""

    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("This file is empty. Choose another one."),
        "large": _(
            "This file is larger than 25 MB. Scan the form in black and white, or lower the picture's resolution."
        ),
        "media": _("This type of file isn't accepted. Choose a PDF, JPEG or PNG file."),
        "broken": _("This picture file is damaged. Take the picture again, or upload a PDF instead."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the upload. Raises ValidationError if it is missing, empty, too large, damaged, or of another type."""
        upload = super().clean(data, initial)
        if isinstance(upload, SealedUpload) and upload.fault:
            raise forms.ValidationError(self.error_messages[upload.fault], code=upload.fault)
        return upload


class OpenFileField(forms.FileField):
    """A file that is not about a person. Its value is an `OpenUpload`. `endings` are the accepted endings of its name."""

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
