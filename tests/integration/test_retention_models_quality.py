"""Risk and uplift on the development data: the bars of the models, whole with CASEWRIGHT_FULL=1.

By default a tenth of the churn table, whose bars have the room that a tenth needs, and one learner of the
campaign. Everything is out of fold.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from casewright.adapters.retention.inputs import infer_inputs
from casewright.adapters.retention.model_table import ModelTable, read_model_table
from casewright.evaluation.retention.uplift_metrics import qini_coefficient
from casewright.learning.retention.blend import BlendSettings, build_matrix
from casewright.learning.retention.selection import Selection, select_model
from casewright.learning.retention.uplift import Learner
from casewright.learning.retention.uplift_comparison import (
    build_campaign,
    compare_learners,
    score_out_of_fold,
)

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CASEWRIGHT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "retention"
CHURN, CAMPAIGN = SHARED / "telco_churn.csv", SHARED / "email_campaign_dev.csv"
full = pytest.mark.skipif(not os.environ.get("CASEWRIGHT_FULL"), reason="whole tables: run by make test-all")
no_churn = pytest.mark.skipif(
    not CHURN.is_file(),
    reason="no development data: set CASEWRIGHT_SHARED_DATA to a folder that holds retention/telco_churn.csv",
)
no_campaign = pytest.mark.skipif(
    not CAMPAIGN.is_file(),
    reason="no development data: set CASEWRIGHT_SHARED_DATA to a folder that holds"
    " retention/email_campaign_dev.csv",
)


def judge(every: int) -> Selection:
    table = read_model_table(CHURN, "Churn")
    inputs = infer_inputs(table.columns)
    rows = build_matrix(inputs, table.columns)[::every]
    return select_model(rows, np.array(table.outcome)[::every], BlendSettings())


def read_campaign() -> ModelTable:
    return read_model_table(
        CAMPAIGN, "visit", is_yes_no=False, kinds=("segment",), unused=("conversion", "spend")
    )


@no_churn
def test_every_row_of_the_churn_table_is_read_and_a_tenth_of_it_ranks_well() -> None:
    table = read_model_table(CHURN, "Churn")
    assert (len(table), table.problems) == (7_043, ())
    chosen = judge(every=10).chosen
    assert np.mean(chosen.fold_aucs) >= 0.80
    assert chosen.whole.brier <= 0.15


@full
@no_churn
def test_the_whole_churn_table_meets_the_bars_of_risk() -> None:
    chosen = judge(every=1).chosen
    assert np.mean(chosen.fold_aucs) >= 0.848
    assert chosen.whole.brier <= 0.135
    assert chosen.whole.ece <= 0.025
    assert np.mean(chosen.fold_eces) <= 0.025


@no_campaign
def test_a_learner_ranks_the_campaign_above_chance() -> None:
    campaign = build_campaign(read_campaign(), "segment", "No E-Mail", (), "Womens E-Mail")
    scores, _ = score_out_of_fold(campaign, Learner.T)
    assert qini_coefficient(scores, campaign.treated, campaign.outcome) > 0.003


@full
@no_campaign
def test_the_best_learners_interval_is_above_chance_on_all_arms_together() -> None:
    campaign = build_campaign(read_campaign(), "segment", "No E-Mail", (), None)
    best = compare_learners(campaign).best(is_ours=True)
    assert best is not None
    assert best.qini.low > 0
