"""Two common mistakes, measured on the reader's own table: class weights, and oversampling before the split.

Class weights move every probability towards one half, so that none of them is true any more, and rank no
better. SMOTE (Chawla et al. 2002) before the split puts neighbours of judged customers, half made of those
very customers, into training: the score then measures memory. Nothing here is ever exported.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from casewright.adapters.retention.inputs import infer_inputs
from casewright.adapters.retention.model_table import ModelTable
from casewright.evaluation.retention.reliability import area_under_curve, brier_score, measure_reliability
from casewright.learning.retention.blend import (
    BlendSettings,
    build_matrix,
    fit_booster,
    parse_booster,
)
from casewright.learning.retention.selection import FOLDS, split_folds

Floats = npt.NDArray[np.float64]
_NEIGHBOURS = 5
_TREES = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of doing it; AUC is the mean of five folds, as papers give it."""

    name: str
    auc: float
    brier: float
    ece: float
    is_mistaken: bool


def measure_mistakes(table: ModelTable, settings: BlendSettings | None = None) -> tuple[Measured, ...]:
    """What each mistake yields, beside the same pipeline without it."""
    settings = settings or BlendSettings()
    came_true = np.array(table.outcome)
    rows = build_matrix(infer_inputs(table.columns), table.columns)
    coded = _code(table)
    with threadpool_limits(1):
        return (
            _measure_weights(rows, came_true, settings, is_weighted=False),
            _measure_weights(rows, came_true, settings, is_weighted=True),
            _measure_forest(coded, came_true, settings.seed, is_before=False),
            _measure_forest(coded, came_true, settings.seed, is_before=True),
        )


def oversample(rows: Floats, came_true: Floats, seed: int) -> tuple[Floats, Floats]:
    """SMOTE: as many of the rarer outcome as of the other, each new one between a row and its neighbour."""
    rng = np.random.default_rng(seed)
    rarer = float(came_true.mean() < 0.5)
    few = rows[came_true == rarer]
    lacking = len(rows) - 2 * len(few)
    near = (
        NearestNeighbors(n_neighbors=_NEIGHBOURS + 1).fit(few).kneighbors(few, return_distance=False)[:, 1:]
    )
    first = rng.integers(len(few), size=lacking)
    other = near[first, rng.integers(_NEIGHBOURS, size=lacking)]
    made = few[first] + rng.random((lacking, 1)) * (few[other] - few[first])
    return np.concatenate([rows, made]), np.concatenate([came_true, np.full(lacking, rarer)])


def _measure_weights(rows: Floats, true: Floats, settings: BlendSettings, *, is_weighted: bool) -> Measured:
    found, aucs = np.zeros(len(true)), []
    for train, test in split_folds(true, FOLDS, settings.seed):
        odds = (len(train) - true[train].sum()) / true[train].sum()
        weights = np.where(true[train] > 0, odds, 1.0) if is_weighted else None
        trees = parse_booster(fit_booster(rows[train], true[train], settings, weights))
        found[test] = 1 / (1 + np.exp(-trees.margins(rows[test])))
        aucs.append(area_under_curve(found[test], true[test]))
    name = f"booster, {'class weights' if is_weighted else 'no class weights'}"
    ece = measure_reliability(found, true).ece
    return Measured(name, float(np.mean(aucs)), brier_score(found, true), ece, is_weighted)


def _measure_forest(rows: Floats, true: Floats, seed: int, *, is_before: bool) -> Measured:
    """A random forest on codes of kinds, as it is published; SMOTE on all rows, or on training rows alone."""
    if is_before:
        rows, true = oversample(rows, true, seed)
    found, aucs = np.zeros(len(true)), []
    for train, test in split_folds(true, FOLDS, seed):
        some, outcome = (
            (rows[train], true[train]) if is_before else oversample(rows[train], true[train], seed)
        )
        forest = RandomForestClassifier(_TREES, n_jobs=1, random_state=seed).fit(some, outcome)
        found[test] = forest.predict_proba(rows[test])[:, 1]
        aucs.append(area_under_curve(found[test], true[test]))
    name = f"random forest, SMOTE {'before the split' if is_before else 'on training rows alone'}"
    ece = measure_reliability(found, true).ece
    return Measured(name, float(np.mean(aucs)), brier_score(found, true), ece, is_before)


def _code(table: ModelTable) -> Floats:
    """Every column as one number from 0 to 1: kinds by their place in the alphabet, blanks as 0."""
    columns = []
    for cells in table.columns.values():
        kinds = {
            kind: place for place, kind in enumerate(sorted({str(c) for c in cells if isinstance(c, str)}))
        }
        coded = np.array([kinds[c] if isinstance(c, str) else float(c or 0) for c in cells], dtype=np.float64)
        spread = coded.max() - coded.min()
        columns.append((coded - coded.min()) / spread if spread else coded)
    return np.stack(columns, axis=1)
