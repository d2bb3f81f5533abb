"""The shield of a cohort: a budget and a complaint cap that hold for certain, not on average.

Every contact reserves the worst that it can cost before it is made: its own cost, and the discount of a whole
term (as far as the period goes). What turns out cheaper is given back. Where bills come dearer than listed,
all that is reserved counts as so much dearer from then on. Complaints are rare and cannot be reserved one by
one: a batch is let through as far as the Poisson chance to exceed the cap stays below `chance`, at a rate
that the complaints so far do not rule out.

Invariant: at the prices known so far, spent + reserved never exceeds the budget; an offer that does not fit
is not made. The class is pure arithmetic on what it is told; it holds no customer and draws nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.evaluation.retention.intervals import Floats

Mask = npt.NDArray[np.bool_]
BREAK_CHANCE = 1e-5
"""Accepted chance that one batch exceeds the cap."""
LIKELY = 0.85
"""How much of what is reserved for running offers is spent in the end, for plans."""
MANY = 400
"""Poisson sums are exact up to here."""
_DOUBT = 0.05
"""The complaint rate is taken at the top of what the counts leave open, but for this share."""
_PRIOR_COUNT = 20
"""How many complaints' worth of trust the estimated rates have before any is seen."""


@dataclass
class CohortShield:
    """Counts of one cohort in one period; amounts in one unit, complaints as numbers of people."""

    budget: float
    most_complaints: float
    chance: float = BREAK_CHANCE
    spent: float = 0.0
    listed: float = 0.0
    """What was billed so far, at the listed prices."""
    reserved: float = 0.0
    """Worst case of what was promised and has not been billed, at the listed prices."""
    complaints: float = 0.0
    expected_settled: float = 0.0
    """Estimated complaints of the contacts whose outcome is known."""
    expected_open: float = 0.0
    """Estimated complaints of the contacts whose outcome is not known yet."""
    refused: int = field(default=0)

    def admit(self, worst_costs: Floats, complaint_chances: Floats) -> Mask:
        """(m,) which proposed contacts may be made, first come first served; reserves for those.

        `worst_costs` (m,) are the most that each can cost within the period at the listed prices,
        `complaint_chances` (m,) the estimated probability that each draws a complaint.
        """
        costs = np.cumsum(worst_costs.astype(np.float64)) * self.dearness()
        chances = np.cumsum(complaint_chances.astype(np.float64))
        may = (costs <= self.budget - self.spent - self.reserved * self.dearness()) & (
            self.expected_open + chances <= self.allowed_complaints()
        )
        self.reserved += float(worst_costs[may].sum())
        self.expected_open += float(complaint_chances[may].sum())
        self.refused += int((~may).sum())
        return may

    def dearness(self) -> float:
        """How much dearer than listed the bills came so far; at least 1."""
        return max(1.0, self.spent / self.listed) if self.listed > 0 else 1.0

    def settle(self, spent: float, listed: float, reserved: float) -> None:
        """Told at a week's end: what was billed, the same as listed, and the worst of what still runs."""
        self.spent += spent
        self.listed += listed
        self.reserved = reserved

    def hear(self, complaints: float, expected_settled: float) -> None:
        """Told when outcomes of contacts are known: complaints, and how many had been expected."""
        self.complaints += complaints
        self.expected_settled += expected_settled
        self.expected_open = max(self.expected_open - expected_settled, 0.0)

    def used(self) -> tuple[float, float]:
        """Share of the budget spent or likely to be, and share of the cap that complaints took."""
        return (
            (self.spent + LIKELY * self.reserved * self.dearness()) / self.budget,
            self.complaints / max(self.most_complaints, 1e-9),
        )

    def allowed_complaints(self) -> float:
        """Estimated complaints that may be open at once, by the Poisson chance to exceed the cap.

        The true rate is at most `rate_bound()` times the estimated one.
        """
        left = math.floor(self.most_complaints) - round(self.complaints)
        return 0.0 if left < 0 else poisson_room(left, self.chance) / self.rate_bound()

    def rate_bound(self) -> float:
        """Upper bound of true over estimated complaint rate: a gamma prior of mean 1, and the counts."""
        seen = round(_PRIOR_COUNT + self.complaints)
        return poisson_floor(seen, _DOUBT) / (_PRIOR_COUNT + self.expected_settled)


@cache
def poisson_room(left: int, chance: float) -> float:
    """The largest mean at which a Poisson number exceeds `left` with at most that chance.

    Beyond MANY by the normal tail, 5 % further out, which lies on the safe side.
    """
    if left > MANY:
        z = 1.05 * NormalDist().inv_cdf(1 - chance)
        return float(((math.sqrt(z * z + 4 * left) - z) / 2) ** 2)
    return _solve(lambda mean: 1 - poisson_at_most(left, mean) <= chance, left + 1.0)


@cache
def poisson_floor(seen: int, doubt: float) -> float:
    """The mean at which fewer than `seen` have just that chance: an upper bound, after one less."""
    if seen > MANY:
        z = 1.05 * NormalDist().inv_cdf(1 - doubt)
        return seen + z * math.sqrt(seen) + (z * z + 2) / 3
    return _solve(lambda mean: poisson_at_most(seen - 1, mean) >= doubt, 3.0 * seen + 20.0)


def poisson_at_most(most: int, mean: float) -> float:
    """Probability that a Poisson number of this mean is at most `most`."""
    term = total = math.exp(-mean)
    for count in range(1, most + 1):
        term *= mean / count
        total += term
    return min(total, 1.0)


def _solve(holds: Callable[[float], bool], top: float) -> float:
    """The largest number below `top` at which a condition holds that holds at 0 and then no more."""
    low, high = 0.0, top
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def worst_cost(weekly_discount: Any, contact_cost: Any, weeks: int) -> Any:
    """What a contact costs at most: itself, and its discount for that many weeks."""
    return contact_cost + weekly_discount * weeks
