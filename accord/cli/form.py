"""Check an agency's own forms: load and fill them out, or evaluate a table of expressions."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from accord.core.errors import BadInput
from accord.formlib import facts
from accord.formlib.attaching import Files
from accord.formlib.filling import fill
from accord.formlib.loading import load
from accord.formlib.problems import Problem, Refused
from accord.formlib.workbook import LARGEST_FILE

MOST_FILLS = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `accord form`."""
    parts = parser.add_subparsers(dest="part", metavar="part", required=True)
    line = "Load XLSForms and fill each with generated answers to its end."
    checking = parts.add_parser("check", help=line, description=line)
    checking.add_argument("files", metavar="FILE", nargs="+", type=Path, help="an .xlsx, .xls, or .md file")
    checking.add_argument("--fill", metavar="N", type=int, default=1, help="how often to fill each form (default 1)")
    checking.add_argument("--seed", type=int, default=1, help="seed for the generated answers (default 1)")
    checking.add_argument(
        "--attached",
        metavar="FOLDER",
        type=Path,
        help="where to look for attached files, besides the form's own folder",
    )
    checking.add_argument("--json", action="store_true", help="print the result as JSON")
    line = "Evaluate the expressions in a CSV file and list those that differ from what the file expects."
    evaluating = parts.add_parser("evaluate", help=line, description=line)
    evaluating.add_argument("file", metavar="CASES.csv", type=Path, help="id, expression, expected_type, expected, ...")
    evaluating.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the requested part. Return exit code 3 if a form is refused or can't be filled out, or if an expression has
    an unexpected value."""
    now = datetime.now(UTC)
    return check(args, now) if args.part == "check" else evaluate(args, now)


@dataclass
class Result:
    """The result of checking one form. `problems` lists the reasons why the form was refused or could not be filled
    out. The form works despite its `warnings`."""

    file: str
    loaded: bool = False
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    questions: int = 0
    languages: list[str] = field(default_factory=list)
    filled: int = 0
    runs: int = 0


def check(args: argparse.Namespace, now: datetime) -> int:
    """Load and fill out every form, and print each result."""
    if not 0 <= args.fill <= MOST_FILLS:
        raise BadInput(f"--fill must be from 0 to {MOST_FILLS:,}")
    if args.attached is not None and not args.attached.is_dir():
        raise BadInput("is not a folder", file=str(args.attached))
    results = []
    with Console(stderr=True).status("reading") as status:
        for path in args.files:
            status.update(f"checking {path.name}")
            results.append(checked(path, args, now))
    if args.json:
        json.dump([asdict(one) for one in results], sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        for one in results:
            sys.stdout.write(text_of(one))
    return 0 if all(one.loaded and one.filled == one.runs for one in results) else 3


def checked(path: Path, args: argparse.Namespace, now: datetime) -> Result:
    """Load one form, and fill it out the requested number of times."""
    result = Result(str(path), runs=args.fill)
    try:
        if not path.is_file():
            raise BadInput("is not a file", file=path.name)
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)  # a larger file is refused, so the rest is not needed
        form = load(content, path.name, beside(path, args.attached))
    except Refused as refused:
        result.problems = list(refused.problems)
        return result
    except OSError as error:
        raise BadInput(f"cannot be read ({(error.strerror or 'unknown reason').lower()})", file=path.name) from error
    result.loaded, result.warnings = True, form.warnings
    result.questions, result.languages = sum(1 for _ in form.questions()), list(form.languages)
    for turn in range(args.fill):
        wrong = fill(form, seed=args.seed + turn, now=now, zone=ZoneInfo("UTC"))
        result.filled += not wrong
        result.problems += [one for one in wrong if one not in result.problems]
    return result


def beside(path: Path, folder: Path | None) -> Files:
    """Return a function that finds an attached file by its name. The function looks next to the form, in the folder
    `media` next to it, and in the given folder, but never outside these folders."""

    def find(name: str) -> bytes | None:
        if not name or name != Path(name).name or name.startswith(".") or "\\" in name:
            return None
        for place in (path.parent, path.parent / "media", *([folder] if folder else [])):
            file = place / name
            try:
                if file.is_file() and not file.is_symlink():
                    with file.open("rb") as stream:
                        return stream.read(LARGEST_FILE + 1)
            except OSError:  # a name that is too long, or a file that may not be read
                continue
        return None

    return find


def text_of(result: Result) -> str:
    """Return a result as lines of text."""
    if result.loaded:
        spoken = ", ".join(result.languages) or "one language"
        first = f"{result.questions} questions ({spoken}), filled {result.filled} of {result.runs} times"
    else:
        first = "refused"
    lines = [f"{result.file}: {first}"]
    lines += [f"  {one.line()}" for one in result.problems]
    lines += [f"  note: {one.line()}" for one in result.warnings]
    return "\n".join(lines) + "\n"


def evaluate(args: argparse.Namespace, now: datetime) -> int:
    """Print how many expressions have the expected value, and list each one that differs."""
    answers = list(facts.check(args.file, now))
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
