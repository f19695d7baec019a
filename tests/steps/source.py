"""The product's own source: where it is, and which folder is on which line."""

from __future__ import annotations

from pathlib import Path

import accord
from accord.config.rooms import LINES

ACCORD = Path(accord.__file__).parent
LEVEL = {module: number for number, line in enumerate(LINES) for module in line}

# `config` is the outermost ring: its functions make an installation and know the rooms; the command line and the demo
# call them. So `cli` may look up to it.
LOOKS_UP = {("cli", "config")}
