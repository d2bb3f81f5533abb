"""Logs with propensities, and what is true."""

import numpy as np
import pytest
from small_world import certain_world, small_world

from casewright.adapters.retention.weights import read_policy
from casewright.evaluation.retention.decision_log import (
    Softened,
    draw_decision_log,
    draw_period_log,
    true_period_value,
    true_returns,
)
from casewright.evaluation.retention.policies import NetworkPolicy, RandomContacts
from casewright.evaluation.retention.simulator import Simulator

POLICY = NetworkPolicy("n", read_policy(), (1.0, 20.0))


def test_a_softened_policy_gives_every_allowed_offer_a_chance() -> None:
    simulator = Simulator(small_world(), np.random.default_rng(0))
    mask = simulator.offer_mask()
    mask[0, 1:] = False
    offers, _ = Softened(RandomContacts(0.0), 0.5).probabilities(simulator.observation, mask)
    assert offers[1] == pytest.approx([0.6, 0.1, 0.1, 0.1, 0.1])
    assert offers[0] == pytest.approx([1.0, 0, 0, 0, 0])


def test_propensities_are_those_of_what_was_done() -> None:
    log = draw_decision_log(Softened(RandomContacts(0.0), 0.5), small_world(), 200, 1)
    assert set(np.round(log.propensities[log.offers > 0], 6).tolist()) == {0.1}
    assert set(np.round(log.propensities[log.offers == 0], 6).tolist()) == {0.6}


def test_the_truth_of_each_offer_by_hand() -> None:
    returns = true_returns(certain_world())
    # 26 weeks of 10; help costs 3, level 2 costs 0.5 and 12 weeks of 1.
    assert returns[0] == pytest.approx([260.0, 257.0, 253.5, 247.5, 235.5], rel=1e-5)


def test_the_truth_weighs_acceptance_and_refusal() -> None:
    returns = true_returns(certain_world(accept=0.5))
    assert returns[0, 3] == pytest.approx(0.5 * 247.5 + 0.5 * 259.5, rel=1e-5)


def test_a_period_log_decides_where_a_decision_was_due_and_the_customer_there() -> None:
    log = draw_period_log(POLICY, small_world(), 200, 1)
    assert not (log.is_decided & ~log.is_there).any()
    assert (log.propensities[~log.is_decided] == 1).all()
    assert ((log.propensities > 0) & (log.propensities <= 1)).all()
    assert (log.offers[~log.is_decided] == 0).all()
    assert log.is_decided[:, 0].all()


def test_a_logs_mean_is_near_the_truth() -> None:
    world = small_world()
    log = draw_period_log(POLICY, world, 4_000, 1)
    truth = true_period_value(POLICY, world, range(3))
    assert log.rewards.sum(axis=1).mean() == pytest.approx(truth, rel=0.05)
