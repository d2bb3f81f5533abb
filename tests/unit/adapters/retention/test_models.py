"""Exported models: the same probabilities as XGBoost's own, altered folders refused, what ships is whole."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import xgboost
from made_up_churn import write_churn

from casewright.adapters.retention.model_table import read_model_table
from casewright.adapters.retention.models import (
    Calibration,
    Linear,
    parse_trees,
    read_acceptance_model,
    read_model,
    read_risk_model,
    widen,
)
from casewright.domain.errors import ConfigurationError, MeaninglessRequest
from casewright.domain.outreach import CustomerProfile, Plan, Tier
from casewright.learning.retention.blend import BlendSettings, build_matrix
from casewright.learning.retention.risk import train_risk

NEW = CustomerProfile(0.5, 2, Plan.MONTHLY, 9_000, 4, tier=Tier.PREMIUM)
LOYAL = CustomerProfile(0.5, 60, Plan.TWO_YEAR, 4_000, 3, has_support=True, pays_automatically=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("risk")
    table = read_model_table(write_churn(made / "churn.csv"), "Churn")
    train_risk(table, made / "model", BlendSettings(rounds=20))
    return made


def test_trees_give_what_xgboost_gives_with_and_without_gaps() -> None:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(3_000, 6))
    rows[rng.random(rows.shape) < 0.1] = np.nan
    outcome = (np.nan_to_num(rows[:, 0] * rows[:, 1]) + rng.normal(size=3_000) > 0) * 1.0
    booster = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 5, "eta": 0.3, "nthread": 1},
        xgboost.DMatrix(rows, outcome),
        30,
    )
    trees = parse_trees(json.loads(booster.save_raw("json")))
    for given in (rows, np.nan_to_num(rows)):
        ours = 1 / (1 + np.exp(-trees.margins(given)))
        assert np.abs(ours - booster.predict(xgboost.DMatrix(given))).max() < 1e-6


def test_a_model_serves_after_export_what_it_gave_before(folder: Path) -> None:
    table = read_model_table(folder / "churn.csv", "Churn")
    model = read_model(folder / "model", "risk")
    whole = model.probabilities(build_matrix(model.inputs, table.columns))
    served = read_risk_model(folder / "model")
    ones = [served.predict(row) for row in table.rows()]
    assert np.abs(whole - np.array(ones)).max() < 1e-12
    assert served.version.startswith("risk+sha256:")


def test_contributions_and_the_base_add_up_to_the_log_odds(folder: Path) -> None:
    table = read_model_table(folder / "churn.csv", "Churn")
    model = read_model(folder / "model", "risk")
    rows = build_matrix(model.inputs, table.columns)
    added = model.contributions(rows)
    assert set(added) == {*table.columns, "base"}
    linear, trees = model.linear.margins(rows), model.trees.margins(rows)
    expected = (1 - model.booster_share) * linear + model.booster_share * trees
    assert np.abs(sum(added.values()) - expected).max() < 1e-5


@pytest.mark.parametrize("part", ["model.json", "booster.json", "reference.json"])
def test_an_altered_folder_is_not_loaded(folder: Path, tmp_path: Path, part: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder / "model", copy)
    text = (copy / part).read_text("utf-8")
    (copy / part).write_text(text + " ", "utf-8")
    with pytest.raises(ConfigurationError, match="not as it was written"):
        read_risk_model(copy)


def test_a_folder_of_something_else_is_refused_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="train-risk"):
        read_risk_model(tmp_path)
    with pytest.raises(ConfigurationError, match="holds no model of acceptance, but one of risk"):
        read_acceptance_model(folder / "model")


def test_isotonic_and_sigmoid_maps_by_hand() -> None:
    even = np.array([0.0])
    assert Calibration().apply(even) == 0.5
    assert Calibration("sigmoid", 2.0, math.log(3)).apply(even) == pytest.approx(0.75)
    steps = Calibration("isotonic", points=((0.4, 0.6), (0.1, 0.3)))
    assert steps.apply(even) == pytest.approx(0.2)
    assert steps.apply(np.array([10.0])) == pytest.approx(0.3)


def test_linear_part_by_hand_and_a_gap_adds_nothing() -> None:
    line = Linear(0.5, np.array([1.0, 2.0, 4.0]), np.array([4.0, 2.0, 0.0]))
    # x = 9: (9 − 4) + 2 (3 − 2) + 4 ln 10, and the constant
    assert line.margins(np.array([[9.0]])) == pytest.approx(0.5 + 5 + 2 + 4 * math.log(10))
    assert line.margins(np.array([[math.nan]])) == 0.5
    assert widen(np.array([[-4.0]])).tolist() == [[-4.0, 0.0, 0.0]]


def test_the_shipped_models_say_what_anybody_would() -> None:
    risk, acceptance = read_risk_model(), read_acceptance_model()
    assert risk.predict_profile(NEW) > 2 * risk.predict_profile(LOYAL)
    for profile in (NEW, LOYAL):
        found = acceptance.predict(profile)
        assert len(found) == 4
        assert list(found) == sorted(found), "a better offer is accepted at least as often"
        assert all(0 < each < 1 for each in found)


def test_one_known_input_is_enough_and_none_is_refused_with_their_names() -> None:
    risk = read_risk_model()
    assert 0 < risk.predict({"tenure_months": 5.0}) < 1
    with pytest.raises(
        MeaninglessRequest, match=r"the risk model reads tenure_months, .*none of them is given"
    ):
        risk.predict({"unheard": 1.0})


def test_the_shipped_models_are_small_and_say_where_they_come_from() -> None:
    risk = read_risk_model()
    for model in (risk.model, read_acceptance_model().model):
        assert len(model.booster) < 300_000
        assert model.card["data"] == "synthetic population"
