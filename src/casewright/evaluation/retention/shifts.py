"""Seven ways in which the world turns out other than a policy was made for.

Invariant: a shift changes what is true or what is seen, never the policy; the same shift of the same world is
the same. What each does is said in its own words, which docs and tables repeat.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from casewright.domain.outreach import OBSERVATION
from casewright.evaluation.retention.world import World

_RISK = OBSERVATION.index("risk_log_odds")
HOSTILE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Shift:
    """What is otherwise, in words and as changes."""

    name: str
    words: str
    change: Callable[[World], World] = lambda world: world
    budget_factor: float = 1.0
    label_delay_weeks: int = 0


def _dearer(world: World) -> World:
    return replace(world, discount=world.discount * 1.4, contact_cost=world.contact_cost * 1.4)


def _shocked(world: World) -> World:
    return replace(world, hazard=np.minimum(world.hazard * 1.5, 0.5).astype(np.float32))


def _drifted(world: World) -> World:
    return replace(
        world,
        accept=np.minimum(world.accept * 1.25, 0.98).astype(np.float32),
        relief=world.relief * np.float32(0.7),
        complaint=np.minimum(world.complaint * 1.5, 1.0).astype(np.float32),
    )


def _misjudged(world: World) -> World:
    inputs = world.inputs.copy()
    inputs[:, _RISK] = inputs[:, _RISK] * 1.25 + 0.25
    return replace(world, inputs=inputs)


def _poisoned(world: World) -> World:
    hostile = np.random.default_rng(HOSTILE_SEED).random(len(world)) < HOSTILE_SHARE
    return replace(world, complaint=np.where(hostile, 0.6, world.complaint).astype(np.float32))


HOSTILE_SEED = 13
NO_SHIFT = Shift("none", "the world as the policy was made for")
SHIFTS = (
    Shift("budget cut", "half the budget from the first week, and the policy is not told", budget_factor=0.5),
    Shift("offer cost", "every contact and discount costs 40 % more than listed", _dearer),
    Shift("demand shock", "everybody leaves at 1.5 times the rate", _shocked),
    Shift(
        "response drift",
        "offers are accepted a quarter more often and help 0.7 times as much; 1.5 times the complaints",
        _drifted,
    ),
    Shift("delayed labels", "acceptances and complaints are known four weeks late", label_delay_weeks=4),
    Shift(
        "miscalibrated risk", "log odds of the risk are 1.25 times as large, and half a point up", _misjudged
    ),
    Shift(
        "poisoned feedback",
        "one customer in twenty is hostile and complains about most contacts",
        _poisoned,
    ),
)
