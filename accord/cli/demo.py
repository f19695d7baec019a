"""Build Riverbend, a made-up county with invented people, and serve it."""

from __future__ import annotations

import argparse
import sys

from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to serve, and where."""
    parser.add_argument("--serve", action="store_true", help="serve it when it is built")
    parser.add_argument("--port", type=int, default=8000)


def run(args: argparse.Namespace) -> int:
    """Build once; the second time the database is there already."""
    install.prepare(demo=True)
    code = install.found_hub("Riverbend Hub", "Hal")
    if code:
        from accord.demo import people, riverbend, totals

        region = riverbend.build(code, progress=_say)
        _say("People")
        people.build(region)
        totals.build(region, progress=_say)
    _print_personas(args.port)
    if args.serve:
        from accord.cli import serve

        return serve.serve(port=args.port)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


def _print_personas(port: int) -> None:
    from accord.demo.riverbend import PASSPHRASE, PERSONAS

    lines = [f"\nRiverbend is ready: http://localhost:{port}/", f"Everybody's passphrase: {PASSPHRASE}", ""]
    lines += [f"  {p.user:<8} {p.words}" for p in PERSONAS]
    lines += ["", "The second page asks for a code and, in the demo, shows it.", ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()
