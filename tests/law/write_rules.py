"""Write the manual's list of rules from the packs: `python -m tests.law.write_rules`."""

from __future__ import annotations

from accord.law.packs import as_table, builtin
from tests.spec.tables import SPECS

INTRO = """# Every rule

The rules of the packs that come with Accord: the house's own, the made-up state of Calder, and federal law. In our own
words, not the text of the law and not legal advice. Where the last column says yes, nobody of ours has read the source
itself or it is a decision of design: counsel reads it before a coalition relies on it. First days before 2024 are days
of enactment or effect as commonly given. This page is written from `accord/law/packs`.

"""

if __name__ == "__main__":
    (SPECS / "rules.md").write_text(INTRO + as_table(builtin()), encoding="utf-8")
