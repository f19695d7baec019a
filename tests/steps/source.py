"""Accord's own source: its folder, and the level of each room."""

from __future__ import annotations

from pathlib import Path

import accord
from accord.config.rooms import LINES

ACCORD = Path(accord.__file__).parent
LEVEL = {module: number for number, line in enumerate(LINES) for module in line}

# `config` is the outermost layer. Its functions create an installation and import the rooms. The command line and the
# demo call these functions, so `cli` may import from `config`.
LOOKS_UP = {("cli", "config")}
