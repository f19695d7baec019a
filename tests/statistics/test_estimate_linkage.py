"""What linkage error does, and that imputation undoes it, on people whose number is known."""

import numpy as np
import pytest

from accord.statlib.estimate import Settings, estimate, tabulate
from accord.statlib.estimate.linkage import impute, impute_from_pairs, pool

PEOPLE, LISTS = 10_000, "ABCDE"


def linked(recall, rng):
    """Return histories after each link of a person's lists to the first of them was found with this probability."""
    on = rng.random((PEOPLE, 5)) < 0.15
    histories = []
    for person in on[on.any(axis=1)]:
        first, *rest = np.flatnonzero(person)
        together = 1 << first
        for i in rest:
            if rng.random() < recall:
                together |= 1 << i
            else:
                histories.append(1 << i)
        histories.append(int(together))
    return tabulate(list(LISTS), histories)


def test_missed_links_inflate_the_estimate_and_imputation_takes_it_back():
    rng = np.random.default_rng(1)
    settings = Settings(method="independence")
    found = linked(0.85, rng)
    naive = estimate(found, settings).estimate
    mended = [
        estimate(tabulate(list(LISTS), np.repeat(np.arange(32), table)), settings).estimate
        for table in (impute(found.counts, 5, recall=0.85, false_links=0, rng=rng) for _ in range(10))
    ]
    assert naive > 1.12 * PEOPLE
    assert np.mean(mended) == pytest.approx(PEOPLE, rel=0.05)


def test_perfect_linkage_leaves_the_table_as_it_is():
    found = linked(0.9, np.random.default_rng(2))
    same = impute(found.counts, 5, recall=1.0, false_links=0.0, rng=np.random.default_rng(1))
    assert (same == found.counts).all()


def test_imputation_keeps_the_people_on_each_list():
    rng = np.random.default_rng(3)
    found = linked(0.9, rng)
    table = impute(found.counts, 5, recall=0.8, false_links=0.05, rng=rng)
    cells = np.arange(32)
    for i in range(5):
        assert table[cells >> i & 1 == 1].sum() == found.on_all([i])
    assert (table >= 0).all()


def test_false_links_undone_leave_more_people():
    found = linked(1.0, np.random.default_rng(4))
    table = impute(found.counts, 5, recall=1.0, false_links=0.1, rng=np.random.default_rng(1))
    assert table.sum() > found.observed


def test_links_are_drawn_by_their_probability_and_never_join_two_records_of_one_list():
    list_of = np.array([0, 1, 0, 1, 2])
    pairs = np.array([[0, 1], [2, 3], [1, 4], [2, 1]])
    sure = impute_from_pairs("ABC", list_of, pairs, np.array([1.0, 0.0, 1.0, 0.99]), np.random.default_rng(1))
    assert sure.counts.tolist() == [0, 1, 1, 0, 0, 0, 0, 1]
    half = [
        impute_from_pairs("ABC", list_of, pairs[:1], np.array([0.5]), np.random.default_rng(s)).observed
        for s in range(200)
    ]
    assert np.mean(half) == pytest.approx(4.5, abs=0.12)


def test_pooling_adds_the_spread_between_imputations():
    seen, error = np.full(2, 100.0), np.full(2, 0.1)
    alike = pool(seen, np.array([200.0, 200.0]), error, 1.96)
    apart = pool(seen, np.array([150.0, 250.0]), error, 1.96)
    assert alike.estimate == pytest.approx(300)
    assert apart.upper - apart.lower > alike.upper - alike.lower
    assert pool(seen, np.array([150.0, np.inf]), error, 1.96).upper == np.inf
