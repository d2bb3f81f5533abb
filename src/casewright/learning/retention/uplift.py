"""Uplift learners: from randomised rows to who gains how much by being treated.

T-, S- and X-learner (Künzel et al. 2019), DR-learner (Kennedy 2023), and trees of our own. The base of all
but S and the trees is a ridge regression on columns and products of numbers: on campaigns of some ten
thousand rows, effects are so faint beside the outcome's noise that anything more flexible ranks no better and
costs a hundred times as much. Treatment is randomised, so its share stands for the propensity; nothing here
corrects for who was chosen to be treated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.uplift_tree import TreeSettings, fit_forest

Floats = npt.NDArray[np.float64]
Effect = Callable[[Floats], Floats]
"""From rows (n, columns) to effects (n,)."""
_RIDGE = 1_000.0
_MOST_PRODUCTS = 12
"""Numbers beyond these get no products."""


class Learner(StrEnum):
    """How uplift is learned."""

    T = "T-learner"
    S = "S-learner"
    X = "X-learner"
    DR = "DR-learner"
    TREE = "uplift tree"
    FOREST = "uplift forest"


@dataclass(frozen=True, slots=True)
class _Basis:
    """Columns brought to one size, as they lay in training, then products of the leading ones."""

    centres: Floats
    scales: Floats
    numbers: int

    def apply(self, rows: Floats) -> Floats:
        standard = np.nan_to_num((rows - self.centres) / self.scales)
        parts = [np.ones((len(rows), 1)), standard]
        parts += [standard[:, [each]] * standard[:, :each] for each in range(1, self.numbers)]
        return np.concatenate(parts, axis=1)


def fit_uplift(
    learner: Learner, rows: Floats, treated: Floats, outcome: Floats, numbers: int = 0, seed: int = 42
) -> Effect:
    """Learn effects from rows (n, columns), `treated` (n,) of 0 and 1 at random, and outcomes (n,).

    `numbers`: how many of the leading columns are numbers, of which products are taken. Raises
    ConfigurationError where one arm is empty.
    """
    share = float(treated.mean())
    if not 0 < share < 1:
        raise ConfigurationError("uplift needs people who were treated and people who were not")
    if learner == Learner.S:
        return _fit_single(rows, treated, outcome, seed)
    if learner in (Learner.TREE, Learner.FOREST):
        settings = TreeSettings(seed=seed) if learner == Learner.FOREST else TreeSettings(trees=1, seed=seed)
        return fit_forest(np.nan_to_num(rows), treated, outcome, settings).predict
    basis = _fit_basis(rows, min(numbers, _MOST_PRODUCTS))
    wide, is_treated = basis.apply(rows), treated > 0
    with_it = _ridge(wide[is_treated], outcome[is_treated])
    without = _ridge(wide[~is_treated], outcome[~is_treated])
    weights: Floats = with_it - without
    if learner == Learner.X:
        of_treated = _ridge(wide[is_treated], outcome[is_treated] - wide[is_treated] @ without)
        of_control = _ridge(wide[~is_treated], wide[~is_treated] @ with_it - outcome[~is_treated])
        weights = (1 - share) * of_treated + share * of_control
    elif learner == Learner.DR:
        weights = _ridge(wide, _doubly_robust(wide, treated, outcome, with_it, without))
    return lambda others: basis.apply(others) @ weights


def _doubly_robust(
    wide: Floats, treated: Floats, outcome: Floats, with_it: Floats, without: Floats
) -> Floats:
    """Each row's unbiased, noisy effect: the models' difference and the weighted residual of its own arm."""
    share = treated.mean()
    expected, expected_not = wide @ with_it, wide @ without
    of_treated = treated * (outcome - expected) / share
    of_control = (1 - treated) * (outcome - expected_not) / (1 - share)
    found: Floats = expected - expected_not + of_treated - of_control
    return found


def _fit_single(rows: Floats, treated: Floats, outcome: Floats, seed: int) -> Effect:
    """One booster with the treatment among its columns; the effect is what switching it changes."""
    import xgboost  # the other learners need NumPy alone

    data = xgboost.DMatrix(np.column_stack([rows, treated]), outcome, nthread=1)
    parameters = {
        "max_depth": 3,
        "eta": 0.1,
        "min_child_weight": 100,
        "subsample": 0.8,
        "nthread": 1,
        "seed": seed,
    }
    booster = xgboost.train(parameters, data, 50)

    def predict(others: Floats) -> Floats:
        sides = [np.column_stack([others, np.full(len(others), side)]) for side in (1.0, 0.0)]
        with_it, without = (booster.predict(xgboost.DMatrix(each, nthread=1)) for each in sides)
        return np.asarray(with_it - without, dtype=np.float64)

    return predict


def _fit_basis(rows: Floats, numbers: int) -> _Basis:
    scales = np.nanstd(rows, axis=0)
    return _Basis(np.nan_to_num(np.nanmean(rows, axis=0)), np.where(scales > 0, scales, 1.0), numbers)


def _ridge(wide: Floats, outcome: Floats) -> Floats:
    """Weights of a ridge regression whose first column, of ones, is not shrunk."""
    penalty = np.full(wide.shape[1], _RIDGE)
    penalty[0] = 0
    found = np.linalg.solve(wide.T @ wide + np.diag(penalty), wide.T @ outcome)
    return np.asarray(found, dtype=np.float64)
