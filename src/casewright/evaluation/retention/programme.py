"""What could be earned: dynamic programming for every customer at once, and upper bounds from it.

With a price on outlay and one on complaints the customers fall apart, and each is solved exactly,
backwards over `states.py`. The full-information bound is the least, over both prices, of what one
who knew every customer's rates would earn, plus the prices of the limits (Lagrangian duality: no policy
that keeps the limits on average earns more). Invariant: no policy earns more than a bound, in expectation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import MOST_CONTACTS, OFFER_LEVELS, PERIOD_WEEKS
from casewright.evaluation.retention.population import Floats
from casewright.evaluation.retention.simulator import STATES
from casewright.evaluation.retention.states import MODES
from casewright.evaluation.retention.world import World

Prices = tuple[float, float]
"""Of one major unit of outlay, and of one complaint, beyond their own cost."""
Dual = Callable[[Prices], float]
_SEARCH_STEPS = 9
_SEARCH_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Solution:
    """The best at given prices: what it earns, and (if asked for) the best offer of each week and state."""

    value: Floats
    """(n,) priced value from the start of the period."""
    offers: npt.NDArray[np.int8] | None
    """(PERIOD_WEEKS, S, n): 0 for none, or 1 + level."""


def solve(world: World, prices: Prices, *, keeps_offers: bool = False) -> Solution:
    """Solve every customer of a world at these prices, with a decision every week."""
    weeks = WeekValues(world, prices)
    value = np.repeat(world.tail()[None, :], len(STATES), axis=0)
    offers = np.zeros((PERIOD_WEEKS, len(STATES), len(world)), dtype=np.int8) if keeps_offers else None
    for week in reversed(range(PERIOD_WEEKS)):
        value, chosen = weeks.best(value, keeps_choice=keeps_offers)
        if offers is not None and chosen is not None:
            offers[week] = chosen
    return Solution(value[0], offers)


class WeekValues:
    """One step backwards, vectorised over states and customers; float32, arrays (S, n)."""

    def __init__(self, world: World, prices: Prices) -> None:
        budget, complaint = prices
        ratio = np.vstack([np.zeros(len(world)), world.relief.T, world.annoyance])
        self._stay = (1 - np.minimum(world.hazard * np.exp(ratio), 0.95)).astype(np.float32)
        discount = np.vstack([np.zeros(len(world)), world.discount.T, np.zeros(len(world))])
        self._earned = (world.margin - (1 + budget) * discount).astype(np.float32)
        self._accept = np.ascontiguousarray(world.accept.T)
        self._cost = ((1 + budget) * world.contact_cost).astype(np.float32)
        self._complaint = (complaint * world.complaint).astype(np.float32)
        self._by_mode = [np.flatnonzero(STATES.mode == mode) for mode in range(len(MODES))]
        may = STATES.may_contact
        self._alike = [np.flatnonzero(may & (STATES.contacts == spent)) for spent in range(MOST_CONTACTS)]

    def best(self, later: Floats, *, keeps_choice: bool) -> tuple[Floats, npt.NDArray[np.int8] | None]:
        """The value of each state now, given its value a week later.

        Where a contact leads depends on the contacts of the period alone, so states alike in it share one.
        """
        value = self.wait(later)
        offers = [
            np.stack([self.contact(value, int(states[0]), level) for level in range(OFFER_LEVELS)])
            for states in self._alike
        ]
        chosen = np.zeros(later.shape, dtype=np.int8) if keeps_choice else None
        for states, contacts in zip(self._alike, offers, strict=True):
            most, waiting = contacts.max(axis=0), value[states]
            if chosen is not None:
                chosen[states] = np.where(most > waiting, 1 + contacts.argmax(axis=0), 0)
            value[states] = np.maximum(waiting, most)
        return value, chosen

    def wait(self, later: Floats) -> Floats:
        """(S, n) the value of each state when nothing is said this week."""
        wait: Floats = later[STATES.after_week]
        for mode, states in enumerate(self._by_mode):
            wait[states] *= self._stay[mode]
            wait[states] += self._earned[mode]
        return wait

    def contact(self, wait: Floats, state: int, level: int) -> Floats:
        """(n,) the value of a contact with an offer of this level, from one state."""
        yes, no = wait[STATES.accepted[state, level]], wait[STATES.declined[state]]
        fee = STATES.complaint_factor[state] * self._complaint + self._cost[level]
        return np.asarray(no + self._accept[level] * (yes - no) - fee)


def nothing_said(world: World) -> float:
    """Mean value per customer when nobody is ever contacted: the zero of every score."""
    stay = (1 - world.hazard).astype(np.float64)
    whole = world.margin * (1 - stay**PERIOD_WEEKS) / world.hazard + stay**PERIOD_WEEKS * world.tail()
    return float(np.mean(whole))


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound on the mean value per customer, and the prices at which it is reached."""

    value: float
    prices: Prices


def full_information_bound(world: World) -> Bound:
    """The least over both prices of the priced optimum plus the prices of the limits."""

    def dual(prices: Prices) -> float:
        priced = float(np.mean(solve(world, prices).value, dtype=np.float64))
        return priced + prices[0] * world.budget + prices[1] * world.complaint_cap

    return least_dual(dual)


def least_dual(dual: Dual) -> Bound:
    """Minimise a convex function of two prices from 0 on: golden sections by turns, ever narrower."""
    best: Prices = (1.0, 10.0)
    spans = [4.0, 200.0]
    for _ in range(_SEARCH_ROUNDS):
        for axis in (0, 1):
            low = max(0.0, best[axis] - spans[axis])
            best = _golden(dual, best, axis, low, best[axis] + spans[axis])
        spans = [span / 3 for span in spans]
    return Bound(dual(best), best)


def _golden(dual: Dual, start: Prices, axis: int, low: float, high: float) -> Prices:
    ratio = (5**0.5 - 1) / 2

    def at(price: float) -> Prices:
        return (price, start[1]) if axis == 0 else (start[0], price)

    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = dual(at(left)), dual(at(right))
    for _ in range(_SEARCH_STEPS):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = dual(at(left))
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = dual(at(right))
    return at(left if at_left < at_right else right)
