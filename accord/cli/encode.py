"""Create keyed tokens from a list of people, so that lists can be linked without any name leaving the agency."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from accord.cli import _people
from accord.core.errors import BadInput
from accord.statlib.link import tokens


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `accord encode`."""
    parser.add_argument("file", nargs="?", type=Path, help="CSV file of people: names, birth date, sex, place")
    parser.add_argument(
        "--key-file", type=Path, required=True, help="the key that the agencies share; never give it to the hub"
    )
    parser.add_argument("--new-key", action="store_true", help="create the key file and stop")
    parser.add_argument("--out", type=Path, help="file for the tokens")
    parser.add_argument("--map", type=Path, help="YAML file with lines `field: header`")
    parser.add_argument("--purpose", default="link", help="tokens made for two purposes can't be linked")
    parser.add_argument("--period", default="", help="tokens made for two periods can't be linked; for example 2026-1")
    parser.add_argument(
        "--joined", action="store_true", help="also use first and last name alone: links better, hides less"
    )


def run(args: argparse.Namespace) -> int:
    """Encode one list."""
    if args.new_key:
        _people.write_key(args.key_file)
        return 0
    if args.file is None or args.out is None:
        raise BadInput("give the file to encode and --out, or use --new-key")
    key = _people.read_key(args.key_file)
    scheme = "joined" if args.joined else "bound"
    ids: list[str] = []
    notes: list[str] = []
    with _people.progress(f"Encoding {args.file.name}", None) as tick:
        rows = _people.people(args.file, _people.mapping(args.map), ids, notes, tick)
        made = tokens.encode(rows, key, tokens.kinds_of(scheme), purpose=args.purpose, period=args.period)
    fingerprint = tokens.fingerprint(key, args.purpose, args.period)
    _people.write_encoded(args.out, _people.Encoded(ids, made, scheme, fingerprint))
    sys.stderr.write("".join(f"{sentence}\n" for sentence in notes))
    sys.stderr.write(
        f"{len(ids):,} records encoded. The ids are written unchanged: use ids that mean nothing to others.\n"
    )
    return 0
