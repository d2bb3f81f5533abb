"""An upper bound on what can be earned by whoever sees only what can be observed.

Whoever observes chooses when to get in touch first, and with what, without knowing the customer's type. The
bound grants that the first contact then reveals everything, and that the rest is done best; a real policy
learns one answer at a time. So it lies above every policy that serves, and below the full-information bound.
"""

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import OFFER_LEVELS, PERIOD_WEEKS
from casewright.evaluation.retention.population import Population
from casewright.evaluation.retention.programme import Bound, Prices, WeekValues, least_dual
from casewright.evaluation.retention.simulator import STATES
from casewright.evaluation.retention.world import Law, World, worlds_of_types

_FRESH = 0
"""The state of a customer to whom nothing has been said."""


def observed_bound(population: Population, law: Law, *, draws: int = 1, seed: int = 42) -> Bound:
    """The bound per customer. Each customer's deviations from the type are drawn `draws` times."""
    rng = np.random.default_rng([seed, 11])
    parts = [worlds_of_types(population, law, rng) for _ in range(draws)]
    weighted = [
        (world, chances[:, kind] / draws) for worlds, chances in parts for kind, world in enumerate(worlds)
    ]

    def dual(prices: Prices) -> float:
        plans = sum(weight * _first_contacts(world, prices) for world, weight in weighted)
        best = np.max(np.asarray(plans), axis=0)
        return float(np.mean(best)) + prices[0] * law.budget + prices[1] * law.complaint_cap

    return least_dual(dual)


def _first_contacts(world: World, prices: Prices) -> npt.NDArray[np.float64]:
    """(1 + PERIOD_WEEKS × OFFER_LEVELS, n) priced value of each plan: never, or a first week and level."""
    weeks = WeekValues(world, prices)
    value = np.repeat(world.tail()[None, :], len(STATES), axis=0)
    first = np.empty((PERIOD_WEEKS, OFFER_LEVELS, len(world)), dtype=np.float64)
    for week in reversed(range(PERIOD_WEEKS)):
        wait = weeks.wait(value)
        for level in range(OFFER_LEVELS):
            first[week, level] = weeks.contact(wait, _FRESH, level)
        value, _ = weeks.best(value, keeps_choice=False)
    stay = (1 - world.hazard).astype(np.float64)
    there = stay ** np.arange(PERIOD_WEEKS + 1)[:, None]
    earned = np.concatenate([np.zeros((1, len(world))), np.cumsum(there[:-1] * world.margin, axis=0)])
    plans = earned[:-1, None] + there[:-1, None] * first
    never = earned[-1] + there[-1] * world.tail()
    return np.concatenate([never[None], plans.reshape(-1, len(world))])
