"""Make the pages of `docs/reference` from the code: `python tools/docs.py` (`make docs`).

Needs Django's settings but no database. `tests/docs/test_reference.py` calls `pages()` and compares.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # as a script, it finds its own folder only

from tools.variables import SETTINGS  # noqa: E402

REFERENCE = ROOT / "docs" / "reference"
README = ROOT / "README.md"
MADE = "<!-- Made by `make docs` from {source}. Change the source, not this page. -->\n\n"

SET_BY_US = {"DJANGO_SETTINGS_MODULE"}  # set by the code itself and never by an administrator


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ") or "-"


def _codes(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def roles_and_actions() -> str:
    """Return the page about who may do what."""
    from accord.access.codes import AGENCY_KINDS, RING_CODES, ROLES, SEATS
    from accord.core.rooms import rooms

    actions = [action for room in rooms() for action in room.actions if action.words]
    lines = [
        "# Who may do what\n\n",
        "A role describes what someone does in their agency. A role alone never opens a person's record. That also requires an\n"
        "assignment, access given with a reason, or a share in force. The rule is in\n"
        "[accord/sharing/rules.py](../../accord/sharing/rules.py).\n\n",
        "## Actions\n\n",
        "*Code again* means that the action needs a second factor entered within the last five minutes. *Training* means that\n"
        "the action is closed once the yearly training has expired.\n\n",
        table(
            ("action", "in words", "roles", "code again", "training"),
            (
                (
                    f"`{action.code}`",
                    action.words,
                    ", ".join(role.name for role in ROLES.values() if action.code in role.actions)
                    or "by a seat: " + ", ".join(seat.name for seat in SEATS.values() if action.code in seat.actions),
                    "yes" if action.step_up else "",
                    "yes" if action.about_person else "",
                )
                for action in actions
            ),
        ),
        "## Roles\n\n",
        table(
            ("role", "name", "what they do", "in agencies of type", "purposes they may set"),
            (
                (
                    f"`{r.code}`",
                    r.name,
                    r.words,
                    ", ".join(k for k in AGENCY_KINDS if k in r.within),
                    _codes(r.purposes),
                )
                for r in ROLES.values()
            ),
        ),
        "## Seats\n\n",
        "A seat on one of the coalition's bodies (on screen: a committee) allows actions that no role allows, on that body only\n"
        "([the rule as a table](specs/bodies.md)).\n\n",
        table(
            ("seat", "what they do", "actions"),
            ((seat.name, seat.words, _codes(sorted(seat.actions))) for seat in SEATS.values()),
        ),
        "## Types of agency\n\n",
        table(("kind", "in words"), ((f"`{code}`", words) for code, words in AGENCY_KINDS.items())),
        "## Ring keys\n\n",
        "A role that holds no key for a kind can't open that kind, no matter who shared it.\n\n",
        table(
            ("key", "roles that hold it"),
            ((f"`{code}`", ", ".join(r for r in ROLES if r in openers)) for code, openers in RING_CODES.items()),
        ),
    ]
    return MADE.format(source="accord/access/codes.py") + "".join(lines)


def kinds_and_fields() -> str:
    """Return the dictionary of what can be recorded about a person."""
    from accord.access.codes import KINDS, MEETS_PEOPLE, ROLES

    def marks(kind: Any) -> str:
        said = ["never leaves the agency"] if kind.never_shared else []
        said += ["later additions are always shared"] if kind.always_later else []
        said += [] if kind.recipients == MEETS_PEOPLE else [f"only to: {', '.join(sorted(kind.recipients))}"]
        return "; ".join(said)

    lines = [
        "# Kinds of information and their fields\n\n",
        "A kind is the smallest thing a release can name. Everything below is sealed in the database, including codes used for\n"
        "counting. *Sensitive* fields can always be left blank.\n\n",
        table(
            ("kind", "name", "in words", "opened by", "marks"),
            (
                (f"`{k.code}`", k.name, k.words, ", ".join(r for r in ROLES if r in k.opened_by), marks(k))
                for k in KINDS.values()
            ),
        ),
        "## Fields\n\n",
    ]
    for code in KINDS:
        for name, payload in sorted(entry_types().items()):
            if payload.kind == code:
                also = f"kinds {_codes(payload.of_kinds)}" if len(payload.of_kinds) > 1 else f"kind `{code}`"
                lines.append(f"### `{name}`, {also}\n\n{_first(payload)}\n\n")
                rows = (
                    (f"`{f.name}`", f.metadata["words"], "yes" if f.metadata["sensitive"] else "")
                    for f in fields(payload)
                )
                lines.append(table(("field", "in words", "sensitive"), rows))
    empty = [code for code in KINDS if not any(code in p.of_kinds for p in entry_types().values())]
    lines.append(f"Agreements can also name these kinds, which have no fields yet: {_codes(empty)}.\n")
    return MADE.format(source="accord/access/codes.py and the entry types of each module") + "".join(lines)


def entry_types() -> dict[str, Any]:
    """Return Accord's sealed entry types (tests may register others)."""
    from accord.sharing.codes import ENTRY_TYPES

    list(addresses())  # imports every room's views, and with them the room's types
    return {code: payload for code, payload in ENTRY_TYPES.items() if payload.__module__.startswith("accord.")}


