"""Prices of limits: a multiplier rises while its limit is broken, and falls while it is slack.

Two ways, by name: `pid` (Stooke, Achiam and Abbeel 2020: proportional, integral and derivative parts, on the
clipped relative error) and `adam` (plain dual ascent with Adam on the multiplier, which swings more).
Invariant: a price is never below 0.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class DualRule(StrEnum):
    """How a multiplier moves."""

    PID = "pid"
    ADAM = "adam"


class Dual(Protocol):
    """One limit's multiplier."""

    price: float

    def update(self, used: float) -> float:
        """The new price, after a rollout that used this share of what is allowed (1: exactly all)."""
        ...


def relative_error(used: float) -> float:
    """Share above the limit, clipped to ±1, so that one rare burst cannot run away with the price."""
    return min(max(used - 1, -1.0), 1.0)


@dataclass(slots=True)
class PidDual:
    """Multiplier = unit × max(0, integral + kp × error + kd × rise of the error); error smoothed."""

    unit: float
    """Scale of the price: what one is, in this limit's units."""
    kp: float = 0.2
    ki: float = 0.05
    kd: float = 0.0
    smoothing: float = 0.5
    """Share of the earlier error that is kept."""
    start: float = 1.0
    """First integral, in units."""
    price: float = field(init=False)
    _integral: float = field(init=False)
    _error: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._integral = self.start
        self.price = self.unit * self.start

    def update(self, used: float) -> float:
        """See `Dual`. The integral stays at 0 or above, so that it never has to climb back from below."""
        before = self._error
        self._error = self.smoothing * before + (1 - self.smoothing) * relative_error(used)
        self._integral = max(0.0, self._integral + self.ki * self._error)
        rise = max(0.0, self._error - before)
        self.price = self.unit * max(0.0, self._integral + self.kp * self._error + self.kd * rise)
        return self.price


@dataclass(slots=True)
class AdamDual:
    """Gradient ascent on the multiplier by Adam's rule (Kingma and Ba 2015), projected to 0 and above."""

    unit: float
    rate: float = 0.05
    start: float = 1.0
    price: float = field(init=False)
    _mean: float = field(init=False, default=0.0)
    _square: float = field(init=False, default=0.0)
    _step: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.price = self.unit * self.start

    def update(self, used: float) -> float:
        """See `Dual`."""
        error = relative_error(used)
        self._step += 1
        self._mean = 0.9 * self._mean + 0.1 * error
        self._square = 0.999 * self._square + 0.001 * error * error
        mean = self._mean / (1 - 0.9**self._step)
        square = self._square / (1 - 0.999**self._step)
        self.price = max(0.0, self.price + self.unit * self.rate * mean / (square**0.5 + 1e-8))
        return self.price
