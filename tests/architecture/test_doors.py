"""What opens seals or writes without deciding says so in its name, and only the callers named here may use it.

A new call fails: either decide first (`sharing.queries.read`, `sharing.services.write`), or add a row with the reason
why this caller may. Reviewers read this table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ACCORD = Path(__file__).parents[2] / "accord"
SUFFIX = "_undecided"

# Caller: what it calls, and who has decided.
ALLOWED: dict[str, tuple[set[str], str]] = {
    # The doors that decide, and what they open seals with.
    "sharing.queries.read": ({"open_entries_undecided"}, "decides kind by kind, opens those allowed, logs them"),
    "sharing.queries.open_entries_undecided": (
        {"own_items_undecided", "given_items_undecided"},
        "undecided itself: sorts people into the agency's own and shared ones",
    ),
    "sharing.opening.own_items_undecided": ({"open_data_key_undecided"}, "undecided itself: opens each data key once"),
    "sharing.services.write": ({"write_undecided"}, "requires WRITE_PERSON for the kind"),
    "sharing.services.end_shares": ({"end_shares_undecided"}, "requires WITHDRAW_SHARE"),
    "sharing.services.grant": ({"write_undecided"}, "requires GRANT_ACCESS; seals the reason"),
    "sharing.epochs.running": ({"open_data_key_undecided"}, "for `write_undecided` alone"),
    "sharing.epochs.in_use": ({"open_data_key_undecided"}, "`begin_shares` requires the sharing action for each kind"),
    "sharing.keeping._rewrap": ({"open_data_key_undecided"}, "a key changes its wrap; no entry is opened"),
    # Names: `readable_many` decides for each person, or the role finds people by name. Each list is logged.
    "people.queries.names_to_go_on": ({"open_entries_undecided"}, "the names, of `readable_many`; logged"),
    "people.queries._cards": ({"open_entries_undecided"}, "asks `readable_many` for each kind, shows only those"),
    "people.queries.agency_people": ({"open_entries_undecided"}, "the names, for the role GRANT_ACCESS"),
    "people.queries.left_behind": ({"open_entries_undecided"}, "the names, for the role FIND_PERSON"),
    "people.tasks._named": ({"open_entries_undecided"}, "of `readable_many`"),
    "people.team.team": ({"open_entries_undecided", "let_in_undecided"}, "for the role GRANT_ACCESS"),
    "people.team.let_in_undecided": ({"open_entries_undecided"}, "undecided itself: who was given access, and why"),
    "people.finding._opened": ({"own_items_undecided"}, "the names, for a search by the role FIND_PERSON"),
    "people.finding.identified": (
        {"open_entries_undecided"},
        "the name, for a role with FIND_PERSON, to erase a record",
    ),
    "people.services.correct_entry": ({"newest_revision_undecided"}, "requires WRITE_PERSON for the kind"),
    # Releases: what follows from a fact or from a person's word, whichever colleague hears it.
    "releases.queries.accounting": (
        {"open_entries_undecided", "let_in_undecided"},
        "requires PRINT_ACCOUNTING for the person; logged as such",
    ),
    "releases.suspension.open_record_undecided": (
        {"open_entries_undecided"},
        "undecided itself: what pauses depend on",
    ),
    "releases.suspension.same_terms_undecided": (
        {"open_record_undecided"},
        "undecided itself: the joined record's releases",
    ),
    "releases.suspension.known_by_name_undecided": (
        {"open_entries_undecided"},
        "undecided itself: finds the same human",
    ),
    "releases.suspension.record_member": ({"known_by_name_undecided"}, "requires WRITE_PERSON for releases"),
    "releases.suspension.reconsider": (
        {"open_record_undecided"},
        "a changed fact pauses releases, no matter who changed it",
    ),
    "releases.suspension._apply_pauses": ({"suspend_shares_undecided"}, "a changed fact pauses shares"),
    "releases.suspension._save_pauses": ({"write_undecided"}, "a changed fact pauses a release"),
    "releases.services.withdraw": ({"write_undecided"}, "requires WITHDRAW_SHARE: anyone hears the person's word"),
    "releases.services._end_shares": ({"end_shares_undecided"}, "`withdraw` requires WITHDRAW_SHARE"),
    "releases.services._end_in_other_record": (
        {"write_undecided", "same_terms_undecided"},
        "`withdraw` requires WITHDRAW_SHARE",
    ),
    "releases.services.open_releases": ({"open_entries_undecided"}, "requires the action it is opened for; logs it"),
    # Forms: the answers to their questions, and the files among them.
    "sharing.opening.own_revisions_undecided": (
        {"open_data_key_undecided"},
        "undecided itself: opens every revision of one series",
    ),
    "sharing.queries.revisions": ({"own_revisions_undecided"}, "requires READ_PERSON for the kind; logs it"),
    "answers.queries.finished": ({"kind_of_undecided"}, "the kind alone; `people.page` decides and opens"),
    "answers.services.keep_file": ({"keep_undecided"}, "`sitting` opens only what the actor may write now"),
    "answers.services.open_file": ({"open_undecided"}, "its entry was just opened by `finished`"),
    "releases.scans.keep": ({"keep_undecided"}, "`open_releases` requires WRITE_PERSON for releases"),
    "releases.scans.open_scan": ({"open_undecided"}, "its entry was just opened by `open_releases`"),
    "releases.services.open_signing": ({"open_record_undecided"}, "requires READ_PERSON for both kinds; logs them"),
    "releases.services.go_on_after_restore": ({"suspend_shares_undecided"}, "requires SHARE_PERSON for releases"),
    # Totals: the measure's own kinds, counted in the agency's session.
    "numbers.queries.facts_of_undecided": ({"own_items_undecided"}, "undecided itself: facts of a measure, for counts"),
    "numbers.queries.count_slice": ({"facts_of_undecided"}, "only counts leave it"),
    "numbers.queries.behind": ({"open_entries_undecided", "facts_of_undecided"}, "of `readable_many`, kind by kind"),
}


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each use of an undecided function: the function around it, and its name."""
    module = ".".join(path.relative_to(ACCORD).with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for top in tree.body:
        for node in ast.walk(top):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name.endswith(SUFFIX):
                yield f"{module}.{getattr(top, 'name', '')}", name


def test_only_named_callers_open_or_write_without_deciding() -> None:
    found: dict[str, set[str]] = {}
    for path in ACCORD.rglob("*.py"):
        for caller, name in calls(path):
            found.setdefault(caller, set()).add(name)
    assert found == {caller: names for caller, (names, _why) in ALLOWED.items()}


def test_a_function_that_decides_nothing_says_so_in_its_name() -> None:
    """One that is allowed because it is undecided itself must carry the name, so that its callers are named too."""
    for caller, (_names, why) in ALLOWED.items():
        assert why.startswith("undecided itself") == caller.endswith(SUFFIX), caller
