"""The `accord` command: parse the arguments, call one service, print the result.

A command is a module in this package with a one-line docstring (its help text), `add_arguments(parser)` and
`run(args) -> int` (the exit code). It is imported only when it is called, so that the numbers library's commands need
neither Django nor a database.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from accord.core.errors import AccordError


def commands() -> dict[str, str]:
    """Return every command with its one-line help text, without importing the command."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        if path.stem == "room":  # describes this folder and is not a command
            continue
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found[path.stem] = doc.split("\n", 1)[0]
    return found


def build_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser. Only the called command adds its arguments."""
    parser = argparse.ArgumentParser(prog="accord", description="Accord, for task forces and coalitions.")
    sub = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, line in commands().items():
        command = sub.add_parser(name, help=line, description=line)
        if name in argv[:1]:
            importlib.import_module(f"accord.cli.{name}").add_arguments(command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. A known error prints one line to standard error and returns its own exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(argv).parse_args(argv)
    module = importlib.import_module(f"accord.cli.{args.command}")
    try:
        code: int = module.run(args)
    except AccordError as error:
        sys.stderr.write(f"accord: {error.sentence}\n")
        return error.exit_code
    except BrokenPipeError:
        return 1
    except OSError as error:  # for example, a missing folder or a full disk
        sys.stderr.write(f"accord: {error.filename or 'a file'}: {error.strerror or 'cannot be used'}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("accord: stopped\n")
        return 130
    return code
