"""Newton's regressions against what is known."""

import numpy as np
import pytest

from casewright.learning.retention.regressions import (
    expand_inputs,
    fit_logistic,
    fit_poisson,
    predict_logistic,
)


def test_inputs_get_a_constant_and_products_by_pairs() -> None:
    assert expand_inputs(np.array([[2.0, 3.0]])).tolist() == [[1, 2, 3, 4, 6, 9]]


def test_a_constant_alone_finds_the_share() -> None:
    hits = np.array([1, 0, 0, 0])
    found = fit_logistic(np.ones((4, 1)), hits, 0.0)
    assert predict_logistic(np.ones((1, 1)), found)[0] == pytest.approx(0.25, abs=1e-4)


def test_coefficients_of_log_odds_are_found_again() -> None:
    rng = np.random.default_rng(1)
    rows = np.column_stack([np.ones(20_000), rng.normal(size=20_000)])
    hits = rng.random(20_000) < predict_logistic(rows, np.array([-1.0, 0.7]))
    assert fit_logistic(rows, hits, 0.0) == pytest.approx([-1.0, 0.7], abs=0.06)


def test_counts_are_per_exposure() -> None:
    found = fit_poisson(np.ones((3, 1)), np.array([1, 2, 3]), np.log(np.array([10.0, 20.0, 30.0])), 0.0)
    assert np.exp(found[0]) == pytest.approx(0.1, rel=1e-3)


def test_rows_without_weight_do_not_count() -> None:
    rows, hits = np.ones((4, 1)), np.array([1, 1, 0, 0])
    found = fit_logistic(rows, hits, 0.0, np.array([1.0, 1.0, 1.0, 0.0]))
    assert predict_logistic(rows[:1], found)[0] == pytest.approx(2 / 3, abs=1e-3)


def test_a_penalty_shrinks_slopes_and_never_the_constant() -> None:
    rng = np.random.default_rng(1)
    rows = np.column_stack([np.ones(500), rng.normal(size=500)])
    hits = rng.random(500) < predict_logistic(rows, np.array([2.0, 1.0]))
    free, tight = fit_logistic(rows, hits, 0.0), fit_logistic(rows, hits, 1e4)
    assert abs(tight[1]) < 0.1 * abs(free[1])
    assert tight[0] > 1.0
