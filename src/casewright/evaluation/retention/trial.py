"""A randomised trial in a world: each customer is given one arm at random, and followed for a quarter.

Invariant: arms are drawn alike for all and independent of everything, churn and complaints are sampled as
they would be seen, and nothing hidden is in what comes out: a trial could be a file that an operator has.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import DELAYS, OFFERS, Indices, Mask
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import QUARTER_WEEKS, World


@dataclass(frozen=True, slots=True)
class Trial:
    """What was seen of n rows; a customer may be in several."""

    customers: Indices
    """(n,) index of each row's customer."""
    inputs: Floats
    """(n, PROFILE_INPUTS)"""
    arms: Indices
    """(n,): 0 for no contact, or 1 + level."""
    is_accepted: Mask
    is_complaint: Mask
    weeks_stayed: Indices
    """(n,) whole weeks that the customer stayed, at most QUARTER_WEEKS."""
    is_gone: Mask
    """(n,) whether the customer left within the quarter."""

    def __len__(self) -> int:
        return len(self.arms)

    def take(self, chosen: npt.NDArray[Any]) -> "Trial":
        """These rows, by index or mask."""
        return Trial(*(getattr(self, each.name)[chosen] for each in fields(self)))


def draw_trial(world: World, rows: int, seed: int) -> Trial:
    """Draw customers with replacement, give each an arm, and watch."""
    rng = np.random.default_rng([seed, 11])
    customers = rng.integers(0, len(world), rows)
    arms = rng.integers(0, OFFERS, rows)
    simulator = Simulator(world.take(customers), np.random.default_rng([seed, 12]), is_sampled=True)
    never = np.full(rows, DELAYS - 1)
    step = simulator.step(arms, never)
    stayed = (simulator.weight > 0).astype(np.int64)
    accepted, complaints = step.was_accepted, step.complaints > 0
    for _ in range(QUARTER_WEEKS - 1):
        simulator.step(np.zeros(rows, dtype=np.int8), never)
        stayed += simulator.weight > 0
    return Trial(
        customers,
        world.inputs[customers],
        arms,
        accepted,
        complaints,
        stayed,
        stayed < QUARTER_WEEKS,
    )
