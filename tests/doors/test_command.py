"""The `accord` command: what a user sees after a mistake."""

from __future__ import annotations

import argparse
import sys
import types
from collections.abc import Callable

import pytest

from accord import cli
from accord.core.errors import AccordError, BadInput, Conflict


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[argparse.Namespace], int]], None]:
    """Return a function that installs a command named `try`."""

    def put(run: Callable[[argparse.Namespace], int]) -> None:
        module = types.ModuleType("accord.cli.try")
        vars(module).update(run=run, add_arguments=lambda parser: parser.add_argument("file"))
        monkeypatch.setitem(sys.modules, "accord.cli.try", module)
        monkeypatch.setattr(cli, "commands", lambda: {"try": "Tries."})

    return put


def raiser(error: BaseException) -> Callable[[argparse.Namespace], int]:
    def run(args: argparse.Namespace) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            BadInput("not a date", file="people.csv", row=3, column="born"),
            2,
            "people.csv, row 3, column born: not a date",
        ),
        (BadInput("the file is empty"), 2, "the file is empty"),
        (Conflict(), 1, Conflict.sentence),
        (AccordError(), 1, AccordError.sentence),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_a_known_error_is_one_line_and_a_code(
    command: Callable[..., None], capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str
) -> None:
    command(raiser(error))
    assert cli.main(["try", "people.csv"]) == code
    assert capsys.readouterr() == ("", f"accord: {line}\n")


def test_an_unknown_error_is_not_hidden(command: Callable[..., None]) -> None:
    command(raiser(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        cli.main(["try", "people.csv"])


def test_a_closed_pipe_is_quiet(command: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    command(raiser(BrokenPipeError()))
    assert cli.main(["try", "people.csv"]) == 1
    assert capsys.readouterr() == ("", "")


def test_the_command_gets_its_arguments_and_gives_its_code(command: Callable[..., None]) -> None:
    command(lambda args: 7 if args.file == "people.csv" else 0)
    assert cli.main(["try", "people.csv"]) == 7


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    for name, line in cli.commands().items():
        assert line, f"accord {name} has no line of help"
        assert f"{name} {line}" in said


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([])
    assert end.value.code == 2
    assert "usage: accord" in capsys.readouterr().err
