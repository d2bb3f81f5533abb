"""Trainings, small: reproducible, within limits where they are judged, and blind to who is kept aside."""

from dataclasses import replace

import numpy as np
import pytest

from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.programme import nothing_said
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import build_world, read_law
from casewright.learning.retention.training import (
    judge,
    train_policy,
    tune_frontier,
    tune_prices,
    tuning_world,
    value_of_silence,
    worlds_of,
)
from casewright.learning.retention.training_config import TrainingConfig, read_training_config


def tiny() -> TrainingConfig:
    config = read_training_config()
    small = replace(config.ppo, iterations=20, minibatch=256, actor_rate=0.01, critic_rate=0.01)
    return replace(config, ppo=small, tuning=replace(config.tuning, copies=1, rounds=6, budgets=(0.5, 1.0)))


@pytest.fixture(scope="module")
def customers() -> object:
    return draw_population(400, 3)


def test_silence_is_worth_what_the_simulator_earns_without_contacts(customers: object) -> None:
    world = build_world(customers, read_law(), 1)
    assert value_of_silence(world)[0].mean() == pytest.approx(nothing_said(world), rel=1e-5)
    simulator = Simulator(world, np.random.default_rng(0))
    nobody, earned, is_last = np.zeros(len(world), dtype=np.int64), 0.0, False
    while not is_last:
        week = simulator.step(nobody, nobody)
        earned, is_last = earned + float(week.reward.mean()), week.is_last
    assert earned == pytest.approx(nothing_said(world), rel=1e-4)


def test_the_same_seed_gives_the_same_policy_and_prices(customers: object) -> None:
    law, config = read_law(), tiny()
    config = replace(config, ppo=replace(config.ppo, iterations=2))
    found = []
    for _ in range(2):
        trained = train_policy(worlds_of(customers, law, config, 9), config, 9)
        found.append((trained, tune_prices(trained, tuning_world(customers, law, config, 9), config, 9)))
    (first, prices), (again, same) = found
    assert prices == same
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(first.layers, again.layers, strict=True))
    assert first.curves == again.curves


def test_a_short_training_beats_silence_and_has_prices_for_each_budget(customers: object) -> None:
    law, config = read_law(), tiny()
    trained = train_policy(worlds_of(customers, law, config, 1), config, 1)
    world = tuning_world(customers, law, config, 1)
    told: list[int] = []
    frontier = tune_frontier(trained, world, config, 1, told.append)
    assert told == [1, 2]
    assert set(frontier) == {0.5, 1.0}
    judged = judge(trained, world, frontier[1.0], config, 1, episodes=1)
    assert 0.4 < judged.share < 1.0
    assert frontier[0.5][0] > frontier[1.0][0]
    assert judged.value > nothing_said(world)


def test_worlds_are_drawn_anew_only_where_the_configuration_says_so(customers: object) -> None:
    law, config = read_law(), tiny()
    anew, fixed = (
        worlds_of(customers, law, config, 1),
        worlds_of(customers, law, replace(config, redraws_world=False), 1),
    )
    assert not np.array_equal(anew(0).accept, anew(1).accept)
    assert np.array_equal(fixed(0).accept, fixed(1).accept)
    assert np.array_equal(anew(0).inputs, anew(1).inputs)
