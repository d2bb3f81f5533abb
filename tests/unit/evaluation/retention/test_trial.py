"""A randomised trial."""

import numpy as np
from small_world import certain_world, small_world

from casewright.evaluation.retention.trial import draw_trial


def test_arms_are_drawn_alike_and_by_seed() -> None:
    trial = draw_trial(small_world(), 5_000, 1)
    assert np.abs(np.bincount(trial.arms, minlength=5) / 5_000 - 0.2).max() < 0.02
    assert np.array_equal(trial.arms, draw_trial(small_world(), 5_000, 1).arms)


def test_who_is_left_alone_neither_accepts_nor_complains() -> None:
    trial = draw_trial(small_world(), 5_000, 1)
    alone = trial.arms == 0
    assert not trial.is_accepted[alone].any()
    assert not trial.is_complaint[alone].any()


def test_weeks_and_leaving_agree() -> None:
    trial = draw_trial(small_world(), 5_000, 1)
    assert np.array_equal(trial.is_gone, trial.weeks_stayed < 13)
    assert 0.1 < trial.is_gone.mean() < 0.5


def test_where_nobody_leaves_everybody_stays_thirteen_weeks() -> None:
    trial = draw_trial(certain_world(), 100, 1)
    assert set(trial.weeks_stayed.tolist()) == {13}
    assert trial.is_accepted[trial.arms > 0].all()


def test_rows_can_be_taken() -> None:
    trial = draw_trial(small_world(), 100, 1)
    assert len(trial.take(trial.arms == 2)) == int((trial.arms == 2).sum())
