"""Rules, and how they are tuned to keep both limits."""

import numpy as np
from small_world import small_grounds, small_world

from casewright.evaluation.retention.baselines import (
    ThresholdRule,
    best_of,
    limits_used,
    tune_one,
    tune_prices,
    tune_random,
)
from casewright.evaluation.retention.baselines_programme import ProgrammePolicy, belief_in
from casewright.evaluation.retention.policies import NoContact, RandomContacts
from casewright.evaluation.retention.simulator import Simulator


def test_a_threshold_contacts_those_above_it_at_its_level() -> None:
    simulator = Simulator(small_world(), np.random.default_rng(0))
    rule = ThresholdRule("rule", 2, 0.4)
    choice = rule.decide(simulator.observation, simulator.offer_mask(), np.random.default_rng(0))
    risk = 1 / (1 + np.exp(-2 * simulator.observation[:, 0].astype(float)))
    assert np.array_equal(choice.offers > 0, risk > 0.4)
    assert set(choice.offers[choice.offers > 0].tolist()) == {3}


def test_by_value_risk_is_multiplied_by_spend() -> None:
    observation = Simulator(small_world(), np.random.default_rng(0)).observation
    by_risk, by_value = ThresholdRule("a", 1, 0.0), ThresholdRule("b", 1, 0.0, is_by_value=True)
    assert np.allclose(by_value.score(observation), by_risk.score(observation) * observation[:, 5])


def test_nothing_is_proposed_while_something_runs_or_beyond_the_rules_own_cap() -> None:
    simulator = Simulator(small_world(), np.random.default_rng(0))
    rule = ThresholdRule("rule", 0, -1.0, most_contacts=1)
    none = np.zeros(300, dtype=np.int8)
    simulator.step(np.full(300, 1), none)
    for _ in range(14):
        assert (
            rule.decide(simulator.observation, simulator.offer_mask(), np.random.default_rng(0)).offers.sum()
            == 0
        )
        simulator.step(none, none)


def test_tuning_keeps_both_limits_and_spends_what_they_allow() -> None:
    world = small_world()
    tuned = tune_random(world, 1)
    _, budget, complaints = limits_used(tuned, world, 1)
    assert 0.5 < max(budget, complaints) <= 1.0


def test_tuning_falls_back_to_the_dearest_where_nothing_keeps_the_limits() -> None:
    policy, _ = tune_one(lambda spared: RandomContacts(1.0), 0.0, 1.0, small_world(), 1)
    assert policy.share == 1.0


def test_prices_are_raised_until_both_limits_hold() -> None:
    world = small_grounds().trial_world
    start = ProgrammePolicy("all-seeing", belief_in(world), (0.1, 10.0))
    assert max(limits_used(start, world, 1)[1:]) > 1.0
    assert max(limits_used(tune_prices(start, world, 1, rounds=12), world, 1)[1:]) <= 1.0


def test_the_best_of_candidates_has_the_highest_value() -> None:
    assert best_of([(NoContact("a"), 1.0), (NoContact("b"), 2.0)]).name == "b"
