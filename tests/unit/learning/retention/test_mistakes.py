"""What the two mistakes do, seen on made-up data; and SMOTE itself."""

from pathlib import Path

import numpy as np
import pytest
from made_up_churn import write_churn

from casewright.adapters.retention.model_table import read_model_table
from casewright.learning.retention import mistakes
from casewright.learning.retention.blend import BlendSettings


def test_oversampling_evens_the_outcomes_between_neighbours_of_the_rarer() -> None:
    rng = np.random.default_rng(1)
    rows, true = rng.random((100, 2)), np.repeat([0.0, 1.0], [80, 20])
    more, outcome = mistakes.oversample(rows, true, seed=1)
    assert (len(more), outcome.sum()) == (160, 80.0)
    assert (more[:100] == rows).all()
    few = rows[80:]
    assert (more[100:].min(axis=0) >= few.min(axis=0)).all()
    assert (more[100:].max(axis=0) <= few.max(axis=0)).all()


def test_each_mistake_shows_beside_the_same_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mistakes, "_TREES", 20)
    table = read_model_table(write_churn(tmp_path / "churn.csv", rows=800), "Churn")
    plain, weighted, inside, before = mistakes.measure_mistakes(table, BlendSettings(rounds=40))
    assert weighted.ece > plain.ece + 0.03
    assert weighted.brier > plain.brier
    assert before.auc > inside.auc + 0.03
    assert [each.is_mistaken for each in (plain, weighted, inside, before)] == [False, True, False, True]