def _first(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n", 1)[0].replace("\n", " ")


def floors() -> str:
    """Return each table with its floor and its readable columns."""
    from accord.core.floors import COMMON, Backup, Floor
    from accord.sharing import floor

    models = floor.models()
    others = {
        Floor.SYSTEM: "Django's own list of migrations",
        Floor.QUEUE: "The queue of background jobs, with job names and times but no ids and no text.",
    }
    lines = [
        "# Floors and readable columns\n\n",
        "The database itself enforces the floors, no matter what Accord's code does. The SQL comes from\n"
        "[accord/sharing/floor.py](../../accord/sharing/floor.py). Anyone with the database can read the *unencrypted*\n"
        "columns. The reason for each is in parentheses. *Bytes* are sealed values, hashes and public keys.\n\n",
        table(("floor", "who can read and write rows"), ((f.name, f.value) for f in Floor)),
        table(("part of a backup", "file"), ((part.name, part.value) for part in Backup)),
        "## Columns that mean the same in every table\n\n",
        table(("column", "why it is not encrypted"), ((f"`{name}`", _reason(why)) for name, why in COMMON.items())),
        "## Tables\n\n",
    ]
    rows = []
    for name, level in sorted(floor.tables().items()):
        model = models.get(name)
        columns = [] if model is None else [c for c in model._meta.local_fields if c.column]
        binary = [c.column for c in columns if c.get_internal_type() == "BinaryField"]
        clear = [_why(model, c.column) for c in columns if c.column not in binary]
        rows.append(
            (
                f"`{name}`",
                level.name,
                _first(model) if model else others[level],
                (model.backup if model else Backup.LEFT_OUT if level is Floor.QUEUE else Backup.DATA).name,
                ", ".join(clear) or "-",
                _codes(binary),
            )
        )
    lines.append(table(("table", "floor", "what it holds", "backup", "unencrypted", "bytes"), rows))
    lines.append("## What a recipient sees, in SQL\n\n")
    lines += [f"`{name}`:\n\n```sql\n{sql}\n```\n\n" for name, sql in sorted(floor.RECIPIENT_SEES.items())]
    return MADE.format(source="the models and accord/sharing/floor.py") + "".join(lines).rstrip() + "\n"


def _why(model: Any, column: str) -> str:
    why = "id of a person" if column in getattr(model, "persons", ()) else _reason(model.readable.get(column, ""))
    return f"`{column}` ({why})" if why else f"`{column}`"


def _reason(why: str) -> str:
    from accord.core.floors import IdOf

    return f"id of {why}" if isinstance(why, IdOf) else why


def settings() -> str:
    """Return the page about environment variables."""
    read = set()
    for path in sorted((ROOT / "accord").rglob("*.py")):
        read |= set(
            re.findall(r"environ(?:ment)?(?:\.get\(|\.setdefault\(|\[)\s*\"(\w+)\"", path.read_text(encoding="utf-8"))
        )
    if read - SET_BY_US != set(SETTINGS):
        raise LookupError(
            f"SETTINGS in tools/variables.py and the code differ: {sorted((read - SET_BY_US) ^ set(SETTINGS))}"
        )
    rows = ((f"`{name}`", words, default) for name, (words, default) in SETTINGS.items())
    return (
        MADE.format(source="the code's own reading of the environment")
        + "# Settings\n\nAll settings come from environment variables and from `var/`, which `accord init` creates.\n\n"
        + table(("variable", "what it is for", "default"), rows)
    ).rstrip() + "\n"


def commands() -> str:
    """Return the page that lists every command with its options."""
    from accord.cli import commands as found

    lines = ["# Commands\n\n", "`accord COMMAND --help` shows the same information.\n\n"]
    for name, line in found().items():
        parser = argparse.ArgumentParser(prog=f"accord {name}", add_help=False)
        importlib.import_module(f"accord.cli.{name}").add_arguments(parser)
        lines.append(f"## accord {name}\n\n{line}\n\n")
        rows = [(_option(action), _help(action), _default(action)) for action in parser._actions]
        lines.append(table(("option", "meaning", "default"), rows) if rows else "")
    return MADE.format(source="accord/cli") + "".join(lines).rstrip() + "\n"


def _option(action: argparse.Action) -> str:
    names = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{action.metavar or action.dest}`"
    return names + (f" {_codes(map(str, action.choices))}" if action.choices else "")


def _help(action: argparse.Action) -> str:
    return (action.help or "") % {"default": action.default} if action.help else ""


def _default(action: argparse.Action) -> str:
    return (
        "" if action.default in (None, False, argparse.SUPPRESS) or not action.option_strings else f"`{action.default}`"
    )


def dependencies() -> str:
    """Return the page that lists every package and why Accord uses it."""
    lines = [
        "# Dependencies\n\n",
        "This page lists what each package is for. The lock files in `requirements/` pin exact versions by hash.\n\n",
    ]
    for name, title in (("run.in", "For running Accord"), ("test.in", "For testing it")):
        rows = []
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
            package, _, why = line.partition("#")
            if package.strip() and not package.startswith("-"):
                rows.append((f"`{package.strip()}`", why.strip()))
        lines += [f"## {title}\n\n", table(("package", "why"), rows)]
    return MADE.format(source="requirements/run.in and requirements/test.in") + "".join(lines).rstrip() + "\n"


def addresses() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Yield every address as its pattern, name and view."""
    from django.urls import get_resolver

    yield from _walk(get_resolver("accord.config.urls"), "/", "")


def _walk(resolver: Any, prefix: str, space: str) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry, pattern, entry.namespace or space)
        else:
            yield pattern, f"{space}:{entry.name}", entry.callback


def routes() -> str:
    """Return each address with its mark, which says who may call it at all."""
    from accord.core.rooms import rooms

    words = {"all": "anyone", "signing_in": "someone who is signing in", "member": "anyone working for an agency"}
    words["nobody"] = "no one, because it has no mark"
    rows = []
    for pattern, name, view in sorted(addresses(), key=lambda route: route[0]):
        how = getattr(view, "access", {"to": "nobody"})
        for methods, mark in how["by_method"].items() if "by_method" in how else [(_methods(view), how)]:
            may = f"a role with `{mark['action']}`" if mark["to"] == "role" else words[mark["to"]]
            rows.append((f"`{pattern}`", f"`{name}`", methods, may, _first(view)))
    return (
        MADE.format(source="the resolver and each view's mark")
        + "# Addresses\n\nThis page lists who may call each view at all. A view without a mark is refused. A later check\n"
        "decides what a caller may do with which person. Only a demo serves the component gallery.\n\n"
        + table(("address", "name", "methods", "who may call it", "what it shows"), rows)
        + "## What an address names\n\nFor someone who may not know of a hidden thing, a request that names it gets the same\n"
        "answer as a request that names nothing.\n\n"
        + table(
            ("argument", "in addresses of", "names", "hidden"),
            (
                (f"`{name}`", f"`{room.name}`", argument.words, "yes" if argument.hidden else "no")
                for room in rooms()
                for name, argument in sorted(room.arguments.items())
            ),
        )
    ).rstrip() + "\n"


def api() -> str:
    """Return the page that describes each API operation."""
    from accord.config import api as served
    from accord.config import reference

    rows = ("name", "type", "in words")
    lines = [
        f"# The API\n\n{served.ABOUT}\n\n",
        "[Connect another system](../how-to/connect-another-system.md) explains how to use the API. Programs find the same\n"
        "description at `/api/openapi.json` (OpenAPI 3.1).\n\n",
    ]
    for one in reference.operations(served.document()):
        lines.append(f"## {one.title}\n\n`{one.method} {one.path}`\n\n{one.words}\n\n")
        for title, fields_ in (("In the address", one.asks), ("Request", one.sends), ("Response", one.gives)):
            if fields_:
                lines.append(
                    f"{title}:\n\n" + table(rows, ((f"`{n}`", f"`{what}`", words) for n, what, words in fields_))
                )
        lines.append(f"Statuses: {', '.join(code for code, _words in one.answers)}.\n\n")
    lines.append("## Entry types\n\nAll fields are text.\n\n")
    for kind in reference.types():
        lines.append(f"### `{kind.code}`, kind `{kind.kind}`\n\n")
        lines.append(table(("field", "in words"), ((f"`{name}`", words) for name, words in kind.fields)))
    return MADE.format(source="the operations of each module (`api.py`)") + "".join(lines).rstrip() + "\n"


def acceptance() -> str:
    """Return each acceptance line with the tests that prove it."""
    from tests.acceptance import LINES, SPINE, VOID, proofs

    proved = proofs()
    lines = [
        "# What Accord has to do, and the tests that prove it\n\n",
        "The numbers never change, because comments and tests use them (`@pytest.mark.line(18)`). Gaps are intentional.\n"
        "**Bold** numbers are the spine. They have to be true before the first person's record is entered. `make test`\n"
        "counts the lines that no test proves yet.\n\n",
    ]
    for heading, sentences in LINES.items():
        rows = (
            (f"**{number}**" if number in SPINE else number, words, VOID.get(number) or _proofs(proved.get(number, ())))
            for number, words in sentences.items()
        )
        lines += [f"## {heading}\n\n", table(("line", "what has to be true", "proved by"), rows)]
    return MADE.format(source="tests/acceptance_lines.py and the marks of the tests") + "".join(lines).rstrip() + "\n"


def _proofs(found: Iterable[Any]) -> str:
    links = (f"[{one.name}]({os.path.relpath(ROOT / one.path, REFERENCE)})" for one in dict.fromkeys(found))
    return ", ".join(links) or "nothing yet"


def _methods(view: Callable[..., Any]) -> str:
    methods = inspect.getclosurevars(view).nonlocals.get("request_method_list", ())
    return ", ".join(methods) or "any"


def every_workflow() -> list[tuple[str, Any]]:
    """Return each workflow in `accord/*/workflows.py` with its room, keyed by the workflow's name."""
    from accord.core.workflow import Workflow

    rooms = [path.parent.name for path in sorted((ROOT / "accord").glob("*/workflows.py"))]
    held = [(room, one) for room in rooms for one in vars(importlib.import_module(f"accord.{room}.workflows")).values()]
    return sorted(((room, one) for room, one in held if isinstance(one, Workflow)), key=lambda pair: pair[1].name)


def workflows() -> str:
    """Return a table and a diagram for each workflow."""
    lines = [
        "# Workflows\n\n",
        "These tables list everything that can happen in each workflow. The code uses the same tables and refuses anything\n"
        "else. *Who* is an action that a role must include ([who may do what](../roles-and-actions.md)). *Automatic* means\n"
        "that a date arrives, or that the step follows from what was recorded. *Log* is the action in the audit log.\n\n",
    ]
    for _room, workflow in every_workflow():
        lines.append(f"## {workflow.name}\n\n{workflow.about}\n\n")
        lines.append(
            table(("before", "what happens", "who", "only if", "after", "log"), map(_move_row, workflow.moves))
        )
        lines.append(f"```mermaid\n{workflow.diagram()}```\n\n")
    return MADE.format(source="accord/*/workflows.py") + "".join(lines).rstrip() + "\n"


def _move_row(move: Any) -> tuple[str, ...]:
    before = f"`{move.before}`" if move.before else ""
    return (before, f"`{move.action}`", f"`{move.who}`", move.when, f"`{move.after}`", move.log and f"`{move.log}`")


def rooms() -> str:
    """Return what each room adds to the others, from the top layer down."""
    from accord.core import rooms

    lines = [
        "# Rooms\n\n",
        "Each folder of `accord/` declares in its `room.py` what it adds to the others. This page lists the folders in the\n"
        "order of `accord/config/rooms.py`. A folder imports only from folders below it.\n\n",
    ]
    for room in reversed(rooms.rooms()):
        lines.append(f"## {room.name}\n\n{room.question}\n\n")
        rows = list(_added(room))
        lines += [table(("adds", "code or page", "in words"), rows)] if rows else []
    return MADE.format(source="the `room.py` of each folder") + "".join(lines).rstrip() + "\n"


def _added(room: Any) -> Iterator[tuple[str, str, str]]:
    yield from (("addresses", f"`/{start}`", "") for start in room.addresses)
    yield from (("action", f"`{action.code}`", action.words) for action in room.actions)
    yield from (("menu page", f"`{page.name}`", page.label) for page in room.menu)
    yield from (("page for lower rooms", f"`{page}`", name) for name, page in room.places.items())
    yield from (("part of *Today*", f"`{room.today.lines}`", "") for _ in range(room.today is not None))
    yield from (("part of a person's page", f"`{panel.build}`", panel.title) for panel in room.panels)
    yield from (("link on a person's page", f"`{way.page}`", way.words) for way in room.person_actions)
    yield from (("audit log sentence", f"`{code}`", line.words) for code, line in room.log.items())
    yield from (("notice", f"`{code}`", notice.words) for code, notice in room.notices.items())
    yield from (("task", f"`{code}`", task.words) for code, task in room.tasks.items())
    yield from (("exchange with other agencies", f"`{room.exchange(named).code}`", "") for named in room.exchanges)
    yield from (("form saved unfinished", f"`{code}`", form.words) for code, form in room.draft_forms.items())


PAGES: dict[str, Callable[[], str]] = {
    "specs/workflows.md": workflows,
    "rooms.md": rooms,
    "roles-and-actions.md": roles_and_actions,
    "kinds-and-fields.md": kinds_and_fields,
    "floors.md": floors,
    "settings.md": settings,
    "commands.md": commands,
    "dependencies.md": dependencies,
    "routes.md": routes,
    "api.md": api,
    "acceptance.md": acceptance,
}


FOLDERS = re.compile(r"(?<=\n)(\| `accord/\w+` \| [^\n]*\n)+")


def readme() -> str:
    """Return the readme with the question that each room answers, from the top layer down."""
    from accord.config.rooms import ROOMS

    rows = "".join(f"| `accord/{room.name}` | {room.question} |\n" for room in reversed(ROOMS))
    return FOLDERS.sub(lambda _found: rows, README.read_text(encoding="utf-8"), count=1)


def pages() -> dict[str, str]:
    """Return the current text of every page by file name. Django must be set up."""
    return {name: make() for name, make in PAGES.items()}


def set_up_django() -> None:
    """Set up Django for a tool that needs no database."""
    os.environ["ACCORD_VAR"] = str(ROOT / "build" / "docs-var")
    from accord.config import install
    from accord.config.database import Databases

    Databases(install.var_folder()).make_secrets(demo=True)
    install.setup_django()


def main() -> int:
    """Write the pages."""
    set_up_django()
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
    print(f"{len(PAGES)} pages in {REFERENCE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
