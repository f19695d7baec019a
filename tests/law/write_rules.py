"""Write the manual's list of rules from the packs: `python -m tests.law.write_rules`."""

from __future__ import annotations

from accord.law.packs import as_table, builtin
from tests.spec.tables import SPECS

INTRO = """# Every rule

These are the rules of the packs that come with Accord: house rules, the made-up state of Calder, and federal law. They
are in our own words. They are not the text of the law and not legal advice. If the last column says yes, none of us has
read the source itself, or the rule is a design decision. Counsel reviews it before a coalition relies on it. First days
before 2024 are days of enactment or effect as commonly given. This page is made from `accord/law/packs`.

"""

if __name__ == "__main__":
    (SPECS / "rules.md").write_text(INTRO + as_table(builtin()), encoding="utf-8")
