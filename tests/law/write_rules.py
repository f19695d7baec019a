"""Write the manual's list of rules from the packs: `python -m tests.law.write_rules`."""

from __future__ import annotations

from accord.law.packs import Pack, builtin
from tests.spec.tables import SPECS

INTRO = """# Every rule

This page lists the rules in the packs that come with Accord: house rules, the law of the made-up state of Calder, and
federal law. The rules are in our own words. They are not the text of the law, and they are not legal advice. If the
last column says yes, either none of us has read the source itself, or the rule is a design decision. Have counsel
review these rules before your coalition relies on them. First days before 2024 are commonly cited enactment or
effective dates. This page is made from `accord/law/packs`.

"""


def as_table(packs: tuple[Pack, ...]) -> str:
    """Return all rules as a Markdown table for counsel: what each says, its source, its days, and if it was read."""
    head = ["rule", "what it says", "source", "first day", "last day", "binds", "for counsel to review"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for rule in (rule for pack in packs for rule in pack.rules):
        binds = ", ".join(sorted(rule.regimes)) or "all"
        cells = [f"`{rule.id}`", rule.words, rule.source, rule.start.isoformat(), str(rule.until or ""), binds]
        lines.append(f"| {' | '.join([*cells, 'yes' if rule.unverified else ''])} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (SPECS / "rules.md").write_text(INTRO + as_table(builtin()), encoding="utf-8")
