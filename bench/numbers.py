"""Print every figure of the numbers library next to its reference (`make bench-numbers`)."""

from __future__ import annotations

import importlib

if __name__ == "__main__":
    for part in ("estimate", "protect", "link"):
        print(f"\n{part}\n")
        for row in importlib.import_module(f"bench.numbers_{part}").rows():
            print(" | ".join(row), flush=True)
