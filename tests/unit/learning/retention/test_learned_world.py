"""What a trial teaches, against the world that it was drawn from."""

import numpy as np
import pytest
from small_world import small_grounds

from casewright.evaluation.retention.trial import draw_trial
from casewright.evaluation.retention.world import build_world
from casewright.learning.retention.learned_world import LearnedLaw, learn_law, predict_annoyance


@pytest.fixture(scope="module")
def learned() -> LearnedLaw:
    grounds = small_grounds()
    world = build_world(grounds.training, grounds.law, 3)
    return learn_law(draw_trial(world, 8_000, 1), grounds.price_list)


def test_hazards_acceptance_and_complaints_come_near_the_true_means(learned: LearnedLaw) -> None:
    grounds = small_grounds()
    believed, true = learned.world(grounds.training.inputs()), grounds.trial_world
    assert believed.hazard.mean() == pytest.approx(true.hazard.mean(), rel=0.15)
    assert believed.accept.mean(axis=0) == pytest.approx(true.accept.mean(axis=0), abs=0.07)
    assert believed.complaint.mean() == pytest.approx(true.complaint.mean(), rel=0.5)
    assert np.corrcoef(believed.hazard, true.hazard)[0, 1] > 0.6


def test_offers_help_and_refusals_annoy(learned: LearnedLaw) -> None:
    believed = learned.world(small_grounds().aside.inputs())
    assert (believed.relief <= 0).all()
    assert (believed.annoyance >= 0).all()


def test_prices_and_margins_are_known_and_not_learned(learned: LearnedLaw) -> None:
    grounds = small_grounds()
    believed = learned.world(grounds.aside.inputs())
    assert np.allclose(believed.margin, grounds.world.margin, rtol=1e-5)
    assert np.allclose(believed.discount, grounds.world.discount, rtol=1e-5)
    assert (believed.budget, believed.complaint_cap) == (grounds.world.budget, grounds.world.complaint_cap)


def test_nothing_hidden_is_believed(learned: LearnedLaw) -> None:
    assert not learned.world(small_grounds().aside.inputs()).hidden.any()


def test_annoyance_grows_with_anger_and_is_never_negative() -> None:
    found = predict_annoyance(np.array([0.1, 0.2]), np.array([0.01, 0.03, 0.02]))
    assert found == pytest.approx([0.0, 0.2, 0.1])
