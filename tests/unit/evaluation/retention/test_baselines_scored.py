"""Greedy by priced score."""

import numpy as np
from small_world import small_world

from casewright.evaluation.retention.baselines_scored import ScoredPolicy
from casewright.evaluation.retention.simulator import Simulator


def scores(profiles: np.ndarray) -> np.ndarray:
    """Level 0 brings 5 and costs 3, level 3 brings 20 and costs 10; each draws 0.01 complaints."""
    count = len(profiles)
    brings = np.tile([[5.0], [0.0], [0.0], [20.0]], (1, count))
    outlay = np.tile([[3.0], [1.0], [1.0], [10.0]], (1, count))
    return np.stack([brings, outlay, np.full((4, count), 0.01)])


def offers_at(prices: tuple[float, float]) -> set[int]:
    simulator = Simulator(small_world(), np.random.default_rng(0))
    policy = ScoredPolicy("s", scores, (0.0, 0.0)).at_prices(prices)
    return set(
        policy.decide(simulator.observation, simulator.offer_mask(), np.random.default_rng(0)).offers.tolist()
    )


def test_without_prices_the_level_that_brings_most_wins() -> None:
    assert offers_at((0.0, 0.0)) == {4}


def test_dear_outlay_prefers_the_cheap_level_and_then_none() -> None:
    assert offers_at((0.6, 0.0)) == {4}
    assert offers_at((2.0, 0.0)) == {0}


def test_dear_complaints_silence_everybody() -> None:
    assert offers_at((0.0, 999.0)) == {4}
    assert offers_at((0.0, 1_001.0)) == {0}


def test_noise_is_added_before_the_choice() -> None:
    simulator = Simulator(small_world(), np.random.default_rng(0))

    def noise(profiles: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return np.tile([[0.0], [100.0], [0.0], [0.0]], (1, len(profiles)))

    policy = ScoredPolicy("s", scores, (0.0, 0.0), noise=noise)
    chosen = policy.decide(simulator.observation, simulator.offer_mask(), np.random.default_rng(0)).offers
    assert set(chosen.tolist()) == {2}
