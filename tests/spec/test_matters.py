"""Who sees and decides a matter that names its parties; what is unknown is refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from accord.access.codes import READ_TOTALS, SIGN_AGREEMENT
from accord.access.rules import Matter, may, may_see

from .tables import Row, cases

OURS, OTHER = uuid.uuid4(), uuid.uuid4()


@dataclass(frozen=True)
class Staff:
    """Someone of our agency in these roles."""

    roles: frozenset[str]
    agency: uuid.UUID = OURS
    membership: uuid.UUID = OTHER


def matter(what: str, agency: str) -> Matter:
    """Return a matter of two other agencies, in which ours is a party, keeps it, or both."""
    owner = OURS if agency in ("keeper", "both") else OTHER
    named = {OURS} if agency in ("party", "both") else set()
    return Matter(what, uuid.uuid4(), owner, frozenset({uuid.uuid4(), uuid.uuid4()} | named))


@cases("matters.md", "Who sees and decides")
def test_a_matter_is_decided_by_its_parties_or_its_keeper(row: Row) -> None:
    staff, on = Staff(frozenset({row["role"]})), matter(row["matter"], row["agency"])
    seen, decision = may_see(staff, on), may(staff, row["action"], on)
    assert bool(seen) == seen.known == (row["sees"] == "yes")
    assert ("yes" if decision else decision.reason) == row["may"]
    assert decision.known == seen.known


@pytest.mark.parametrize(
    ("action", "on", "named"),
    [
        ("fly", None, "unknown action fly"),
        ("fly", matter("agreement", "party"), "unknown action fly"),
        (SIGN_AGREEMENT, matter("parade", "party"), "unknown matter parade"),
        (SIGN_AGREEMENT, matter("parade", "other"), "unknown matter parade"),
        (READ_TOTALS, matter("agreement", "party"), "read-totals has nothing to do with the matter agreement"),
        (READ_TOTALS, matter("agreement", "other"), "read-totals has nothing to do with the matter agreement"),
    ],
)
def test_what_is_unknown_raises(action: str, on: Matter | None, named: str) -> None:
    with pytest.raises(LookupError, match=named):
        may(Staff(frozenset({"officer", "analyst"})), action, on)
