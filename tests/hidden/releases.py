"""A release that is not signed yet, with a scan."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import timedelta

from accord.core import clock
from accord.files import services as files
from accord.files.uploading import seal
from accord.releases import services
from accord.releases.entries import Release
from accord.releases.scans import Scan
from accord.sharing import services as records
from tests.hidden import Hidden
from tests.region import World

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("a form that no one else may read",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    known = so_far.known
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        release = services.draft(
            actor=alma,
            ref=known.ref,
            release=Release(
                recipient=str(world.agencies["legal"]),
                kinds=("identity.name",),
                purposes=("legal_help",),
                start=today.isoformat(),
                last_day=(today + timedelta(days=9)).isoformat(),
                person_languages=("en",),
            ),
        )
        held = files.keep_undecided(actor=alma, known=known, upload=seal(b"%PDF-1.7 " + WORDS[0].encode()))
        scan = records.write(actor=alma, known=known, payload=Scan(**asdict(held), release=release.hex))
    return {"series": release, "scan": scan}
