"""Which model and which calibration: measured out of fold, chosen by Brier score, then fitted on all rows.

Maps of calibration are fitted on inner folds of each training part, so that every number here is of rows that
neither model nor map has seen. Rows of one customer stay in one fold. The blend without a map stays unless
another is better by more than chance, so that choosing flatters nothing.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from threadpoolctl import threadpool_limits

from casewright.adapters.retention.models import Calibration
from casewright.evaluation.retention.reliability import (
    Reliability,
    area_under_curve,
    bootstrap_reliability,
    measure_reliability,
)
from casewright.learning.retention.blend import (
    BLEND_SHARE,
    BlendSettings,
    FittedParts,
    fit_parts,
)
from casewright.learning.retention.calibration import Method, fit_calibration

Floats = npt.NDArray[np.float64]
Fold = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
FOLDS, INNER_FOLDS = 5, 3


class Candidate(StrEnum):
    """What is compared; the value of each is in `SHARES`."""

    LOGISTIC = "logistic regression"
    BOOSTER = "booster"
    BLEND = "blend of both"


SHARES: Mapping[Candidate, float] = {
    Candidate.LOGISTIC: 0.0,
    Candidate.BOOSTER: 1.0,
    Candidate.BLEND: BLEND_SHARE,
}
"""The booster's share of the log-odds."""


Predictions = dict[tuple[Candidate, Method], Floats]


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate under one calibration, out of fold."""

    candidate: Candidate
    method: Method
    whole: Reliability
    """Of all rows together, each predicted once."""
    fold_aucs: tuple[float, ...]
    fold_eces: tuple[float, ...]
    """A fold has a fifth of the rows, so that chance alone gives each about twice the error of the whole."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, what it was chosen from, and the chosen one fitted on all rows."""

    judged: tuple[Judged, ...]
    chosen: Judged
    intervals: Mapping[str, tuple[float, float]]
    """95 %, of the chosen one's AUC, Brier and ECE."""
    predicted: Floats
    """Out of fold, shape (n,), by the chosen one."""
    parts: FittedParts
    calibration: Calibration


def select_model(
    rows: Floats,
    came_true: Floats,
    settings: BlendSettings,
    groups: npt.NDArray[np.object_] | None = None,
    tell: Callable[[int], None] = lambda _done: None,
) -> Selection:
    """Judge all candidates on rows (n, columns) and outcomes (n,); `tell` hears how many folds are done."""
    with threadpool_limits(1):  # of these sizes, threads cost more than they save, and change the last digits
        return _select(rows, came_true, settings, groups, tell)


def _select(
    rows: Floats,
    came_true: Floats,
    settings: BlendSettings,
    groups: npt.NDArray[np.object_] | None,
    tell: Callable[[int], None],
) -> Selection:
    folds = split_folds(came_true, FOLDS, settings.seed, groups)
    margins = np.zeros((2, len(came_true)))
    predicted: Predictions = {
        (candidate, method): np.zeros(len(came_true)) for candidate in Candidate for method in Method
    }
    for done, (train, test) in enumerate(folds, start=1):
        parts = fit_parts(rows[train], came_true[train], settings)
        margins[:, test] = parts.margins(rows[test])
        inside = None if groups is None else groups[train]
        inner = _margins_out_of_fold(rows[train], came_true[train], settings, inside)
        for candidate, method in predicted:
            calibration = fit_calibration(method, _mix(inner, candidate), came_true[train])
            predicted[candidate, method][test] = calibration.apply(_mix(margins[:, test], candidate))
        tell(done)
    judged = tuple(
        _judge(candidate, method, found, came_true, folds) for (candidate, method), found in predicted.items()
    )
    chosen = _choose(judged, predicted, came_true)
    found = predicted[chosen.candidate, chosen.method]
    return Selection(
        judged,
        chosen,
        bootstrap_reliability(found, came_true, settings.seed),
        found,
        fit_parts(rows, came_true, settings),
        fit_calibration(chosen.method, _mix(margins, chosen.candidate), came_true),
    )


def split_folds(
    came_true: Floats, count: int, seed: int, groups: npt.NDArray[np.object_] | None = None
) -> list[Fold]:
    """Indices to train and to judge on, stratified by outcome; rows of one group stay together."""
    blank = np.zeros(len(came_true))
    if groups is None or len(set(groups)) == len(groups):
        plain = StratifiedKFold(count, shuffle=True, random_state=seed)
        return list(plain.split(blank, came_true))
    grouped = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    return list(grouped.split(blank, came_true, groups))


def _margins_out_of_fold(
    rows: Floats, came_true: Floats, settings: BlendSettings, groups: npt.NDArray[np.object_] | None
) -> Floats:
    margins = np.zeros((2, len(came_true)))
    for train, test in split_folds(came_true, INNER_FOLDS, settings.seed, groups):
        margins[:, test] = fit_parts(rows[train], came_true[train], settings).margins(rows[test])
    return margins


def _mix(margins: Floats, candidate: Candidate) -> Floats:
    share = SHARES[candidate]
    mixed: Floats = (1 - share) * margins[0] + share * margins[1]
    return mixed


def _judge(
    candidate: Candidate, method: Method, found: Floats, came_true: Floats, folds: list[Fold]
) -> Judged:
    return Judged(
        candidate,
        method,
        measure_reliability(found, came_true),
        tuple(area_under_curve(found[test], came_true[test]) for _, test in folds),
        tuple(measure_reliability(found[test], came_true[test]).ece for _, test in folds),
    )


def _choose(judged: tuple[Judged, ...], predicted: Predictions, came_true: Floats) -> Judged:
    """The blend as it is, unless the best Brier score is lower by more than one standard error of the rows'
    differences (the rule of Breiman et al. 1984): what differs by less is chance."""
    own = {(each.candidate, each.method): each for each in judged}
    plain, best = (Candidate.BLEND, Method.NONE), min(own, key=lambda key: own[key].whole.brier)
    gains = (predicted[plain] - came_true) ** 2 - (predicted[best] - came_true) ** 2
    is_better = gains.mean() > gains.std() / math.sqrt(len(gains))
    return own[best if is_better else plain]


def mean_contributions(added: Mapping[str, Floats]) -> dict[str, float]:
    """Mean size of what each input adds to the log-odds, the greatest first."""
    sizes = {name: float(np.abs(values).mean()) for name, values in added.items() if name != "base"}
    return dict(sorted(sizes.items(), key=lambda pair: -pair[1]))
