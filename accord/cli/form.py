"""Check an agency's own forms: load and fill them out, or evaluate a table of expressions."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from accord.formlib import facts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `accord form`."""
    parts = parser.add_subparsers(dest="part", metavar="part", required=True)
    line = "Evaluate the expressions in a CSV file and list those that differ from what the file expects."
    evaluating = parts.add_parser("evaluate", help=line, description=line)
    evaluating.add_argument("file", metavar="CASES.csv", type=Path, help="id, expression, expected_type, expected, ...")
    evaluating.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the requested part. Return exit code 3 if an expression has a different value."""
    return evaluate(args)


def evaluate(args: argparse.Namespace) -> int:
    """Print how many expressions have the expected value, and list each one that differs."""
    answers = list(facts.check(args.file, datetime.now(UTC)))
    differ = [one for one in answers if not one.agrees]
    agree = len(answers) - len(differ)
    if args.json:
        found = [{"id": one.id, "expected": one.expected, "got": one.got} for one in differ]
        json.dump({"cases": len(answers), "agree": agree, "differ": found}, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        for one in differ:
            sys.stdout.write(f"{one.id}: expected {one.expected!r}, got {one.got!r}\n")
        sys.stdout.write(f"{len(answers)} expressions: {agree} agree, {len(differ)} differ.\n")
    return 3 if differ else 0
