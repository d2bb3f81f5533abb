"""Models under the estimates: fitted on the other half."""

import numpy as np
import pytest
from small_world import small_world

from casewright.adapters.retention.weights import read_policy
from casewright.evaluation.retention.decision_log import Softened, draw_decision_log, draw_period_log
from casewright.evaluation.retention.off_policy_models import evaluate_policy, predict_returns
from casewright.evaluation.retention.policies import NetworkPolicy, RandomContacts

POLICY = NetworkPolicy("n", read_policy(), (1.0, 20.0))


def test_a_rows_own_return_does_not_move_its_prediction() -> None:
    log = draw_decision_log(Softened(RandomContacts(0.0), 0.5), small_world(), 1_000, 1)
    before = predict_returns(log)
    log.returns[0] += 1e6
    after = predict_returns(log)
    assert np.array_equal(before[0], after[0])
    assert not np.array_equal(before[1], after[1])


def test_predictions_follow_what_customers_bring() -> None:
    log = draw_decision_log(Softened(RandomContacts(0.0), 0.5), small_world(), 4_000, 1)
    assert np.corrcoef(predict_returns(log)[:, 0], log.returns)[0, 1] > 0.5


def test_a_policy_judged_on_its_own_log_has_ratios_of_one() -> None:
    ratios, taken, value = evaluate_policy(draw_period_log(POLICY, small_world(), 500, 1), POLICY)
    assert ratios == pytest.approx(np.ones_like(ratios), rel=1e-4)
    assert taken.shape == value.shape == (500, 26)


def test_customers_who_left_have_no_value() -> None:
    log = draw_period_log(POLICY, small_world(), 500, 1)
    _, taken, value = evaluate_policy(log, POLICY)
    assert (value[~log.is_there] == 0).all()
    assert (taken[~log.is_there] == 0).all()
