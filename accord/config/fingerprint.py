"""One fingerprint for all styles and scripts. Their addresses contain it, so that browsers can cache them forever."""

from __future__ import annotations

import hashlib
from pathlib import Path


def of(folder: Path) -> str:
    """Return 12 hex digits that change with any file name or byte in this folder."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]
