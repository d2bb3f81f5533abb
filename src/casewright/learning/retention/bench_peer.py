"""The simulator as Stable-Baselines3's vector environment, for the bench of training.

Invariant: the peer meets the same weeks, customers and rewards as our learner; only its loop differs. It is
not told masks: a contact that is not allowed counts as none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from stable_baselines3.common.vec_env import VecEnv

from casewright.adapters.retention.weights import DELAYS, OFFERS
from casewright.domain.outreach import OBSERVATION
from casewright.evaluation.retention.environments import priced_reward
from casewright.evaluation.retention.programme import Prices
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import World

_SPACE = gym.spaces.Box(-20.0, 200.0, (len(OBSERVATION),), np.float32)


def read_peer_actions(actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Offers and delays of actions (n, 2)."""
    return actions[:, 0], actions[:, 1]


def build_peer_environment(world: World, prices: Prices, seed: int) -> "PeerEnvironment":
    """All customers of the world in lockstep, rewards less both prices' worth."""
    return PeerEnvironment(world, prices, seed)


class PeerEnvironment(VecEnv):  # type: ignore[misc] # the peer ships no types
    """Implements `VecEnv` over one simulator: no process, no copy per customer."""

    def __init__(self, world: World, prices: Prices, seed: int) -> None:
        super().__init__(len(world), _SPACE, gym.spaces.MultiDiscrete([OFFERS, DELAYS]))
        self._prices = prices
        self._simulator = Simulator(world, np.random.default_rng(seed), prices=prices)
        self._actions = np.zeros((len(world), 2), dtype=np.int64)

    def reset(self) -> np.ndarray:
        """Start the period."""
        return np.array(self._simulator.reset())

    def step_async(self, actions: np.ndarray) -> None:
        """Keep what is to be done."""
        self._actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """One week; after the last the next observation begins a new period."""
        step = self._simulator.step(*read_peer_actions(self._actions))
        ends = np.full(self.num_envs, step.is_last)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        return self._simulator.observation.copy(), priced_reward(step, self._prices), ends, infos

    def close(self) -> None:
        """Nothing is open."""

    def get_attr(self, attr_name: str, indices: int | Iterable[int] | None = None) -> list[Any]:
        """The same for all."""
        return [getattr(self, attr_name, None)] * self.num_envs

    def set_attr(self, attr_name: str, value: Any, indices: int | Iterable[int] | None = None) -> None:
        """One simulator has no customer's own attributes."""
        raise NotImplementedError(attr_name)

    def env_method(
        self, method_name: str, *args: Any, indices: int | Iterable[int] | None = None, **kwargs: Any
    ) -> list[Any]:
        """One simulator has no customer's own methods."""
        raise NotImplementedError(method_name)

    def env_is_wrapped(
        self, wrapper_class: type[Any], indices: int | Iterable[int] | None = None
    ) -> Sequence[bool]:
        """Nothing is wrapped."""
        return [False] * self.num_envs
