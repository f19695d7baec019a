"""Build Riverbend, a made-up county with made-up people, and serve it."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from accord.cli import serve
from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: whether to serve, on which port, and how many people to add."""
    parser.add_argument("--serve", action="store_true", help="serve it when it is ready")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--people", type=int, default=0, metavar="N", help="add N generated people, spread over the agencies"
    )


def run(args: argparse.Namespace) -> int:
    """Build the demo once. Later runs use the same database. A half-built demo is built again."""
    install.insist_on(demo=True)
    serve.insist_on_loopback()
    if args.serve:
        serve.check_free(args.port)
    built = install.var_folder() / "riverbend.built"
    if not built.exists():
        install.drop_demo()
    install.prepare(demo=True)
    if not built.exists():
        _build()
        built.touch()
    if args.people > 0:
        _grow(args.people)
    _print_personas(args.port)
    return serve.serve(port=args.port) if args.serve else 0


def _build() -> None:
    """Build a year and a half of Riverbend's past, from its founding to yesterday."""
    from accord.demo import coalition, forms, people, riverbend, totals
    from accord.demo.calendar import Calendar

    calendar = Calendar(lambda: install.connect_as("owner"))
    try:
        calendar.start(calendar.period.before().first - timedelta(days=12), 9, 5)
        region = riverbend.found(install.found_hub("Riverbend Hub", "Hal"), progress=_say)
        totals.build(region, calendar, progress=_say)
        _say("Agreements")
        calendar.ago(region, 60, 10, 15)
        riverbend.agree(region)
        calendar.ago(region, 44, 9, 40)
        coalition.build(region)
        _say("Forms")
        forms.publish(region)
        _say("People")
        people.build(region, calendar)
        forms.answer(region)
    finally:
        calendar.set_right()


def _grow(people: int) -> None:
    from accord.cli._people import progress
    from accord.demo import grown, riverbend

    shares = grown.spread(people)
    with progress(f"{people} generated people", people) as tick:
        grown.build(riverbend.come_back(shares), shares, tick)
    _say(f"{people} generated people, {len(shares[grown.HARBOR])} of them at Harbor House")


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


def _print_personas(port: int) -> None:
    from accord.demo.riverbend import PASSPHRASE, PERSONAS

    lines = [f"\nRiverbend is ready: http://localhost:{port}/", f"Passphrase for everyone: {PASSPHRASE}", ""]
    lines += [f"  {p.user:<8} {p.words}" for p in PERSONAS]
    lines += ["", "The second page asks for a code. In the demo, it also shows the code.", ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()
