"""Accord's own source: its folder, and the level of each room."""

from __future__ import annotations

from pathlib import Path

import accord
from accord.config.rooms import LINES

ACCORD = Path(accord.__file__).parent
LEVEL = {module: number for number, line in enumerate(LINES) for module in line}
