"""The risk model: same seed same bytes, honest folds, and refusals that say why."""

from pathlib import Path

import numpy as np
import pytest
from made_up_churn import write_churn

from casewright.adapters.retention.model_table import ModelTable, read_model_table
from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.blend import BlendSettings
from casewright.learning.retention.risk import describe_judged, train_risk

FEW = BlendSettings(rounds=15)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> ModelTable:
    return read_model_table(write_churn(tmp_path_factory.mktemp("table") / "churn.csv"), "Churn")


def test_same_table_and_seed_give_the_same_bytes(table: ModelTable, tmp_path: Path) -> None:
    first = train_risk(table, tmp_path / "first", FEW)
    again = train_risk(table, tmp_path / "again", FEW)
    assert first.model.version == again.model.version
    names = {path.name for path in (tmp_path / "first").iterdir()}
    assert names == {"model.json", "booster.json", "reference.json", "card.json"}
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_what_drives_churn_is_told_first_and_numbers_are_out_of_fold(
    table: ModelTable, tmp_path: Path
) -> None:
    done: list[int] = []
    trained = train_risk(table, tmp_path, FEW, tell=done.append)
    assert done == [1, 2, 3, 4, 5]
    assert next(iter(trained.contributions)) in {"tenure", "TotalCharges", "Contract"}
    numbers = describe_judged(trained.selection.chosen)
    assert 0.7 < numbers["auc"] < 0.95
    assert len(numbers["auc_by_fold"]) == 5
    assert len(trained.selection.judged) == 9
    low, high = trained.selection.intervals["auc"]
    assert low < numbers["auc_of_all_rows"] < high
    assert trained.model.card["measures"] == numbers


def test_an_outcome_that_hardly_occurs_is_refused(table: ModelTable, tmp_path: Path) -> None:
    rare = ModelTable((1.0,) * 5 + (0.0,) * (len(table) - 5), table.columns, ())
    with pytest.raises(ConfigurationError, match="the rarer outcome stands in 5 rows; at least 20"):
        train_risk(rare, tmp_path, FEW)


def test_a_table_without_inputs_is_refused(tmp_path: Path) -> None:
    outcome = tuple(np.tile([0.0, 1.0], 50).tolist())
    with pytest.raises(ConfigurationError, match="no column to learn from"):
        train_risk(ModelTable(outcome, {}, ()), tmp_path, FEW)
