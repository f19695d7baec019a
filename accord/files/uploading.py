"""Seal an upload while it arrives. What is written to the temporary folder is sealed already."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext_lazy as _

from accord.files.codes import LARGEST, MEDIA, media_of
from accord.vault.pieces import PIECE, Sealer

LONGEST_MARK = max(len(mark) for mark, _ending in MEDIA.values())


class SealedUpload(UploadedFile):
    """A file as it was sent, in sealed pieces. Without its name, which could name a person."""

    def __init__(self, sealer: Sealer, spool: Any, lengths: list[int], media: str, size: int) -> None:
        super().__init__(spool, "file", media, size)
        self.sealer, self.lengths, self.media = sealer, lengths, media

    def sealed(self) -> Iterator[bytes]:
        """Yield the sealed pieces in order."""
        self.file.seek(0)
        for length in self.lengths:
            yield self.file.read(length)


class SealingHandler(FileUploadHandler):
    """Take files for Django (`FILE_UPLOAD_HANDLERS`), only from staff who are signed in and hold the device."""

    chunk_size = PIECE

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        state = getattr(self.request, "session_state", None)
        if state is None or not state.ticket or state.membership is None or state.handed is not None:
            raise SkipFile
        self.lengths: list[int] = []
        self.sealer, self.spool = Sealer(), tempfile.TemporaryFile()  # noqa: SIM115 - the upload closes it
        self.first, self.size = b"", 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal what has arrived. What is beyond the largest size is counted and dropped."""
        self.first = (self.first + raw_data[:LONGEST_MARK])[:LONGEST_MARK]
        self.size = start + len(raw_data)
        if self.size <= LARGEST:
            for piece in self.sealer.add(raw_data):
                self._keep(piece)

    def file_complete(self, file_size: int) -> SealedUpload:
        """Return the upload. A form refuses one that is too large, so its last piece does not matter."""
        self._keep(self.sealer.finish())
        return SealedUpload(self.sealer, self.spool, self.lengths, media_of(self.first), file_size)

    def _keep(self, piece: bytes) -> None:
        self.spool.write(piece)
        self.lengths.append(len(piece))


def seal(content: bytes) -> SealedUpload:
    """Return content that was made here, as if it had been uploaded."""
    sealer, spool = Sealer(), tempfile.TemporaryFile()  # noqa: SIM115 - the upload closes it
    lengths = [spool.write(piece) for piece in (*sealer.add(content), sealer.finish())]
    return SealedUpload(sealer, spool, lengths, media_of(content), len(content))


class SealedFileField(forms.FileField):
    """A PDF, JPEG or PNG file of at most 25 MB. Its value is a `SealedUpload`."""

    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("This file is empty. Choose another one."),
        "large": _("This file is larger than 25 MB. Scan it in black and white, or take a smaller picture."),
        "media": _("Choose a PDF, JPEG or PNG file. This file is something else."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the upload. Raises ValidationError for one that is missing, empty, too large or of another type."""
        upload = super().clean(data, initial)
        if isinstance(upload, SealedUpload):
            if (upload.size or 0) > LARGEST:
                raise forms.ValidationError(self.error_messages["large"], code="large")
            if not upload.media:
                raise forms.ValidationError(self.error_messages["media"], code="media")
        return upload
