"""AUC, Brier score and calibration error, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from casewright.evaluation.retention.reliability import (
    ReliabilityBin,
    area_under_curve,
    bootstrap_reliability,
    brier_score,
    calibration_error,
    equal_width_bins,
    measure_reliability,
)

PREDICTED = np.array([0.1, 0.4, 0.35, 0.8])
TRUE = np.array([0.0, 0.0, 1.0, 1.0])


def test_auc_is_the_share_of_pairs_in_the_right_order_and_a_tie_is_half() -> None:
    # pairs (true above false): .35>.1, .35<.4, .8>.1, .8>.4: 3 of 4
    assert area_under_curve(PREDICTED, TRUE) == 0.75
    # .5 against .5 is half, .5 against .2 is one: 1.5 of 2
    assert area_under_curve(np.array([0.5, 0.5, 0.2]), np.array([1.0, 0.0, 0.0])) == 0.75
    assert math.isnan(area_under_curve(np.array([0.5, 0.6]), np.array([1.0, 1.0])))


def test_brier_score_is_the_mean_squared_distance() -> None:
    # .01 + .16 + .4225 + .04 = .6325, by 4
    assert brier_score(PREDICTED, TRUE) == pytest.approx(0.158125)


def test_calibration_error_weighs_the_distance_of_each_bin_by_its_rows() -> None:
    predicted, true = np.array([0.12, 0.18, 0.91, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])
    bins = equal_width_bins(predicted, true)
    assert [each.rows for each in bins] == [2, 2]
    assert bins[0] == ReliabilityBin(2, pytest.approx(0.15), 0.5)
    # (2 × |.15 − .5| + 2 × |.955 − 1|) / 4
    assert calibration_error(bins) == pytest.approx(0.1975)


def test_bins_of_equal_mass_hold_as_many_rows_each() -> None:
    predicted = np.linspace(0.01, 0.2, 20)
    measured = measure_reliability(predicted, np.zeros(20))
    # every bin is off by its own mean, so the error is the mean of all
    assert measured.ece_equal_mass == pytest.approx(predicted.mean())


def test_perfect_probabilities_have_an_error_within_chance() -> None:
    rng = np.random.default_rng(5)
    predicted = rng.random(20_000)
    measured = measure_reliability(predicted, (rng.random(20_000) < predicted) * 1.0)
    assert measured.ece < 0.015


def test_interval_holds_the_value_and_is_the_same_for_the_same_seed() -> None:
    rng = np.random.default_rng(6)
    predicted = rng.random(500)
    true = (rng.random(500) < predicted) * 1.0
    found = bootstrap_reliability(predicted, true, rounds=50)
    assert found["auc"][0] < area_under_curve(predicted, true) < found["auc"][1]
    assert found == bootstrap_reliability(predicted, true, rounds=50)
