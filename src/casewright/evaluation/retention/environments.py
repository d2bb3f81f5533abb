"""Gymnasium's faces of the simulator: one customer (registered, for `check_env`), and many at once (vector).

An action is `[contact, offer, delay]`: contact 0 or 1, offer 0 to 3, delay an index into FOLLOW_UP_DAYS. A
contact that is not allowed counts as none; `info["offer_mask"]` tells which are. A reward is priced: margin
less outlay and complaints at the prices that the environment was made with.
`gymnasium.make("casewright.evaluation.retention.environments:casewright/Retention-v0")` imports and makes it.
"""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import FOLLOW_UP_DAYS, OBSERVATION, OFFER_LEVELS
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.programme import Prices
from casewright.evaluation.retention.simulator import NO_CONTACT, Simulator, Step
from casewright.evaluation.retention.world import World, build_world, read_law

ENVIRONMENT_ID = "casewright/Retention-v0"
_ACTIONS = np.array([2, OFFER_LEVELS, len(FOLLOW_UP_DAYS)])
_SPACE = gym.spaces.Box(-20.0, 200.0, (len(OBSERVATION),), np.float32)
_SAMPLE_SIZE = 2_000


def sample_world(seed: int = 42, count: int = _SAMPLE_SIZE) -> World:
    """The world of a synthetic population, by seed."""
    return build_world(draw_population(count, seed), read_law(), seed)


def priced_reward(step: Step, prices: Prices) -> npt.NDArray[np.float32]:
    """(n,) the reward of a week, less the prices of what it used of both limits."""
    return np.asarray(step.reward - prices[0] * step.outlay - prices[1] * step.complaints, dtype=np.float32)


class RetentionEnv(gym.Env[npt.NDArray[np.float32], npt.NDArray[np.int64]]):
    """One customer for one budget period. Each reset draws another customer of the world."""

    metadata = {"render_modes": []}  # noqa: RUF012 - Gymnasium's own name and type

    def __init__(self, world: World | None = None, prices: Prices = (0.0, 0.0)) -> None:
        self._world, self._prices = sample_world() if world is None else world, prices
        self.observation_space, self.action_space = _SPACE, gym.spaces.MultiDiscrete(_ACTIONS)
        self._simulator: Simulator | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[npt.NDArray[np.float32], dict[str, Any]]:
        """Start with a customer drawn by the environment's own generator."""
        super().reset(seed=seed, options=options)
        chosen = self.np_random.integers(len(self._world), size=1)
        self._simulator = Simulator(self._world.take(chosen), self.np_random, prices=self._prices)
        return self._seen(self._simulator)

    def step(
        self, action: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """One week. Raises gymnasium's ResetNeeded before the first reset."""
        if self._simulator is None:
            raise gym.error.ResetNeeded("call reset() before step()")
        offers, delays = _read_actions(np.asarray(action)[None, :])
        step = self._simulator.step(offers, delays)
        observation, info = self._seen(self._simulator)
        info |= {"outlay": float(step.outlay[0]), "complaints": float(step.complaints[0])}
        return observation, float(priced_reward(step, self._prices)[0]), step.is_last, False, info

    @staticmethod
    def _seen(simulator: Simulator) -> tuple[npt.NDArray[np.float32], dict[str, Any]]:
        return simulator.observation[0].copy(), {"offer_mask": simulator.offer_mask()[0]}


class RetentionVectorEnv(gym.vector.VectorEnv[Any, Any, Any]):
    """All customers of a world in lockstep; a period that ends begins anew in the same step."""

    metadata = {"autoreset_mode": gym.vector.AutoresetMode.SAME_STEP}  # noqa: RUF012 - Gymnasium's own

    def __init__(self, world: World, prices: Prices = (0.0, 0.0), seed: int = 42) -> None:
        self._world, self._prices = world, prices
        self.num_envs = len(world)
        self.single_observation_space = _SPACE
        self.single_action_space = gym.spaces.MultiDiscrete(_ACTIONS)
        self.observation_space = gym.vector.utils.batch_space(_SPACE, self.num_envs)
        self.action_space = gym.vector.utils.batch_space(self.single_action_space, self.num_envs)
        self._simulator = Simulator(world, np.random.default_rng(seed), prices=prices)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[npt.NDArray[np.float32], dict[str, Any]]:
        """Start the period; with a seed, its draws start anew too."""
        if seed is not None:
            self._simulator = Simulator(self._world, np.random.default_rng(seed), prices=self._prices)
        observation = self._simulator.reset()
        return observation.copy(), {"offer_mask": self._simulator.offer_mask()}

    def step(
        self, actions: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], dict[str, Any]]:
        """One week of everybody. `info` holds masks, outlay and complaints."""
        offers, delays = _read_actions(np.asarray(actions))
        step = self._simulator.step(offers, delays)
        ends = np.full(self.num_envs, step.is_last)
        info = {
            "offer_mask": self._simulator.offer_mask(),
            "outlay": step.outlay,
            "complaints": step.complaints,
        }
        observation = self._simulator.observation.copy()
        return observation, priced_reward(step, self._prices), ends, np.zeros_like(ends), info


def _read_actions(actions: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Offers (0 for none, or 1 + level) and delays, of actions (n, 3)."""
    return np.where(actions[:, 0] == 1, 1 + actions[:, 1], NO_CONTACT), actions[:, 2]


if ENVIRONMENT_ID not in gym.registry:
    # Gymnasium imports the module named in an id, and expects to find the environment registered then.
    gym.register(ENVIRONMENT_ID, entry_point=f"{__name__}:RetentionEnv")
