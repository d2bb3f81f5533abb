"""The controller of prices: what budget and complaints are worth, week by week, from what was used so far.

A plan says which share of each limit is used or promised by the start of each week when all goes as expected.
Where the rest of the plan no longer fits into what is left, the price rises, and falls where there is room.
Invariant: pure arithmetic on shares; the policy that reads the prices stays the same, and so do the limits.
"""

from dataclasses import dataclass

import numpy as np

from casewright.domain.outreach import PERIOD_WEEKS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Prices

_CALM = 0.15
"""Added to what is left and to the rest of the plan: small remainders move no price."""


@dataclass(frozen=True, slots=True)
class PricePlan:
    """Base prices, and the expected use of both limits."""

    prices: Prices
    used: Floats
    """(PERIOD_WEEKS + 1, 2) share of both limits used or promised before each week, and at the end."""
    targets: tuple[float, float] = (1.0, 0.97)
    """Which share of each limit to steer for: a little less than all, since the last weeks are luck."""
    gains: tuple[float, float] = (2.0, 2.0)
    """How strongly each price answers: times (rest of the plan / what is left) to this power."""
    most: float = 8.0
    """A price is at most this often its base, and at least half of it."""

    def steer(self, week: int, used: Floats) -> Floats:
        """(k, 2) prices for k cohorts that have used these shares (k, 2) before `week`."""
        rest = self.used[PERIOD_WEEKS] - self.used[week]
        room = np.maximum(np.array(self.targets) - used, 0.0)
        factor = np.clip(((rest + _CALM) / (room + _CALM)) ** np.array(self.gains), 0.5, self.most)
        return np.asarray(np.array(self.prices) * factor)
