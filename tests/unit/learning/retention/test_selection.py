"""Selection: rows of one customer share a fold, noise changes no choice, a spoiled model gets its map."""

import numpy as np

from casewright.learning.retention.blend import BlendSettings
from casewright.learning.retention.calibration import Method, fit_calibration
from casewright.learning.retention.selection import Candidate, mean_contributions, select_model, split_folds


def test_rows_of_one_customer_stay_in_one_fold() -> None:
    groups = np.array([f"c{number // 3}" for number in range(300)], dtype=object)
    outcome = np.tile([0.0, 1.0, 0.0], 100)
    folds = split_folds(outcome, 5, 42, groups)
    assert sorted(np.concatenate([test for _, test in folds]).tolist()) == list(range(300))
    for train, test in folds:
        assert not set(groups[train]) & set(groups[test])


def test_each_fold_has_its_share_of_the_outcome() -> None:
    outcome = np.repeat([0.0, 1.0], [400, 100])
    assert [outcome[test].sum() for _, test in split_folds(outcome, 5, 42)] == [20.0] * 5


def test_the_plain_blend_stays_where_the_others_differ_by_chance() -> None:
    rng = np.random.default_rng(8)
    rows = rng.normal(size=(900, 3))
    outcome = (rng.random(900) < 1 / (1 + np.exp(-rows[:, 0]))) * 1.0
    chosen = select_model(rows, outcome, BlendSettings(rounds=30)).chosen
    assert chosen.method == Method.NONE
    assert chosen.candidate in {Candidate.BLEND, Candidate.LOGISTIC}


def test_log_odds_that_are_twice_too_large_are_halved_by_a_sigmoid() -> None:
    rng = np.random.default_rng(9)
    honest = rng.normal(0, 1.5, 40_000)
    outcome = (rng.random(40_000) < 1 / (1 + np.exp(-honest))) * 1.0
    line = fit_calibration(Method.SIGMOID, 2 * honest, outcome)
    assert abs(line.slope - 0.5) < 0.02
    assert abs(line.offset) < 0.03
    steps = fit_calibration(Method.ISOTONIC, 2 * honest, outcome)
    assert np.abs(steps.apply(2 * honest) - 1 / (1 + np.exp(-honest))).mean() < 0.02


def test_mean_contributions_are_sizes_in_order_without_the_base() -> None:
    added = {"a": np.array([1.0, -1.0]), "b": np.array([3.0, 0.0]), "base": np.array([9.0, 9.0])}
    assert mean_contributions(added) == {"b": 1.5, "a": 1.0}
