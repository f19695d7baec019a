"""Compute the probability that a pair of records is one person, from the pattern of agreements (Fellegi and Sunter
1969, JASA 64:1183).

u is how often a pattern occurs among pairs of strangers. It is counted, not fitted. No two records in a clean list
belong to the same person, so all pairs within the list are pairs of strangers. Counting keeps every dependence in the
data (between a name and its country, or among brothers and sisters).

m is how often a pattern occurs among pairs of one person's records. It is a product over variables, fitted by EM
(Dempster, Laird, and Rubin 1977; Winkler 1988). EM uses two blocks that are selected by different variables: names are
trained where the birth dates agree, and dates where names and place agree. So no variable is trained where it agrees by
construction. Pairs that no token proposes are treated as missing data in EM, which estimates the number of matches that
were never seen as pairs.

Lists with only birth years have no pairs in the first block, and lists without last names have none in the second. A
variable whose block has too few matches is *borrowed*, which means that it is trained where everything else agrees. A
level that no token can propose in that block is set from the spelling variants and typing errors that were seen. If
none of these can be seen, the level is treated as almost impossible. Links that these lists can't show are then not
counted as missed, and the caller is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link import facts
from accord.statlib.link.facts import GROUPS, LEVELS, VARIABLES, Ints
from accord.statlib.link.tokens import Kind

Floats = NDArray[np.float64]

START = (  # where EM starts and, with the weight of two matches, its prior: most variables agree in most matches
    (0.80, 0.02, 0.03, 0.13, 0.02, 0.95, 0.05, 1.0),
    (0.75, 0.08, 0.04, 0.04, 0.04, 0.05, 1.0, 0.01),
    (0.80, 0.05, 0.05, 0.03, 0.07, 1.0),
    (0.60, 0.40, 1.0),
    (0.97, 0.03, 1.0),
    (1.0, 0.30, 0.20, 0.12, 0.10, 0.08, 0.08, 0.06, 0.06),
)
STRANGERS_PRIOR = 0.1  # pseudo-count of each level among strangers
SHRINK = 3.0  # at this many pairs, a pattern's count among strangers weighs as much as its expected count
MOST_ROUNDS, CLOSE = 500, 1e-7
ENOUGH, ENOUGH_SHARE = 200.0, 0.25  # matches (or share of all matches) that a variable's block needs
VARIANTS = ((1, 2, 3), (2, 3, 4), (1, 2, 3), (), (), ())  # levels for a typing error or another spelling, by variable
WORTH_SEEING = 0.01  # a set of fields in a smaller share of pairs is ignored when deciding what can be seen
NEVER = 1e-6  # used instead of 0 for a level that seems impossible


class Counted(NamedTuple):
    """The counts that the model is fitted to.

    patterns: (P,)
    across: (L, P), the number of record pairs between two lists that show each pattern
    within: (P,), the same for pairs within a list, summed over all lists
    pairs: (L,), the number of all pairs between the two lists
    presence: (L, 64), the shares of these pairs by the set of fields that both records have
    strangers: (64,), the number of pairs within the lists, also by this set of fields
    """

    patterns: Ints
    across: Floats
    within: Floats
    pairs: Floats
    presence: Floats
    strangers: Floats


class Model(NamedTuple):
    """The fitted model. `odds` (L, P) are the odds that a pair with a given pattern is one person, and `m` has one
    array for each variable. `matches` (L,) is the expected number of matches, and `proposed` (L,) is the share of them
    that tokens propose. `borrowed` has an entry for each variable with a level that these lists can't show. The entry
    shows whether variants were seen."""

    odds: Floats
    m: list[Floats]
    u: Floats
    matches: Floats
    proposed: Floats
    rounds: int
    borrowed: dict[str, bool]


def presences(left: Ints, right: Ints) -> Floats:
    """Return the shares (64,) of all pairs between two lists, by the set of fields that both records have."""
    first = np.bincount(left >> facts.KNOWN_SHIFT, minlength=facts.PRESENCES) / max(len(left), 1)
    second = np.bincount(right >> facts.KNOWN_SHIFT, minlength=facts.PRESENCES) / max(len(right), 1)
    both = np.arange(facts.PRESENCES)
    joint = np.outer(first, second).ravel()
    return np.bincount((both[:, None] & both[None, :]).ravel(), weights=joint, minlength=facts.PRESENCES).astype(float)


def shares(counts: Floats, variable: int, prior: Floats) -> Floats:
    """Return probabilities from the counts of one variable's levels. They sum to one within each group. A level that
    carries no evidence gets 1."""
    out = np.ones(len(LEVELS[variable]))
    for group in GROUPS[variable]:
        members = list(group)
        weighed = counts[members] + prior[members]
        out[members] = weighed / weighed.sum()
    return out


def product_of(levels: Ints, probability: Sequence[Floats]) -> Floats:
    """For each pattern (P,), return the product of the probabilities of its levels over all variables."""
    out = np.ones(len(levels))
    for variable, share in enumerate(probability):
        out *= share[levels[:, variable]]
    return out


class Blocks(NamedTuple):
    """The blocks where each variable may be trained, as boolean masks over patterns."""

    same_date: NDArray[np.bool_]
    same_names: NDArray[np.bool_]
    no_date: NDArray[np.bool_]
    train: list[NDArray[np.bool_]]
    borrow: list[NDArray[np.bool_]]


def blocks(levels: Ints) -> Blocks:
    """Return the blocks. Names, place, and sex are trained where the dates agree, dates where names and place agree,
    and rarity where names and dates agree. A borrowed variable is trained where everything else that is known agrees.
    Sex is seen only together with a date, so it is never borrowed."""
    birth, first, last, place = levels[:, :4].T
    same_date = birth == 0
    same_names = (first <= 3) & (last <= 2)
    by_names, by_both = same_names & (place == 0), same_names & same_date
    train = [by_names, same_date, same_date, same_date, same_date, by_both]
    undated = (birth == 5) | (birth == 7)
    crossed = first == facts.FIRST_CROSSED
    no_first, no_last = first == facts.FIRST_UNKNOWN, last == facts.LAST_UNKNOWN
    named = (same_names | (no_first & (last <= 2)) | (no_last & (first <= 3))) & (place != 1)
    borrow = [named, undated & ((last == 0) | crossed), undated & (first == 0)]
    borrow += [undated & (first == 0) & (last == 0), same_date, undated & same_names]
    return Blocks(same_date, same_names, birth == 7, train, borrow)


def tally(levels: Ints, weights: Floats, block: NDArray[np.bool_], variable: int) -> Floats:
    """Return the total weight of each level of one variable within a block."""
    size = len(LEVELS[variable])
    return np.bincount(levels[block, variable], weights=weights[block], minlength=size).astype(float)


def strangers(counted: Counted, levels: Ints, where: Blocks) -> Floats:
    """Return u (P,), the probability of each pattern among pairs of strangers whose records both have the same fields.
    The probability comes from the count within the lists, shrunk toward the count expected if the variables were
    independent within four strata (dates agree, no dates, names agree, neither). Shrinking hardly changes the counts of
    frequent patterns, and moves the counts of rare patterns toward the expected counts."""
    known = counted.strangers[(counted.patterns & facts.KNOWN_MASK) >> facts.KNOWN_SHIFT]
    share = []
    for variable, block in enumerate(where.train):
        trained = where.same_names if variable == 5 else block
        prior = np.full(len(LEVELS[variable]), STRANGERS_PRIOR)
        share.append(shares(tally(levels, counted.within, trained, variable), variable, prior))
    independent = known * product_of(levels, share)
    stratum = np.select([where.same_date, where.no_date, where.same_names], [0, 1, 2], 3)
    total = np.bincount(stratum, weights=counted.within, minlength=4) + STRANGERS_PRIOR
    weight = np.maximum(np.bincount(stratum, weights=independent, minlength=4), 1e-300)
    expected = independent * (total / weight)[stratum]
    count = (counted.within + SHRINK) / (expected + SHRINK) * expected
    share_of_known: Floats = np.maximum(count / np.maximum(known, 1.0), 1e-300)
    return share_of_known


def fit(counted: Counted, kinds: Sequence[Kind]) -> Model:
    """Fit the model by EM over patterns. For two lists, the prior probability of a match is their number of matches
    divided by their number of pairs."""
    levels = facts.levels(counted.patterns)
    where = blocks(levels)
    u = strangers(counted, levels, where)
    seen = SeenShare(kinds, counted.presence)
    model, total = expectation(counted, levels, u, seen, where.train, {})
    support = [float(total[block].sum()) for block in where.train]
    few = [v for v, own in enumerate(support) if own < min(ENOUGH, ENOUGH_SHARE * total.sum())]
    if not few:
        return model
    possible = blocks(seen.levels).borrow
    hidden = {v: seen.hidden(v, possible[v]) for v in few if v != 5}
    train = [where.borrow[v] if v in few else block for v, block in enumerate(where.train)]
    return expectation(counted, levels, u, seen, train, hidden)[0]


def with_hidden(m: Floats, variable: int, hidden: NDArray[np.bool_]) -> Floats:
    """Set the levels that can't be seen, based on the variants that can be seen and on their ratio in `START`. If no
    variant can be seen either, set these levels to almost zero. A group that is completely hidden stays as it is."""
    out, usual = m.copy(), np.array(START[variable])
    for group in GROUPS[variable]:
        shown, unseen = ([level for level in group if hidden[level] == is_hidden] for is_hidden in (False, True))
        if not shown or not unseen:
            continue
        variants = [level for level in shown if level in VARIANTS[variable]]
        one = m[shown].sum()
        each = usual[unseen] * (m[variants].sum() / one / usual[variants].sum() if variants else 0.0)
        out[shown] = m[shown] / one / (1 + each.sum())
        out[unseen] = np.maximum(each / (1 + each.sum()), NEVER)
    return out


def expectation(
    counted: Counted,
    levels: Ints,
    u: Floats,
    seen: SeenShare,
    train: Sequence[NDArray[np.bool_]],
    hidden: dict[int, NDArray[np.bool_]],
) -> tuple[Model, Floats]:
    """Run EM from `START`, training each variable on its block of patterns. Returns the model and the expected matches
    (P,). For each borrowed variable, `hidden` marks the levels that no token can propose in the variable's block."""
    m = [np.array(start) for start in START]
    smaller = np.sqrt(counted.pairs)
    matches = 0.1 * smaller
    rounds, total = 0, np.zeros(len(levels))
    while rounds < MOST_ROUNDS:
        rounds += 1
        proposed = seen.of(m)
        odds = matches[:, None] * product_of(levels, m) / ((counted.pairs - matches)[:, None] * u)
        expected = counted.across * odds / (1 + odds)
        total = expected.sum(axis=0)
        fresh = [
            shares(tally(levels, total, block, variable), variable, 2 * np.array(START[variable]))
            for variable, block in enumerate(train)
        ]
        for variable, levels_hidden in hidden.items():
            fresh[variable] = with_hidden(fresh[variable], variable, levels_hidden)
        now = np.minimum(expected.sum(axis=1) / np.maximum(proposed, 0.05), 0.999 * smaller)
        change = max(float(np.abs(a - b).max()) for a, b in zip(fresh, m, strict=True))
        change = max(change, float((np.abs(now - matches) / np.maximum(now, 1.0)).max()))
        m, matches = fresh, np.maximum(now, 1e-3)
        if change < CLOSE:
            break
    odds = matches[:, None] * product_of(levels, m) / ((counted.pairs - matches)[:, None] * u)
    return Model(odds, m, u, matches, seen.of(m), rounds, borrowed(hidden)), total


