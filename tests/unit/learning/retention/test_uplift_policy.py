"""Uplift learners as policies."""

import numpy as np
import pytest
from small_world import small_grounds

from casewright.evaluation.retention.trial import draw_trial
from casewright.learning.retention.uplift import Learner
from casewright.learning.retention.uplift_policy import learn_uplift_scores, uplift_policy


def test_scores_hold_worth_outlay_and_complaints_by_level() -> None:
    grounds = small_grounds()
    trial = draw_trial(grounds.trial_world, 4_000, 1)
    scores = learn_uplift_scores(trial, grounds.price_list, Learner.T, 1)
    profiles = grounds.aside.inputs()[:7]
    found = scores(profiles)
    assert found.shape == (3, 4, 7)
    accepted = trial.is_accepted[trial.arms == 4].mean()
    weekly = profiles[:, 5] * 100 / (52 / 12)
    assert found[1, 3] == pytest.approx(0.5 + accepted * 0.2 * 12 * weekly, rel=1e-4)
    assert found[1, 0] == pytest.approx(np.full(7, 3.0))
    assert np.unique(found[2]).tolist() == [pytest.approx(trial.is_complaint[trial.arms > 0].mean())]
    assert uplift_policy("u", scores, (1.0, 2.0)).most_contacts == 2
