"""Gymnasium's own checks, and both faces telling the same story."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from retention_worlds import tiny_world

from casewright.evaluation.retention.environments import (
    ENVIRONMENT_ID,
    RetentionEnv,
    RetentionVectorEnv,
)


def test_the_registered_environment_passes_the_check() -> None:
    check_env(gym.make(f"casewright.evaluation.retention.environments:{ENVIRONMENT_ID}").unwrapped)


def test_a_step_before_a_reset_says_what_to_call() -> None:
    with pytest.raises(gym.error.ResetNeeded, match="reset"):
        RetentionEnv(tiny_world()).step(np.zeros(3, dtype=np.int64))


def test_one_customer_alone_earns_what_it_earns_among_many() -> None:
    alone, many = RetentionEnv(tiny_world()), RetentionVectorEnv(tiny_world(3))
    alone.reset(seed=1)
    many.reset(seed=1)
    action = np.array([1, 2, 0])
    _, reward, _, _, info = alone.step(action)
    _, rewards, ends, _, _ = many.step(np.tile(action, (3, 1)))
    assert rewards.tolist() == pytest.approx([reward] * 3)
    assert not ends.any()
    assert info["offer_mask"].tolist() == [True, False, False, False, False]


def test_a_period_of_the_vector_begins_anew_after_its_last_week() -> None:
    many = RetentionVectorEnv(tiny_world(2))
    first, _ = many.reset(seed=1)
    for _ in range(26):
        seen, _, ends, _, _ = many.step(np.zeros((2, 3), dtype=np.int64))
    assert ends.all()
    assert np.array_equal(seen, first)


def test_prices_are_taken_off_the_reward() -> None:
    many = RetentionVectorEnv(tiny_world(complaint=0.1), prices=(2.0, 10.0))
    many.reset(seed=1)
    _, rewards, *_ = many.step(np.array([[1, 1, 0]]))
    assert rewards[0] == pytest.approx(10 - 1.5 - 2 * 1.5 - 10 * 0.1)