def borrowed(hidden: dict[int, NDArray[np.bool_]]) -> dict[str, bool]:
    """Return the variables that have both visible and hidden levels, and whether their visible levels include a
    variant."""
    found = {}
    for variable, unseen in hidden.items():
        for group in GROUPS[variable]:
            shown = [level for level in group if not unseen[level]]
            if 0 < len(shown) < len(group):
                found[VARIABLES[variable]] = any(level in VARIANTS[variable] for level in shown)
    return found


SHOWN_FIRST = (
    *("first-exact first-root first-sound first-start", "first-root", "first-sound first-start"),
    *("first-sound", "first-start", "", "", "crossed"),
)
SHOWN_LAST = ("last-exact last-sound last-start", "last-sound last-start", "last-sound", "last-start", "", "")


class SeenShare:
    """The share of one person's record pairs that some token proposes, given m and the fields that the lists have.
    Every combination of levels shows certain facts. A combination is proposed if it shows all the facts of at least one
    token kind."""

    def __init__(self, kinds: Sequence[Kind], presence: Floats) -> None:
        self.presence = presence
        proofs = np.array(sorted({facts.proven(kind) for kind in kinds}))
        shown = [
            [facts.bits(text) for text in ("date year day", "year swapped", "day", "year", "", "year", "", "")],
            [facts.bits(text) for text in SHOWN_FIRST],
            [facts.bits(text) for text in SHOWN_LAST],
            [facts.FACT["place"], 0, 0],
            [facts.FACT["sex"], 0, 0],
        ]
        grid = np.meshgrid(*(np.arange(len(bits)) for bits in shown), indexing="ij")
        self.levels = np.stack([axis.ravel() for axis in grid], axis=1)
        pattern = np.zeros(len(self.levels), dtype=np.int64)
        for variable, bits in enumerate(shown):
            pattern |= np.array(bits)[self.levels[:, variable]]
        proposed = ((pattern[:, None] & proofs[None, :]) == proofs[None, :]).any(axis=1)
        self.proposed = np.stack([self.possible(known) & proposed for known in range(facts.PRESENCES)])
        self.counts = self.proposed.astype(float)

    def of(self, m: Sequence[Floats]) -> Floats:
        """Return the share proposed (L,) for each pair of lists."""
        share: Floats = self.presence @ (self.counts @ product_of(self.levels, m[:5]))
        return share

    def hidden(self, variable: int, block: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return a mask of the variable's levels that no token proposes within a block of combinations, given the
        fields that these lists have."""
        usual = self.presence.max(axis=0) >= WORTH_SEEING
        rows = self.proposed[usual].any(axis=0) & block
        shown = np.bincount(self.levels[rows, variable], minlength=len(LEVELS[variable])) > 0
        return ~shown

    def possible(self, presence: int) -> NDArray[np.bool_]:
        """Return a mask of the combinations of levels that can be seen when both records have this set of fields."""

        def knows(field: str) -> bool:
            return bool((presence << facts.KNOWN_SHIFT) & facts.KNOWN[field])

        birth, first, last, place, sex = self.levels.T
        dated = birth <= 4 if knows("date") else (birth >= 5) & (birth <= 6) if knows("year") else birth == 7
        crossed = first == facts.FIRST_CROSSED
        named = (first != facts.FIRST_UNKNOWN) if knows("first") else first == facts.FIRST_UNKNOWN
        # exchanged names already cover the last name, so it gets only one level and is not counted twice
        surnamed = np.where(crossed | (not knows("last")), last == facts.LAST_UNKNOWN, last != facts.LAST_UNKNOWN)
        placed = place <= 1 if knows("place") else place == 2
        sexed = sex <= 1 if knows("sex") and knows("date") else sex == 2
        out: NDArray[np.bool_] = dated & named & surnamed & placed & sexed
        return out
