"""Pictures or scans of the signed form, kept with a release."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import READ_PERSON, WRITE_PERSON
from accord.core.errors import Hidden, Refused
from accord.core.text import N_
from accord.files import queries as files
from accord.files import services as keeping
from accord.files.codes import MEDIA_WORDS, HeldFile
from accord.files.uploading import SealedUpload
from accord.releases import services
from accord.releases.entries import Release
from accord.releases.workflows import Status
from accord.sharing import services as records
from accord.sharing.codes import Payload, entry_type, field
from accord.sharing.queries import Item


@entry_type("scan", kind="releases")
@dataclass(frozen=True)
class Scan(HeldFile, Payload):
    """A picture or scan of the form that was signed for a release."""

    release: str = field(N_("Release"))


def is_signed(release: Release) -> bool:
    """Return whether someone has signed this release."""
    return bool(release.held) or release.status != Status.DRAFT


def keep(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, upload: SealedUpload) -> None:
    """Keep a picture or scan of a signed form. Raises Hidden, or Refused before anyone has signed."""
    known, items = services.open_releases(actor=actor, ref=ref, action=WRITE_PERSON)
    if not is_signed(services.release_in(items=items, series=series).payload):
        raise Refused(
            N_("No one has signed this release yet."),
            code="not_signed",
            remedy=N_("First, get the form signed. Then add a picture or scan of it."),
        )
    held = keeping.keep_undecided(actor=actor, known=known, upload=upload)
    records.write(actor=actor, known=known, payload=Scan(**asdict(held), release=series.hex))


def scans_in(items: list[Item], series: uuid.UUID) -> list[Item]:
    """Return the scans of a release, newest first."""
    found = [item for item in items if item.type == Scan.code and item.payload.release == series.hex]
    return sorted(found, key=lambda item: (item.at, item.series), reverse=True)


def open_scan(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, scan: uuid.UUID) -> files.Opened:
    """Open one scan of a release. Raises Hidden."""
    known, items = services.open_releases(actor=actor, ref=ref, action=READ_PERSON)
    for item in scans_in(items, series):
        if item.series == scan:
            return files.open_undecided(actor=actor, known=known, held=_held(item.payload))
    raise Hidden


def _held(scan: Scan) -> HeldFile:
    return HeldFile(scan.file, scan.key, scan.media, scan.size, scan.pieces)


def words_of(item: Item) -> str:
    """Return the type and size of a scan, such as "PDF, 1.2 MB"."""
    return f"{_(MEDIA_WORDS.get(item.payload.media, ''))}, {filesizeformat(item.payload.size)}"
