"""The acceptance model: how likely a customer takes an offer of each level, from contacts that were logged.

One model with the level among its inputs, so that levels with few contacts lean on the others. It says what
follows an offer among customers like those who were contacted; where contacts were chosen by more than the
table shows, only a randomised share of contacts can tell. Rows of one customer stay in one fold.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from casewright.adapters.retention.model_table import ModelTable
from casewright.adapters.retention.models import ACCEPTANCE, LEVEL
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.reliability import measure_reliability
from casewright.learning.retention.blend import BlendSettings
from casewright.learning.retention.risk import TrainedModel, train_model

OUTCOME = "accepted"
CAMPAIGN_OUTCOMES = ("visit", "conversion", "spend", "accepted", "churned")
"""Names of what comes after a contact: never an input."""


@dataclass(frozen=True, slots=True)
class LevelReliability:
    """The model on the contacts of one level, out of fold."""

    level: str
    rows: int
    accepted: float
    """Observed share."""
    predicted: float
    """Mean probability."""
    ece: float


def train_acceptance(
    table: ModelTable,
    folder: Path,
    level: str = LEVEL,
    settings: BlendSettings | None = None,
    facts: dict[str, Any] | None = None,
    tell: Callable[[int], None] = lambda _done: None,
) -> tuple[TrainedModel, tuple[LevelReliability, ...]]:
    """Judge and export; `level` is the table's column of offer levels. Raises ConfigurationError."""
    if level not in table.columns:
        raise ConfigurationError(
            f"no column {level!r} of offer levels; there are: {', '.join(table.columns)}"
        )
    levels = [str(cell) for cell in table.columns[level]]
    if len(set(levels)) < 2:
        raise ConfigurationError(f"column {level}: one level alone; at least two are needed")
    others = {name: cells for name, cells in table.columns.items() if name != level}
    named = replace(table, columns={LEVEL: tuple(levels), **others})
    trained = train_model(named, ACCEPTANCE, folder, settings, facts, tell)
    predicted, came_true, given = trained.selection.predicted, np.array(table.outcome), np.array(levels)
    found = []
    for each in sorted(set(levels)):
        own = given == each
        found.append(
            LevelReliability(
                each,
                int(own.sum()),
                float(came_true[own].mean()),
                float(predicted[own].mean()),
                measure_reliability(predicted[own], came_true[own]).ece,
            )
        )
    return trained, tuple(found)
