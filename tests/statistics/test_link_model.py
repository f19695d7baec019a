"""The model compared with known truth: quality, calibration, missed matches, many lists."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.statlib.link import assign, attack, counts, facts, model, quality, tokens
from accord.statlib.link.assign import Links, Node
from accord.statlib.link.candidates import candidates, indexed
from accord.statlib.link.normalise import Person
from accord.statlib.link.tokens import BOUND_KINDS, Kind
from bench.people import several_agencies, two_agencies
from tests.statistics.linkage import KEY, Judged, encoded, febrl4, judge, people


@pytest.fixture(scope="module")
def febrl() -> Judged:
    return judge(*febrl4(), "bound")


@pytest.fixture(scope="module")
def small() -> Judged:
    return judge(*two_agencies(10_000, seed=5), "bound")


def test_febrl4_on_tokens(febrl: Judged) -> None:
    assert febrl.best.f1 >= 0.97
    assert febrl.half.f1 >= 0.94


def test_ten_thousand_records_on_tokens(small: Judged) -> None:
    assert small.best.f1 >= 0.91
    assert small.half.precision >= 0.97


def test_probabilities_add_up_to_the_true_pairs(febrl: Judged, small: Judged) -> None:
    for one in (febrl, small):
        assert one.expected == pytest.approx(one.true, rel=0.05)


def test_missed_pairs_are_estimated(febrl: Judged, small: Judged) -> None:
    for one in (febrl, small):
        links, proposed = one.result.links, float(one.result.model.proposed[0])
        assert one.expected / proposed == pytest.approx(one.matches, rel=0.06)

        def at(threshold: float, links: dict[tuple[int, int], Links] = links, p: float = proposed) -> list[list[Node]]:
            return assign.clusters(links, threshold=threshold, proposed=p)

        distinct = counts.distinct(one.result, at)
        truth = sum(one.result.sizes) - one.matches
        assert distinct.lower <= truth <= distinct.upper
        assert distinct.best == pytest.approx(truth, rel=0.02)


def test_candidates_are_exactly_the_pairs_that_share_a_token() -> None:
    a, b = two_agencies(300, seed=2)
    lists = [encoded(a, "bound"), encoded(b, "bound")]
    ready = indexed(lists, BOUND_KINDS)
    found = candidates(ready[0], ready[1], BOUND_KINDS)
    per_record = [
        [
            {(k, t) for k in range(len(BOUND_KINDS)) for t in one.tokens[k][one.records[k] == r].tolist()}
            for r in range(150)
        ]
        for one in lists
    ]
    expected = {
        (i, j): {facts.proven(BOUND_KINDS[k]) for k, _ in x & y}
        for i, x in enumerate(per_record[0])
        for j, y in enumerate(per_record[1])
        if x & y
    }
    got = dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.pattern.tolist(), strict=True))
    assert got.keys() == expected.keys()
    all_facts = (1 << len(facts.FACTS)) - 1
    for pair, proofs in expected.items():
        assert got[pair] & all_facts == np.bitwise_or.reduce(list(proofs))


def test_a_list_with_repeats_is_reported() -> None:
    a, b = two_agencies(2_000, seed=3)
    clean = model.link([encoded(a, "bound"), encoded(b, "bound")], BOUND_KINDS)
    twice = model.link([encoded(a.vstack(a.head(100)), "bound"), encoded(b, "bound")], BOUND_KINDS)
    assert clean.repeated == [0, 0]
    assert twice.repeated[0] >= 80
    assert twice.repeated[1] == 0


def test_pairs_known_to_differ_are_never_linked() -> None:
    a, b = two_agencies(1_000, seed=4)
    lists = [encoded(a, "bound"), encoded(b, "bound")]
    first = model.link(lists, BOUND_KINDS).links[0, 1]
    pair = ((0, int(first.left[0])), (1, int(first.right[0])))
    again = model.link(lists, BOUND_KINDS, not_same=[pair]).links[0, 1]
    assert first.probability[0] > 0.99
    assert (pair[0][1], pair[1][1]) not in set(zip(again.left.tolist(), again.right.tolist(), strict=True))


def test_four_lists_give_persons_with_one_record_a_list() -> None:
    frames = several_agencies(1_500, [0.5, 0.4, 0.4, 0.3], seed=6)
    result = model.link([encoded(frame, "joined") for frame in frames], tokens.kinds_of("joined"))
    pids = [frame["pid"].to_list() for frame in frames]
    groups = assign.clusters(result.links, proposed=float(result.model.proposed.min()))
    assert all(len({i for i, _ in group}) == len(group) for group in groups)
    pairs = [(x, y) for group in groups for x, y in combinations(group, 2)]
    right = sum(pids[x[0]][x[1]] == pids[y[0]][y[1]] for x, y in pairs)
    true = sum(len(set(one) & set(other)) for one, other in combinations(pids, 2))
    assert right / len(pairs) >= 0.97
    assert right / true >= 0.85
    histories = counts.histories(result.sizes, groups)
    assert sum(sum(history) * number for history, number in histories.items()) == sum(result.sizes)


NODES = st.tuples(st.integers(0, 3), st.integers(0, 5))


@settings(max_examples=60)
@given(
    st.dictionaries(st.tuples(NODES, NODES).filter(lambda pair: pair[0][0] < pair[1][0]), st.floats(0.01, 0.999)),
    st.sets(st.tuples(NODES, NODES).filter(lambda pair: pair[0][0] < pair[1][0]), max_size=6),
)
def test_clusters_keep_every_rule(weights: dict[tuple[Node, Node], float], apart: set[tuple[Node, Node]]) -> None:
    links = {}
    for two in combinations(range(4), 2):
        own = [(x[1], y[1], p) for (x, y), p in weights.items() if (x[0], y[0]) == two]
        left, right, p = zip(*own, strict=True) if own else ((), (), ())
        links[two] = Links(np.array(left, np.int32), np.array(right, np.int32), np.array(p, float))
    groups = assign.clusters(links, not_same=apart, proposed=0.9)
    members = [node for group in groups for node in group]
    assert len(members) == len(set(members))
    for group in groups:
        assert len(group) >= 2
        assert len({i for i, _ in group}) == len(group)
        assert not any(pair in apart or pair[::-1] in apart for pair in combinations(group, 2))


def test_rivals_share_what_one_partner_may_have() -> None:
    """Two equal rivals of odds 1000: neither can be more than a half; alone the same odds are certain."""
    one, other = np.array([0, 0, 1], np.int32), np.array([0, 1, 2], np.int32)
    p = assign.compete(one, other, np.array([1000.0, 1000.0, 1000.0]))
    assert p[0] == p[1] == pytest.approx(1000 / 2001)
    assert p[2] == pytest.approx(1000 / 1001)


def test_scores_by_hand() -> None:
    probability, true = np.array([0.9, 0.8, 0.4, 0.3]), np.array([True, False, True, True])
    half = quality.score(probability, true, matches=4, threshold=0.5)
    assert (half.precision, half.recall, half.f1) == (0.5, 0.25, pytest.approx(1 / 3))
    assert quality.best(probability, true, 4).threshold == 0.3
    assert [one.links for one in quality.calibration(probability, true)] == [2, 1, 1]


def test_attacks_find_little_in_our_tokens_and_more_in_weak_ones() -> None:
    """The attack works: bare names and two-way compounds without the year reveal names."""
    a, b = two_agencies(6_000, seed=8)
    here, known = people(a), people(b)
    names = attack.true_names(here, "first")
    bare = [Kind("exact", "", ""), Kind("exact", "", "place"), Kind("exact", "", "year")]
    weak = tokens.encode(here, KEY, bare)
    ours = tokens.encode(here, KEY, BOUND_KINDS)
    assert attack.ranking(weak, bare, known, names, "first") > 0.02
    assert attack.chaining(weak, bare[1:], known, names, "first") > 0.01
    for part in ("first", "last"):
        names = attack.true_names(here, part)
        assert attack.ranking(ours, BOUND_KINDS, known, names, part) < 0.01
        assert attack.chaining(ours, BOUND_KINDS, known, names, part) < 0.02


@pytest.mark.parametrize("who", [Person("", "", "1999-04-07"), Person("Ana", "", ""), Person("", "", "")])
def test_lists_with_hardly_any_field_link_nothing(who: Person) -> None:
    made = tokens.encode([who] * 5, KEY, BOUND_KINDS)
    other = tokens.encode([Person("Ana", "Cruz", "1990-03-02")] * 5, KEY, BOUND_KINDS)
    assert len(model.link([made, other], BOUND_KINDS).links[0, 1].probability) == 0
