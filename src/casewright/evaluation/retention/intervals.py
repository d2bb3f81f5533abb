"""Means with their intervals, and differences between policies that met the same customers.

Invariant: a row is a customer; draws of the same customer under several seeds are averaged before anything is
compared, so that an interval is about customers and never counts one of them twice.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

CONFIDENCE = 0.95
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and what it lies between, with 95 % confidence."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether it lies on one side of zero."""
        return self.low > 0 or self.high < 0

    def scaled(self, factor: float, offset: float = 0.0) -> "Interval":
        """In other units: factor × (value − offset), for a factor above zero."""
        return Interval(*((value - offset) * factor for value in (self.mean, self.low, self.high)))

    def holds(self, truth: float) -> bool:
        """Whether it covers the truth."""
        return self.low <= truth <= self.high


def interval_of_mean(values: Floats) -> Interval:
    """Normal interval of the mean of independent values (n,); of no width for fewer than two."""
    count = len(values)
    mean = float(values.mean()) if count else 0.0
    error = float(values.std(ddof=1)) / math.sqrt(count) if count > 1 else 0.0
    return Interval(mean, mean - Z_95 * error, mean + Z_95 * error)


def bootstrap_interval(values: Floats, rng: np.random.Generator, draws: int = 1000) -> Interval:
    """Percentile interval of the mean by drawing rows again (Efron 1979)."""
    means = np.array([values[rng.integers(0, len(values), len(values))].mean() for _ in range(draws)])
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(values.mean()), float(low), float(high))


def interval_of_ratio(numerators: Floats, denominators: Floats) -> Interval:
    """Sum over sum, row by row, by the delta method; nothing over nothing is 0."""
    total = float(denominators.mean()) if len(denominators) else 0.0
    if total == 0.0:
        return Interval(0.0, 0.0, 0.0)
    ratio = float(numerators.mean()) / total
    return interval_of_mean(ratio + (numerators - ratio * denominators) / total)


def paired_difference(ours: Floats, theirs: Floats) -> Interval:
    """How much more `ours` is worth than `theirs`, customer by customer."""
    return interval_of_mean(ours - theirs)


def wilson_interval(hits: int, count: int) -> Interval:
    """Of a share, sensible for few and for none (Wilson 1927)."""
    if count == 0:
        return Interval(0.0, 0.0, 1.0)
    share, z2 = hits / count, Z_95**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z_95 * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))
