"""A booster and a logistic regression on one table: what risk and acceptance models blend.

The blend is the mean of the two in log-odds. Left out of gradient boosting as it is used elsewhere: class
weights and resampling, which both spoil the probabilities; early stopping, since the rounds are fixed. Same
seed, same bytes: one thread, and exported weights are rounded to nine digits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost
from sklearn.linear_model import LogisticRegression

from casewright.adapters.retention.inputs import ModelInputs
from casewright.adapters.retention.models import Linear, Trees, parse_trees, widen

Floats = npt.NDArray[np.float64]
BLEND_SHARE = 0.5
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class BlendSettings:
    """How both parts are fitted. Defaults: shallow trees, chosen by five-fold Brier on the churn table."""

    rounds: int = 200
    depth: int = 2
    learning_rate: float = 0.05
    least_child_weight: float = 10.0
    ridge: float = 5.0
    column_share: float = 0.5
    row_share: float = 0.8
    linear_strength: float = 0.05
    """Inverse ridge of the logistic regression, on standardised columns (scikit-learn's C)."""
    seed: int = 42


@dataclass(frozen=True, slots=True)
class FittedParts:
    """A booster and a linear part, fitted on the same rows."""

    linear: Linear
    trees: Trees
    booster: bytes
    """XGBoost's own JSON."""

    def margins(self, rows: Floats) -> tuple[Floats, Floats]:
        """Log-odds of the linear part and of the booster, each of shape (n,)."""
        return self.linear.margins(rows), self.trees.margins(rows)


def build_matrix(inputs: ModelInputs, columns: Mapping[str, Sequence[float | str | None]]) -> Floats:
    """Rows (n, columns) of a whole table; the same numbers as `inputs.row` gives one by one."""
    parts: list[Floats] = [
        np.array(_filled(columns[name], inputs.typical.get(name, np.nan)), dtype=np.float64)
        for name in inputs.numbers
    ]
    for name, kinds in inputs.kinds:
        cells = np.array(_filled(columns[name], inputs.typical.get(name)), dtype=object)
        parts += [np.asarray(cells == kind, dtype=np.float64) for kind in kinds]
    return np.stack(parts, axis=1)


def _filled(cells: Sequence[float | str | None], typical: float | str | None) -> list[float | str | None]:
    return [typical if cell is None else cell for cell in cells]


def fit_parts(rows: Floats, came_true: Floats, settings: BlendSettings) -> FittedParts:
    """Both parts on rows (n, columns) and outcomes (n,) of 0 and 1."""
    booster = fit_booster(rows, came_true, settings)
    return FittedParts(fit_linear(rows, came_true, settings), parse_booster(booster), booster)


def parse_booster(booster: bytes) -> Trees:
    """The trees of XGBoost's JSON, as they are served."""
    return parse_trees(json.loads(booster))


def fit_booster(
    rows: Floats, came_true: Floats, settings: BlendSettings, weights: Floats | None = None
) -> bytes:
    """XGBoost's JSON. `weights` of rows are for showing what class weights do; nothing served has them."""
    parameters: dict[str, Any] = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "nthread": 1,
        "seed": settings.seed,
        "max_depth": settings.depth,
        "eta": settings.learning_rate,
        "min_child_weight": settings.least_child_weight,
        "reg_lambda": settings.ridge,
        "colsample_bytree": settings.column_share,
        "subsample": settings.row_share,
    }
    data = xgboost.DMatrix(rows, came_true, weight=weights, nthread=1)
    booster = xgboost.train(parameters, data, settings.rounds)
    return bytes(booster.save_raw("json"))


def fit_linear(rows: Floats, came_true: Floats, settings: BlendSettings) -> Linear:
    """Logistic regression on columns, roots and logarithms; missing values stand at the mean."""
    wide = widen(rows)
    centres = np.nan_to_num(np.nanmean(wide, axis=0))
    scales = np.nanstd(wide, axis=0)
    scales = np.where(scales > 0, scales, 1.0)
    standard = np.nan_to_num((wide - centres) / scales)
    model = LogisticRegression(C=settings.linear_strength, max_iter=2_000)
    model.fit(standard, came_true)
    return Linear(
        _rounded(model.intercept_)[0],
        np.array(_rounded(model.coef_[0] / scales)),
        np.array(_rounded(centres)),
    )


def _rounded(values: Floats) -> list[float]:
    return [float(f"{each:.{_DIGITS}g}") for each in values]
