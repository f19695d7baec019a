"""Our figures compared with those of the reference programs (`reference.csv`), and the published order of inclusion."""

import numpy as np
import pytest

from accord.statlib.estimate import Settings, estimate
from accord.statlib.estimate.loglinear import design, fit_model
from accord.statlib.estimate.methods import name_term
from accord.statlib.estimate.selection import all_models, hierarchical_models, stepwise
from bench.numbers_estimate import ours, references, table

EXACT = [row for row in references() if "bca" not in row[1] and "bayes" not in row[1] and "bootstrap" not in row[1]]


@pytest.mark.parametrize(("name", "figure", "theirs"), EXACT, ids=[f"{n}-{f}" for n, f, _ in EXACT])
def test_point_and_interval_match_the_reference(name, figure, theirs):
    mine = ours(name, figure)
    within = 0.005 if "graphs" in figure else 0.001
    assert [m for m, t in zip(mine, theirs, strict=True) if t is not None] == pytest.approx(
        [t for t in theirs if t is not None], rel=within
    )


@pytest.mark.parametrize(
    ("name", "order", "intercept", "aic"),
    [
        (
            "uk_6",
            {
                "PF:NCA": 1.613,
                "LA:NG": 1.534,
                "NG:GP": -2.911,
                "LA:PF": 1.000,
                "PF:GP": -1.269,
                "GO:GP": -1.180,
                "NG:GO": -0.543,
            },
            9.0681,
            162.66,
        ),
        (
            "uk_5",
            {
                "LA:NG": 1.524,
                "NG:GP": -2.922,
                "PFNCA:GP": -1.247,
                "LA:PFNCA": 0.922,
                "GO:GP": -1.191,
                "NG:GO": -0.553,
            },
            9.0559,
            127.60,
        ),
        ("western_us_5", {"A:E": 2.3346}, 7.6678, 91.84),
    ],
)
def test_stepwise_takes_the_pairs_in_the_published_order(name, order, intercept, aic):
    h = table(name)
    d = design(len(h.lists))
    model = fit_model(d, h.counts, stepwise(d, h.counts.astype(float)[None]).terms(d, 0))
    assert [name_term(h, term) for term in model.terms] == list(order)
    assert [model.coefficients[term] for term in model.terms] == pytest.approx(list(order.values()), abs=6e-4)
    assert model.coefficients[0] == pytest.approx(intercept, abs=6e-5)
    assert model.aic == pytest.approx(aic, abs=0.006)


def test_kosovo_takes_five_pairs_in_the_published_order():
    point = estimate(table("kosovo_4"), Settings())
    named = [name_term(point.histories, term) for term in point.terms]
    assert named == ["ABA:OSCE", "OSCE:HRW", "EXH:OSCE", "EXH:ABA", "EXH:HRW"]


@pytest.mark.parametrize(
    ("name", "order", "best", "bic", "models", "lowest", "highest"),
    [
        ("kosovo_4", 2, "EXH:ABA EXH:OSCE EXH:HRW ABA:OSCE OSCE:HRW", 225.21, 64, 7285, 14402),
        ("kosovo_4", 3, "EXH:ABA EXH:OSCE EXH:HRW ABA:OSCE OSCE:HRW EXH:ABA:OSCE", 203.03, 113, 6729, 22889),
        ("new_orleans_5", 2, "", 96.85, 1024, 512, 5593),
        ("western_us_5", 2, "A:E", 118.74, 1024, 634, 13710),
        ("uk_5", 2, "LA:NG LA:PFNCA NG:PFNCA NG:GP PFNCA:GO", 196.54, 1024, 5289, 29426),
        ("netherlands_5", 2, "IO:K IO:Z K:P K:R K:Z P:Z R:Z", 222.05, 1024, 15054, 148410),
    ],
)
def test_the_search_of_all_models_finds_the_reference_optimum(name, order, best, bic, models, lowest, highest):
    h = table(name)
    ranked = all_models(h.counts, len(h.lists), order)
    d = design(len(h.lists), order)
    finite = ranked.estimate[np.isfinite(ranked.bic)]
    assert " ".join(name_term(h, t) for t in ranked.terms(d, 0)) == best
    assert ranked.bic[0] == pytest.approx(bic, abs=0.006)
    assert len(ranked.bic) == models
    assert (finite.min(), finite.max()) == pytest.approx((lowest, highest), rel=1e-3)


def test_six_of_the_eight_models_of_korea_are_admissible():
    assert np.isfinite(all_models(table("korea_3").counts, 3).bic).sum() == 6


def test_five_lists_have_6893_hierarchical_models_of_order_four():
    assert len(set(hierarchical_models(5, 4))) == 6893
