"""Maps from a model's log-odds to probabilities: none, a sigmoid (Platt 1999), or isotonic.

A booster that is fitted to the log-loss without class weights is calibrated already, and a map on top mostly
adds noise: `selection` takes one only where it is measured to help. Nothing here chooses.
"""

from enum import StrEnum

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from casewright.adapters.retention.models import Calibration

Floats = npt.NDArray[np.float64]
_DIGITS = 9


class Method(StrEnum):
    """What may stand between a model's log-odds and a probability."""

    NONE = "none"
    SIGMOID = "sigmoid"
    ISOTONIC = "isotonic"


def fit_calibration(method: Method, margins: Floats, came_true: Floats) -> Calibration:
    """A map from log-odds (n,), of rows that the model has not seen, to outcomes (n,) of 0 and 1."""
    if method == Method.SIGMOID:
        line = LogisticRegression(C=1e6, max_iter=1_000).fit(margins[:, None], came_true)
        return Calibration(method, _rounded(line.coef_[0, 0]), _rounded(line.intercept_[0]))
    if method == Method.ISOTONIC:
        before = 1 / (1 + np.exp(-margins))
        steps = IsotonicRegression(out_of_bounds="clip").fit(before, came_true)
        return Calibration(
            method,
            points=(
                tuple(_rounded(each) for each in steps.X_thresholds_),
                tuple(_rounded(each) for each in steps.y_thresholds_),
            ),
        )
    return Calibration()


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
