"""`python tools/pictures.py`: the manual's pictures, from the screenshots that the journeys of `make test` have just made."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TAKEN = ROOT / "build" / "screenshots" / "journeys" / "desktop"
PICTURES = {
    "person": "shared_and_taken_back-person-shared",
    "terms": "shared_and_taken_back-terms",
    "partner": "shared_and_taken_back-partner-person",
    "why": "shared_and_taken_back-partner-why",
    "nobody": "shared_and_taken_back-hidden",
}


def main() -> int:
    """Copy each picture; 1 when a journey has not been walked yet."""
    missing = [name for name in PICTURES.values() if not (TAKEN / f"{name}.png").exists()]
    if missing:
        sys.stderr.write(f"Not taken yet: {', '.join(missing)}. First run: pytest -n0 tests/journeys -k desktop\n")
        return 1
    for picture, name in PICTURES.items():
        shutil.copyfile(TAKEN / f"{name}.png", ROOT / "docs" / "images" / f"{picture}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
