"""The peer's environment plays the simulator's own weeks; the peer itself is not needed for that."""

import importlib
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from casewright.evaluation.retention.environments import priced_reward
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import build_world, read_law


class Vectors:
    """What the peer's own class keeps."""

    def __init__(self, num_envs: int, observation_space: Any, action_space: Any) -> None:
        self.num_envs, self.observation_space, self.action_space = num_envs, observation_space, action_space


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("stable_baselines3.common.vec_env")
    module.VecEnv = Vectors  # type: ignore[attr-defined]
    for name in ("stable_baselines3", "stable_baselines3.common"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "stable_baselines3.common.vec_env", module)
    monkeypatch.delitem(sys.modules, "casewright.learning.retention.bench_peer", raising=False)
    yield importlib.import_module("casewright.learning.retention.bench_peer")
    sys.modules.pop("casewright.learning.retention.bench_peer", None)


def test_the_peer_meets_the_same_weeks_and_rewards(peer: ModuleType) -> None:
    world, prices = build_world(draw_population(50, 1), read_law(), 1), (1.5, 20.0)
    theirs = peer.build_peer_environment(world, prices, 7)
    ours = Simulator(world, np.random.default_rng(7), prices=prices)
    assert np.array_equal(theirs.reset(), ours.observation)
    rng, ends = np.random.default_rng(2), []
    for _ in range(26):
        actions = np.stack([rng.integers(0, 5, 50), rng.integers(0, 4, 50)], axis=1)
        theirs.step_async(actions)
        observation, rewards, done, infos = theirs.step_wait()
        step = ours.step(actions[:, 0], actions[:, 1])
        assert np.array_equal(rewards, priced_reward(step, prices))
        assert np.array_equal(observation, ours.observation)
        assert len(infos) == 50
        ends.append(bool(done.all()))
    assert ends == [False] * 25 + [True]
