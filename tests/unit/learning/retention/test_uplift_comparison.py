"""Learners on one campaign: arms, folds, scores out of fold, and peers in a process of their own."""

import sys
from pathlib import Path

import numpy as np
import pytest

from casewright.adapters.retention.model_table import ModelTable
from casewright.domain.errors import ConfigurationError
from casewright.learning.retention import uplift_comparison
from casewright.learning.retention.model_report import build_comparison_document
from casewright.learning.retention.uplift import Learner
from casewright.learning.retention.uplift_comparison import (
    Campaign,
    build_campaign,
    compare_learners,
    run_peers,
)


@pytest.fixture(scope="module")
def table() -> ModelTable:
    rng = np.random.default_rng(3)
    arm = rng.integers(3, size=3_000)
    likes = rng.random(3_000) < 0.5
    visit = rng.random(3_000) < 0.1 + 0.3 * likes * (arm > 0)
    columns = {
        "likes": tuple(likes.astype(float).tolist()),
        "recency": tuple(rng.integers(12, size=3_000).astype(float).tolist()),
        "arm": tuple(("none", "letter", "call")[each] for each in arm),
        "spend": tuple((visit * 2.0).tolist()),
    }
    return ModelTable(tuple(visit.astype(float).tolist()), columns, ())


def test_one_arm_or_all_against_the_control_and_no_later_outcome_among_the_inputs(table: ModelTable) -> None:
    whole = build_campaign(table, "arm", "none", ("spend",), None)
    assert whole.columns == ("likes", "recency")
    assert len(whole.outcome) == 3_000
    assert 0.6 < whole.treated.mean() < 0.72
    letter = build_campaign(table, "arm", "none", ("spend",), "letter")
    assert 1_900 < len(letter.outcome) < 2_100
    assert sorted(np.bincount(letter.fold)) == pytest.approx([len(letter.fold) // 5] * 5, abs=1)


def test_names_that_nobody_has_are_refused_with_those_there_are(table: ModelTable) -> None:
    with pytest.raises(ConfigurationError, match="nobody has 'fax'; there are: call, letter, none"):
        build_campaign(table, "arm", "none", (), "fax")
    with pytest.raises(ConfigurationError, match="'none' is the control; name another"):
        build_campaign(table, "arm", "none", (), "none")
    with pytest.raises(ConfigurationError, match="no column 'group'"):
        build_campaign(table, "group", "none", (), None)


def test_the_best_stands_first_and_finds_who_gains(table: ModelTable) -> None:
    campaign = build_campaign(table, "arm", "none", ("spend",), None)
    found = compare_learners(campaign, (Learner.T, Learner.TREE), rounds=30)
    assert {each.name for each in found.scored} == {"T-learner", "uplift tree"}
    best = found.best(is_ours=True)
    assert best is found.scored[0]
    assert best.qini.low > 0
    assert found.best(is_ours=False) is None


def test_peers_are_judged_on_the_same_rows_and_compared_with_our_best(
    table: ModelTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = build_campaign(table, "arm", "none", ("spend",), None)

    def score_at_random(asked: Campaign, python: Path | None) -> tuple[dict[str, object], dict[str, object]]:
        scores = np.random.default_rng(1).random(len(asked.outcome))
        return {"their T": scores}, {"seconds": {"their T": 0.5}, "versions": {"peer": "1"}, "failed": {}}

    monkeypatch.setattr(uplift_comparison, "run_peers", score_at_random)
    found = compare_learners(campaign, (Learner.T,), peer_python=Path("python"), rounds=30)
    assert [(each.name, each.is_ours) for each in found.scored] == [("T-learner", True), ("their T", False)]
    document = build_comparison_document(found, campaign)
    against = document["against_peers"]
    assert (against["ours"], against["peers"], against["lies"]) == ("T-learner", "their T", "above")
    assert against["difference_95"][0] > 0
    assert document["learners"][1]["cpu_s"] == 0.5


def test_a_python_without_the_peers_is_told_how_to_get_them(table: ModelTable) -> None:
    campaign = build_campaign(table, "arm", "none", ("spend",), None)
    with pytest.raises(ConfigurationError, match="does not run the peers"):
        run_peers(campaign, Path("/nowhere/python"))
    with pytest.raises(ConfigurationError, match=r"(?s)casewright\[bench-retention\].*--peer-python"):
        run_peers(campaign, Path(sys.executable))
