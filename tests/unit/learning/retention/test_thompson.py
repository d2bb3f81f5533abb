"""Thompson sampling."""

import numpy as np
import pytest
from small_world import small_world

from casewright.domain.outreach import PROFILE_INPUTS
from casewright.learning.retention.thompson import LinearArms, learn_arms, thompson_policy


def test_what_an_arm_brings_more_than_none_is_found() -> None:
    arms, rng = LinearArms(), np.random.default_rng(1)
    profiles = np.tile(np.eye(PROFILE_INPUTS)[5], (4_000, 1))
    chosen = rng.integers(0, 5, 4_000)
    brings = np.where(chosen == 3, 7.0, 0.0) + rng.normal(0, 0.5, 4_000)
    arms.learn(profiles, chosen, np.stack([brings, np.zeros(4_000), np.zeros(4_000)], axis=1))
    found = arms.scores(profiles[:1])[0, :, 0]
    assert found == pytest.approx([0, 0, 7.0, 0], abs=0.4)


def test_draws_narrow_with_what_was_seen() -> None:
    few, many, rng = LinearArms(), LinearArms(), np.random.default_rng(1)
    profiles = rng.normal(size=(2_000, PROFILE_INPUTS)) ** 2
    targets = rng.normal(size=(2_000, 3))
    few.learn(profiles[:50], rng.integers(0, 5, 50), targets[:50])
    many.learn(profiles, rng.integers(0, 5, 2_000), targets)
    spread = [arms.draw(profiles, np.random.default_rng(2)).std() for arms in (few, many)]
    assert spread[1] < spread[0]


@pytest.mark.parametrize("is_sampled", [True, False])
def test_learning_replays_and_its_prices_stay_positive(is_sampled: bool) -> None:
    first, second = (learn_arms(small_world(), 2, 1, is_sampled=is_sampled) for _ in range(2))
    assert np.array_equal(first[0].weighted, second[0].weighted)
    assert min(first[1]) > 0
    assert thompson_policy("t", *first).name == "t"
