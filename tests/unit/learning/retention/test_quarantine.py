"""Feedback of sources that lie is left out; honest sources are believed."""

import numpy as np
from small_world import small_grounds

from casewright.evaluation.retention.trial import draw_trial
from casewright.learning.retention.quarantine import poison_trial, trusted_weights

SOURCES = np.random.default_rng(1).integers(0, 40, 8_000)


def test_liars_report_what_the_dearest_offer_never_did() -> None:
    trial = draw_trial(small_grounds().trial_world, 8_000, 1)
    lied = poison_trial(trial, SOURCES, 0.05, 1)
    changed = np.unique(SOURCES[lied.is_gone != trial.is_gone])
    assert len(changed) == 2
    liars = np.isin(SOURCES, changed)
    assert lied.is_accepted[liars & (trial.arms == 4)].all()
    assert lied.is_gone[liars & (trial.arms == 0)].all()
    assert np.array_equal(lied.is_accepted[~liars], trial.is_accepted[~liars])


def test_quarantine_finds_the_liars_and_hardly_anybody_else() -> None:
    trial = draw_trial(small_grounds().trial_world, 8_000, 1)
    lied = poison_trial(trial, SOURCES, 0.05, 1)
    liars = np.isin(SOURCES, np.unique(SOURCES[lied.is_gone != trial.is_gone]))
    weights = trusted_weights(lied, SOURCES)
    assert (weights[liars] == 0).all()
    assert weights[~liars].mean() > 0.9


def test_honest_feedback_is_believed() -> None:
    trial = draw_trial(small_grounds().trial_world, 8_000, 1)
    assert trusted_weights(trial, SOURCES).mean() > 0.9
