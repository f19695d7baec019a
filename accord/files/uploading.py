"""Clean and seal an upload while it arrives, so that only sealed bytes are written to the temporary folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _

from accord.access.open_files import refuse_strangers
from accord.files.codes import LARGEST, MEDIA, media_of
from accord.files.pictures import Broken, Cleaner, cleaner
from accord.vault.pieces import PIECE, Sealer

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


class SealingHandler(FileUploadHandler):
    """Receive files for Django (`FILE_UPLOAD_HANDLERS`), only from staff who are signed in and hold the device."""

    chunk_size = PIECE

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        refuse_strangers(self.request)
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
