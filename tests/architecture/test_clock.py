"""One clock: product code asks `accord.core.clock` (in SQL, `accord.now()`), and a day is always some agency's day."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "accord"

# What tells the machine's own time. Counters of seconds (monotonic, perf_counter) measure how long, not when.
NAMES = {
    "now",
    "utcnow",
    "today",
    "time",
    "time_ns",
    "localtime",
    "gmtime",
    "ctime",
    "localdate",
    "strftime",
    "asctime",
}
HOLDERS = {"datetime", "date", "time", "timezone", "dt"}
WITHOUT_A_MOMENT = {"localdate", "localtime", "gmtime", "ctime", "asctime"}  # with an argument they only convert it
SQL = re.compile(
    r"(?<![\w.])(?:pg_catalog\.)?now\(\)|\b(?:current_date|current_time|current_timestamp|localtimestamp|clock_timestamp"
    r"|statement_timestamp|transaction_timestamp|timeofday)\b",
    re.IGNORECASE,
)
# A cast to a day is in UTC, because the session is. The agency's day comes from accord.local_day.
CAST = re.compile(r"::\s*date\b|\bdate_trunc\s*\(|\bextract\s*\(\s*(?:year|month|day|doy|dow)\b", re.IGNORECASE)
TEMPLATE = re.compile(r"\{%\s*now\b|\|\s*(?:timesince|timeuntil|naturaltime|naturalday)\b")
SCRIPT = re.compile(r"\bDate\.now\(|new Date\(\s*\)")

# file: how often, and why
EXCEPTIONS = {
    "accord/core/clock.py": (0, "the clock itself asks the database"),
    "accord/sharing/floor.py": (1, "accord.now() uses PostgreSQL's own clock"),
    "accord/config/backup.py": (
        1,
        "a backup tells the administrator when it was made, before it asks any rule",
    ),
    "accord/cli/form.py": (1, "the moment of now() and today() in expressions, without a database to ask"),
    "accord/cli/_people.py": (1, "a future birth year is refused in a file, without a database to ask"),
    "accord/agencies/functions.sql": (1, "accord.local_day makes a moment an agency's day"),
    "accord/membership/functions.sql": (1, "a day and a year is a day again"),
    "accord/ui/static/ui/js/idle.js": (
        4,
        "how long this page was idle, in the browser; the server decides by its own clock",
    ),
}


def told_by_python(source: str) -> Iterator[str]:
    """Yield calls in Python source that tell the machine's time."""
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in {
            "datetime",
            "time",
            "django.utils.timezone",
            "django.utils",
        }:
            imported |= {name.asname or name.name for name in node.names}
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and isinstance(called.value, (ast.Name, ast.Attribute)):
            holder = called.value.id if isinstance(called.value, ast.Name) else called.value.attr
            name, known = called.attr, holder in HOLDERS
        elif isinstance(called, ast.Name):
            name, known = called.id, called.id in imported
        else:
            continue
        if known and name in NAMES and not (name in WITHOUT_A_MOMENT and node.args):
            if name == "time" and (node.args or isinstance(called, ast.Name)):
                continue  # datetime.time(...), a time of day
            yield f"{name}()"


def without_comments(text: str, suffix: str) -> str:
    return re.sub(r"--.*" if suffix == ".sql" else r"^\s*#.*", "", text, flags=re.MULTILINE)


def told(path: Path) -> list[str]:
    """Return everything in a product file that tells the machine's time, or makes a day in UTC."""
    text = without_comments(path.read_text(encoding="utf-8"), path.suffix)
    found: list[str] = []
    if path.suffix == ".py":
        found += told_by_python(text)
        strings = [
            n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        text = "\n".join(
            value for value in strings if re.search(r"\b(select|update|insert|delete|where|function)\b", value)
        )
    if path.suffix in {".py", ".sql"}:
        found += [match[0] for pattern in (SQL, CAST) for match in pattern.finditer(text)]
    if path.suffix in {".html", ".typ"}:
        found += [match[0] for match in TEMPLATE.finditer(text)]
    if path.suffix == ".js" and "vendor" not in path.parts:
        found += [match[0] for match in SCRIPT.finditer(text)]
    return found


def files() -> list[Path]:
    kinds = {".py", ".sql", ".html", ".js", ".typ"}
    return [
        p
        for p in sorted(PRODUCT.rglob("*"))
        if p.suffix in kinds and "migrations" not in p.parts and ".min" not in p.name
    ]


def test_nothing_in_the_product_reads_the_machines_clock() -> None:
    found = {str(path.relative_to(ROOT)): told(path) for path in files()}
    allowed = {name: count for name, (count, _why) in EXCEPTIONS.items()}
    wrong = {name: said for name, said in found.items() if len(said) != allowed.get(name, 0)}
    assert wrong == {}, "ask accord.core.clock, or accord.now() and accord.local_day() in SQL"
    assert set(allowed) <= set(found), "an exception for a file that is gone"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", "from datetime import datetime\nat = datetime.now()"),
        ("b.py", "import datetime as dt\nat = dt.datetime.now(tz=None)"),
        ("c.py", "from datetime import date\non = date.today()"),
        ("d.py", "from time import time, time_ns\nat = time_ns()"),
        ("e.py", "import time\nat = time.time()"),
        ("f.py", "from django.utils import timezone\nat = timezone.now()"),
        ("g.py", "from django.utils import timezone\non = timezone.localdate()"),
        ("h.py", "from django.utils.timezone import localdate\non = localdate()"),
        ("i.py", "ASK = 'select 1 where at > now()'"),
        ("j.py", "ASK = 'select at::date from x'"),
        ("k.sql", "select accord.now()::date"),
        ("l.sql", "select current_date"),
        ("m.html", "{% now 'Y' %}"),
        ("n.js", "const at = Date.now();"),
    ],
)
def test_the_machines_clock_is_found(tmp_path: Path, name: str, source: str) -> None:
    path = tmp_path / name
    path.write_text(source)
    assert told(path)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", "from accord.core import clock\nat = clock.now(); on = clock.today('UTC')"),
        ("b.py", "from datetime import datetime, time\nat = datetime.combine(day, time(), zone)"),
        ("c.py", "from django.utils.timezone import localdate\non = localdate(at)"),
        ("d.py", "import time\nuntil = time.monotonic() + 3"),
        ("e.sql", "select accord.now() -- not now()"),
    ],
)
def test_what_only_converts_or_measures_is_allowed(tmp_path: Path, name: str, source: str) -> None:
    path = tmp_path / name
    path.write_text(source)
    assert told(path) == []


# Several rows can have the same time: a batch, a test at one moment, two changes of one day. A list then needs a second
# column, or two readers see two orders.
BY_TIME_ALONE = re.compile(
    r"""order_by\(["']-?(?:at|on|\w+_at|\w+_on)["']\)(?!\.first\(\)|\[:1\])"""
    r"""|\border\ by\ (?:\w+\.)?(?:at|on|\w+_at|\w+_on)(?:\ desc|\ \{way\})?"""
    r"""(?!\w|\ desc|\ \{way|\s*,|\s*limit\ 1\b|\s*\)\)\[1\])""",
    re.VERBOSE,
)
ONE_PER_TIME = {"accord/agreements/checks.py": "a check's key holds its time"}


def test_a_list_in_order_of_time_says_what_comes_next() -> None:
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in files()
        if path.suffix in {".py", ".sql"}
        and (found := BY_TIME_ALONE.findall(without_comments(path.read_text(encoding="utf-8"), path.suffix)))
    }
    assert wrong.keys() == ONE_PER_TIME.keys()
