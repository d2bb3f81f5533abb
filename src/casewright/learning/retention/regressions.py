"""Two small regressions by Newton's method with a ridge: yes or no, and counts over exposure.

Invariant: the same data give the same coefficients; the constant is never shrunk. Rows may have weights, so
that doubtful ones count less. Nothing here splits, scales or selects: what comes in is what is fitted.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_STEPS = 30
_ENOUGH = 1e-5


def expand_inputs(inputs: npt.NDArray[Any]) -> Array:
    """(n, F) → (n, 1 + F + F (F + 1) / 2): a constant, the inputs, and their products by pairs."""
    rows = inputs.astype(np.float64)
    left, right = np.triu_indices(rows.shape[1])
    return np.concatenate([np.ones((len(rows), 1)), rows, rows[:, left] * rows[:, right]], axis=1)


def fit_logistic(rows: Array, hits: npt.NDArray[Any], penalty: float, weights: Array | None = None) -> Array:
    """Coefficients of log odds; `rows` (n, k) with the constant first, `hits` (n,) of 0 and 1."""
    return _newton(rows, hits.astype(np.float64), penalty, np.zeros(len(rows)), weights, is_counts=False)


def fit_poisson(
    rows: Array, events: npt.NDArray[Any], offset: Array, penalty: float, weights: Array | None = None
) -> Array:
    """Coefficients of the log rate beyond `offset` (n,), the log of exposure times what is known."""
    return _newton(rows, events.astype(np.float64), penalty, offset, weights, is_counts=True)


def predict_logistic(rows: Array, coefficients: Array) -> Array:
    """(n,) probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(rows @ coefficients, -30, 30))))


def _newton(
    rows: Array, hits: Array, penalty: float, offset: Array, weights: Array | None, *, is_counts: bool
) -> Array:
    ridge = np.full(rows.shape[1], penalty)
    ridge[0] = 1e-6
    share = np.ones(len(rows)) if weights is None else weights
    coefficients = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        scores = np.clip(rows @ coefficients + offset, -30, 30)
        mean = np.exp(np.minimum(scores, 10)) if is_counts else 1 / (1 + np.exp(-scores))
        spread = share * (mean if is_counts else mean * (1 - mean))
        slope = rows.T @ (share * (hits - mean)) - ridge * coefficients
        curve = (rows * spread[:, None]).T @ rows + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        coefficients += np.clip(step, -2, 2)
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return coefficients
