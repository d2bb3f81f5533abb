"""The risk model: who is likely to leave within the period that the table's label covers.

A booster against a logistic regression and their blend, calibrated by choice; every number out of fold.
Nothing here is served: `model_export` writes what is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casewright.adapters.retention.inputs import infer_inputs
from casewright.adapters.retention.model_table import ModelTable
from casewright.adapters.retention.models import RISK, ExportedModel
from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.blend import BlendSettings, build_matrix
from casewright.learning.retention.model_export import export_model
from casewright.learning.retention.selection import Judged, Selection, mean_contributions, select_model

OUTCOME = "Churn"
FROM_ZERO = ("tenure", "MonthlyCharges", "TotalCharges", "tenure_months", "monthly_spend", "services")
FEWEST_OF_EACH = 20
_EXPLAINED_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model that was judged and exported."""

    selection: Selection
    model: ExportedModel
    contributions: dict[str, float]
    """Mean size of what each input adds to the log-odds, the greatest first."""


def train_model(
    table: ModelTable,
    name: str,
    folder: Path,
    settings: BlendSettings | None = None,
    facts: dict[str, Any] | None = None,
    tell: Callable[[int], None] = lambda _done: None,
) -> TrainedModel:
    """Judge, choose, fit and export. Raises ConfigurationError where the outcome is too rare to learn."""
    settings = settings or BlendSettings()
    came_true = np.array(table.outcome)
    rarer = int(min(came_true.sum(), len(came_true) - came_true.sum()))
    if rarer < FEWEST_OF_EACH:
        raise ConfigurationError(
            f"the rarer outcome stands in {rarer} rows; at least {FEWEST_OF_EACH} are needed to fit and judge"
        )
    inputs = infer_inputs(table.columns)
    if not inputs.columns:
        raise ConfigurationError("the table has no column to learn from beside ids and outcome")
    rows = build_matrix(inputs, table.columns)
    groups = np.array(table.ids, dtype=object) if table.ids else None
    selection = select_model(rows, came_true, settings, groups, tell)
    card = {
        "rows": len(table),
        "share_yes": round(float(came_true.mean()), 6),
        "seed": settings.seed,
        "candidate": str(selection.chosen.candidate),
        "measures": describe_judged(selection.chosen),
        "intervals": {key: [round(each, 6) for each in pair] for key, pair in selection.intervals.items()},
        **(facts or {}),
    }
    model = export_model(folder, name, inputs, selection, table.columns, card)
    return TrainedModel(selection, model, mean_contributions(model.contributions(rows[:_EXPLAINED_ROWS])))


def train_risk(
    table: ModelTable,
    folder: Path,
    settings: BlendSettings | None = None,
    facts: dict[str, Any] | None = None,
    tell: Callable[[int], None] = lambda _done: None,
) -> TrainedModel:
    """The risk model of a churn table."""
    return train_model(table, RISK, folder, settings, facts, tell)


def describe_judged(judged: Judged) -> dict[str, Any]:
    """One candidate's numbers, rounded, as a document."""
    return {
        "candidate": str(judged.candidate),
        "calibration": str(judged.method),
        "auc": round(float(np.mean(judged.fold_aucs)), 6),
        "auc_by_fold": [round(each, 6) for each in judged.fold_aucs],
        "auc_of_all_rows": round(judged.whole.auc, 6),
        "brier": round(judged.whole.brier, 6),
        "ece": round(judged.whole.ece, 6),
        "ece_equal_mass": round(judged.whole.ece_equal_mass, 6),
        "ece_mean_of_folds": round(float(np.mean(judged.fold_eces)), 6),
    }
