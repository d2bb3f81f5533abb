"""How good probabilities are: AUC, Brier score, calibration error, and the points of a reliability diagram.

Calibration error here is ECE with ten bins of equal width, weighted by the rows in each (Naeini et al. 2015);
with bins of equal mass it is given beside it. Nothing here fits anything.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BINS = 10
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One point of the diagram."""

    rows: int
    predicted: float
    """Mean of the predicted probabilities."""
    observed: float
    """Share of rows where it came true."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """What a set of probabilities is worth, against what came true."""

    auc: float
    brier: float
    ece: float
    """Ten bins of equal width."""
    ece_equal_mass: float
    bins: tuple[ReliabilityBin, ...]
    """Of equal width, without the empty ones."""


def measure_reliability(predicted: Floats, came_true: Floats) -> Reliability:
    """All measures of probabilities (n,) against outcomes (n,) of 0 and 1."""
    return Reliability(
        area_under_curve(predicted, came_true),
        brier_score(predicted, came_true),
        calibration_error(equal_width_bins(predicted, came_true)),
        calibration_error(_equal_mass_bins(predicted, came_true)),
        equal_width_bins(predicted, came_true),
    )


def area_under_curve(predicted: Floats, came_true: Floats) -> float:
    """Probability that a row that came true is ranked above one that did not; ties count half.

    The Mann-Whitney form. NaN where only one of the two occurs.
    """
    order = np.argsort(predicted, kind="stable")
    ordered = predicted[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    ranks = np.empty(len(ordered))
    ranks[order] = np.repeat(starts + (sizes + 1) / 2, sizes)
    positives = came_true.sum()
    negatives = len(came_true) - positives
    if not positives or not negatives:
        return float("nan")
    above = ranks[came_true > 0].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def brier_score(predicted: Floats, came_true: Floats) -> float:
    """Mean squared distance of probability and outcome."""
    return float(np.mean((predicted - came_true) ** 2))


def calibration_error(bins: tuple[ReliabilityBin, ...]) -> float:
    """ECE: the mean distance of predicted and observed, weighted by rows."""
    rows = sum(each.rows for each in bins)
    return sum(each.rows * abs(each.predicted - each.observed) for each in bins) / rows


def equal_width_bins(predicted: Floats, came_true: Floats) -> tuple[ReliabilityBin, ...]:
    """Ten bins: [0, 0.1), … [0.9, 1]; the empty ones are left out."""
    return _gather(np.minimum((predicted * BINS).astype(np.intp), BINS - 1), predicted, came_true)


def _equal_mass_bins(predicted: Floats, came_true: Floats) -> tuple[ReliabilityBin, ...]:
    places = np.empty(len(predicted), dtype=np.intp)
    places[np.argsort(predicted, kind="stable")] = np.arange(len(predicted)) * BINS // len(predicted)
    return _gather(places, predicted, came_true)


def _gather(places: npt.NDArray[np.intp], predicted: Floats, true: Floats) -> tuple[ReliabilityBin, ...]:
    rows = np.bincount(places, minlength=BINS)
    means = np.bincount(places, predicted, BINS) / np.maximum(rows, 1)
    shares = np.bincount(places, true, BINS) / np.maximum(rows, 1)
    return tuple(
        ReliabilityBin(int(rows[each]), float(means[each]), float(shares[each]))
        for each in range(BINS)
        if rows[each]
    )


def bootstrap_reliability(
    predicted: Floats, came_true: Floats, seed: int = 42, rounds: int = 200
) -> dict[str, tuple[float, float]]:
    """95 % intervals of AUC, Brier and ECE: percentiles over rows drawn with replacement."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        drawn = rng.integers(len(predicted), size=len(predicted))
        some, true = predicted[drawn], came_true[drawn]
        ece = calibration_error(equal_width_bins(some, true))
        found.append((area_under_curve(some, true), brier_score(some, true), ece))
    low, high = np.quantile(np.array(found), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    names = ("auc", "brier", "ece")
    return {name: (float(low[at]), float(high[at])) for at, name in enumerate(names)}
