"""Every place where tests or the demo differ from production is listed on the page about them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/where-tests-differ.md").read_text(encoding="utf-8")
IN_CODE = re.compile(
    r"ACCORD_DEMO|is_demo|demo=True|ACCORD_FAST_DB|ACCORD_PLAIN_HTTP|\b_TLS\b|ACCORD_TEST|PYTEST|sys\.modules"
)
IN_TESTS = re.compile(
    r"""override_settings\(\s*(?:\*\*)?([A-Z_]+)|environ\["([A-Z_]+)"\]\s*=|environ\.setdefault\("([A-Z_]+)"|"""
    r"""(?:set|del)env\("([A-Z_]+)"|setattr\(settings, "([A-Z_]+)\""""
)


def listed(heading: str) -> set[str]:
    part = PAGE.split(heading)[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall("`([^`]+)`", row)}


def test_the_code_differs_where_the_page_says_and_nowhere_else() -> None:
    files = [path for path in (ROOT / "accord").rglob("*.py") if "demo" not in path.parts]
    found = {str(path.relative_to(ROOT)) for path in files if IN_CODE.search(path.read_text(encoding="utf-8"))}
    assert found == listed("## In the code")


def test_the_tests_set_what_the_page_says_and_nothing_else() -> None:
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for names in IN_TESTS.findall(path.read_text(encoding="utf-8")):
            found |= {name for name in names if name}
    assert found == listed("## In the tests")


def test_the_real_values_are_run_by_tests_that_are_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert named and all((ROOT / name).exists() for name in named)
